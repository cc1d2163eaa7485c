"""Structured logs on standard error; never with a person's words or ids."""

import inspect
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any, Literal

import structlog

LogFormat = Literal["text", "json"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
HIDDEN = "…"
LARGEST_NUMBER = 999_999
"""Of those that a library's line may show: seconds, counts and codes, and no ids."""
HARMLESS = re.compile(r"on_[a-z_]{1,40}|GET|POST|PUT|PATCH|DELETE")
"""Words that a library's line may show: names of Discord's events, and of HTTP's methods."""
OF_ASYNCIO = frozenset(
    {
        "Future exception was never retrieved",
        "Task exception was never retrieved",
        "Task was destroyed but it is pending!",
        "Unclosed client session",
        "Unclosed connection",
        "Unclosed connector",
    }
)
"""First lines that asyncio makes a message of; what follows them shows tasks, with errors and arguments inside."""
_CONVERSION = re.compile(r"%(?:\((?P<name>\w+)\))?[-+ #0]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z%])")
_NOT_FOR_A_LOG = re.compile(r"\S*(?:[/\\@]|\d{6})\S*|\S{24,}")
_ID_OR_ADDRESS = re.compile(r"\d{15,}|https?://\S*")


def configure_logging(level: str, log_format: LogFormat) -> None:
    """Send structlog's and the libraries' records through one formatter; safe to call twice.

    Libraries stay at INFO or quieter at any `level`: at DEBUG, discord.py prints what people write.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(log_format, shared))
    handler.addFilter(_hide_words)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    logging.getLogger("bot").setLevel(level)
    for chatty in ("alembic", "apscheduler", "discord"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    warnings.showwarning = _log_warning  # type: ignore[assignment]  # Python gives all by place


def hide_tracebacks() -> None:
    """Log what nothing has caught, in any thread, by its type and place; Python would print its words."""
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda given: _log_uncaught(given.exc_type, given.exc_value, given.exc_traceback)
    sys.unraisablehook = lambda given: _log_uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def _formatter(log_format: LogFormat, shared: list[structlog.typing.Processor]) -> logging.Formatter:
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _hide_error_text],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _hide_ids, renderer],
    )


def _hide_words(record: logging.LogRecord) -> bool:
    """Keep of a library's line what stands in the library's own code; lets every record pass.

    Libraries put addresses with ids and tokens, whole objects and what people wrote into their lines.
    """
    if getattr(record, "_logger", None) is None:
        record.msg, record.args, record.stack_info = _NOT_FOR_A_LOG.sub(HIDDEN, _written(record)), (), None
    return True


def _written(record: logging.LogRecord) -> str:
    """Return a line as its author wrote it, filled with small numbers."""
    if not isinstance(record.msg, str):
        return type(record.msg).__qualname__
    first = record.msg.partition("\n")[0]
    if record.name == "asyncio" and first in OF_ASYNCIO:
        return first
    if record.args:
        return _filled(record.msg, record.args) if record.msg in _constants(record.pathname) else HIDDEN
    return record.msg if _is_literal(record) else HIDDEN


def _filled(template: str, arguments: Mapping[str, object] | tuple[object, ...]) -> str:
    values = iter(arguments if isinstance(arguments, tuple) else ())

    def shown(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return "%"
        if found["name"] is None:
            return _shown(next(values, None))
        return _shown(arguments.get(found["name"]) if isinstance(arguments, Mapping) else None)

    return _CONVERSION.sub(shown, template)


def _shown(value: object) -> str:
    if isinstance(value, BaseException):
        return type(value).__qualname__
    if isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER:
        return f"{value:.2f}" if isinstance(value, float) else str(int(value))
    return value if isinstance(value, str) and HARMLESS.fullmatch(value) else HIDDEN


def _is_literal(record: logging.LogRecord) -> bool:
    """Tell whether a line without arguments was written as it is, rather than put together from what is at hand."""
    return any(
        frame.f_code.co_filename == record.pathname and record.msg in frame.f_code.co_consts for frame in _callers()
    )


@cache
def _constants(file: str) -> frozenset[str]:
    """Return every text that stands in a source file, put together where it stands in pieces."""
    try:
        found: list[object] = [compile(Path(file).read_text("utf-8"), file, "exec")]
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    texts = set()
    while found:
        each = found.pop()
        if isinstance(each, CodeType):
            found.extend(each.co_consts)
        elif isinstance(each, tuple):
            found.extend(each)
        elif isinstance(each, str):
            texts.add(each)
    return frozenset(texts)


def _callers() -> Iterator[Any]:
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def _log_warning(_message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object) -> None:
    where = f"{Path(filename).name}:{lineno}"
    structlog.get_logger("py.warnings").warning("python_warning", error=category.__qualname__, where=where)


def _log_uncaught(error: type[BaseException], _value: BaseException | None, trace: TracebackType | None) -> None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
    structlog.get_logger("bot").error("uncaught", error=error.__qualname__, where=where)


def _hide_ids(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Take ids and addresses out of every line, our own ones too."""
    return {name: _without_ids(value) for name, value in event.items()}


def _without_ids(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_without_ids(each) for each in value]
    if isinstance(value, str | int) and not isinstance(value, bool):
        hidden = _ID_OR_ADDRESS.sub(HIDDEN, str(value))
        return value if hidden == str(value) else hidden
    return value


def _hide_error_text(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep an exception's type and drop its words: a library's exception may quote a request's body."""
    error_info = event.pop("exc_info", None)
    record = event.get("_record")
    error_info = error_info or (record.exc_info if record is not None else None)
    if record is not None:
        record.exc_info = record.exc_text = None
    if isinstance(error_info, tuple) and error_info[0] is not None:
        event["error"] = error_info[0].__qualname__
    return event
