"""Who took a draft isn't named before they write: not in the thread, and not to the author."""

from collections.abc import Awaitable, Callable
from datetime import time

import pytest

from bot.domain.lifecycle import Visibility
from bot.ui.letters import letter
from tests.fakes import House
from tests.services.drafts import DraftScene, begin_draft
from tests.services.scenes import elapse

ALWAYS: dict[str, object] = {"rate": "more", "begins": time(0), "ends": time(0), "zone": "UTC"}


async def lapse(scene: DraftScene) -> None:
    """Let the claims end by themselves."""
    await elapse(scene.house, days=4, step=6)


async def past_the_date(scene: DraftScene) -> None:
    """Let the date pass."""
    await elapse(scene.house, days=8, step=12)


@pytest.mark.parametrize("visibility", [Visibility.MATCHED, Visibility.MATCHED_ANONYMOUS, Visibility.PUBLIC])
@pytest.mark.parametrize("what_follows", [lapse, past_the_date])
async def test_no_message_names_a_reader_who_has_not_written(
    house: House, visibility: Visibility, what_follows: Callable[[DraftScene], Awaitable[None]]
) -> None:
    scene = await begin_draft(house, 4, people=ALWAYS, visibility=visibility)
    await house.settle()
    for place in await scene.places("asked"):
        await scene.take(place)
    await house.settle()
    await what_follows(scene)
    await house.settle()

    readers = [each.user_id for each in scene.helpers]
    seen = [each for each in house.messenger.shown if each.user_id not in readers]
    assert [each for each in seen if each.kind == "notice"]
    for each in seen:
        shown = letter(each)
        said = f"{shown.content}{shown.title}{shown.embed.to_dict() if shown.embed else ''}"
        assert not [reader for reader in readers if str(reader) in said], each.kind
        assert not set(shown.pings) & set(readers), each.kind
