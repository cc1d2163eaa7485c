import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.standin.server import StandIn, standing_in
from bot import app
from bot.command_line import main
from bot.log import configure_logging
from bot.settings import DISCORD_API, Settings
from bot.texts import say
from tests.conftest import sqlite_address
from tests.tracing import look_away_in_greenlets

OK, UNAVAILABLE, CONFIG = 0, 69, 78
"""Source: sysexits.h"""
PASSWORD = "hunter2"
NOWHERE = "http://127.0.0.1:9/api/v10"
"""The port of the discard protocol, where nobody listens."""


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

        def run() -> Ended:
            look_away_in_greenlets()
            return self.run(*arguments)

        return await asyncio.to_thread(run)

    def run_apart(self, *arguments: str) -> Ended:
        """Run `python -m bot` in a process of its own."""
        root = Path(__file__).parent.parent
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Ended(ended.returncode, ended.stdout + ended.stderr)


@pytest.fixture
def machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], migrated_sqlite: Path
) -> Iterator[Machine]:
    """A machine on which everything is in order, but for the token."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "second").mkdir()
    made = Machine(tmp_path, monkeypatch, capsys)
    shutil.copyfile(migrated_sqlite, made.database)
    made.set(
        DATABASE_URL=sqlite_address(made.database),
        ENCODER_MODEL=str(tmp_path / "model"),
        MULTILINGUAL_MODEL=str(tmp_path / "second"),
    )
    yield made
    app.point_discord_at(DISCORD_API)
    configure_logging("INFO", "text")


async def with_discord(machine: Machine, look: Callable[[StandIn], object] = lambda _discord: None) -> Ended:
    """Check while a stand-in answers for Discord."""
    async with standing_in() as discord:
        machine.set(**discord.environment())
        look(discord)
        return await machine.run_beside("check")


@pytest.mark.parametrize("verb", ["check", "run"])
def test_without_a_token_it_says_where_to_put_one(machine: Machine, verb: str) -> None:
    ended = machine.run(verb)

    assert ended.exit_code == CONFIG
    assert "There is no token: put DISCORD_TOKEN into .env" in ended.said


def test_run_says_only_what_is_missing(machine: Machine) -> None:
    checked, ran = machine.run("check"), machine.run("run")

    assert "database is up to date" in checked.said
    assert "up to date" not in ran.said


async def test_everything_in_order(machine: Machine) -> None:
    ended = await with_discord(machine)

    assert ended.exit_code == OK
    assert ended.said.splitlines()[:4] == [
        "Discord accepts the token.",
        "The sqlite database is up to date.",
        f"The encoder {machine.folder / 'model'} is there.",
        f"The encoder {machine.folder / 'second'} is there.",
    ]


async def test_a_refused_token(machine: Machine) -> None:
    ended = await with_discord(machine, lambda _discord: machine.set(DISCORD_TOKEN="somebody else's"))

    assert ended.exit_code == CONFIG
    assert "Discord refuses the token: reset it in the developer portal" in ended.said


@pytest.mark.parametrize("verb", ["check", "run"])
def test_discord_out_of_reach(machine: Machine, verb: str) -> None:
    machine.set(DISCORD_TOKEN="a token", DISCORD_API_BASE=NOWHERE)

    ended = machine.run(verb)

    assert ended.exit_code == UNAVAILABLE
    assert f"Discord can't be reached at {NOWHERE}." in ended.said


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("sqlite+aiosqlite:////nowhere/at/all/morsel.sqlite3", "sqlite"),
        (f"postgresql+asyncpg://morsel:{PASSWORD}@127.0.0.1:9/morsel", "postgresql"),
    ],
)
async def test_a_database_out_of_reach(machine: Machine, address: str, kind: str) -> None:
    machine.set(DATABASE_URL=address)

    ended = await with_discord(machine)
    migrated = await machine.run_beside("migrate")

    assert ended.exit_code == UNAVAILABLE
    assert f"The {kind} database can't be reached: look at DATABASE_URL." in ended.said
    assert migrated.exit_code == UNAVAILABLE
    assert "That isn't possible right now, and nothing was lost." in migrated.said


def test_a_file_that_is_no_database(machine: Machine) -> None:
    file = machine.folder / "notes.txt"
    file.write_text("not a database, but long enough to be taken for one at first sight" * 20)
    machine.set(DATABASE_URL=sqlite_address(file))

    assert machine.run("migrate").exit_code == UNAVAILABLE


async def test_a_database_that_waits_for_migrations(machine: Machine, empty_url: str) -> None:
    machine.database.unlink()
    machine.set(DATABASE_URL=empty_url)

    before = await with_discord(machine)
    migrated, again = await machine.run_beside("migrate"), await machine.run_beside("migrate")
    after = await with_discord(machine)

    assert before.exit_code == CONFIG
    assert "run `python -m bot migrate`" in before.said
    assert (migrated.exit_code, again.exit_code, after.exit_code) == (OK, OK, OK)
    assert "Applied " in migrated.said
    assert "The database is up to date." in again.said


async def test_a_database_of_a_newer_version(machine: Machine) -> None:
    with closing(sqlite3.connect(machine.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    checked, migrated = await with_discord(machine), await machine.run_beside("migrate")

    assert checked.exit_code == CONFIG
    assert migrated.exit_code == UNAVAILABLE
    assert all(say("error.newer_database") in each.said for each in (checked, migrated))


def test_run_can_migrate_first(machine: Machine, empty_sqlite_url: str) -> None:
    machine.database.unlink()
    machine.set(DATABASE_URL=empty_sqlite_url)

    ended = machine.run("run", "--migrate")

    assert ended.exit_code == CONFIG
    assert "Applied " in ended.said
    assert "There is no token" in ended.said
    assert "behind" not in ended.said


def test_a_model_that_isnt_there(machine: Machine) -> None:
    machine.set(ENCODER_MODEL="/nowhere/model")

    ended = machine.run("check")

    assert ended.exit_code == CONFIG
    assert "There is no model folder at /nowhere/model: put the model there, or name another one." in ended.said


def test_a_model_of_the_hub_is_fetched_later(machine: Machine) -> None:
    machine.set(ENCODER_MODEL="intfloat/multilingual-e5-small")

    said = machine.run("check").said

    assert "intfloat/multilingual-e5-small is fetched from the model hub at the first start" in said


@pytest.mark.parametrize("model", ["off", "/nowhere/model"])
async def test_without_a_second_model_everything_is_in_order_too(machine: Machine, model: str) -> None:
    machine.set(MULTILINGUAL_MODEL=model)

    ended = await with_discord(machine)

    assert ended.exit_code == OK
    assert say("operator.multilingual_off") in ended.said
    assert ("multilingual_refused" in ended.said) == (model != "off")


async def test_a_second_model_of_the_hub_is_fetched_later(machine: Machine) -> None:
    machine.set(MULTILINGUAL_MODEL="intfloat/multilingual-e5-small")

    ended = await with_discord(machine)

    assert ended.exit_code == OK
    assert say("operator.model_fetched", model="intfloat/multilingual-e5-small") in ended.said


def test_everything_that_is_wrong_is_said_at_once(machine: Machine) -> None:
    machine.set(DATABASE_URL="sqlite+aiosqlite:////nowhere/morsel.sqlite3", ENCODER_MODEL="/nowhere")

    ended = machine.run("check")

    assert ended.exit_code == CONFIG
    assert len([line for line in ended.said.splitlines() if "level" not in line]) >= 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("SWEEP_SECONDS", "soon"),
        ("DATABASE_URL", f"postgresql://morsel:{PASSWORD}@db/morsel"),
        ("DISCORD_API_BASE", f"https://{PASSWORD}.example/api/v10"),
    ],
)
def test_settings_that_cant_work_are_named(machine: Machine, name: str, value: str) -> None:
    machine.set(**{name: value})

    for verb in ("check", "migrate", "run"):
        ended = machine.run(verb)
        assert ended.exit_code == CONFIG
        assert f"{name} can't be used: " in ended.said
        assert value not in ended.said


def test_what_nobody_foresaw_is_a_sentence_too(machine: Machine) -> None:
    machine.set(DATABASE_URL=f"postgresql+asyncpg://morsel:{PASSWORD}@db:not-a-port/morsel")

    for verb in ("check", "migrate", "run"):
        ended = machine.run(verb)
        assert ended.exit_code == UNAVAILABLE
        assert "Something broke that nobody foresaw" in ended.said
        assert "not-a-port" not in ended.said


def test_an_unknown_verb_gets_the_usage(machine: Machine) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])

    assert "usage: python -m bot" in machine.captured.readouterr().err


def test_python_m_bot_ends_with_the_exit_code_and_reads_the_file(machine: Machine) -> None:
    for name in Settings.model_fields:
        machine.environment.delenv(name.upper(), raising=False)
    (machine.folder / ".env").write_text("DISCORD_TOKEN=\nENCODER_MODEL=/nowhere\nLOG_LEVEL=ERROR\n")

    ended = machine.run_apart("check")

    assert ended.exit_code == CONFIG
    assert "There is no token" in ended.said
    assert "There is no model folder at /nowhere" in ended.said
    assert "run `python -m bot migrate`" not in ended.said


@pytest.fixture
def at_a_terminal() -> Iterator[None]:
    """Let Ctrl-C reach the tests: a shell that starts them in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_stopping_it_while_it_waits_for_discord_is_a_quiet_end(machine: Machine, stop: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        machine.set(DISCORD_TOKEN="a token", DISCORD_API_BASE=f"http://127.0.0.1:{silent.getsockname()[1]}/api/v10")
        stopping = threading.Thread(target=stop_when_called, args=(silent, stop))
        stopping.start()
        ended = machine.run("run")
        stopping.join()

    assert ended.exit_code == OK


def stop_when_called(silent: socket.socket, stop: signal.Signals) -> None:
    """Send this process a signal once the bot has called, and never answer it."""
    call, _ = silent.accept()
    os.kill(os.getpid(), stop)
    call.close()
