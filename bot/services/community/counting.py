"""Counting how help flows, for moderators."""

from dataclasses import dataclass
from datetime import UTC

from bot.clock import Clock
from bot.domain.disclosure import Crowd, SafeTable, about, table
from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.domain.windows import last_weeks
from bot.services.ports import Read, Statistician
from bot.services.requests.question import QUESTION
from bot.services.results import Attachment

_AT_ONCE = ("asked", "answered")


@dataclass(frozen=True, slots=True)
class Counting:
    """Use cases around statistics; no one is ever counted by name."""

    read: Read
    statistician: Statistician
    clock: Clock

    @property
    def is_ready(self) -> bool:
        """Tell whether a panel comes at once; the first one takes some seconds."""
        return self.statistician.is_warm

    async def at_once(self, guild_id: int, weeks: int) -> SafeTable:
        """Return what can be counted without the statistics' own process, rounded: its figures follow."""
        shown = last_weeks(self.clock.now(), weeks)
        async with self.read() as work:
            counted = {
                type_: Crowd(await work.facts.by_asker(guild_id, QUESTION.name, type_, shown.since, shown.until))
                for type_ in _AT_ONCE
            }
        return table("at_once", ("stats.now",), [(f"stats.{name}", (about(crowd),)) for name, crowd in counted.items()])

    async def panel(self, guild_id: int, user_id: int, name: PanelName, weeks: int, locale: str) -> StatsPanel:
        """Count a panel of a community, shown by the clock of the person who looks.

        Raises:
            Unavailable: not now.
        """
        return await self.statistician.panel(await self._wish(guild_id, user_id, name, weeks, locale))

    async def archive(self, guild_id: int, user_id: int, weeks: int, locale: str) -> Attachment:
        """Return the tables of all panels as one file.

        Raises:
            Unavailable: not now.
        """
        wish = await self._wish(guild_id, user_id, PanelName.OVERVIEW, weeks, locale)
        return Attachment(f"morsel-{wish.now:%Y-%m-%d}.zip", await self.statistician.archive(wish))

    async def _wish(self, guild_id: int, user_id: int, name: PanelName, weeks: int, locale: str) -> PanelWish:
        async with self.read() as work:
            viewer = await work.members.find(guild_id, user_id)
            zone = (viewer.zone if viewer else None) or str(UTC)
        return PanelWish(guild_id, name, weeks, self.clock.now(), zone, locale)
