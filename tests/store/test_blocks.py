"""Who blocked which member."""

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Block, Member
from tests.factories import NOW, a_member


async def people(work: UnitOfWork, count: int) -> list[Member]:
    return [await a_member(work) for _ in range(count)]


async def test_whom_somebody_keeps_away_comes_in_their_order(database: Database) -> None:
    async with database.begin() as work:
        one, two, three, four = await people(work, 4)
        for blocker, blocked in ((one, three), (two, one), (one, two)):
            await work.blocks.add(blocker.id, blocked.id, NOW)

    async with database.read() as work:
        assert [each.id for each in await work.blocks.of(one.id)] == [three.id, two.id]
        assert [each.id for each in await work.blocks.of(two.id)] == [one.id]
        assert await work.blocks.of(four.id) == []


async def test_twice_is_once(database: Database) -> None:
    async with database.begin() as work:
        one, two = await people(work, 2)
        for _ in range(2):
            await work.blocks.add(one.id, two.id, NOW)
    async with database.begin() as work:
        await work.blocks.add(one.id, two.id, NOW)
        assert [each.id for each in await work.blocks.of(one.id)] == [two.id]


async def test_the_database_keeps_one_of_each(database: Database) -> None:
    async with database.begin() as work:
        one, two = await people(work, 2)
        await work.blocks.add(one.id, two.id, NOW)
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.blocks._session.add(Block(blocker_id=one.id, blocked_id=two.id, created_at=NOW))


async def test_whoever_is_let_in_again_is_gone_and_the_other_side_stays(database: Database) -> None:
    async with database.begin() as work:
        one, two, three = await people(work, 3)
        for blocker, blocked in ((one, two), (one, three), (two, one)):
            await work.blocks.add(blocker.id, blocked.id, NOW)
    async with database.begin() as work:
        await work.blocks.remove(one.id, [two.id, three.id, 999])
        await work.blocks.remove(two.id, [])
        await work.blocks.remove(three.id, [one.id])

    async with database.read() as work:
        assert await work.blocks.of(one.id) == []
        assert await work.blocks.around([one.id]) == {one.id: {two.id}}


async def test_a_block_goes_with_either_of_both(database: Database) -> None:
    async with database.begin() as work:
        one, two, three = await people(work, 3)
        for blocker, blocked in ((one, two), (two, three), (three, one)):
            await work.blocks.add(blocker.id, blocked.id, NOW)
        await work.members._session.delete(two)

    async with database.read() as work:
        assert await work.blocks.around([one.id, three.id]) == {one.id: {three.id}, three.id: {one.id}}


async def test_both_sides_are_around_each_other(database: Database) -> None:
    async with database.begin() as work:
        one, two, three, four = await people(work, 4)
        for blocker, blocked in ((one, two), (three, one)):
            await work.blocks.add(blocker.id, blocked.id, NOW)

        assert await work.blocks.around([one.id, four.id]) == {one.id: {two.id, three.id}, four.id: set()}
        assert await work.blocks.around([two.id, three.id]) == {two.id: {one.id}, three.id: {one.id}}
        assert await work.blocks.around([]) == {}
