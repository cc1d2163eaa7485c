"""Which channels the bot sees: Discord hides the others, and what it tells of them isn't true."""

from collections.abc import Mapping

import discord

from bot.services.ports import ChannelUse

SENTINEL, HIDDEN = "___hidden___", 1 << 17
"""The name and the flag of a channel that Discord hides from a bot; its permissions are made up.

Source: https://github.com/discord/discord-api-docs/pull/8454
"""

NEEDED: Mapping[ChannelUse, tuple[str, ...]] = {
    "help": (
        "view_channel", "send_messages", "send_messages_in_threads", "create_public_threads", "read_message_history",
        "embed_links",
    ),
    "private": (
        "view_channel", "create_private_threads", "send_messages_in_threads", "read_message_history", "embed_links",
    ),
    "moderators": ("view_channel", "send_messages", "read_message_history"),
}  # fmt: skip
"""Permissions the bot needs in a channel; the history, for a letter that is sent again looks for itself first."""
UNNEEDED_IN_FORUMS = {"create_public_threads"}
"""To open a post is to send a message. Source: https://discord.com/developers/docs/topics/threads#forums"""


class Sight:
    """What a discord.py client sees."""

    def __init__(self, client: discord.Client) -> None:
        """Look through a client."""
        self._client = client

    def sees(self, channel_id: int) -> bool:
        """Tell whether a channel is there and the bot may see it."""
        channel = self._client.get_channel(channel_id)
        return isinstance(channel, discord.abc.GuildChannel) and is_seen(channel)

    def is_out(self, guild_id: int) -> bool:
        """Tell whether Discord has an outage in a community that the bot is in."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and guild.unavailable

    def missing(self, channel_id: int, place: ChannelUse) -> list[str] | None:
        """Return the permissions missing in a channel that is for this; None when the bot can't see it."""
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel) or not is_seen(channel):
            return None
        granted = channel.permissions_for(channel.guild.me)
        unneeded = UNNEEDED_IN_FORUMS if isinstance(channel, discord.ForumChannel) else set()
        return [name for name in NEEDED[place] if name not in unneeded and not getattr(granted, name)]

    def in_sight(self, guild_id: int, home_id: int | None) -> bool:
        """Tell whether what isn't found in a channel is gone, as against hidden, or away with an outage."""
        return not self.is_out(guild_id) and (home_id is None or self.sees(home_id))


def is_seen(channel: discord.abc.GuildChannel) -> bool:
    """Tell whether the bot may see a channel; an administrator sees all but what Discord marks as hidden."""
    flags = channel.flags.value if isinstance(channel, discord.ForumChannel) else 0
    is_marked = channel.name == SENTINEL or bool(flags & HIDDEN)
    return not is_marked and channel.permissions_for(channel.guild.me).view_channel
