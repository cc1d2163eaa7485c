"""What tests of every folder may ask for."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade
from models import Base
from tests.openapi import header
from tests.postgres import Server, postgresql_server

MIGRATED = "migrated"
_numbers = itertools.count()


def pytest_report_header() -> str:
    """Say once whether Discord's own document judges what the bot sends."""
    return header()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database."""
    name: str = request.param
    return name


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Return a migrated database without a row, once for each dialect."""
    database = Database(create_engine(database_url))
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """Return a migrated SQLite database without a row, for tests to which the dialect is all one."""
    database = Database(create_engine(sqlite_url))
    yield database
    await database.close()


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated database without a row."""
    url: str = request.getfixturevalue(f"{dialect}_url")
    return url


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """Return the address of a database without a table."""
    url: str = request.getfixturevalue(f"empty_{dialect}_url")
    return url


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, migrated_sqlite: Path) -> str:
    shutil.copyfile(migrated_sqlite, empty_sqlite_url.partition("///")[2])
    return empty_sqlite_url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return sqlite_address(tmp_path / "morsel.sqlite3")


@pytest.fixture
def postgresql_url(postgresql: Server, migrated_postgresql: str) -> str:
    # Emptying one database takes 5 ms, making one 250; here both are as good as new.
    postgresql.send_away(MIGRATED)
    postgresql.execute(*(str(table.delete()) for table in reversed(Base.metadata.sorted_tables)), name=MIGRATED)
    return migrated_postgresql


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
    file = tmp_path_factory.mktemp("migrated") / "morsel.sqlite3"
    asyncio.run(migrated(sqlite_address(file)))
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Server) -> str:
    postgresql.create(MIGRATED)
    asyncio.run(migrated(postgresql.url(MIGRATED)))
    return postgresql.url(MIGRATED)


def sqlite_address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def migrated(url: str) -> None:
    engine = create_engine(url)
    await upgrade(engine)
    await engine.dispose()
