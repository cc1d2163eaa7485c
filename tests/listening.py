"""What a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from bot.store.engine import Database

Statement = tuple[str, Any]
"""SQL, and what is put into it."""


@contextmanager
def listening(database: Database) -> Iterator[list[Statement]]:
    """Hear every statement from now on, to the end of the block."""
    heard: list[Statement] = []

    def hear(_c: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        heard.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)
