"""What routing reads of a community: ahead of the first question, and with any bytes of a vector."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.routing.ports import Community
from bot.routing.router import Router
from bot.services.routing.community import read_community, warm
from bot.store.engine import Database
from models import StatementVector
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_member, a_question, a_statement
from tests.routing.scenes import packed

pytestmark = pytest.mark.both


async def test_communities_the_bot_is_in_are_read_those_first_where_somebody_asked_last(database: Database) -> None:
    async with database.begin() as work:
        for guild_id, days in ((1, 3), (2, 1), (3, 2)):
            await a_guild(work, guild_id)
            await a_question(work, await a_member(work, guild_id), created_at=NOW - timedelta(days=days))
    reads: list[int] = []

    async def source(guild_id: int) -> Community:
        reads.append(guild_id)
        return Community()

    await warm(database.read, Router(None, None, source), {1, 2})
    assert reads == [2, 1]


@pytest.mark.parametrize("vector", [b"", b"seven b", packed(float("nan"), 0.0), packed(1e38, 0.0), b"\x00" * 4_096])
async def test_a_vector_of_any_bytes_takes_nobody_out_of_a_community(database: Database, vector: bytes) -> None:
    async with database.begin() as work:
        statements = [await a_statement(work, await a_helper(work), f"audio {number}") for number in range(3)]
        for statement in statements:
            work.statement_vectors.add(statement.id, {"one": packed(1.0, 0.0)})
    async with database.engine.begin() as connection:
        damaged = update(StatementVector).where(StatementVector.statement_id == statements[0].id)
        await connection.execute(damaged.values(vector=vector))

    async def source(guild_id: int) -> Community:
        async with database.read() as work:
            return await read_community(work, guild_id)

    router = Router(None, None, source)
    matches = await router.rank(GUILD_ID, await router.read("audio"), NOW)
    assert [match.member_id for match in matches] == [each.member_id for each in statements]
