"""One process at a time has an SQLite file; the system frees it however that process ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.texts import say
from tests.operating.machine import CONFIG, NOWHERE, OK, UNAVAILABLE, Machine

ROOT = Path(__file__).parents[2]
HOLDS = """
import sys
from pathlib import Path
from bot.store import files
with files.alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process have the file while the block lasts; it is killed afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def house(machine: Machine) -> Machine:
    machine.set(DISCORD_TOKEN="a-token", DISCORD_API_BASE=NOWHERE)
    return machine


def test_a_second_process_is_refused(house: Machine) -> None:
    with held(house.database):
        for verb in (("run",), ("run", "--migrate"), ("migrate",)):
            ended = house.run(*verb)
            assert ended.exit_code == CONFIG
            assert ended.said == f"{say('operator.second_process', place=house.database)}\n"


def test_looking_and_copying_go_on_beside(house: Machine) -> None:
    with held(house.database):
        looked, copied = house.run("check"), house.run("backup", "copy.sqlite3")

    assert looked.exit_code == UNAVAILABLE
    assert say("operator.database_fine", kind="SQLite") in looked.said
    assert copied.exit_code == OK


def test_another_name_of_the_same_file_is_the_same_file(house: Machine) -> None:
    other = house.folder / "other.sqlite3"
    other.symlink_to(house.database)
    house.set(DATABASE_URL=f"sqlite+aiosqlite:///{other}")
    with held(house.database):
        assert say("operator.second_process", place=house.database) in house.run("migrate").said


def test_a_killed_process_leaves_nothing_locked(house: Machine) -> None:
    with held(house.database) as process:
        process.kill()
        process.wait()
        assert house.run("migrate").exit_code == OK


def test_it_is_free_again_after_a_run(house: Machine) -> None:
    assert house.run("run").exit_code == UNAVAILABLE
    assert house.run("migrate").exit_code == OK
