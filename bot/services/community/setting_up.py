"""Setting a community up: its help channel and the panel in it."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import NotFound, Unavailable
from bot.services.community import letters
from bot.services.ports import Begin, Messenger, Nudge, Read, TryLater
from models import GuildSettings


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a help channel stands that was just chosen."""

    missing: list[str]
    """The permissions that the bot needs there and doesn't have."""
    has_panel: bool
    """The panel was there before, as far as Discord says."""


@dataclass(frozen=True, slots=True)
class SettingUp:
    """Use cases around a community's settings."""

    begin: Begin
    read: Read
    messenger: Messenger
    nudge: Nudge
    clock: Clock

    def require_here(self, guild_id: int, *channel_ids: int | None) -> None:
        """Make sure that channels belong to a community, as far as the bot knows them, before anything is chosen.

        Raises:
            NotFound: one is another community's.
        """
        for channel_id in channel_ids:
            if channel_id is not None and self.messenger.is_elsewhere(channel_id, guild_id):
                raise NotFound("setup.channel_elsewhere")

    async def help_channel(self, guild_id: int) -> int | None:
        """Return the help channel that was chosen, or None."""
        async with self.read() as work:
            settings = await work.guilds.settings(guild_id)
            return settings.help_channel_id if settings else None

    async def choose(self, guild_id: int, channel_id: int) -> Chosen:
        """Make this the help channel, and have the panel posted unless it is there or permissions are missing.

        Raises:
            NotFound: the channel is another community's; nothing was changed.
            Unavailable: the bot can't see the channel; nothing was changed.
        """
        self.require_here(guild_id, channel_id)
        missing = self.messenger.missing_permissions(channel_id)
        if missing is None:
            raise self._unseen(guild_id, channel_id)
        has_panel = await self._has_panel(guild_id, channel_id)
        async with self.begin() as work:
            await work.lock(guild_id)
            now = self.clock.now()
            settings = await work.guilds.ensure(guild_id, now)
            settings.help_channel_id = channel_id
            if not missing and not has_panel:
                settings.panel_channel_id = settings.panel_message_id = None
                await letters.post_panel(work, guild_id, now)
        self.nudge()
        return Chosen(missing, has_panel)

    async def choose_private(self, guild_id: int, channel_id: int) -> None:
        """Open private threads in this channel from now on.

        Raises:
            NotFound: the channel is another community's; nothing was changed.
            Unavailable: the bot can't open private threads there; nothing was changed.
        """
        self.require_here(guild_id, channel_id)
        if not self.messenger.takes_private_threads(channel_id):
            if self.messenger.sees(channel_id):
                raise Unavailable("setup.no_private_threads", channel=channel_id)
            raise self._unseen(guild_id, channel_id)
        async with self.begin() as work:
            await work.lock(guild_id)
            (await work.guilds.ensure(guild_id, self.clock.now())).private_channel_id = channel_id

    async def choose_moderators(self, guild_id: int, channel_id: int) -> list[str]:
        """Tell moderators in this channel what no one has taken, and return missing permissions.

        Raises:
            NotFound: the channel is another community's; nothing was changed.
            Unavailable: the bot can't see the channel; nothing was changed.
        """
        self.require_here(guild_id, channel_id)
        missing = self.messenger.missing_permissions(channel_id, "moderators")
        if missing is None:
            raise self._unseen(guild_id, channel_id)
        async with self.begin() as work:
            await work.lock(guild_id)
            (await work.guilds.ensure(guild_id, self.clock.now())).moderator_channel_id = channel_id
        return missing

    async def choose_meeting(self, guild_id: int, channel_id: int) -> None:
        """Let people meet in this channel for their fifteen minutes from now on.

        Raises:
            NotFound: the channel is another community's; nothing was changed.
        """
        self.require_here(guild_id, channel_id)
        async with self.begin() as work:
            await work.lock(guild_id)
            settings = await work.guilds.ensure(guild_id, self.clock.now())
            settings.meeting_channel_id = channel_id
            if settings.room_channel_id is not None and self.messenger.takes_private_threads(channel_id):
                settings.room_channel_id = channel_id

    async def choose_rooms(self, guild_id: int, *, are_wanted: bool) -> int | None:
        """Give each booked fifteen minutes a private thread from now on, or none; return the channel of these threads.

        It is where people meet, or else where private threads or questions go.

        Raises:
            Unavailable: the bot can open private threads in none of these; nothing was changed.
        """
        async with self.begin() as work:
            await work.lock(guild_id)
            settings = await work.guilds.ensure(guild_id, self.clock.now())
            settings.room_channel_id = self._room_channel(settings) if are_wanted else None
            return settings.room_channel_id

    def _unseen(self, guild_id: int, channel_id: int) -> Unavailable:
        """Return why a channel can't be chosen that isn't seen: it is hidden, or Discord has an outage."""
        key = "setup.outage" if self.messenger.is_out(guild_id) else "setup.channel_hidden"
        return Unavailable(key, channel=channel_id)

    def _room_channel(self, settings: GuildSettings) -> int:
        chosen = (settings.meeting_channel_id, settings.private_channel_id, settings.help_channel_id)
        for channel_id in chosen:
            if channel_id is not None and self.messenger.takes_private_threads(channel_id):
                return channel_id
        hidden = next((each for each in chosen if each is not None and not self.messenger.sees(each)), None)
        if hidden is not None:
            raise self._unseen(settings.guild_id, hidden)
        raise Unavailable("setup.no_room_channel")

    async def _has_panel(self, guild_id: int, channel_id: int) -> bool:
        async with self.read() as work:
            settings = await work.guilds.settings(guild_id)
        if settings is None or settings.help_channel_id != channel_id:
            return False
        if settings.panel_channel_id is None or settings.panel_message_id is None:
            return False
        try:
            return await self.messenger.is_there(settings.panel_channel_id, settings.panel_message_id)
        except TryLater:
            # Rather none than two: the next `/setup` looks again.
            return True
