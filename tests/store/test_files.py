"""SQLite's file is its owner's alone from its first moment."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import Unusable
from bot.store import files
from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade
from bot.store.transactions import Writes
from tests.conftest import sqlite_address
from tests.factories import a_guild

PRIVATE = 0o600


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o377])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Go on under each way in which a process may make files."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


@pytest.mark.usefixtures("umask")
async def test_a_new_file_and_its_companions_are_private(tmp_path: Path) -> None:
    database = Database(create_engine(sqlite_address(tmp_path / "morsel.sqlite3")))
    await upgrade(database.engine)
    async with database.begin() as work:
        await a_guild(work)
        during = modes(tmp_path)
    await database.close()

    assert during == dict.fromkeys(("morsel.sqlite3", "morsel.sqlite3-wal", "morsel.sqlite3-shm"), PRIVATE)


async def test_an_older_file_and_its_companions_become_private(tmp_path: Path) -> None:
    file = tmp_path / "morsel.sqlite3"
    for name in ("morsel.sqlite3", "morsel.sqlite3-wal", "morsel.sqlite3-shm"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)

    database = Database(create_engine(sqlite_address(file)))
    async with database.read() as work:
        assert isinstance(work._session, Writes)
        await work._session.execute(text("SELECT 1"))
        assert set(modes(tmp_path).values()) == {PRIVATE}
    await database.close()


@pytest.mark.usefixtures("umask")
def test_a_copy_and_a_lock_are_private(migrated_sqlite: Path, tmp_path: Path) -> None:
    files.copy(migrated_sqlite, tmp_path / "copy.sqlite3")
    with files.alone(tmp_path / "morsel.sqlite3"):
        assert modes(tmp_path) == {"copy.sqlite3": PRIVATE, "morsel.sqlite3-lock": PRIVATE}


def test_a_copy_is_whole_and_stands_alone(migrated_sqlite: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    files.copy(migrated_sqlite, copy)

    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    assert [each.name for each in tmp_path.iterdir()] == ["copy.sqlite3"]


def test_a_copy_never_takes_the_place_of_something(migrated_sqlite: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    copy.write_text("something")

    with pytest.raises(Unusable):
        files.copy(migrated_sqlite, copy)

    assert copy.read_text() == "something"


async def test_every_connection_overwrites_what_it_deletes(sqlite_database: Database) -> None:
    async with sqlite_database.read() as first, sqlite_database.begin() as second:
        for work in (first, second):
            assert isinstance(work._session, Writes)
            assert (await work._session.execute(text("PRAGMA secure_delete"))).scalar() == 1


def test_a_row_that_breaks_a_rule_is_no_damaged_file(migrated_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "morsel.sqlite3"
    files.copy(migrated_sqlite, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("INSERT INTO guild (id, joined_at) VALUES (1, 'no moment')")
        connection.execute(
            "INSERT INTO member (guild_id, user_id, joined_at, is_helper, rate, languages, read_areas,"
            " learns_from_help, direct_messages, version)"
            " VALUES (1, 2, 'never', 7, 'sometimes', 'x', 'y', 0, 'open', 1)"
        )

    files.look(file, is_needed=True)
