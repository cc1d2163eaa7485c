"""Channels people pick, and the one made for them."""

import discord
from discord import app_commands

from bot.errors import NotAllowed
from bot.texts import say


class HelpChannel(app_commands.Transformer):
    """An option that takes a text channel or a forum, also one the bot can't see, and gives its id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Let the client show its channel picker."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Questions go to text channels and forums."""
        return [discord.ChannelType.text, discord.ChannelType.forum]

    async def transform(self, _interaction: discord.Interaction, value: app_commands.AppCommandChannel, /) -> int:
        """Return the channel's id."""
        return value.id


class TextChannel(HelpChannel):
    """The same, but only a text channel: a forum has neither private threads nor messages of its own."""

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Leave forums out."""
        return [discord.ChannelType.text]


class MeetingChannel(HelpChannel):
    """The same, but a voice channel, or a text channel in whose threads people meet."""

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Take what two people can talk in."""
        return [discord.ChannelType.voice, discord.ChannelType.text]


async def create_help_channel(guild: discord.Guild, locale: str) -> int:
    """Make a help channel, a forum where the server may have one, and return its id.

    Raises:
        NotAllowed: the bot may not manage channels.
    """
    if not guild.me.guild_permissions.manage_channels:
        raise NotAllowed("setup.cannot_create")
    name, topic = say("setup.channel.name", locale), say("setup.topic", locale)
    # Only community servers have forums. Source: https://discord.com/developers/docs/resources/channel
    if "COMMUNITY" in guild.features:
        return (await guild.create_forum(name, topic=topic)).id
    return (await guild.create_text_channel(name, topic=topic)).id
