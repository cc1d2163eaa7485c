"""The command line: a verb, a sentence, an exit code."""

import argparse
import asyncio
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot import app, keeping
from bot.checking import check
from bot.ending import CONFIG, OK, Ended, ended
from bot.log import configure_logging
from bot.settings import Settings, unknown_settings
from bot.store.outbox import Trace
from bot.texts import say

LARGEST_ID = 2**63 - 1
"""Of Discord's ids that a table can hold."""


def main(arguments: list[str] | None = None) -> int:
    """Do what the verb says and return the exit code: 0, 69 (something is down) or 78 (something is to be set)."""
    chosen = _parser().parse_args(arguments)
    try:
        _say_unknown()
        settings = Settings()
    except ValidationError as error:
        return _say_settings(error)
    except (OSError, UnicodeDecodeError):
        return _say(Ended(CONFIG, say("operator.file_unread")))
    configure_logging(settings.log_level, settings.log_format)
    try:
        return asyncio.run(VERBS[chosen.verb](settings, chosen))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return OK
    except Exception as error:  # noqa: BLE001 - a library's own words may quote a password
        return _say(ended(error, settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Morsel, a bot for bite-sized peer mentorship")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    run = verbs.add_parser("run", help="run the bot")
    run.add_argument("--migrate", action="store_true", help="bring the tables up to date first")
    verbs.add_parser("check", help="say what is missing; changes nothing")
    verbs.add_parser("migrate", help="bring the tables up to date")
    backup = verbs.add_parser("backup", help="copy the SQLite file, also while the bot runs")
    backup.add_argument("file", metavar="FILE", type=Path, help="the copy, which mustn't be there yet")
    erase = verbs.add_parser("erase", help="delete everything that is kept about one person")
    erase.add_argument("user_id", metavar="USER_ID", type=_snowflake, help="Discord's id of the person")
    erase.add_argument("--server", metavar="SERVER_ID", type=_snowflake, help="only what is kept in this server")
    erase.add_argument("--yes", action="store_true", help="don't ask first")
    why = verbs.add_parser("why", help="say which kind a message of the bot's was, what caused it, and how it stands")
    why.add_argument("message_id", metavar="MESSAGE_ID", type=_snowflake, help="Discord's id of the message")
    return parser


def _snowflake(typed: str) -> int:
    if re.fullmatch(r"[0-9]{1,19}", typed) is None or int(typed) > LARGEST_ID:
        raise argparse.ArgumentTypeError(say("operator.no_id"))
    return int(typed)


async def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    if settings.discord_token is None:
        return _say(Ended(CONFIG, say("operator.no_token")))
    with keeping.alone(settings, is_needed=not chosen.migrate):
        if chosen.migrate:
            await _bring_up_to_date(settings)
        if wrong := [each for each in await check(settings) if each.exit_code != OK]:
            return _report(wrong)
        settings.keep_from_children()
        await app.serve(settings)
    return OK


async def _check(settings: Settings, _chosen: argparse.Namespace) -> int:
    return _report(await check(settings))


async def _migrate(settings: Settings, _chosen: argparse.Namespace) -> int:
    with keeping.alone(settings, is_needed=False):
        return await _bring_up_to_date(settings)


async def _bring_up_to_date(settings: Settings) -> int:
    applied = await keeping.migrate(settings)
    told = say("operator.migrated", revisions=", ".join(applied)) if applied else say("operator.nothing_to_migrate")
    return _say(Ended(OK, told))


async def _back_up(settings: Settings, chosen: argparse.Namespace) -> int:
    await asyncio.to_thread(keeping.back_up, settings, chosen.file)
    return _say(Ended(OK, say("operator.backed_up", place=chosen.file)))


async def _erase(settings: Settings, chosen: argparse.Namespace) -> int:
    with keeping.alone(settings):
        kept = await keeping.kept(settings, chosen.user_id, chosen.server)
        if kept is None:
            return _say(Ended(OK, say("operator.nothing_kept")))
        print(say("operator.to_erase", **asdict(kept)))
        if not (chosen.yes or await asyncio.to_thread(_is_confirmed)):
            return _say(Ended(CONFIG, say("operator.not_erased")))
        await keeping.erase(settings, chosen.user_id, chosen.server, app.POLICY)
    is_server = keeping.kind(settings) == keeping.SERVER
    return _say(Ended(OK, say("operator.erased_on_server" if is_server else "operator.erased")))


async def _why(settings: Settings, chosen: argparse.Namespace) -> int:
    traces = await keeping.why(settings, chosen.message_id)
    for each in traces:
        print(_explained(each))
    return OK if traces else _say(Ended(CONFIG, say("operator.why_unknown")))


def _explained(trace: Trace) -> str:
    """Say how a letter stands; of what it says, and to whom, nothing is known here."""
    about = ", ".join([trace.occasion, *(f"{table} {row}" for table, row in trace.about.items())])
    key = "operator.why_sent" if trace.sent_at else "operator.why_due" if trace.due_at else "operator.why_given_up"
    return say(
        key,
        kind=trace.kind,
        about=about,
        attempts=trace.attempts,
        reason=trace.failure,
        wanted=_moment(trace.wanted_at),
        due=_moment(trace.due_at),
        tried=_moment(trace.first_attempt_at),
        sent=_moment(trace.sent_at),
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "…"


def _is_confirmed() -> bool:
    try:
        return input(f"{say('operator.confirm')} ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


VERBS: Mapping[str, Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "run": _run,
    "check": _check,
    "migrate": _migrate,
    "backup": _back_up,
    "erase": _erase,
    "why": _why,
}


def _report(looked: list[Ended]) -> int:
    for each in looked:
        _say(each)
    return max(each.exit_code for each in looked)


def _say_unknown() -> None:
    for name, meant in unknown_settings():
        key = "operator.setting_misspelt" if meant else "operator.setting_unknown"
        print(say(key, name=name, meant=meant), file=sys.stderr)


def _say_settings(error: ValidationError) -> int:
    for each in error.errors(include_input=False, include_url=False):
        name = "_".join(map(str, each["loc"])).upper()
        reason = each["msg"].removeprefix("Value error, ")
        _say(Ended(CONFIG, say("operator.setting_refused", name=name, reason=reason)))
    return CONFIG


def _say(told: Ended) -> int:
    print(told.sentence, file=sys.stdout if told.exit_code == OK else sys.stderr)
    return told.exit_code
