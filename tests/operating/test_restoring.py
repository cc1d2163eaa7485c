"""The steps of docs/OPERATIONS.md, run as they stand there."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.operating.machine import Machine

ROOT = Path(__file__).parents[2]


def documented(heading: str, until: str) -> list[str]:
    """Return the commands between two headings that need no container."""
    page = (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    part = page.partition(heading)[2].partition(until)[0]
    found = re.findall(r"^ *\$ (.+?)(?: +# .*)?$", part, re.MULTILINE)
    return [each.replace(".venv/bin/python", sys.executable) for each in found if "docker" not in each]


def do(machine: Machine, commands: list[str]) -> None:
    for command in commands:
        ended = subprocess.run(
            ["/bin/sh", "-c", command], cwd=machine.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert command.startswith("ls ") == bool(ended.returncode), (command, ended.stderr)


def meet(machine: Machine, guild_id: int) -> None:
    with closing(sqlite3.connect(machine.database)) as connection, connection:
        connection.execute("INSERT INTO guild (id, joined_at) VALUES (?, '2026-01-01 00:00:00')", (guild_id,))


def test_what_was_backed_up_is_restored(machine: Machine) -> None:
    backing_up, restoring = documented("**Backing up**", "**Restoring**"), documented("**Restoring**", "In a container")
    assert (len(backing_up), len(restoring)) == (1, 3)

    meet(machine, 1)
    do(machine, backing_up)
    writer = sqlite3.connect(machine.database)
    meet(machine, 2)
    do(machine, restoring)
    writer.close()

    assert machine.run("migrate").exit_code == 0
    with closing(sqlite3.connect(machine.database)) as connection:
        assert connection.execute("SELECT id FROM guild").fetchall() == [(1,)]


def test_a_copy_is_taken_while_another_writes(machine: Machine) -> None:
    with closing(sqlite3.connect(machine.database)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("INSERT INTO guild (id, joined_at) VALUES (1, '2026-01-01 00:00:00')")
        writer.commit()
        writer.execute("INSERT INTO guild (id, joined_at) VALUES (2, '2026-01-01 00:00:00')")
        assert machine.run("backup", "copy.sqlite3").exit_code == 0
        writer.rollback()

    with closing(sqlite3.connect(machine.folder / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT id FROM guild").fetchall() == [(1,)]
