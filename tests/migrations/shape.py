"""What a database looks like, as far as two of them can differ."""

from collections.abc import Iterable
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.migrations import SCRIPTS, configuration, migrating

REVISIONS = [script.revision for script in ScriptDirectory(SCRIPTS).walk_revisions()][::-1]
"""Every revision, oldest first."""

Shape = dict[str, dict[str, Any]]


async def tables(engine: AsyncEngine) -> set[str]:
    """Return the names of all tables."""
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda given: inspect(given).get_table_names()))


async def shape(engine: AsyncEngine) -> Shape:
    """Return everything that a migration decides, table by table, but for Alembic's own."""
    async with engine.connect() as connection:
        return await connection.run_sync(_shape)


async def upgrade_to(engine: AsyncEngine, revision: str) -> None:
    """Apply revisions up to this one."""
    async with migrating(engine) as connection:
        await connection.run_sync(lambda given: command.upgrade(configuration(given), revision))


async def downgrade_to(engine: AsyncEngine, revision: str) -> None:
    """Take revisions back, down to this one."""
    async with migrating(engine) as connection:
        await connection.run_sync(lambda given: command.downgrade(configuration(given), revision))


def _shape(connection: Connection) -> Shape:
    inspector = inspect(connection)
    names = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {name: {**_reflected(inspector, name), "counts": _counts_for_ever(connection, name)} for name in names}


def _reflected(inspector: Inspector, table: str) -> dict[str, Any]:
    columns = ({**column, "type": repr(column["type"])} for column in inspector.get_columns(table))
    return {
        "columns": {column["name"]: column for column in columns},
        "primary key": inspector.get_pk_constraint(table),
        "foreign keys": _by_name(inspector.get_foreign_keys(table)),
        "unique": _by_name(inspector.get_unique_constraints(table)),
        "checks": _by_name(inspector.get_check_constraints(table)),
        "indexes": _by_name(map(_written, inspector.get_indexes(table))),
    }


def _written(index: ReflectedIndex) -> dict[str, Any]:
    """Return an index with its options as text: conditions don't compare."""
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(option) for name, option in options.items()}}


def _by_name(constraints: Iterable[Any]) -> dict[str, Any]:
    return {constraint["name"]: constraint for constraint in constraints}


def _counts_for_ever(connection: Connection, table: str) -> bool:
    if connection.dialect.name != "sqlite":
        return True
    made_by = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table})
    return "AUTOINCREMENT" in made_by.scalar_one()
