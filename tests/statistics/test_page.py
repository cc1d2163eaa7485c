"""Each panel fits into a message, and its picture's description into what Discord keeps of it."""

import pytest

from bot.domain.statistics import PanelName
from bot.ui import limits
from bot.ui.statistics import panel
from tests.statistics.conftest import Show

LONGEST_DESCRIPTION = 1_024


@pytest.mark.parametrize("weeks", [4, 12])
@pytest.mark.parametrize("name", PanelName)
async def test_each_panel_fits_where_discord_shows_it(name: PanelName, weeks: int, show: Show) -> None:
    shown = panel(await show(name, weeks), "en")

    assert len(shown.content) <= limits.MESSAGE
    assert shown.attachment is None or 0 < len(shown.attachment.description or "") <= LONGEST_DESCRIPTION
