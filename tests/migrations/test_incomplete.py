"""A database that says it is up to date, and in which something is missing."""

from collections.abc import Iterator

from sqlalchemy import Connection, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import Constraint, CreateTable

from bot.store.engine import Database
from bot.store.migrations import incomplete, lacks
from models import Base


async def test_nothing_is_missing_in_what_the_migrations_made(database: Database) -> None:
    assert await incomplete(database.engine) == []


def losses(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the ways in which a table can lose something, in the words of SQLite or of both databases."""
    yield (f"ALTER TABLE {table.name} RENAME TO former",)
    yield (f"ALTER TABLE {table.name} RENAME TO former", f"CREATE VIEW {table.name} AS SELECT * FROM former")  # noqa: S608
    yield from ((f"DROP INDEX {index.name}",) for index in table.indexes)
    yield from ((f"ALTER TABLE {table.name} RENAME COLUMN {column.name} TO former",) for column in table.columns)


def remade(connection: Connection, table: Table, without: Constraint) -> tuple[str, ...]:
    """Return how SQLite makes a table without one of its constraints."""
    table.constraints.remove(without)
    try:
        made = str(CreateTable(table).compile(connection))
    finally:
        table.constraints.add(without)
    indexes = [f"CREATE INDEX {each.name} ON {table.name} ({each.columns.keys()[0]})" for each in table.indexes]
    return (f"DROP TABLE {table.name}", made, *indexes)


def constraints(table: Table) -> list[Constraint]:
    """Return the constraints that a table can be made without, and that SQLite has."""
    return [each for each in table.constraints if not isinstance(each, PrimaryKeyConstraint | ExcludeConstraint)]


def is_named(connection: Connection, table: Table, statements: tuple[str, ...]) -> bool:
    for statement in statements:
        connection.exec_driver_sql(statement)
    return lacks(connection, table)


async def test_a_table_that_lost_something_is_named(database: Database) -> None:
    async with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for statements in losses(table):
                assert await connection.run_sync(is_named, table, statements), statements
                await connection.rollback()


async def test_a_table_that_lost_a_constraint_is_named(sqlite_database: Database) -> None:
    def missing(connection: Connection, table: Table, without: Constraint) -> bool:
        return is_named(connection, table, remade(connection, table, without))

    async with sqlite_database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for without in constraints(table):
                assert await connection.run_sync(missing, table, without), without.name
                await connection.rollback()
