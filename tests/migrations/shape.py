"""What a database looks like, as far as two of them can differ."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, NullPool, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedIndex, TableKey
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.migrations import SCRIPTS, configuration, migrating

REVISIONS = [script.revision for script in ScriptDirectory(SCRIPTS).walk_revisions()][::-1]
"""Every revision, oldest first."""

Shape = dict[str, dict[str, Any]]
Parts = dict[str, dict[str, Any]]
"""By part (columns, indexes and so on) and then by table, while a shape is by table and then by part."""


async def tables(engine: AsyncEngine) -> set[str]:
    """Return the names of all tables."""
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda given: inspect(given).get_table_names()))


async def shape(engine: AsyncEngine) -> Shape:
    """Return everything that a migration decides, table by table, but for Alembic's own."""
    if engine.dialect.name == "sqlite":
        # That asks hundreds of questions, which need no thread for each.
        without_threads = create_engine(engine.url.set(drivername="sqlite"), poolclass=NullPool)
        with without_threads.connect() as connection:
            return _shape(connection)
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
    parts = _reflected(inspect(connection))
    names = sorted(parts["columns"].keys() - {"alembic_version"})
    return {
        name: {**{part: of[name] for part, of in parts.items()}, "counts": _counts_for_ever(connection, name)}
        for name in names
    }


def _reflected(inspector: Inspector) -> Parts:
    """Return all columns by table, all primary keys, and so on: a question about all tables costs as much as one."""
    return {
        "columns": _by_table(inspector.get_multi_columns(), _columns),
        "primary key": _by_table(inspector.get_multi_pk_constraint(), dict),
        "foreign keys": _by_table(inspector.get_multi_foreign_keys(), _by_name),
        "unique": _by_table(inspector.get_multi_unique_constraints(), _by_name),
        "checks": _by_table(inspector.get_multi_check_constraints(), _by_name),
        "indexes": _by_table(inspector.get_multi_indexes(), lambda indexes: _by_name(map(_written, indexes))),
    }


def _by_table(found: Mapping[TableKey, Any], told: Callable[[Any], Any]) -> dict[str, Any]:
    return {table: told(parts) for (_, table), parts in found.items()}


def _columns(columns: Iterable[ReflectedColumn]) -> dict[str, Any]:
    return {column["name"]: {**column, "type": repr(column["type"])} for column in columns}


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
