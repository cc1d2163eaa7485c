"""A digest of the week for those who moderate, where a community wants one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.domain.statistics import PanelName, PanelWish
from bot.domain.windows import monday, week_of
from bot.services.community import letters
from bot.services.community.sharing import moderators_channel
from bot.services.ports import Begin, Nudge, Read, Statistician
from bot.services.sweeping import in_turn
from bot.statistics.digest import week_told
from bot.texts import say

_OTHERS = (PanelName.TOPICS,)
"""What is said of a week beside what became of questions."""
_ON_MONDAY = timedelta(hours=8)
_QUIET_EVERY = 4
"""Of so many weeks in a row, one at most is said to have been quiet."""
_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class DigestBegins:
    """Where and when moderators read the first digest."""

    channel_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Digesting:
    """Use cases around the digest of the week."""

    begin: Begin
    read: Read
    statistician: Statistician
    nudge: Nudge
    clock: Clock

    async def is_wanted(self, guild_id: int) -> bool:
        """Tell whether a community wants digests."""
        async with self.read() as work:
            settings = await work.guilds.settings(guild_id)
            return settings is not None and settings.digest_week is not None

    async def want(self, guild_id: int) -> DigestBegins:
        """Post a digest in the moderators' channel from next Monday on; twice is once.

        Raises:
            Unavailable: there is no such channel.
        """
        week = week_of(self.clock.now())
        async with self.begin() as work:
            await work.lock(guild_id)
            channel_id = await moderators_channel(work, guild_id)
            settings = await work.guilds.ensure(guild_id, self.clock.now())
            if settings.digest_week is None:
                settings.digest_week = week - 1
        return DigestBegins(channel_id, monday(week + 1) + _ON_MONDAY)

    async def stop(self, guild_id: int) -> None:
        """Post no more digests; twice is once."""
        async with self.begin() as work:
            await work.lock(guild_id)
            (await work.guilds.ensure(guild_id, self.clock.now())).digest_week = None

    async def sweep(self) -> int:
        """Write the digests of the last week that are due, and return how many communities were looked at."""
        week = week_of(self.clock.now()) - 1
        async with self.read() as work:
            due = await work.guilds.without_digest(week)
        return len(await in_turn("guild_settings", [(each, each) for each in due], self._write))

    async def _write(self, guild_id: int, _rows: Sequence[int]) -> None:
        """Write a community's digest and note that in one transaction: whatever stops it, a week has one."""
        now = self.clock.now()
        week, text = week_of(now) - 1, await self._text(guild_id, now)
        async with self.begin() as work:
            await work.lock(guild_id)
            settings = await work.guilds.settings(guild_id)
            if settings is None or settings.digest_week is None or settings.digest_week >= week:
                return
            settings.digest_week = week
            if text is not None:
                letters.tell_week(work, guild_id, week, text, max(now, monday(week + 1) + _ON_MONDAY))
        self.nudge()

    async def _text(self, guild_id: int, now: datetime) -> str | None:
        """Return what is to be said; None of most of the weeks in which too little happened."""
        zone = str(UTC)
        overview, *others = [
            await self.statistician.panel(PanelWish(guild_id, name, 1, now, zone, _LOCALE))
            for name in (PanelName.OVERVIEW, *_OTHERS)
        ]
        text = week_told(overview, others, _LOCALE)
        if text is None and week_of(now) % _QUIET_EVERY == 0:
            return say("stats.digest.quiet", _LOCALE)
        return text
