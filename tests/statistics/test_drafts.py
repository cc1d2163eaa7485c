"""What became of drafts: the same figures as by hand."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from bot.domain.disclosure import FEW, Amount, Length, Share
from bot.domain.statistics import PanelName, StatsPanel
from playground.year import Size, Year
from playground.year_drafts import Paper
from tests.statistics import by_hand
from tests.statistics.by_hand import WEEK, kaplan_meier, wilson
from tests.statistics.conftest import UNTIL, Show, rows


def shown_in(panel: StatsPanel) -> dict[str, Any]:
    return {name.removeprefix("drafts."): cells for table in panel.tables for name, cells in rows(table).items()}


def in_weeks(drafts: Sequence[Paper], until: datetime, weeks: int, name: str) -> list[Paper]:
    return [each for each in drafts if until - weeks * WEEK <= getattr(each, name) < until]


def waits(drafts: Sequence[Paper], until: datetime) -> list[tuple[float, bool]]:
    firsts = [(each, min((at for at, _ in each.read if at < until), default=None)) for each in drafts]
    return [(((first or until) - each.at).total_seconds(), first is not None) for each, first in firsts]


def assert_share(found: object, some: int, everyone: int) -> None:
    assert isinstance(found, Share)
    assert found.of == everyone
    expected = (some / everyone, *wilson(some, everyone))
    assert (found.part, found.low, found.high) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("weeks", [4, 12])
async def test_what_became_of_drafts(drawn: Year, show: Show, weeks: int) -> None:
    shown = shown_in(await show(PanelName.DRAFTS, weeks))

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        posted = in_weeks(drawn.drafts, until, weeks, "at")
        needed = in_weeks(drawn.drafts, until, weeks, "needed_by")
        assert shown["asked"][column] == Amount(len(posted))
        half = shown["half"][column]
        assert isinstance(half, Length)
        expected = by_hand.reached(kaplan_meier(waits(posted, until)), 0.5)
        assert [half.seconds, half.low, half.high] == pytest.approx(expected, abs=1e-3)
        taken = sum(any(at <= each.needed_by for at, _ in (*each.taken, *each.read)) for each in needed)
        in_time = sum(any(at <= each.needed_by for at, _ in each.read) for each in needed)
        assert_share(shown["taken"][column], taken, len(needed))
        assert_share(shown["in_time"][column], in_time, len(needed))
        assert_share(shown["unmatched"][column], len(needed) - taken, len(needed))
        older = in_weeks(drawn.drafts, until - 4 * WEEK, weeks, "needed_by")
        again = sum(each.round_at is not None and each.round_at <= each.needed_by + 4 * WEEK for each in older)
        assert_share(shown["again"][column], again, len(older))


async def test_what_is_said_of_drafts_once_is_said_of_them_always(show: Show) -> None:
    then = shown_in(await show(PanelName.DRAFTS, 4, UNTIL - 4 * WEEK))
    now = shown_in(await show(PanelName.DRAFTS, 4, UNTIL))

    for name in ("asked", "half", "taken", "in_time", "unmatched", "again"):
        assert now[name][1] == then[name][0]


@pytest.mark.parametrize("size", [Size(3, 0, 30, 40), Size(4, 1, 10, 1), Size(40, 0, 8, 0), Size(60, 0, 12, 8)])
async def test_few_drafts_say_little(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    panel = await (await small(size))(PanelName.DRAFTS, 4)

    shares = [cell for row in panel.tables[1].rows for cell in row.cells]
    assert set(shares) == {FEW}
    assert panel.picture is None
    assert [each.key for each in panel.sentences] == ["stats.drafts.too_few"]


async def test_before_the_bot_came_there_are_no_drafts(show: Show) -> None:
    shown = shown_in(await show(PanelName.DRAFTS, 4, datetime(2020, 1, 1, tzinfo=UNTIL.tzinfo)))

    assert shown["asked"] == (Amount(0), Amount(0))
    assert set(shown["unmatched"]) == {FEW}
