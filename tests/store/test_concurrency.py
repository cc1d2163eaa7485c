"""Rules over several rows, held while many people press at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import LimitReached
from bot.store.engine import Database, create_engine
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_letter, a_member, a_question

LIMIT = 2
CROWD = 20


async def ask(database: Database, asker_id: int) -> None:
    async with database.begin() as work:
        await work.lock(GUILD_ID)
        asker = await work.members.get(asker_id)
        assert asker is not None
        if len(await work.requests.open_of(asker_id)) >= LIMIT:
            raise LimitReached("ask.limit")
        await a_question(work, asker)


async def test_twenty_at_once_stay_within_a_limit_of_two(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)

    ends = await asyncio.gather(*(ask(database, asker.id) for _ in range(CROWD)), return_exceptions=True)

    assert [type(end) for end in ends if end] == [LimitReached] * (CROWD - LIMIT)
    async with database.read() as work:
        assert len(await work.requests.open_of(asker.id)) == LIMIT


async def test_two_processes_stay_within_a_limit_of_two(database: Database, database_url: str) -> None:
    other = Database(create_engine(database_url))
    async with database.begin() as work:
        asker = await a_member(work)

    ends = await asyncio.gather(
        *(ask(each, asker.id) for _ in range(CROWD // 2) for each in (database, other)), return_exceptions=True
    )

    assert [type(end) for end in ends if end] == [LimitReached] * (CROWD - LIMIT)
    await other.close()


async def test_a_held_question_changes_one_hand_after_the_other(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        helpers = [(await a_helper(work)).id for _ in range(10)]

    async def take(helper_id: int) -> None:
        async with database.begin() as work:
            held = await work.requests.hold(question.id)
            assert held is not None
            if len(await work.help_interactions.of(held.id)) < LIMIT:
                await work.help_interactions.ensure(held, helper_id)

    await asyncio.gather(*map(take, helpers))

    async with database.read() as now:
        assert len(await now.help_interactions.of(question.id)) == LIMIT


@pytest.mark.postgres
async def test_holding_a_question_shows_it_as_it_is_now(postgresql_url: str) -> None:
    database = Database(create_engine(postgresql_url))
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))

    async with database.begin() as work:
        seen = await work.requests.get(question.id)
        async with database.begin() as other:
            taken = await other.requests.hold(question.id)
            assert taken is not None
            taken.state = "taken"
        held = await work.requests.hold(question.id)
        assert held is not None
        assert (held is seen, held.state) == (True, "taken")
        assert await work.requests.hold(question.id + 1) is None
    await database.close()


@pytest.mark.postgres
async def test_a_community_s_lock_holds_up_no_other_community(postgresql_url: str) -> None:
    database = Database(create_engine(postgresql_url))
    async with database.begin() as one, database.begin() as other:
        await one.lock(1)
        await other.lock(2)
    await database.close()


async def test_a_member_met_many_times_at_once_is_one_member(database: Database) -> None:
    async def meet() -> int:
        async with database.begin() as work:
            await work.lock(GUILD_ID)
            return (await work.members.ensure(GUILD_ID, 5, NOW)).id

    assert len(set(await asyncio.gather(*(meet() for _ in range(10))))) == 1


async def test_workers_at_once_never_claim_one_letter_twice(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        letters = [(await a_letter(work)).id for _ in range(30)]

    claimed: list[int] = []

    async def work_until_nothing_is_left() -> None:
        while mine := await claim():
            claimed.extend(mine)

    async def claim() -> list[int]:
        async with database.begin() as work:
            return await work.outbox.claim(NOW, timedelta(minutes=1), 4)

    await asyncio.gather(*(work_until_nothing_is_left() for _ in range(5)))

    assert sorted(claimed) == letters
