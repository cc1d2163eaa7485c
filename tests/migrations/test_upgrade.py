"""Bringing the tables up to date, from inside the application and from Alembic's own command line."""

import asyncio
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Unavailable
from bot.store.engine import Database, create_engine
from bot.store.migrations import configuration, migrating, pending, upgrade
from models import Base
from tests.conftest import sqlite_address
from tests.factories import GUILD_ID, a_helper, a_member, a_question, an_invitation
from tests.migrations.shape import REVISIONS, tables
from tests.postgres import free_port

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.fixture
async def engine(empty_url: str) -> AsyncIterator[AsyncEngine]:
    """Return the engine of a database without a table."""
    engine = create_engine(empty_url)
    yield engine
    await engine.dispose()


async def test_everything_is_pending_until_it_is_applied(engine: AsyncEngine) -> None:
    assert await pending(engine) == REVISIONS
    await upgrade(engine)
    assert await pending(engine) == []


async def test_looking_what_is_pending_makes_no_table(engine: AsyncEngine) -> None:
    await pending(engine)
    assert await tables(engine) == set()


async def test_every_table_is_there_afterwards(engine: AsyncEngine) -> None:
    await upgrade(engine)
    assert await tables(engine) == {*Base.metadata.tables, "alembic_version"}


async def test_a_second_time_changes_nothing(database: Database) -> None:
    async with database.begin() as work:
        member = await a_member(work)

    await upgrade(database.engine)

    async with database.read() as work:
        assert await work.members.get(member.id) is not None


async def test_two_processes_at_once_take_turns(engine: AsyncEngine, empty_url: str) -> None:
    other = create_engine(empty_url)
    await asyncio.gather(upgrade(engine), upgrade(other), upgrade(engine), upgrade(other))

    assert await pending(engine) == []
    await other.dispose()


async def test_a_migration_that_fails_leaves_nothing_half_done(engine: AsyncEngine) -> None:
    with pytest.raises(LookupError):
        async with migrating(engine) as connection:
            await connection.run_sync(upgrade_and_fail)

    assert await pending(engine) == REVISIONS
    assert await tables(engine) == set()


async def test_rows_survive_a_table_that_is_made_anew(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        invitation = await an_invitation(work, await a_question(work, asker), helper)

    for is_nullable in (True, False):
        async with migrating(database.engine) as connection:
            await connection.run_sync(make_anew, "guild", is_nullable)
            await connection.run_sync(make_anew, "member", is_nullable)

    async with database.read() as work:
        assert await work.guilds.settings(GUILD_ID) is not None
        assert await work.invitations.get(invitation.id) is not None


def upgrade_and_fail(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")
    raise LookupError


def make_anew(connection: Connection, table: str, is_nullable: bool) -> None:  # noqa: FBT001 - run_sync passes it so
    operations = Operations(MigrationContext.configure(connection))
    is_sqlite = connection.dialect.name == "sqlite"
    with operations.batch_alter_table(table, recreate="always" if is_sqlite else "never") as batch:
        batch.alter_column("joined_at", nullable=is_nullable)


async def test_sqlite_keeps_nothing_of_a_migration_that_orphans_rows(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as work:
        await a_member(work)

    with pytest.raises(RuntimeError, match="refer to nothing"):
        async with migrating(sqlite_database.engine) as connection:
            await connection.execute(text("DELETE FROM guild"))

    async with sqlite_database.read() as work:
        assert await work.guilds.settings(GUILD_ID) is not None


async def test_sqlite_enforces_references_again_afterwards(sqlite_database: Database) -> None:
    async with migrating(sqlite_database.engine):
        pass
    async with sqlite_database.engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1


async def test_a_database_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    addresses = (
        f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/morsel",
        sqlite_address(tmp_path / "nowhere" / "morsel.sqlite3"),
    )
    for engine in map(create_engine, addresses):
        for verb in (upgrade, pending):
            with pytest.raises(Unavailable) as refusal:
                await verb(engine)
            assert refusal.value.key == "error.database"
        await engine.dispose()


def test_alembic_s_own_command_line_uses_the_operator_s_settings(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    config = Config(toml_file=PROJECT, stdout=StringIO())

    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "base")


def test_alembic_can_print_the_statements_instead(
    dialect: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = {"sqlite": "sqlite+aiosqlite:///unused", "postgresql": "postgresql+asyncpg://"}[dialect]
    monkeypatch.setenv("DATABASE_URL", driver)

    # SQLite makes tables again where others alter them, and has to read them for it.
    latest = "head" if dialect == "postgresql" else REVISIONS[0]
    command.upgrade(Config(toml_file=PROJECT), latest, sql=True)

    assert "CREATE TABLE help_interaction" in capsys.readouterr().out
