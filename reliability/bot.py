"""The bot as `python -m bot run` starts it, but for its clock, its encoders and how often it looks."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final

import structlog

from bot import app
from bot.client import Morsel
from bot.jobs.sweeps import Sweep, all_sweeps
from bot.log import configure_logging
from bot.services.use_cases import UseCases
from bot.settings import Settings
from reliability.clock import MovedClock

CLOCK_FILE: Final = "CRASHING_CLOCK_FILE"
"""Names the file of the clock that is shared with the process that moves it."""
LOOKS_EVERY: Final = "CRASHING_LOOKS_EVERY"
"""Names the seconds between two looks for letters; the setting allows no less than one."""
SWEPT: Final = "swept"
"""The event under which a sweep that came to its end is logged."""
SETTLED_AFTER: Final = 0.1
"""Seconds without another community after which the client is ready; there is only one."""

log = structlog.get_logger(__name__)


def noted_sweeps(use_cases: UseCases, seconds: float) -> list[Sweep]:
    """Return every sweep, each of which notes when it begins and ends (`perf_counter` seconds), unless it fails."""
    return [replace(sweep, look=_noted(sweep)) for sweep in all_sweeps(use_cases, seconds)]


def _noted(sweep: Sweep) -> Callable[[], Awaitable[None]]:
    async def look() -> None:
        begun = perf_counter()
        await sweep.look()
        log.info(SWEPT, sweep=sweep.name, every=sweep.seconds, begun=begun, ended=perf_counter())

    return look


async def run() -> None:
    """Run the bot until its process ends; words alone are compared, so that a start takes a second."""
    configure_logging("INFO", "json")
    settings = Settings().model_copy(update={"sweep_seconds": float(os.environ[LOOKS_EVERY])})
    defaults = Morsel.__init__.__kwdefaults__
    assert defaults is not None, "it takes the time as a keyword"  # noqa: S101
    defaults["guild_ready_timeout"] = SETTLED_AFTER
    vars(app)["all_sweeps"] = noted_sweeps
    await app.serve(settings, MovedClock(Path(os.environ[CLOCK_FILE])), has_encoders=False)


if __name__ == "__main__":
    asyncio.run(run())
