"""`python -m bot erase`: rows and bytes, after a question, and never beside a bot on the same file."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.engine import Database, create_engine
from bot.texts import say
from tests.conftest import sqlite_address
from tests.filling import Row, Village
from tests.operating.machine import CONFIG, OK, Machine
from tests.operating.test_one_process import held

PERSON = 987_654_321_012_345_678
STAYS = {"event", "reveal", "booking", "waiting", "invitation"}
"""Tables whose rows may forget a person and stay."""


def fill(file: Path) -> list[Row]:
    async def filling() -> list[Row]:
        database = Database(create_engine(sqlite_address(file)))
        async with database.begin() as work:
            village = Village(work._session, PERSON)
            await village.fill()
        await database.close()
        return village.rows

    return asyncio.run(filling())


def everything(folder: Path) -> bytes:
    """Return the bytes of the database and its companions."""
    return b"".join(each.read_bytes() for each in sorted(folder.glob("morsel.sqlite3*")))


def found(folder: Path, rows: list[Row]) -> list[Row]:
    kept = everything(folder)
    return [row for row in rows if row.mark.encode() in kept]


def names_the_person(folder: Path) -> bool:
    kept = everything(folder)
    return str(PERSON).encode() in kept or PERSON.to_bytes(8, "big") in kept


def test_nothing_of_a_person_is_left_in_the_files(machine: Machine) -> None:
    rows = fill(machine.database)
    theirs = [row for row in rows if row.goes]
    assert names_the_person(machine.folder)

    ended = machine.run("erase", str(PERSON), "--yes")

    assert ended.exit_code == OK
    assert not names_the_person(machine.folder)
    assert not found(machine.folder, theirs)
    neighbours = [row for row in rows if row.hangs_by is None and row.table in {"question", "statement", "booking"}]
    assert found(machine.folder, neighbours) == neighbours
    assert machine.run("erase", str(PERSON), "--yes").said == f"{say('operator.nothing_kept')}\n"


def test_what_was_deleted_before_the_file_was_careful_is_gone_too(machine: Machine) -> None:
    rows = fill(machine.database)
    struck_out = b"struck out long ago, " * 50
    with closing(sqlite3.connect(machine.database)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        for statement in (
            "INSERT INTO guild (id, joined_at) VALUES (77, ?)",
            "DELETE FROM guild WHERE id = 77 AND joined_at = ?",
        ):
            connection.execute(statement, (struck_out.decode(),))
            connection.commit()
    assert rows
    assert struck_out[:20] in everything(machine.folder)

    machine.run("erase", str(PERSON), "--yes")

    assert struck_out[:20] not in everything(machine.folder)


@pytest.mark.parametrize(("answer", "is_erased"), [("yes", True), ("Y ", True), ("no", False), ("", False)])
def test_it_asks_first(machine: Machine, answer: str, is_erased: bool) -> None:  # noqa: FBT001
    fill(machine.database)
    machine.environment.setattr("builtins.input", lambda _prompt: answer)

    ended = machine.run("erase", str(PERSON))

    assert ended.exit_code == (OK if is_erased else CONFIG)
    assert names_the_person(machine.folder) != is_erased
    assert "questions, and everything" in ended.said


def test_without_a_terminal_it_wants_to_be_told(machine: Machine) -> None:
    fill(machine.database)

    ended = machine.run_apart("erase", str(PERSON))

    assert ended.exit_code == CONFIG
    assert say("operator.not_erased") in ended.said
    assert names_the_person(machine.folder)


def test_beside_a_running_bot_it_is_refused(machine: Machine) -> None:
    fill(machine.database)
    with held(machine.database):
        ended = machine.run("erase", str(PERSON), "--yes")

    assert ended.exit_code == CONFIG
    assert say("operator.second_process", place=machine.database) in ended.said
    assert names_the_person(machine.folder)


def test_another_server_keeps_what_it_knows(machine: Machine) -> None:
    fill(machine.database)

    assert machine.run("erase", str(PERSON), "--server", "5", "--yes").said == f"{say('operator.nothing_kept')}\n"
    assert names_the_person(machine.folder)


@pytest.mark.parametrize("typed", ["somebody", "12a", "-5", "9" * 25, "<@12>", "１２３", "9223372036854775808"])
def test_what_is_no_id_is_said(machine: Machine, typed: str) -> None:
    with pytest.raises(SystemExit) as ended:
        machine.run("erase", typed)

    assert ended.value.code == 2
    said = machine.captured.readouterr().err
    assert "usage: python -m bot erase" in said


async def test_on_a_server_it_works_beside_and_says_to_start_again(machine: Machine, postgresql_url: str) -> None:
    database = Database(create_engine(postgresql_url))
    async with database.begin() as work:
        await Village(work._session, PERSON).fill()
    machine.set(DATABASE_URL=postgresql_url)

    ended = await machine.run_beside("erase", str(PERSON), "--yes")

    assert ended.exit_code == OK
    assert say("operator.erased_on_server") in ended.said
    async with database.read() as work:
        assert not await work.erasures.members(PERSON)
    await database.close()
