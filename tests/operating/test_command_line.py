import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.command_line import main
from bot.settings import Settings
from bot.texts import say
from tests.operating.machine import CONFIG, NOWHERE, OK, PASSWORD, UNAVAILABLE, Machine, checked


@pytest.mark.parametrize("verb", ["check", "run"])
def test_without_a_token_it_says_where_to_put_one(machine: Machine, verb: str) -> None:
    ended = machine.run(verb)

    assert ended.exit_code == CONFIG
    assert "There is no token. Put DISCORD_TOKEN into .env" in ended.said


def test_run_says_only_what_is_missing(machine: Machine) -> None:
    looked, ran = machine.run("check"), machine.run("run")

    assert "database is up to date" in looked.said
    assert "up to date" not in ran.said


async def test_everything_in_order(machine: Machine) -> None:
    ended = await checked(machine)

    assert ended.exit_code == OK
    assert ended.said.splitlines()[:4] == [
        "Discord accepts the token.",
        "The SQLite database is up to date.",
        f"The encoder {machine.folder / 'model'} is installed.",
        f"The encoder {machine.folder / 'second'} is installed.",
    ]


async def test_a_refused_token(machine: Machine) -> None:
    ended = await checked(machine, lambda _discord: machine.set(DISCORD_TOKEN="another-token"))

    assert ended.exit_code == CONFIG
    assert "Discord refuses the token. Reset it in the developer portal" in ended.said


@pytest.mark.parametrize("verb", ["check", "run"])
def test_discord_out_of_reach(machine: Machine, verb: str) -> None:
    machine.set(DISCORD_TOKEN="a-token", DISCORD_API_BASE=NOWHERE)

    ended = machine.run(verb)

    assert ended.exit_code == UNAVAILABLE
    assert f"The bot can't reach Discord at {NOWHERE}." in ended.said


async def test_a_server_out_of_reach(machine: Machine) -> None:
    machine.set(DATABASE_URL=f"postgresql+asyncpg://morsel:{PASSWORD}@127.0.0.1:9/morsel")

    for ended in (await checked(machine), await machine.run_beside("migrate")):
        assert ended.exit_code == UNAVAILABLE
        assert "The bot can't reach the PostgreSQL database. Check DATABASE_URL." in ended.said


async def test_a_database_that_waits_for_migrations(machine: Machine, empty_url: str) -> None:
    machine.database.unlink()
    machine.set(DATABASE_URL=empty_url)

    before = await checked(machine)
    migrated, again = await machine.run_beside("migrate"), await machine.run_beside("migrate")
    after = await checked(machine)

    assert before.exit_code == CONFIG
    assert "run `python -m bot migrate`" in before.said.lower()
    assert (migrated.exit_code, again.exit_code, after.exit_code) == (OK, OK, OK)
    assert "Applied " in migrated.said
    assert "The database is up to date." in again.said


async def test_a_database_of_a_newer_version(machine: Machine) -> None:
    with closing(sqlite3.connect(machine.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    for ended in (await checked(machine), await machine.run_beside("migrate")):
        assert ended.exit_code == CONFIG
        assert say("error.newer_database") in ended.said


def test_run_can_migrate_first(machine: Machine, empty_sqlite_url: str) -> None:
    machine.database.unlink()
    machine.set(DATABASE_URL=empty_sqlite_url, DISCORD_TOKEN="a-token", DISCORD_API_BASE=NOWHERE)

    ended = machine.run("run", "--migrate")

    assert ended.exit_code == UNAVAILABLE
    assert "Applied " in ended.said
    assert "needs migrations" not in ended.said


def test_without_a_token_nothing_is_migrated(machine: Machine, empty_sqlite_url: str) -> None:
    machine.database.unlink()
    machine.set(DATABASE_URL=empty_sqlite_url)

    ended = machine.run("run", "--migrate")

    assert ended.exit_code == CONFIG
    assert ended.said == f"{say('operator.no_token')}\n"
    assert not machine.database.exists()


def test_a_model_that_isnt_there(machine: Machine) -> None:
    machine.set(ENCODER_MODEL="/nowhere/model")

    ended = machine.run("check")

    assert ended.exit_code == CONFIG
    assert "There is no model folder at /nowhere/model: put the model there, or name another one." in ended.said


def test_a_model_of_the_hub_is_fetched_later(machine: Machine) -> None:
    machine.set(ENCODER_MODEL="intfloat/multilingual-e5-small")

    said = machine.run("check").said

    assert "downloads the encoder intfloat/multilingual-e5-small from the model hub at the first start" in said


@pytest.mark.parametrize("model", ["off", "/nowhere/model"])
async def test_without_a_second_model_everything_is_in_order_too(machine: Machine, model: str) -> None:
    machine.set(MULTILINGUAL_MODEL=model)

    ended = await checked(machine)

    assert ended.exit_code == OK
    assert say("operator.multilingual_off") in ended.said
    assert ("multilingual_refused" in ended.said) == (model != "off")


async def test_a_second_model_of_the_hub_is_fetched_later(machine: Machine) -> None:
    machine.set(MULTILINGUAL_MODEL="intfloat/multilingual-e5-small")

    ended = await checked(machine)

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
    def breaks(_settings: Settings) -> None:
        raise LookupError(PASSWORD)

    machine.environment.setattr("bot.keeping.look", breaks)

    ended = machine.run("check")

    assert ended.exit_code == UNAVAILABLE
    assert "An unexpected error stopped the run" in ended.said


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
    assert "Run `python -m bot migrate`" not in ended.said


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
        machine.set(DISCORD_TOKEN="a-token", DISCORD_API_BASE=f"http://127.0.0.1:{silent.getsockname()[1]}/api/v10")
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
