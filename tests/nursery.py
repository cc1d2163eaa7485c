"""Programs of this repository in processes that have imported the bot already.

Importing it, and learning in which phrases people say when, takes two seconds a start. The nursery has done both and
forks: once for a keeper, who waits and tells how the program ended, and once for the program. From there on all is as
an operator's `python -m PROGRAM` has it: its folder, its environment, its arguments and its log.
"""

import asyncio
import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from bot.tasks import spawn
from reliability.process import LOG, ROOT, environment_in

LONGEST_REQUEST = 1_000_000


class Nursery:
    """The process that has imported the bot, and a door to it; it ends with the process that opened it."""

    def __init__(self) -> None:
        """Start it, and wait until it can be asked."""
        self._folder = TemporaryDirectory()
        self._door = str(Path(self._folder.name, "door"))
        command = [sys.executable, "-m", "tests.nursery", self._door]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"open\n"

    def close(self) -> None:
        """End it; what it started goes on."""
        self._process.communicate()
        self._folder.cleanup()

    async def start(self, folder: Path, environment: Mapping[str, str], *arguments: str) -> "Child":
        """Start `python -m ARGUMENTS` in `folder`."""
        # A test may look into the log before the process has opened it.
        (folder / LOG).touch()
        reader, writer = await asyncio.open_unix_connection(self._door)
        asked = {"folder": str(folder), "environment": environment_in(environment), "arguments": arguments}
        writer.write(json.dumps(asked).encode() + b"\n")
        return Child(int(await reader.readline()), reader, writer)


class Child:
    """A process that the nursery started."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take its id, and what its keeper will say."""
        self.pid = pid
        self.returncode: int | None = None
        self._writer = writer
        self._ended = spawn("ended", self._end(reader))

    async def _end(self, reader: asyncio.StreamReader) -> None:
        self.returncode = int(await reader.readline())
        self._writer.close()

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""
        await asyncio.shield(self._ended)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a failing machine does."""
        self.send_signal(signal.SIGKILL)


@cache
def nursery() -> Nursery:
    """Return the one nursery of this process."""
    opened = Nursery()
    atexit.register(opened.close)
    return opened


def serve(door: str) -> str:
    """Fork for everyone who asks, and return, in the new process alone, what it is to become."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(door)
        listener.listen()
        sys.stdout.write("open\n")
        sys.stdout.flush()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    return kept(connection)
            bury()
    bury()
    sys.exit()


def bury() -> None:
    """Take note of the keepers that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def kept(connection: socket.socket) -> str:
    """Fork once more: return in the new process, and stay here until it has ended."""
    asked = json.loads(connection.makefile().readline(LONGEST_REQUEST))
    pid = os.fork()
    if pid == 0:
        return become(**asked)
    connection.sendall(b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(folder: str, environment: dict[str, str], arguments: list[str]) -> str:
    """Take the place that a new process would have, and return which program is to run."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with Path(LOG).open("ab") as log, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    libraries = [each for each in sys.path if each not in {"", str(ROOT)}]
    sys.path[:] = [folder, *environment["PYTHONPATH"].split(os.pathsep), *libraries]
    sys.argv[1:] = arguments[1:]
    return arguments[0]


def main() -> NoReturn:
    """Import what takes long, and serve."""
    from bot import command_line  # noqa: F401, PLC0415 - all of the bot
    from bot.calendars.phrases import phrases  # noqa: PLC0415
    from bot.calendars.typed import LANGUAGES  # noqa: PLC0415

    phrases(LANGUAGES)
    gc.freeze()
    program = serve(sys.argv[1])
    runpy.run_module(program, run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    main()
