"""Carries letters to Discord: each once, even after a crash in between."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

import discord

from bot.domain.threads import Thread
from bot.services.ports import ChannelUse, TryLater, Undeliverable
from bot.services.results import Answer, Letter, Sent
from bot.ui import letters, threads
from bot.ui.calendars import with_file
from bot.ui.events import ScheduledEvents
from bot.ui.opening import Opening
from bot.ui.refusals import translated
from bot.ui.render import Rendered, Way
from bot.ui.saying import Saying, place
from bot.ui.sight import Sight

ANSWER_WITHIN = 100
"""Messages of a thread looked through for a first answer."""
SPOKEN = {discord.MessageType.default, discord.MessageType.reply}
_OPENING = {Way.OPEN, Way.OPEN_ROOM, Way.PIN}
"""The ways that an earlier attempt may have gone in part."""
_WITHOUT_TRACE = {Way.EVENT, Way.PUT_AWAY, Way.REMOVE}
"""The ways of which there is no message to find."""


class DiscordMessenger:
    """Carries letters through a discord.py client."""

    def __init__(self, client: discord.Client) -> None:
        """Take the client; it has to be ready before the first letter leaves."""
        self._client = client
        self._events = ScheduledEvents(client)
        self._sight = Sight(client)
        self._saying = Saying(client)
        self._opening = Opening(client, self._saying)

    async def send(self, letter: Letter[Any]) -> Sent:
        """Deliver a letter once.

        Discord keeps one message for one nonce, but only for a few minutes, and forum posts have none: so a second
        attempt first looks whether the message is there.

        Raises:
            MailboxClosed: the person takes no direct messages.
            Undeliverable: no one is there to receive it.
            TryLater: Discord is out of order or forbids it for now.
        """
        rendered = letters.letter(letter)
        with translated(lambda: self._is_gone(letter, rendered), is_look=False):
            if rendered.way is Way.EVENT:
                return await self._events.bring(letter)
            if letter.user_id is None and letter.channel_id is None:
                reason = "no_channel"
                raise TryLater(reason)
            if rendered.way is Way.PUT_AWAY:
                return await self._opening.put_away(letter.channel_id or 0)
            if rendered.way is Way.REMOVE:
                return await self._opening.remove(letter.channel_id or 0, letter.content.message_id, rendered)
            if rendered.way in {*_OPENING, Way.REWRITE}:
                return await self._opening.open(letter, rendered)
            return await self._say(letter, rendered)

    def _is_gone(self, letter: Letter[Any], rendered: Rendered) -> bool:
        """Tell whether a place that isn't found is gone for good; for what begins a thread, another may be chosen."""
        is_elsewhere = rendered.way in {Way.OPEN, Way.PIN}
        return not is_elsewhere and self._sight.in_sight(letter.guild_id, letter.home_id)

    async def _say(self, letter: Letter[Any], rendered: Rendered) -> Sent:
        if rendered.invites_to is not None:
            rendered = await with_file(self._client, rendered, rendered.invites_to, letter.first_attempt_at)
        if letter.guest_user_id is not None and letter.channel_id is not None:
            await self._opening.let_in(letter.channel_id, letter.guest_user_id)
        sent = await self._saying.say(await self._saying.channel(letter), letter, rendered)
        if rendered.way is Way.SAY_LAST:
            await self._opening.put_away(sent.channel_id)
        return sent

    async def find_answer(
        self, thread_id: int, without: Collection[int] = (), after: datetime | None = None
    ) -> Answer | None:
        """Return the first message in a thread, after a moment, by a person `without` these, and none of its words."""
        with translated():
            thread = self._client.get_partial_messageable(thread_id)
            async for message in thread.history(limit=ANSWER_WITHIN, after=after, oldest_first=True):
                if is_answer(message) and message.author.id not in without:
                    return Answer(thread_id, message.author.id, message.created_at)
        return None

    async def thread(self, thread_id: int) -> Thread:
        """Return how a thread stands."""
        with translated():
            return threads.thread(await self._client.http.get_channel(thread_id))

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        """Tell whether a message still exists, as far as the bot can see."""
        try:
            with translated():
                await self._client.get_partial_messageable(channel_id).fetch_message(message_id)
        except Undeliverable:
            return False
        return True

    def is_elsewhere(self, channel_id: int, guild_id: int) -> bool:
        """Tell whether a channel that the bot knows of belongs to another community."""
        channel = self._client.get_channel(channel_id)
        return isinstance(channel, discord.abc.GuildChannel) and channel.guild.id != guild_id

    async def find(self, letter: Letter[Any]) -> Sent | None:
        """Return where an earlier attempt at a letter arrived, or None."""
        if letter.user_id is None and not self._sight.in_sight(letter.guild_id, letter.home_id):
            # What is hidden, or away with an outage, can't be found, though it may well be there.
            reason = "out_of_sight"
            raise TryLater(reason)
        rendered = letters.letter(letter)
        if rendered.way in _WITHOUT_TRACE or (letter.user_id is None and letter.channel_id is None):
            return None
        with translated():
            if rendered.way in _OPENING:
                return await self._opening.find(letter, rendered)
            return place(await self._saying.find(await self._saying.channel(letter), letter, rendered))

    async def take_back(self, letter: Letter[Any]) -> None:
        """Remove what attempts at opening a thread left behind, as far as the bot may; a refusal is no failure."""
        with suppress(TryLater, Undeliverable), translated():
            sent = await self.find(letter)
            if sent is None:
                return
            if sent.channel_id == letter.channel_id:
                await self._client.http.delete_message(sent.channel_id, sent.message_id)
            else:
                await self._client.http.edit_channel(sent.channel_id, archived=True)

    def sees(self, channel_id: int) -> bool:
        """Tell whether a channel is there and the bot may see it."""
        return self._sight.sees(channel_id)

    def is_out(self, guild_id: int) -> bool:
        """Tell whether Discord has an outage in a community that the bot is in."""
        return self._sight.is_out(guild_id)

    def takes_private_threads(self, channel_id: int) -> bool:
        """Tell whether the bot may open private threads in a channel; forums have none."""
        is_text = isinstance(self._client.get_channel(channel_id), discord.TextChannel)
        return is_text and self.missing_permissions(channel_id, "private") == []

    def may_make_events(self, guild_id: int) -> bool:
        """Tell whether the bot may make scheduled events in a community."""
        return self._events.may_create(guild_id)

    def missing_permissions(self, channel_id: int, place: ChannelUse = "help") -> list[str] | None:
        """Return the permissions missing in a channel that is for this; None when the bot can't see it."""
        return self._sight.missing(channel_id, place)


def is_answer(message: discord.Message) -> bool:
    """Tell whether a person said something, as against a bot, a webhook or Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in SPOKEN
