"""In all that a library logs, no id, token, address or person's word reaches the log."""

import io
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.log import LogFormat, configure_logging

LIBRARIES = (
    "discord.http", "discord.gateway", "discord.client", "discord.state", "discord.webhook.async_", "aiohttp.client",
    "aiohttp.access", "aiosqlite", "asyncpg", "sqlalchemy.engine.Engine", "sqlalchemy.pool", "apscheduler.scheduler",
    "apscheduler.executors.default", "alembic.runtime.migration", "asyncio", "py.warnings", "concurrent.futures",
    "bm25s", "urllib3.connectionpool", "httpx", "huggingface_hub", "sentence_transformers", "a.library.of.tomorrow",
)  # fmt: skip
TOKEN = "aW50ZXJhY3Rpb246MTIz.Gh7sQx.9vWZxKp_Lq-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU"
WORDS = "Magdalena's advisor never answers"
ID = "1100000000000000123"
ADDRESS = f"https://discord.com/api/v10/webhooks/{ID}/{TOKEN}/messages/@original"
SECRETS = (TOKEN, WORDS, "Magdalena", ID, ADDRESS, "/webhooks", f"<@{ID}>", f"/channels/{ID}/messages")

secret = st.sampled_from(SECRETS)
anything = st.one_of(
    secret, st.integers(10**15, 2**63), st.builds(ValueError, secret), st.lists(secret),
    st.dictionaries(secret, secret),
    st.builds(lambda text: type("Message", (), {"__repr__": lambda _self: text})(), secret), secret.map(str.encode),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _other_logging_comes_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, shown = root.handlers, root.level, warnings.showwarning
    levels = {name: logging.getLogger(name).level for name in ("bot", "alembic", "apscheduler", "discord")}
    yield
    root.handlers, root.level, warnings.showwarning = handlers, level, shown
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def written_by(log_format: LogFormat, logs: Callable[[], object]) -> str:
    """Return what reaches the log."""
    configure_logging("DEBUG", log_format)
    stream = io.StringIO()
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    logs()
    return stream.getvalue()


def is_clean(written: str) -> bool:
    return not any(each in written for each in SECRETS) and re.search(r"\d{15}|/api/|Traceback", written) is None


def break_with(value: object) -> None:
    raise ExceptionGroup(str(value), [ValueError(value), KeyError(value)])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(LIBRARIES),
    log_format=st.sampled_from(("text", "json")),
    level=st.sampled_from((logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)),
    value=anything,
    other=anything,
    shape=st.integers(0, 11),
)
def test_no_library_says_what_it_should_not(
    name: str, log_format: LogFormat, level: int, value: object, other: object, shape: int
) -> None:
    library = logging.getLogger(name)

    def broken() -> None:
        try:
            break_with(value)
        except ExceptionGroup:
            library.exception("Ignoring exception in %s", other)

    def by_hand() -> None:
        library.handle(logging.LogRecord(name, level, "http.py", 7, f"{value} responded", None, None))

    shapes: tuple[Callable[[], object], ...] = (
        lambda: library.log(level, "We are being rate limited. %s %s responded with 429.", value, other),
        lambda: library.log(level, "Retrying %r in %.2f seconds, %s", value, 1.25, other),
        lambda: library.log(level, "%(what)s: %(why)r", {"what": value, "why": other}),
        lambda: library.log(level, f"{value}: {other}"),
        lambda: library.log(level, f"{value}: %s", other),
        lambda: library.log(level, value),
        lambda: library.log(level, "%s", f"first\n{value}\n{other}"),
        lambda: library.log(level, f"Task exception was never retrieved\n{value}"),
        lambda: library.log(level, "Stack", stack_info=True, extra={"who": value}),
        broken,
        by_hand,
        lambda: library.log(level, "%d of %i and %x", 2**62, 10**18, 2**60),
    )
    assert is_clean(written_by(log_format, shapes[shape]))


@pytest.mark.parametrize("value", SECRETS)
def test_a_python_warning_says_only_its_kind_and_place(value: str) -> None:
    def warns() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = shown
            warnings.warn(value, RuntimeWarning, stacklevel=1)

    configure_logging("INFO", "text")
    shown = warnings.showwarning
    written = written_by("text", warns)

    assert is_clean(written)
    assert "error=RuntimeWarning" in written
    assert "test_log_words.py" in written


def test_our_own_lines_lose_ids_and_addresses_too() -> None:
    written = written_by(
        "text",
        lambda: structlog.get_logger("bot.x").error(
            "odd", guild=int(ID), where=[f"of {ID}", 7], reason=ADDRESS, count=3
        ),
    )

    assert is_clean(written)
    assert "count=3" in written
    assert "7" in written


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (("Attempting a reconnect in %.2fs", 1.789), "Attempting a reconnect in 1.79s"),
        (("Shard ID %s has stopped responding to the gateway. Closing and restarting.", None), "Shard ID … has"),
        (("Ignoring exception in %s", "on_message"), "Ignoring exception in on_message"),
        (("We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds.", "PATCH", ADDRESS, 2.0),
         "We are being rate limited. PATCH … responded with 429. Retrying in 2.00 seconds."),
        (("PyNaCl is not installed, voice will NOT be supported",), "PyNaCl is not installed, voice will NOT"),
    ],
)  # fmt: skip
def test_what_an_operator_can_use_stays(said: tuple[object, ...], read: str) -> None:
    # A line without arguments stays where it stands in the code that logs it, as here it does not.
    library = logging.getLogger("discord.client")
    if len(said) == 1:
        written = written_by("text", lambda: library.warning("PyNaCl is not installed, voice will NOT be supported"))
    else:
        written = written_by("text", lambda: library.warning(*said))

    assert read in written


UNCAUGHT = """
import sys, threading
from bot.log import configure_logging, hide_tracebacks
configure_logging("INFO", "text")
hide_tracebacks()
words = sys.argv[1]
class Falls:
    def __del__(self): raise ValueError(words)
def breaks(): raise LookupError(words)
Falls()
thread = threading.Thread(target=breaks)
thread.start(); thread.join()
raise RuntimeError(words)
"""


def test_what_nothing_caught_is_one_line_without_words() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNCAUGHT, WORDS],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert is_clean(ended.stdout + ended.stderr)
    assert [f"error={kind}" in ended.stderr for kind in ("ValueError", "LookupError", "RuntimeError")] == [True] * 3
