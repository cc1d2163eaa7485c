"""One use case, one transaction: kept whole or not at all, and refusals in the house's own words."""

import asyncio
import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Conflict, Unavailable
from bot.store.engine import Database, create_engine
from bot.tasks import spawn
from tests.conftest import MIGRATED, sqlite_address
from tests.factories import GUILD_ID, NOW, a_guild, a_member, a_question
from tests.postgres import Server, free_port

SECRET = "my advisor never answers me"


async def guild_exists(database: Database) -> bool:
    async with database.read() as work:
        return await work.guilds.settings(GUILD_ID) is not None


async def test_a_clean_end_keeps_everything(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)

    assert await guild_exists(database)


async def test_an_error_undoes_everything(database: Database) -> None:
    async def fails() -> None:
        async with database.begin() as work:
            await a_guild(work)
            raise LookupError

    with pytest.raises(LookupError):
        await fails()

    assert not await guild_exists(database)


async def test_a_cancellation_undoes_everything(database: Database) -> None:
    is_inside = asyncio.Event()

    async def never_ends() -> None:
        async with database.begin() as work:
            await a_guild(work)
            is_inside.set()
            await asyncio.Event().wait()

    task = spawn("never_ends", never_ends())
    await is_inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not await guild_exists(database)
    async with database.begin() as work:
        await a_guild(work)


async def test_a_reader_waits_for_no_writer_and_sees_nothing_half_done(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        assert not await guild_exists(database)


async def test_a_reader_sees_one_moment(database: Database) -> None:
    async with database.read() as reader:
        assert await reader.guilds.settings(GUILD_ID) is None
        async with database.begin() as work:
            await a_guild(work)
        assert await reader.guilds.settings(GUILD_ID) is None

    assert await guild_exists(database)


async def test_a_reader_changes_nothing(database: Database) -> None:
    async with database.read() as work:
        assert not hasattr(work, "flush")
        assert not hasattr(work, "lock")
        # That mypy refuses this line is part of the test: it complains of an exception that isn't needed.
        await work.guilds.ensure(GUILD_ID, NOW)  # type: ignore[misc]

    assert not await guild_exists(database)


async def test_two_who_change_one_row_conflict(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))

    async with database.read() as work:
        stale = await work.requests.get(question.id)
        assert stale is not None
    async with database.begin() as work:
        fresh = await work.requests.get(question.id)
        assert fresh is not None
        fresh.state = "taken"

    stale.state = "closed"
    with pytest.raises(Conflict) as refusal:
        async with database.begin() as work:
            work.requests.add(stale)
    assert refusal.value.key == "error.conflict"
    async with database.read() as work:
        kept = await work.requests.get(question.id)
        assert kept is not None
        assert kept.state == "taken"


async def test_a_broken_constraint_is_a_conflict(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        await a_question(work, asker, interaction_id=7)

    with pytest.raises(Conflict) as refusal:
        async with database.begin() as work:
            await a_question(work, asker, interaction_id=7)
    assert refusal.value.key == "error.conflict"


async def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(Conflict):
        async with database.begin() as work:
            await work.members._session.execute(text("INSERT INTO guild_settings (guild_id, open_limit) VALUES (5, 3)"))


async def test_a_refused_row_is_quoted_nowhere(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    async with database.begin() as work:
        asker = await a_member(work)

    with pytest.raises(Conflict) as refusal:
        async with database.begin() as work:
            await a_question(work, asker, text=SECRET, kind="unheard")

    assert SECRET not in "".join(traceback.format_exception(refusal.value))
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "statement", ["SELECT :secret FROM nowhere", "INSERT INTO guild_settings (nothing) VALUES (:secret)"]
)
async def test_a_failing_statement_quotes_no_parameter(database: Database, statement: str) -> None:
    with pytest.raises((SQLAlchemyError, Unavailable)) as failure:
        async with database.begin() as work:
            await work.members._session.execute(text(statement), {"secret": SECRET})

    assert SECRET not in "".join(traceback.format_exception(failure.value))


async def test_a_row_never_prints_what_somebody_wrote(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work, learning=SECRET), text=SECRET, tried=SECRET)
        asker = await work.members.get(question.asker_id)

    assert SECRET not in f"{question!r} {question} {asker!r} {asker}"


