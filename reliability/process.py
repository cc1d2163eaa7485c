"""Python programs of this repository in processes of their own, as an operator starts them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[1]
LOG = "stderr.log"
"""Where a process's standard error goes, inside its folder."""


class Process(Protocol):
    """A process that was started, as asyncio has it."""

    @property
    def pid(self) -> int:
        """Return its id."""

    @property
    def returncode(self) -> int | None:
        """Return its exit code; None while it runs."""

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""

    def send_signal(self, signal: int, /) -> None:
        """Send it a signal."""

    def kill(self) -> None:
        """End it as a failing machine does."""


Start = Callable[..., Awaitable[Process]]
"""How a process is started: in a folder, with an environment, with arguments."""


def environment_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Return everything that a process's environment has, given what is set for it."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **environment}


async def executed(folder: Path, environment: Mapping[str, str], *arguments: str) -> Process:
    """Start `python -m ARGUMENTS` in `folder`, so that it reads no other `.env`."""
    with (folder / LOG).open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, cwd=folder, stderr=log, stdout=log, env=environment_in(environment)
        )


_start: Start = executed


@contextmanager
def started_by(start: Start) -> Iterator[None]:
    """Start processes in another way while the block lasts."""
    global _start  # noqa: PLW0603
    before, _start = _start, start
    try:
        yield
    finally:
        _start = before


async def started(folder: Path, environment: Mapping[str, str], *arguments: str) -> Process:
    """Start `python -m ARGUMENTS` in `folder`."""
    return await _start(folder, environment, *arguments)


@asynccontextmanager
async def running(folder: Path, environment: Mapping[str, str], *arguments: str) -> AsyncIterator[Process]:
    """Run `python -m ARGUMENTS` while the block lasts; what is left of it then is killed."""
    process = await started(folder, environment, *arguments)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ended(folder: Path, environment: Mapping[str, str], *arguments: str) -> int:
    """Run `python -m ARGUMENTS` to its end and return its exit code."""
    async with running(folder, environment, *arguments) as process:
        return await process.wait()


def children(process_id: int) -> list[int]:
    """Return the ids of a process's children, whichever of its threads started them.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_task.5.html
    """
    threads = Path(f"/proc/{process_id}/task").iterdir()
    return [int(each) for thread in threads for each in (thread / "children").read_text().split()]


def environment_of(process_id: int) -> dict[str, str]:
    """Return the environment that a process was started with.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html
    """
    set_ones = Path(f"/proc/{process_id}/environ").read_bytes().decode().split("\0")
    return dict(each.split("=", 1) for each in set_ones if each)


def is_alive(process_id: int) -> bool:
    """Tell whether a process runs; one that ended and wasn't waited for doesn't."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def peak_memory(process_id: int) -> float:
    """Return the most memory a process ever had resident, in MiB."""
    return _mebibytes(process_id, "VmHWM:")


def memory(process_id: int) -> float:
    """Return the memory a process has resident, in MiB."""
    return _mebibytes(process_id, "VmRSS:")


def _mebibytes(process_id: int, name: str) -> float:
    """Return a line of a process's status.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    """
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
