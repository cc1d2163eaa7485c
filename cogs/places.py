"""The door for what people do with Discord's own tools: closing threads, deleting messages and channels."""

from typing import Any

import discord
from discord.ext import commands

from bot.client import Morsel
from bot.services.use_cases import UseCases
from bot.ui.doors import Door, Presses
from bot.ui.sight import is_seen
from bot.ui.threads import thread


class Places(Door):
    """The door to `Noticing` and `Watching`."""

    def __init__(self, presses: Presses, client: Morsel, use_cases: UseCases) -> None:
        """Take the use cases behind this door, and whose threads are ours."""
        super().__init__(presses)
        self._client = client
        self._noticing, self._watching = use_cases.noticing, use_cases.watching

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Notice that a thread of ours was locked or archived."""
        if self._is_ours(payload.data):
            await self._watching.thread_changed(thread(payload.data))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Notice that what may have been an answer is gone."""
        await self._noticing.said_is_gone(payload.channel_id, [discord.utils.snowflake_time(payload.message_id)])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Notice the same of many messages at once."""
        moments = [discord.utils.snowflake_time(each) for each in payload.message_ids]
        await self._noticing.said_is_gone(payload.channel_id, moments)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Notice that a channel is gone, and the threads in it."""
        await self._noticing.channel_gone(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Notice that a channel can be seen or used again."""
        if is_seen(after) and (not is_seen(before) or before.overwrites != after.overwrites):
            await self._noticing.channel_opened(after.guild.id, after.id, was_hidden=not is_seen(before))

    def _is_ours(self, data: Any) -> bool:  # noqa: ANN401
        return self._client.user is not None and int(data.get("owner_id") or 0) == self._client.user.id


async def setup(bot: Morsel) -> None:
    """Open the door."""
    await bot.add_cog(Places(bot.presses, bot, bot.use_cases))
