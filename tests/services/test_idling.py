"""A sweep is left out only where it would have done nothing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.store.engine import Database
from models import Member
from tests.conftest import kept_engine
from tests.fakes import House
from tests.services.drafts import begin_draft
from tests.services.idling import LEARNED, SWEEPS, is_idle, look
from tests.services.scenes import MODERATORS_ID, begin
from tests.services.underway import MATTERS, start

STEP = timedelta(hours=5, minutes=17, seconds=3)
"""No moment that a sweep waits for is met exactly."""


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


@pytest.mark.parametrize("name", SWEEPS)
async def test_what_a_sweep_asks_when_nothing_is_due_is_learned(name: str) -> None:
    assert await LEARNED.questions([name])


@pytest.mark.parametrize("matter", MATTERS)
async def test_what_is_left_out_would_have_changed_nothing(house: House, matter: str) -> None:
    await start(house, matter)
    for _ in range(3):
        house.clock.advance(STEP)
        for name, sweep in SWEEPS.items():
            if await is_idle(house, [name]):
                before, said = await house.snapshot(), len(house.messenger.attempts)
                await sweep(house)
                assert (await house.snapshot(), len(house.messenger.attempts)) == (before, said), name
            else:
                await sweep(house)


@pytest.mark.both
@pytest.mark.parametrize("is_draft", [False, True])
def test_days_in_which_sweeps_are_left_out_say_what_all_others_say(fresh: Callable[[], str], *, is_draft: bool) -> None:
    said = [asyncio.run(course(fresh(), is_draft=is_draft, is_short=is_short)) for is_short in (True, False)]
    assert said[0] == said[1]
    assert len(said[0]) > 5


async def course(url: str, *, is_draft: bool, is_short: bool) -> list[tuple[object, ...]]:
    """Let nine days go by, and return what was said when to whom."""
    database = Database(kept_engine(url))
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    await (begin_draft(house, 3) if is_draft else begin(house, 4))
    for _ in range(40):
        house.clock.advance(STEP)
        if is_short:
            await look(house, *SWEEPS)
        else:
            for sweep in SWEEPS.values():
                await sweep(house)
    numbers = {each: number for number, each in enumerate(row["user_id"] for row in await house.rows(Member))}
    await database.close()
    return [(each.kind, numbers.get(each.addressee_id or 0), each.first_attempt_at) for each in house.messenger.shown]
