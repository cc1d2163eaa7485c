"""What an operator does with the rows while nothing is connected to Discord."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.errors import Unusable
from bot.services.people.erasing import Erasing
from bot.settings import Settings
from bot.store import files, migrations
from bot.store.engine import Database, create_engine, translated
from bot.store.erasures import Kept
from bot.store.outbox import Trace

FILE, SERVER = "SQLite", "PostgreSQL"


@contextmanager
def alone(settings: Settings, *, is_needed: bool = True) -> Iterator[None]:
    """Have the database for this process alone while the block lasts, where one process at a time may have it.

    Raises:
        Unavailable: it can't be reached.
        Unusable: another process has it, or it isn't there and `is_needed`, or it isn't Morsel's.
    """
    with ExitStack() as held:
        with translated():
            look(settings, is_needed=is_needed)
            held.enter_context(files.alone(_file(settings)))
        yield


def look(settings: Settings, *, is_needed: bool = True) -> None:
    """Look whether a file can be Morsel's database, before SQLite changes anything about it.

    Raises:
        Unavailable: it can't be read.
        Unusable: it can't be; or it isn't there, and is needed.
    """
    file = _file(settings)
    if file is not None:
        with translated():
            files.look(file, is_needed=is_needed)


async def migrate(settings: Settings) -> list[str]:
    """Bring the tables up to date and return the revisions that were applied.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: it is a newer Morsel's.
    """
    async with _opened(settings) as database:
        return await migrations.upgrade(database.engine)


async def behind(settings: Settings) -> list[str]:
    """Return the revisions that the database hasn't had yet; changes nothing, and makes no file.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: it isn't there, isn't Morsel's, or is a newer Morsel's.
    """
    look(settings)
    async with _opened(settings) as database:
        return await migrations.pending(database.engine)


async def incomplete(settings: Settings) -> list[str]:
    """Return the tables of an up-to-date database that lack something; changes nothing.

    Raises:
        Unavailable: the database can't be reached.
    """
    async with _opened(settings) as database:
        return await migrations.incomplete(database.engine)


def back_up(settings: Settings, target: Path) -> None:
    """Write a whole copy of SQLite's file, also while the bot runs.

    Raises:
        Unavailable: the database can't be read, or the copy not be written.
        Unusable: a server keeps the rows, or there is something at `target` already.
    """
    file = _file(settings)
    if file is None:
        raise Unusable("operator.backup_of_server")
    look(settings)
    with translated():
        files.copy(file, target)


async def kept(settings: Settings, user_id: int, guild_id: int | None) -> Kept | None:
    """Count what is kept about a person; None where nothing is.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: its tables aren't up to date.
    """
    await _require_up_to_date(settings)
    async with _opened(settings) as database:
        return await Erasing(database.begin, database.read, SystemClock()).look(user_id, guild_id)


async def why(settings: Settings, reference: int) -> list[Trace]:
    """Return the letters behind a message of Discord's, or behind the outbox's own number; none where none is known.

    Raises:
        Unavailable: the database can't be reached.
        Unusable: its tables aren't up to date.
    """
    await _require_up_to_date(settings)
    async with _opened(settings) as database, database.read() as work:
        return await work.outbox.trace(reference)


async def erase(settings: Settings, user_id: int, guild_id: int | None, policy: Policy) -> None:
    """Erase what is kept about a person, and what deleted rows leave behind in the files.

    Raises:
        Conflict: a bot that runs beside changed the same rows each time.
        Unavailable: the database can't be reached, or there is no room to rewrite its file.
    """
    async with _opened(settings) as database:
        await Erasing(database.begin, database.read, SystemClock()).erase(user_id, policy, guild_id)
        await database.sweep_up()


async def _require_up_to_date(settings: Settings) -> None:
    if revisions := await behind(settings):
        raise Unusable("operator.database_behind", kind=kind(settings), revisions=", ".join(revisions))


def kind(settings: Settings) -> str:
    """Return what a sentence calls the database."""
    return SERVER if _file(settings) is None else FILE


def _file(settings: Settings) -> Path | None:
    return files.place(settings.database_url.get_secret_value())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(create_engine(settings.database_url.get_secret_value()))
    try:
        yield database
    finally:
        await database.close()
