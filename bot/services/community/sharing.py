"""Showing a panel of statistics to all who moderate."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.limits import Deed
from bot.domain.statistics import PanelName
from bot.errors import Unavailable
from bot.services import limits
from bot.services.community import letters
from bot.services.community.counting import Counting
from bot.services.ports import Begin, Nudge, Read
from bot.store.unit_of_work import ReadingWork


@dataclass(frozen=True, slots=True)
class SharedIn:
    """Where moderators read a panel."""

    channel_id: int
    is_new: bool
    """Else it was there before, over the same weeks."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Use cases around statistics that moderators read together."""

    begin: Begin
    read: Read
    counting: Counting
    nudge: Nudge
    clock: Clock

    async def share(self, guild_id: int, user_id: int, name: PanelName, weeks: int, locale: str) -> SharedIn:
        """Post a panel in the moderators' channel: its words and its picture; over the same weeks, once.

        Raises:
            Unavailable: there is no such channel, or the panel can't be counted now.
            LimitReached: they shared as much as one person may.
        """
        async with self.read() as work:
            await moderators_channel(work, guild_id)
        panel = await self.counting.panel(guild_id, user_id, name, weeks, locale)
        now = self.clock.now()
        async with self.begin() as work:
            await work.lock(guild_id)
            channel_id = await moderators_channel(work, guild_id)
            is_new = await letters.share(work, guild_id, panel, locale, now)
            if is_new:
                member = await work.members.ensure(guild_id, user_id, now)
                await limits.hold(work, member.id, Deed.SHARE, now)
        self.nudge()
        return SharedIn(channel_id, is_new)


async def moderators_channel(work: ReadingWork, guild_id: int) -> int:
    """Return where moderators read.

    Raises:
        Unavailable: no one chose that yet.
    """
    settings = await work.guilds.settings(guild_id)
    if settings is None or settings.moderator_channel_id is None:
        raise Unavailable("stats.no_moderator_channel")
    return settings.moderator_channel_id
