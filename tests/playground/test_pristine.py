import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from playground.pristine import Pristine


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "morsel.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE person (name TEXT)")
        connection.execute("INSERT INTO person VALUES ('Amina')")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def test_nothing_is_copied_before_something_was_kept(folder: Path, tmp_path: Path) -> None:
    assert not Pristine(folder, "model").copy_to(tmp_path / "copy.sqlite3")


def test_what_was_kept_while_it_was_open_comes_back(folder: Path, database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(database)) as still_open:
        still_open.execute("SELECT * FROM person")
        Pristine(folder, "model").keep(database)
    assert Pristine(folder, "model").copy_to(copy)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT name FROM person").fetchall() == [("Amina",)]


def test_another_model_is_another_database(folder: Path, database: Path, tmp_path: Path) -> None:
    Pristine(folder, "model").keep(database)
    assert not Pristine(folder, "another").copy_to(tmp_path / "copy.sqlite3")


def test_only_the_newest_is_kept(folder: Path, database: Path) -> None:
    Pristine(folder, "model").keep(database)
    Pristine(folder, "another").keep(database)
    assert list(folder.iterdir()) == [Pristine(folder, "another").file]
