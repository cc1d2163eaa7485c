"""Writing past every rule of a database, as a hand that edits its file does."""

import sqlite3
from contextlib import closing

from sqlalchemy import exc, text

from bot.store.engine import Database
from models import Base


async def spoil(database: Database, table: str, column: str, row_id: object, value: str) -> bool:
    """Put a value, as SQL writes it, into a row; returns False where the database refuses."""
    key, *_ = Base.metadata.tables[table].primary_key
    change = f'UPDATE {table} SET "{column}" = {value} WHERE {key.name} = {row_id!r}'  # noqa: S608 - the tests' own words
    return await write(database, change)


async def write(database: Database, change: str) -> bool:
    """Change something past every rule that can be got round; returns False where the database refuses."""
    if database.engine.dialect.name == "sqlite":
        return by_hand(str(database.engine.url.database), change)
    try:
        async with database.engine.begin() as connection:
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
            await connection.exec_driver_sql(change)
    except exc.DBAPIError:
        return False
    return True


def by_hand(file: str, change: str) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(change)
        except sqlite3.IntegrityError:
            return False
        connection.commit()
        return True
