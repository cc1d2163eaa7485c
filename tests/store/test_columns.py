"""Large results come as plain rows, some at a time, and are worked on in a thread."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import columns
from bot.store.columns import AnyRow, fetched, made_of
from bot.store.engine import Database
from models import Statement
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_member, a_question, a_statement

pytestmark = pytest.mark.both


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
async def test_every_row_is_there_however_they_are_parted(
    database: Database, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(columns, "_AT_ONCE", 2)
    async with database.begin() as work:
        helper = await a_helper(work)
        for number in range(count):
            await a_statement(work, helper, f"Idea {number}")
    async with database.read() as work:
        rows = await fetched(work.statements._session, select(Statement.text).order_by(Statement.id))
    assert [row.text for row in rows] == [f"Idea {number}" for number in range(count)]


@pytest.mark.parametrize(("few", "is_beside"), [(0, True), (10, False)])
async def test_many_rows_are_worked_on_in_a_thread(
    database: Database, monkeypatch: pytest.MonkeyPatch, *, few: int, is_beside: bool
) -> None:
    monkeypatch.setattr(columns, "_FEW", few)

    def make(rows: Sequence[AnyRow]) -> tuple[int, int]:
        return len(rows), threading.get_ident()

    async with database.begin() as work:
        await a_statement(work, await a_helper(work), "Idea")
        count, thread = await made_of(await fetched(work.statements._session, select(Statement.id)), make)
    assert (count, thread != threading.get_ident()) == (1, is_beside)


async def test_what_a_transaction_wrote_is_in_what_it_reads(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        await a_statement(work, helper, "Idea")
        assert [each.text for each in await work.statements.searchable(GUILD_ID)] == ["Idea"]
        assert [each.text for each in await work.statements.searchable(GUILD_ID, helper.id)] == ["Idea"]


async def test_communities_are_listed_by_who_asked_last(database: Database) -> None:
    async with database.begin() as work:
        for guild_id, days in ((1, 3), (2, 1), (3, 2)):
            await a_guild(work, guild_id)
            await a_question(work, await a_member(work, guild_id), created_at=NOW - timedelta(days=days))
        await a_guild(work, 4)
    async with database.read() as work:
        assert list(await work.guilds.recent()) == [2, 3, 1]
