"""The bot as `python -m bot run` starts it, but for its clock, its encoders and how often it looks."""

import asyncio
import os
from pathlib import Path
from typing import Final

from benchmarks.crashing.clock import MovedClock
from bot.app import serve
from bot.client import Morsel
from bot.log import configure_logging
from bot.settings import Settings

CLOCK_FILE: Final = "CRASHING_CLOCK_FILE"
"""Names the file of the clock that is shared with whoever moves it."""
LOOKS_EVERY: Final = 0.05
"""Seconds between two looks for letters; the setting allows no less than one."""
SETTLED_AFTER: Final = 0.1
"""Seconds without another community after which the client is ready; there is only one."""


async def run() -> None:
    """Run the bot until its process ends; words alone are compared, so that a start takes a second."""
    configure_logging("INFO", "json")
    settings = Settings().model_copy(update={"sweep_seconds": LOOKS_EVERY})
    defaults = Morsel.__init__.__kwdefaults__
    assert defaults is not None, "it takes the time as a keyword"  # noqa: S101
    defaults["guild_ready_timeout"] = SETTLED_AFTER
    await serve(settings, MovedClock(Path(os.environ[CLOCK_FILE])), has_encoders=False)


if __name__ == "__main__":
    asyncio.run(run())
