"""The database: SQLite on one small machine, PostgreSQL on many."""

import asyncio
import errno
import sqlite3
import ssl
from asyncio import Lock
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Dialect, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import Conflict, Unavailable
from bot.store import files
from bot.store.reading import TolerantSession, be_strict, is_unreadable
from bot.store.unit_of_work import ReadingWork, UnitOfWork

log = structlog.get_logger(__name__)

READS_ONLY = "reads_only"
_AS_IT_WAS = {"postgresql": {"isolation_level": "REPEATABLE READ"}}
"""What lets a reading transaction see one moment; SQLite's does by itself."""
BUSY_TIMEOUT = 10
"""Seconds SQLite waits for another process's transaction."""
_GAVE_WAY = ("40",)
"""A deadlock or a serialisation failure. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_OUT_OF_REACH = ("08", "28", "3D", "53", "57P", "SQLITE_NOTADB", "SQLITE_CORRUPT")
"""Connection, password, database's name, resources, shutdown; a file that is no database."""


NO_TLS = "NO_TLS"
"""asyncpg's own complaint that a server speaks no TLS has no code."""


class Database:
    """An engine and its units of work."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine from `create_engine`."""
        self.engine = engine
        self._sessions = async_sessionmaker(engine, class_=TolerantSession, expire_on_commit=False)
        # SQLite has one writer: waiting here in turn beats polling for its lock.
        self._gate: Lock | nullcontext[None] = Lock() if self.is_single_process else nullcontext()

    @property
    def is_single_process(self) -> bool:
        """Tell whether one process at a time runs the bot on this database, as with SQLite's file."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction: committed on a clean end, rolled back on anything else, cancellation included.

        Raises:
            Conflict: another transaction changed the same rows, or a constraint refused the change.
            Unavailable: the database can't be reached.
        """
        with translated():
            async with self._gate, self._sessions.begin() as session:
                yield UnitOfWork(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadingWork]:
        """Open a transaction that changes nothing, waits for no writer, and sees everything as of one moment.

        Raises:
            Unavailable: the database can't be reached.
        """
        with translated():
            async with self._sessions() as session:
                one_moment = _AS_IT_WAS.get(self.engine.dialect.name, {})
                await session.connection(execution_options={READS_ONLY: True, **one_moment})
                yield ReadingWork(session)

    async def sweep_up(self) -> None:
        """Leave nothing of deleted rows in SQLite's file and its companions, or in PostgreSQL's tables.

        Raises:
            Unavailable: the database can't be reached, or there is no room for it.
        """
        with translated():
            if (file := files.place(self.engine.url)) is not None:
                await self.close()
                await asyncio.to_thread(files.sweep_up, file)
                return
            by_itself = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            async with by_itself.connect() as connection:
                await connection.exec_driver_sql("VACUUM")

    async def close(self) -> None:
        """Give all connections back; safe to call twice."""
        await self.engine.dispose()


def create_engine(url: str) -> AsyncEngine:
    """Return an engine for an SQLAlchemy address; nothing is connected yet.

    Statements are never logged with their parameters: those are people's words.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": BUSY_TIMEOUT}
    else:
        options["pool_pre_ping"] = True
    engine = create_async_engine(url, **options)
    if engine.dialect.name == "sqlite":
        be_strict(engine.dialect)
        event.listen(engine.sync_engine, "do_connect", _try_sqlite)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _abandon_sqlite)
    return engine


def _try_sqlite(_dialect: Dialect, _entry: ConnectionPoolEntry, place: list[Any], options: dict[str, Any]) -> None:
    if (file := Path(place[0])) != Path(":memory:"):
        files.make(file)
        files.tighten(file)
    # Where a file can't be opened, aiosqlite leaves a thread behind that fails aloud once the event loop is gone.
    sqlite3.connect(*place, **options).close()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    with ExitStack() as unless_prepared:
        # SQLAlchemy forgets a connection that couldn't be prepared, and leaves it open.
        unless_prepared.callback(connection.close)
        _prepare(connection)
        unless_prepared.pop_all()


def _prepare(connection: DBAPIConnection) -> None:
    # Python's own transaction handling would begin late and deferred, and break the rule over several rows.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A new file's first two connections may collide here, without waiting; one of them is enough.
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten, or its words would stay in the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _abandon_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _error: BaseException | None) -> None:
    # A connection cancelled in the middle is closed, but while a cursor of it is left in some traceback it lives on
    # underneath, and its transaction would lock every other writer out.
    connection.rollback()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database complains about into a refusal that a person reads.

    Raises:
        Conflict: another transaction changed the same rows, or a constraint refused the change.
        Unavailable: the database can't be reached.
    """
    # Nothing is chained: PostgreSQL's own words quote the row that it refused.
    try:
        yield
    except (StaleDataError, exc.IntegrityError) as error:
        raise _conflict(error) from None
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, OSError, sqlite3.Error) as error:
        if is_unreadable(error):
            msg = "text that isn't UTF-8"
            raise ValueError(msg) from None
        raise _unavailable(error) from None
    except exc.DBAPIError as error:
        if error.connection_invalidated or _code(error).startswith(_OUT_OF_REACH):
            raise _unavailable(error) from None
        if _code(error).startswith(_GAVE_WAY):
            raise _conflict(error) from None
        raise


def _code(error: BaseException) -> str:
    """Return PostgreSQL's SQLSTATE, or SQLite's or the system's name of what went wrong."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, ssl.SSLError):
        return NO_TLS
    if isinstance(cause, OSError):
        return errno.errorcode.get(cause.errno or 0, NO_TLS if type(cause) is ConnectionError else "")
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""


def _conflict(error: Exception) -> Conflict:
    log.info("write_conflict", error=type(error).__name__)
    return Conflict("error.conflict")


def _unavailable(error: Exception) -> Unavailable:
    log.error("database_unavailable", error=type(error).__name__)
    return Unavailable("error.database", code=_code(error))
