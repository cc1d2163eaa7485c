"""People around office hours: they book, give back, wait, queue up, and call the next person."""

from collections.abc import Sequence
from typing import Final

from reliability.people import ASKERS, HELPERS, Act, People

VISITORS: Final = [*ASKERS, *(ASKERS.stop + number for number in range(6))]
"""People who have no hours of their own, and would like some of others'."""
ABOUT_HOURS: Final = {"book", "waitlist", "meeting", "queue"}
"""The kinds of buttons that office hours have."""


class Visitors(People):
    """A community that talks about its office hours more than about anything else."""

    def _acts(self) -> Sequence[Act]:
        more: Sequence[Act] = (
            (self._press_about_hours, 24), (self._give_back, 4), (self._book, 2), (self._wait, 2), (self._queue_up, 4),
        )  # fmt: skip
        return [*super()._acts(), *more]

    async def _press_about_hours(self) -> None:
        await self._press_about(ABOUT_HOURS)

    async def _give_back(self) -> None:
        await self._walk(self._draw.choice([*VISITORS, *HELPERS]), "mine", "time", "cancel")

    async def _book(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "book", "pick")

    async def _wait(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "book", self._draw.choice(["join", "host"]))

    async def _queue_up(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "office-hours", "queue")
