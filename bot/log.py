"""Structured logs on standard error; never with a person's words or ids."""

import logging
from typing import Literal

import structlog

LogFormat = Literal["text", "json"]


def configure_logging(level: str, log_format: LogFormat) -> None:
    """Send structlog's and the libraries' records through one formatter; safe to call twice.

    Libraries stay at INFO or quieter whatever `level` says: at DEBUG, discord.py prints what people write.
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
    handler.addFilter(_hide_quoted_errors)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    logging.getLogger("bot").setLevel(level)
    for chatty in ("alembic", "apscheduler", "bm25s", "discord"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _formatter(log_format: LogFormat, shared: list[structlog.typing.Processor]) -> logging.Formatter:
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _hide_error_text],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _hide_quoted_errors(record: logging.LogRecord) -> bool:
    """Keep only the type of an exception that a library put into its message; lets every record pass."""
    if isinstance(record.args, tuple):
        record.args = tuple(map(_named, record.args))
    elif record.args:
        record.args = {name: _named(value) for name, value in record.args.items()}
    if record.name == "asyncio":
        # What follows the first line is the representation of a task, with its exception in it.
        record.msg = str(record.msg).partition("\n")[0]
    return True


def _named(value: object) -> object:
    return type(value).__qualname__ if isinstance(value, BaseException) else value


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
