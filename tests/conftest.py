"""What tests of every folder may ask for.

Which databases: a test with `database` runs on SQLite and on PostgreSQL. Use cases (tests/services) run on SQLite
alone, for every statement of theirs is the store's, whose tests run on both; but where people act at once
(`at_once`, `gather`), or a module is marked `both` because a database's own ways matter to it, they run on both too.
Where people don't act at once, a use case's SQLite goes without threads (tests/inline.py).
"""

import asyncio
import gc
import itertools
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import faults
from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade
from models import Base
from tests import inline
from tests.covering import covering
from tests.openapi import header
from tests.postgres import Janitor, Server, postgresql_server

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
WITHOUT_THREADS = pytest.param("inline", id="sqlite")
ACTING_AT_ONCE = frozenset({"at_once", "gather"})
LONGEST = (
    "tests/playground/", "tests/model/", "tests/test_process.py", "tests/reliability/test_crashing.py",
    "tests/reliability/test_office_hours.py", "tests/migrations/test_stairway.py", "tests/routing/test_index.py",
    "tests/services/requests/test_conversations.py", "tests/services/requests/test_budgets_at_once.py",
    "tests/ui/test_items.py", "tests/ui/test_written.py",
)  # fmt: skip
MIGRATED = "migrated"
HAS_TORCH = find_spec("torch") is not None
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    """Count what is run, where that is asked for."""
    if covering is not None:
        config.pluginmanager.register(covering)


def pytest_sessionstart() -> None:
    """Stop at Ctrl+C without asyncio's help.

    For its help, asyncio writes the result of every run down as a string: all of the simulated Discord, six times a
    test. It helps only where Python's own handler is in place. And collect no garbage while tests are collected.
    """
    gc.disable()
    signal.signal(signal.SIGINT, lambda *_: interrupted())


def interrupted() -> None:
    raise KeyboardInterrupt


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes seconds, so that no one waits for it at the end; leave out what can't run here."""
    if not HAS_TORCH:
        for item in items:
            if item.get_closest_marker("model"):
                item.add_marker(pytest.mark.skip(reason="torch isn't installed"))
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what is there for good: it took a quarter of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def pytest_report_header() -> list[str]:
    """Say once whether Discord's own document judges what the bot sends, and whether models can be loaded."""
    models = "loaded" if HAS_TORCH else "not loaded, for torch isn't installed: the tests that need one are skipped"
    return [header(), f"models: {models}"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once on each database that it is to run on."""
    if "driver" in metafunc.fixturenames:
        metafunc.parametrize("driver", drivers(metafunc), indirect=True)


def drivers(metafunc: pytest.Metafunc) -> Sequence[Any]:
    """Return on what a test runs: on both databases where it may end otherwise on another one."""
    if not metafunc.module.__name__.startswith("tests.services."):
        return "sqlite", POSTGRESQL
    if not ACTING_AT_ONCE.isdisjoint(metafunc.function.__code__.co_names):
        return "sqlite", POSTGRESQL
    is_marked = metafunc.definition.get_closest_marker("both") is not None
    return (WITHOUT_THREADS, POSTGRESQL) if is_marked else (WITHOUT_THREADS,)


@pytest.fixture(autouse=True)
def sound() -> None:
    """Let no test know of rows that another couldn't read."""
    faults.forget_all()


@pytest.fixture
def driver(request: pytest.FixtureRequest) -> str:
    """Return by what the test gets at its database."""
    name: str = request.param
    return name


@pytest.fixture
def dialect(driver: str) -> str:
    """Return the database the test runs on."""
    return "sqlite" if driver == "inline" else driver


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Return a migrated database without a row, once for each dialect."""
    database = Database(kept_engine(database_url))
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """Return a migrated SQLite database without a row, for tests to which the dialect is all one."""
    database = Database(kept_engine(sqlite_url))
    yield database
    await database.close()


@pytest.fixture
def database_url(driver: str, request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated database without a row."""
    url: str = request.getfixturevalue(f"{driver}_url")
    return url


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """Return the address of a database without a table."""
    url: str = request.getfixturevalue(f"empty_{dialect}_url")
    return url


@pytest.fixture
def fresh(driver: str, request: pytest.FixtureRequest) -> Callable[[], str]:
    """Return what gives, as often as a test wants, the address of a migrated database without a row."""
    if driver != "postgresql":
        return partial(renewed_inline, request.getfixturevalue("migrated_sqlite"))
    url, janitor = str(request.getfixturevalue("postgresql_url")), request.getfixturevalue("janitor")

    def emptied() -> str:
        janitor.empty()
        return url

    return emptied


@pytest.fixture
def sqlite_url(migrated_sqlite: Path) -> str:
    return renewed(migrated_sqlite)


@pytest.fixture
def inline_url(sqlite_url: str) -> str:
    return inline.address(sqlite_url)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return sqlite_address(tmp_path / "morsel.sqlite3")


@pytest.fixture
def postgresql_url(postgresql: Server, janitor: Janitor) -> str:
    # Emptying one database takes 5 ms, making one 250; here both are as good as new.
    janitor.empty()
    return postgresql.url(MIGRATED)


@pytest.fixture
def empty_postgresql_url(postgresql: Server) -> str:
    name = f"empty_{next(_numbers)}"
    postgresql.create(name)
    return postgresql.url(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    asyncio.run(migrated(sqlite_address(file)))
    return file


@pytest.fixture(scope="session")
def janitor(postgresql: Server) -> Iterator[Janitor]:
    """Return who empties the one migrated PostgreSQL database."""
    postgresql.create(MIGRATED)
    asyncio.run(migrated(postgresql.url(MIGRATED)))
    tables = [table.name for table in Base.metadata.sorted_tables]
    with postgresql.janitor(MIGRATED, tables) as janitor:
        yield janitor


def inline_engine(url: str) -> AsyncEngine:
    """Return the one engine of an address of SQLite's, without the threads."""
    return kept_engine(inline.address(url))


@cache
def kept_engine(url: str) -> AsyncEngine:
    """Return the one engine of an address, whose connections are closed in the test that opened them.

    What SQLAlchemy makes of a statement is kept with the engine; making it again took half of a test's time. No
    connection outlives its test, so none is asked whether it still lives: that took three round trips each time.
    """
    engine = create_engine(url)
    engine.sync_engine.pool._pre_ping = False
    return engine


def renewed(migrated: Path) -> str:
    """Put a migrated database without a row where the last one was, and return its address."""
    file = migrated.with_name("morsel.sqlite3")
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copyfile(migrated, file)
    return sqlite_address(file)


def renewed_inline(migrated: Path) -> str:
    """Do the same, for a test that goes without threads."""
    return inline.address(renewed(migrated))


def sqlite_address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def migrated(url: str) -> None:
    engine = create_engine(url)
    await upgrade(engine)
    await engine.dispose()
