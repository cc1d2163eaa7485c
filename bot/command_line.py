"""The command line: a verb, a sentence, an exit code."""

import argparse
import asyncio
import signal
import sys

import discord
import structlog
from pydantic import ValidationError

from bot import app
from bot.errors import HouseError
from bot.log import configure_logging
from bot.settings import Settings
from bot.tasks import describe
from bot.texts import say

log = structlog.get_logger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Do what the verb says and return the exit code: 0, 69 (something is down) or 78 (something is to be set)."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Morsel, a bot for bite-sized peer mentorship")
    verbs = {"run": _run, "check": _check, "migrate": _migrate}
    parser.add_argument("verb", choices=verbs, help="run the bot, say what is missing, or bring the tables up to date")
    parser.add_argument("--migrate", action="store_true", help="with run: bring the tables up to date first")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        return _say_settings(error)
    configure_logging(settings.log_level, settings.log_format)
    try:
        if chosen.migrate:
            asyncio.run(_migrate(settings))
        return asyncio.run(verbs[chosen.verb](settings))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return app.OK
    except HouseError as error:
        return _say(app.UNAVAILABLE, say(error.key, **error.params))
    except Exception as error:  # noqa: BLE001 - a library's own words may quote a password
        log.error("unexpected", **describe(error))
        return _say(app.UNAVAILABLE, say("operator.unforeseen"))


async def _run(settings: Settings) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    wrong = [each for each in await app.check(settings) if each.exit_code != app.OK]
    if wrong:
        return _report(wrong)
    try:
        await app.serve(settings)
    except discord.LoginFailure:
        return _say(app.CONFIG, say("operator.token_refused"))
    return app.OK


async def _check(settings: Settings) -> int:
    return _report(await app.check(settings))


async def _migrate(settings: Settings) -> int:
    applied = await app.migrate(settings)
    return _say(
        app.OK,
        say("operator.migrated", revisions=", ".join(applied)) if applied else say("operator.nothing_to_migrate"),
    )


def _report(checked: list[app.Checked]) -> int:
    for each in checked:
        _say(each.exit_code, each.sentence)
    return max(each.exit_code for each in checked)


def _say_settings(error: ValidationError) -> int:
    for each in error.errors(include_input=False, include_url=False):
        name = "_".join(map(str, each["loc"])).upper()
        _say(app.CONFIG, say("operator.setting_refused", name=name, reason=each["msg"].removeprefix("Value error, ")))
    return app.CONFIG


def _say(exit_code: int, sentence: str) -> int:
    print(sentence, file=sys.stdout if exit_code == app.OK else sys.stderr)
    return exit_code
