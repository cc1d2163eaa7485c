"""The shape of the tables, brought up to date from inside the application."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, Inspector, PrimaryKeyConstraint, Table, func, inspect, select
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import Unusable
from bot.store.engine import READS_ONLY, translated
from models import Base

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


async def incomplete(engine: AsyncEngine) -> list[str]:
    """Return the tables that aren't there, or lack a column, an index or a constraint; changes nothing.

    Raises:
        Unavailable: the database can't be reached.
    """
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(**{READS_ONLY: True})
            return await connection.run_sync(_incomplete)


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


def _incomplete(connection: Connection) -> list[str]:
    return sorted(each.name for each in Base.metadata.sorted_tables if lacks(connection, each))


def lacks(connection: Connection, table: Table) -> bool:
    """Tell whether a table isn't there, or lacks a column, an index or a constraint."""
    inspector, name = inspect(connection), table.name
    is_there = name in inspector.get_table_names()
    return not is_there or bool(_wanted(table, connection.dialect.name) - _found(inspector, name))


def _wanted(table: Table, dialect: str) -> set[str]:
    """Return the names of all that a table is made of; SQLite has no name for some primary keys, but their columns."""
    parts = (*table.columns, *table.indexes, *table.constraints)
    is_unknown = (PrimaryKeyConstraint,) if dialect == "postgresql" else (PrimaryKeyConstraint, ExcludeConstraint)
    names = {str(each.name) for each in parts if not isinstance(each, is_unknown)}
    return names | {_key(column.name for column in table.primary_key)}


def _found(inspector: Inspector, table: str) -> set[str]:
    parts = (
        *inspector.get_columns(table),
        *inspector.get_indexes(table),
        *inspector.get_unique_constraints(table),
        *inspector.get_check_constraints(table),
        *inspector.get_foreign_keys(table),
    )
    return {str(each["name"]) for each in parts} | {_key(inspector.get_pk_constraint(table)["constrained_columns"])}


def _key(columns: Iterable[str]) -> str:
    return f"primary key of {', '.join(columns)}"


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
