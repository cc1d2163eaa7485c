"""The shape of the tables, brought up to date from inside the application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import Unusable
from bot.store.engine import READS_ONLY, translated

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = (0x6D6F7273, 0x656C)
"""Two numbers, so that it can't be a community's lock: those are taken with one."""


async def upgrade(engine: AsyncEngine) -> list[str]:
    """Bring the tables up to date, all or nothing, and return the revisions that were applied, oldest first.

    Safe to run twice, and by two processes at once.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: a newer Morsel has changed it.
    """
    async with migrating(engine) as connection:
        missing = await connection.run_sync(_pending)
        await connection.run_sync(lambda given: command.upgrade(configuration(given), "head"))
    return missing


async def pending(engine: AsyncEngine) -> list[str]:
    """Return the revisions that the database hasn't had yet, oldest first; changes nothing.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: a newer Morsel has changed it.
    """
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(**{READS_ONLY: True})
            return await connection.run_sync(_pending)


@asynccontextmanager
async def migrating(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open the one transaction in which the tables may change shape.

    Raises:
        Unavailable: the database can't be reached.
    """
    prepared = _migrating_sqlite if engine.dialect.name == "sqlite" else _migrating_postgresql
    with translated():
        async with engine.connect() as connection, prepared(connection):
            yield connection


def configuration(connection: Connection) -> Config:
    """Return what Alembic's commands need to work inside this connection's transaction."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _pending(connection: Connection) -> list[str]:
    applied = MigrationContext.configure(connection).get_current_heads()
    try:
        missing = list(ScriptDirectory(SCRIPTS).iterate_revisions("heads", applied))
    except RevisionError:
        raise Unusable("error.newer_database") from None
    return [script.revision for script in reversed(missing)]


@asynccontextmanager
async def _migrating_sqlite(connection: AsyncConnection) -> AsyncIterator[None]:
    # SQLite changes a table by dropping it, which would take along every row that refers to it.
    await _enforce_foreign_keys(connection, "OFF")
    try:
        async with connection.begin():
            yield
            if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first() is not None:
                msg = "a migration left rows that refer to nothing"
                raise RuntimeError(msg)
    finally:
        await _enforce_foreign_keys(connection, "ON")


async def _enforce_foreign_keys(connection: AsyncConnection, switch: str) -> None:
    # Inside a transaction SQLite ignores this pragma, and every statement of SQLAlchemy's begins one.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.execute(f"PRAGMA foreign_keys={switch}"):
        pass


@asynccontextmanager
async def _migrating_postgresql(connection: AsyncConnection) -> AsyncIterator[None]:
    async with connection.begin():
        await connection.execute(select(func.pg_advisory_xact_lock(*_LOCK)))
        yield
