"""Says a message in a channel once: a second attempt first looks whether the first one is there."""

import asyncio
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.services.results import Letter, Sent
from bot.ui.items import custom_ids
from bot.ui.render import Rendered

LOOK_BACK = 50
"""Messages looked through for one that an earlier attempt may have sent."""
REMEMBERED = 1_000
"""Messages of which is known without the tables whose they are; by then the tables know."""
MARGIN = timedelta(seconds=10)
"""How far Discord's clock and ours may differ."""


class Saying:
    """Says letters through a discord.py client, and finds them again."""

    def __init__(self, client: discord.Client) -> None:
        """Take the client; it has to be ready before the first letter leaves."""
        self._client = client
        self._became: dict[int, int] = {}
        self._places: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def channel(self, letter: Letter[Any]) -> discord.abc.Messageable:
        """Return where a letter is said: its addressee's direct messages, or its channel."""
        if letter.user_id is not None:
            return await self._client.create_dm(discord.Object(letter.user_id))
        return self._client.get_partial_messageable(letter.channel_id or 0, guild_id=letter.guild_id)

    async def say(self, channel: discord.abc.Messageable, letter: Letter[Any], rendered: Rendered) -> Sent:
        """Say a letter in a channel, unless an earlier attempt did."""
        # Two letters may have the same words: one that is sent again must not take the other's message for its own.
        async with self._places.setdefault(letter.user_id or letter.channel_id or 0, asyncio.Lock()):
            message = await self.find(channel, letter, rendered) if letter.attempts > 1 else None
            if message is None:
                message = await channel.send(
                    nonce=letter.nonce, allowed_mentions=rendered.allowed_mentions, **body(rendered)
                )
            self._remember(message.id, letter.letter_id)
        return Sent(message.channel.id, message.id)

    async def find(
        self, channel: discord.abc.Messageable, letter: Letter[Any], rendered: Rendered
    ) -> discord.Message | None:
        """Return the message that an earlier attempt at a letter left in a channel."""
        earliest = letter.first_attempt_at - MARGIN
        async for message in channel.history(limit=LOOK_BACK, after=earliest):
            is_free = message.id not in letter.others and self._became.get(message.id) in {None, letter.letter_id}
            if message.author.id == self.me and is_free and is_same(message, rendered):
                return message
        return None

    @property
    def me(self) -> int:
        """Return the bot's own user id; 0 before it is known."""
        return self._client.user.id if self._client.user else 0

    def _remember(self, message_id: int, letter_id: int) -> None:
        self._became[message_id] = letter_id
        if len(self._became) > REMEMBERED:
            del self._became[next(iter(self._became))]


def place(message: discord.Message | None) -> Sent | None:
    """Return where a message is, or the thread that was opened from it."""
    if message is None:
        return None
    # A thread that was opened from a message has the message's id.
    has_thread = message.flags.has_thread or message.thread is not None
    return Sent(message.id if has_thread else message.channel.id, message.id)


def body(rendered: Rendered) -> dict[str, Any]:
    """Return what Discord is sent."""
    found: dict[str, Any] = {"content": rendered.content}
    if rendered.embed is not None:
        found["embed"] = rendered.embed
    if rendered.view is not None:
        found["view"] = rendered.view
    if rendered.file is not None:
        found["file"] = rendered.file
    return found


def is_same(message: discord.Message, rendered: Rendered) -> bool:
    """Tell by the buttons, which name a row, or else by the words, which a second attempt may choose differently."""
    if rendered.known_by:
        return rendered.known_by in custom_ids(message.components)
    expected = custom_ids(rendered.view.children) if rendered.view else []
    return custom_ids(message.components) == expected and (bool(expected) or message.content == rendered.content)
