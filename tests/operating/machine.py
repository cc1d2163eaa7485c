"""A machine on which an operator runs the command line."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.command_line import main
from reliability.standin.server import StandIn, standing_in

OK, UNAVAILABLE, CONFIG = 0, 69, 78
"""Source: sysexits.h"""
NOWHERE = "http://127.0.0.1:9/api/v10"
"""The port of the discard protocol, where no one listens."""
PASSWORD = "hunter2"
"""Of any database; never said."""


@dataclass(frozen=True)
class Ended:
    """What an operator sees of one run."""

    exit_code: int
    said: str

    def __post_init__(self) -> None:
        assert "Traceback" not in self.said
        assert PASSWORD not in self.said


@dataclass(frozen=True)
class Machine:
    """A folder with a model, and an environment that names it and a database."""

    folder: Path
    environment: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.environment.setenv(name, value)

    def run(self, *arguments: str) -> Ended:
        """Run the command line in this process."""
        exit_code = main(list(arguments))
        written = self.captured.readouterr()
        return Ended(exit_code, written.out + written.err)

    @property
    def database(self) -> Path:
        """Return where a bot that isn't told otherwise keeps everything."""
        return self.folder / "morsel.sqlite3"

    async def run_beside(self, *arguments: str) -> Ended:
        """Run the command line in a thread, so that a stand-in in the test's loop can answer it."""
        return await asyncio.to_thread(self.run, *arguments)

    def run_apart(self, *arguments: str) -> Ended:
        """Run `python -m bot` in a process of its own."""
        root = Path(__file__).parents[2]
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Ended(ended.returncode, ended.stdout + ended.stderr)


async def checked(machine: Machine, look: Callable[[StandIn], object] = lambda _discord: None) -> Ended:
    """Check while a stand-in answers for Discord."""
    async with standing_in() as discord:
        machine.set(**discord.environment())
        look(discord)
        return await machine.run_beside("check")
