"""One process that opens files, from its start to its end; it gets nothing of ours but a file at a time."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

MOST_BYTES = 8 * 1024 * 1024
"""Of a file, in and out."""
LONGEST_LINE = 256 * 1024
SLICE = 64 * 1024
"""Bytes handed over at a time: what a pipe doesn't take at once is copied."""


class Lost(Exception):
    """The process ended, or what it says can't be understood; it is of no more use."""


class Said(NamedTuple):
    """What the process said of a file, and the bytes that followed."""

    line: dict[str, Any]
    copy: bytes


class Child:
    """A process and how many files it was given."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take over a process that was just started, with pipes."""
        assert process.stdin is not None, "there is a pipe"  # noqa: S101
        assert process.stdout is not None, "there is a pipe"  # noqa: S101
        self._process, self._to_it, self._from_it = process, process.stdin, process.stdout
        self.files = 0

    @classmethod
    async def started(cls, program: Path, patience: float) -> "Child":
        """Return a process that is ready: in a group of its own, and without an environment, so without the token.

        Raises:
            OSError: the machine has no room for one more.
            Lost: it ended at once, or needs more than `patience` seconds.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(program), env={}, cwd="/", start_new_session=True, limit=LONGEST_LINE + 1,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        child, is_ready = cls(process), False
        try:
            async with asyncio.timeout(patience):
                is_ready = bool(await child._heard())
        except TimeoutError:
            raise Lost from None
        finally:
            if not is_ready:
                await child.end()
        return child

    @property
    def process_id(self) -> int:
        """The process's id, and that of its group."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Tell whether it is known to be gone."""
        return self._process.returncode is not None

    async def ask(self, wants: str, data: bytes) -> Said:
        """Hand over a file, and return what the process says of it.

        Raises:
            Lost: it ended, or said nothing that can be understood.
        """
        self.files += 1
        try:
            self._to_it.write(json.dumps({"wants": wants, "size": len(data)}).encode() + b"\n")
            with memoryview(data) as view:
                for start in range(0, len(view), SLICE):
                    self._to_it.write(view[start : start + SLICE])
                    await self._to_it.drain()
            return await self._said()
        except (OSError, asyncio.IncompleteReadError):
            raise Lost from None

    async def _said(self) -> Said:
        line = await self._heard()
        size = line.get("size", 0)
        if not isinstance(size, int) or not 0 <= size <= MOST_BYTES:
            raise Lost
        return Said(line, await self._from_it.readexactly(size))

    async def _heard(self) -> dict[str, Any]:
        """Return the next line, which may only be so long."""
        try:
            line = json.loads(await self._from_it.readuntil())
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, RecursionError):
            raise Lost from None
        if not isinstance(line, dict):
            raise Lost
        return line

    def kill(self) -> None:
        """Kill the process and its forks, if it runs."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                os.killpg(self.process_id, signal.SIGKILL)

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.kill()
        await self._process.communicate()
