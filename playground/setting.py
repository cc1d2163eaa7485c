"""When and where the playground plays: the same at each start, so that what was seeded once still fits."""

from datetime import UTC, datetime
from typing import Final

from discord.utils import time_snowflake
from simcord import Env

OPENING: Final = datetime(2026, 1, 13, 13, 0, tzinfo=UTC)
"""A Tuesday, at an hour when most of the sample community is awake."""

GUILD_ID: Final = time_snowflake(datetime(2025, 1, 14, tzinfo=UTC))
GUILD_NAME: Final = "Sample community"


class PlaygroundError(Exception):
    """Why the playground can't go on, in a sentence that says what to do."""


class PlaygroundClock:
    """The bot's clock: it follows the simulated Discord's, and stands still until there is one."""

    env: Env | None = None

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return OPENING if self.env is None else self.env.now()


def user_id(number: int) -> int:
    """Return the id that the simulated Discord gives to the user created as the `number`-th, from 0, at `OPENING`."""
    return time_snowflake(OPENING) + number