@pytest.mark.postgres
async def test_a_deadlock_is_a_conflict_for_one_and_nothing_for_the_other(postgresql_url: str) -> None:
    database = Database(create_engine(postgresql_url))
    both_inside = asyncio.Barrier(2)

    async def lock_both(first: int, second: int) -> None:
        async with database.begin() as work:
            await work.lock(first)
            await both_inside.wait()
            await work.lock(second)

    ends = await asyncio.gather(lock_both(1, 2), lock_both(2, 1), return_exceptions=True)

    assert [type(end) for end in ends if end] == [Conflict]
    await database.close()


class TestOutOfReach:
    """In every way that a database can't be reached, the refusal is the same."""

    async def refused(self, url: str) -> None:
        database = Database(create_engine(url))
        for transaction in (database.begin, database.read):
            with pytest.raises(Unavailable) as refusal:
                async with transaction() as work:
                    await work.guilds.settings(GUILD_ID)
            assert refusal.value.key == "error.database"
        await database.close()

    async def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        await self.refused(sqlite_address(tmp_path / "nowhere" / "morsel.sqlite3"))

    async def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_text("This is no database, however long it goes on. " * 20)
        await self.refused(sqlite_address(file))

    @pytest.mark.postgres
    async def test_nobody_listens(self) -> None:
        await self.refused(f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/morsel")

    @pytest.mark.postgres
    async def test_a_database_that_is_not_there(self, postgresql: Server) -> None:
        await self.refused(postgresql.url("nowhere"))

    @pytest.mark.postgres
    async def test_somebody_the_server_does_not_know(self, postgresql: Server) -> None:
        await self.refused(postgresql.url("postgres").replace("postgres@", "stranger@"))

    @pytest.mark.postgres
    async def test_a_server_that_drops_the_connection(self, postgresql: Server, postgresql_url: str) -> None:
        database = Database(create_engine(postgresql_url))

        async def is_dropped() -> None:
            async with database.begin() as work:
                await a_guild(work)
                await asyncio.to_thread(postgresql.send_away, MIGRATED)
                await a_guild(work, GUILD_ID + 1)

        with pytest.raises(Unavailable):
            await is_dropped()
        assert not await guild_exists(database)
        await database.close()


async def test_sqlite_is_set_up_for_a_bot(sqlite_database: Database) -> None:
    async with sqlite_database.engine.connect() as connection:
        told = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }

    assert told == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 10_000}


async def test_closing_twice_is_fine(sqlite_database: Database) -> None:
    assert not await guild_exists(sqlite_database)
    await sqlite_database.close()
    await sqlite_database.close()


async def test_a_transaction_cancelled_in_the_middle_of_a_statement_locks_nobody_out(sqlite_database: Database) -> None:
    slow = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) FROM n"
    )

    has_written = asyncio.Event()

    async def work_slowly() -> None:
        async with sqlite_database.begin() as work:
            await a_guild(work)
            has_written.set()
            await work._session.execute(slow)

    task = spawn("slow", work_slowly())
    await has_written.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    # The traceback is kept, and with it any cursor of the statement.
    (end,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(end, asyncio.CancelledError)

    async with asyncio.timeout(5), sqlite_database.begin() as work:
        assert await work.guilds.settings(GUILD_ID) is None
        await a_guild(work)


def test_what_is_opened_on_no_database_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "morsel.sqlite3"
    file.write_text("This is no database, however long it goes on. " * 20)
    engine, opened = create_engine(sqlite_address(file)).sync_engine, sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError):
        engine.pool.dispatch.connect(opened, None)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened.execute("SELECT 1")
