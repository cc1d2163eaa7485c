"""SQLite without a thread for each connection: what is asked for is done at once, by whoever asks.

The bot's own driver, aiosqlite, hands every statement to a thread, several times over; that took half of a test's
time. A test in which one thing happens after the other sees no difference, so it goes by `sqlite+inline://`. The bot's
own driver stays where people act at once, in the store's own tests, on the wire and wherever the bot is a process.
"""

import sqlite3
from typing import Any, Self

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util.concurrency import await_

WITH_THREADS, WITHOUT = "sqlite+aiosqlite", "sqlite+inline"


class InlineCursor(sqlite3.Cursor):
    """A cursor that runs a statement where it is asked for."""

    def execute(self, sql: str, parameters: Any = ()) -> Self:  # noqa: ANN401
        await_(_nothing())
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any = ()) -> Self:  # noqa: ANN401
        await_(_nothing())
        return super().executemany(sql, parameters)

    async def _async_soft_close(self) -> None:
        """Leave everything to be read, for that waits for no one."""


class InlineConnection(sqlite3.Connection):
    """A connection that waits for no other one."""

    def cursor(self, *_: object) -> InlineCursor:  # type: ignore[override]
        return super().cursor(InlineCursor)


class RoomyPool(AsyncAdaptedQueuePool):
    """A pool that keeps all connections it may open: ten people at once opened and closed five of them each time."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **{**options, "pool_size": 15, "max_overflow": 0})


class InlineDialect(SQLiteDialect_pysqlite):
    """SQLite for SQLAlchemy's asyncio half."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return RoomyPool

    def connect(self, *place: Any, **options: Any) -> Any:  # noqa: ANN401
        return sqlite3.connect(*place, **{**options, "timeout": 0}, factory=InlineConnection)


def address(url: str) -> str:
    """Return how to get at the same file without threads."""
    return url.replace(WITH_THREADS, WITHOUT, 1)


async def _nothing() -> None:
    """Let SQLAlchemy see something that it waits for."""


registry.register("sqlite.inline", __name__, InlineDialect.__name__)
