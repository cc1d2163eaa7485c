import asyncio
import gc
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import LogFormat, configure_logging
from bot.tasks import describe, spawn

WORDS = "my CTC loss is infinite"


@pytest.fixture(autouse=True)
def _other_logging_comes_back() -> Iterator[None]:
    root = logging.getLogger()
    names = ("bot", "apscheduler")
    handlers, level, levels = root.handlers, root.level, [logging.getLogger(name).level for name in names]
    yield
    root.handlers, root.level = handlers, level
    for name, before in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def broken() -> None:
    raise ValueError(WORDS)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_exception_of_a_library_loses_its_words(log_format: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", log_format)
    library = logging.getLogger("discord.client")

    try:
        broken()
    except ValueError as error:
        library.exception("Ignoring exception in %s", "on_message")
        library.error("Failed", exc_info=error)
        library.warning("Task ended: %s", error)
        library.warning("Task ended: %r, %s", error, "twice")
        library.warning("Task ended: %(why)s", {"why": error})

    written = capsys.readouterr().err
    assert "Ignoring exception in on_message" in written
    assert "ValueError" in written
    assert WORDS not in written
    assert "Traceback" not in written


async def test_a_task_nobody_looked_at_loses_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "text")

    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_exception(ValueError(WORDS))
    del future
    gc.collect()

    written = capsys.readouterr().err
    assert "Future exception was never retrieved" in written
    assert "ValueError" in written
    assert WORDS not in written


async def test_a_background_task_that_fails_is_named_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")

    async def fails() -> None:
        broken()

    await asyncio.wait({spawn("catch_up", fails())})

    written = capsys.readouterr().err
    line = json.loads(written)
    assert (line["event"], line["task"], line["error"]) == ("task_failed", "catch_up", "ValueError")
    assert any(place.startswith("broken:") for place in line["where"])
    assert WORDS not in written


def test_an_error_is_described_without_its_words() -> None:
    with pytest.raises(ValueError, match=WORDS) as caught:
        broken()

    described = describe(caught.value)

    assert described["error"] == "ValueError"
    assert WORDS not in str(described)


def test_text_is_one_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "text")

    structlog.get_logger("bot.client").info("ready", communities=3)

    written = capsys.readouterr().err
    assert written.count("\n") == 1
    assert all(part in written for part in ("info", "ready", "communities=3", "[bot.client]"))
    assert "\x1b" not in written


def test_json_is_one_object_for_collectors(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")

    structlog.get_logger("bot.client").info("ready", communities=3)
    logging.getLogger("discord.gateway").warning("Shard %s is slow", 0)

    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["communities"], ours["logger"], ours["level"]) == ("ready", 3, "bot.client", "info")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("Shard 0 is slow", "discord.gateway", "warning")
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("level", "written_levels"),
    [
        ("DEBUG", ["bot debug", "bot info", "bot error", "library info", "library error"]),
        ("INFO", ["bot info", "bot error", "library info", "library error"]),
        ("ERROR", ["bot error", "library error"]),
    ],
)
def test_libraries_are_never_louder_than_info(
    level: str, written_levels: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(level, "json")

    for name in ("bot", "library"):
        for severity in ("debug", "info", "error"):
            getattr(structlog.get_logger(name), severity)("something")

    written = map(json.loads, capsys.readouterr().err.splitlines())
    assert [f"{line['logger']} {line['level']}" for line in written] == written_levels


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "text")
    configure_logging("INFO", "text")

    structlog.get_logger("bot").info("ready")

    assert capsys.readouterr().err.count("ready") == 1


def test_the_schedulers_everyday_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG", "text")

    logging.getLogger("apscheduler.executors.default").info("Running job")

    assert not capsys.readouterr().err
