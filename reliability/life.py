"""The bot's lives: started, killed, started again, and what it logged in each of them."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from signal import SIGKILL
from typing import Final

from reliability.bot import SWEPT
from reliability.lateness import Look
from reliability.process import LOG, Process, started
from reliability.standin.server import StandIn

PROGRAM: Final = "reliability.bot"
STARTS_WITHIN: Final = 60.0
"""Seconds; a machine with other things to do takes its time."""
LOOK: Final = 0.02
"""Seconds between two looks at something that announces itself nowhere."""
_FAULTS: Final = {"error", "critical"}
_LATE_LOOK: Final = 'Execution of job "Sweep.run'
"""How the scheduler begins to say that a look is still busy when the next one comes."""


class Bot:
    """One bot with one database, through all its lives."""

    def __init__(self, discord: StandIn, folder: Path, environment: dict[str, str]) -> None:
        """Begin before the first life; `folder` keeps the log."""
        self._discord = discord
        self._folder = folder
        self._environment = {**discord.environment(), "OPENBLAS_NUM_THREADS": "1", **environment}
        self._process: Process | None = None
        self._ending = asyncio.Lock()
        self._connections_before = 0
        self.starts = 0
        self.faults: list[str] = []
        """What it logged as an error in any life, and what it wrote that is no log line at all."""
        self.warnings: Counter[str] = Counter()
        self.looks: list[Look] = []
        """The sweeps that came to their end, in any life."""
        self.every: dict[str, float] = {}
        """Seconds between two sweeps of one name."""

    @property
    def is_running(self) -> bool:
        """Tell whether it has a process that hasn't ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def is_connected(self) -> bool:
        """Tell whether it has been told about its community in this life."""
        return self.is_running and len(self._discord.ready_at) > self._connections_before

    async def start(self) -> None:
        """Begin a life; it takes a second until the bot is connected."""
        self._connections_before = len(self._discord.ready_at)
        self._process = await started(self._folder, self._environment, PROGRAM)
        self.starts += 1

    async def until_connected(self) -> None:
        """Wait until the gateway has told it about its community, or its process has ended by itself.

        Raises:
            TimeoutError: neither came.
        """
        async with asyncio.timeout(STARTS_WITHIN):
            while self.is_running and not self.is_connected:  # noqa: ASYNC110
                await asyncio.sleep(LOOK)

    async def kill(self) -> None:
        """End the process as a failing machine does; ending by itself is a fault. Twice is once."""
        async with self._ending:
            if self._process is None:
                return
            if self.is_running:
                self._process.kill()
            if await self._process.wait() != -SIGKILL:
                self.faults.append(f"ended by itself, exit code {self._process.returncode}")
            self._process = None
            self._read_log()

    def _read_log(self) -> None:
        log = self._folder / LOG
        # What was being written at the end is no whole line.
        for line in log.read_text().split("\n")[:-1]:
            self._note(line)
        log.unlink()

    def _note(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            self.faults.append(f"not a log line: {line}")
            return
        if entry["event"] == SWEPT:
            self.looks.append(Look(entry["sweep"], entry["begun"], entry["ended"]))
            self.every[entry["sweep"]] = entry["every"]
        elif entry["level"] in _FAULTS:
            told = {name: entry[name] for name in ("error", "sweep", "task", "where") if name in entry}
            self.faults.append(f"{entry['event']} {told}")
        elif entry["level"] == "warning" and not entry["event"].startswith(_LATE_LOOK):
            self.warnings[entry["event"]] += 1
