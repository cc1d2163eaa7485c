"""Rows asked for by key are read once a transaction, until they may have changed."""

import pytest
from sqlalchemy import text

from bot.store.engine import Database, create_engine
from bot.store.unit_of_work import UnitOfWork
from tests.factories import GUILD_ID, NOW, a_guild, a_member
from tests.listening import listening


async def left_at(work: UnitOfWork, member_id: int) -> object:
    """Return a value of a row that no variable refers to afterwards."""
    member = await work.members.get(member_id)
    assert member is not None
    return member.left_at


async def a_person(database: Database) -> int:
    async with database.begin() as work:
        await a_guild(work)
        return (await a_member(work)).id


async def test_a_row_is_read_once(database: Database) -> None:
    member_id = await a_person(database)
    async with database.begin() as work:
        with listening(database) as heard:
            for _ in range(3):
                await left_at(work, member_id)
    assert len([each for each, _ in heard if each.startswith("SELECT")]) == 1


async def test_a_row_that_changed_in_bulk_is_as_it_is_now(database: Database) -> None:
    member_id = await a_person(database)
    async with database.begin() as work:
        assert await left_at(work, member_id) is None
        away = text("UPDATE member SET left_at = joined_at WHERE id = :id")
        await work._session.execute(away, {"id": member_id})
        assert await left_at(work, member_id) == NOW


@pytest.mark.postgres
async def test_a_row_is_as_it_is_now_after_waiting_for_the_community(postgresql_url: str) -> None:
    database = Database(create_engine(postgresql_url))
    member_id = await a_person(database)
    async with database.begin() as work:
        assert await left_at(work, member_id) is None
        async with database.begin() as another:
            member = await another.members.get(member_id)
            assert member is not None
            member.left_at = NOW
        await work.lock(GUILD_ID)
        assert await left_at(work, member_id) == NOW
    await database.close()
