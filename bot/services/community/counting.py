"""Counting how help flows, for moderators."""

import statistics
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.services.ports import Read
from bot.services.results import StatsTable, Window
from bot.store.facts import Counted


@dataclass(frozen=True, slots=True)
class Counting:
    """Use cases around statistics; no one is ever counted by name."""

    read: Read
    clock: Clock

    async def summarise(self, guild_id: int, weeks: int) -> StatsTable:
        """Return what became of the questions of the last `weeks` weeks, beside the weeks before."""
        now, length = self.clock.now(), timedelta(weeks=weeks)
        until = now + timedelta(seconds=1)
        async with self.read() as work:
            recent = await work.facts.count(guild_id, now - length, until)
            before = await work.facts.count(guild_id, now - 2 * length, now - length)
        return StatsTable(weeks=weeks, now=_window(recent), before=_window(before))


def _window(counted: Counted) -> Window:
    return Window(
        asked=counted.asked,
        taken=counted.taken,
        answered=counted.answered,
        helped=counted.helped,
        open=counted.open,
        median_wait=timedelta(seconds=statistics.median(wait.total_seconds() for wait in counted.waits))
        if counted.waits
        else None,
    )
