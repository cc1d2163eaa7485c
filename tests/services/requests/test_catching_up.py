"""Looking for answers that were missed: a few threads at a time, and every one within a day."""

from datetime import timedelta

import pytest

from bot.services.ports import TryLater
from bot.services.requests.catching_up import AGAIN_AFTER, AT_ONCE, PUT_AWAY_FOR, RETRY_AFTER
from bot.services.results import Answer
from bot.store.engine import Database
from models import Request
from tests.factories import NOW, a_member, a_question
from tests.fakes import House, new_id

pytestmark = pytest.mark.both
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MANY = 3 * AT_ONCE


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


async def waiting(house: House, count: int) -> list[int]:
    """Let so many questions wait in threads, each a minute longer than the one before; return the threads."""
    threads = [new_id() for _ in range(count)]
    async with house.database.begin() as work:
        for number, thread_id in enumerate(threads):
            asker = await a_member(work)
            await a_question(work, asker, thread_id=thread_id, waiting_since=NOW - DAY - number * MINUTE)
    return threads


async def test_each_look_is_bounded_and_the_longest_waiting_comes_first(house: House) -> None:
    threads = await waiting(house, MANY)

    await house.catching_up.after_gap()

    assert house.messenger.looks == threads[: -AT_ONCE - 1 : -1]


async def test_every_open_question_is_looked_at_within_a_day(house: House) -> None:
    threads = await waiting(house, MANY)
    for _ in range(24 * 60):
        await house.catching_up.sweep()
        house.clock.advance(MINUTE)

    assert set(house.messenger.looks) == set(threads)
    assert all(1 <= house.messenger.looks.count(each) <= 2 for each in threads)


async def test_a_gap_makes_every_thread_new_and_nothing_else_does(house: House) -> None:
    threads = await waiting(house, 2)
    await house.catching_up.after_gap()
    await house.catching_up.sweep()
    assert sorted(house.messenger.looks) == sorted(threads)

    await house.catching_up.after_gap()
    assert len(house.messenger.looks) == 4


async def test_a_thread_out_of_reach_is_tried_again_and_hides_no_other(house: House) -> None:
    *others, longest = await waiting(house, 2)
    house.messenger.answers[longest] = TryLater("503")
    await house.catching_up.after_gap()
    assert set(house.messenger.looks) == {longest, *others}

    house.messenger.answers[longest] = Answer(longest, new_id(), house.clock.now())
    assert await house.catching_up.sweep() == 0
    house.clock.advance(RETRY_AFTER + MINUTE)
    assert await house.catching_up.sweep() == 1
    assert {row["state"] for row in await house.rows(Request, thread_id=longest)} == {"answered"}


async def test_what_was_put_away_long_ago_is_left_alone(house: House) -> None:
    async with house.database.begin() as work:
        asker = await a_member(work)
        for number, age in enumerate((PUT_AWAY_FOR - DAY, PUT_AWAY_FOR + DAY)):
            await a_question(work, asker, state="archived", thread_id=number + 1, waiting_since=NOW - age)

    await house.catching_up.after_gap()

    assert house.messenger.looks == [1]
    assert AGAIN_AFTER < DAY
