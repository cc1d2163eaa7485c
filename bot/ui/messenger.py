"""Carries letters to Discord: each once, even after a crash in between."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal
from weakref import WeakValueDictionary

import discord

from bot.domain.lifecycle import OPEN_STATES, Visibility
from bot.domain.threads import Thread
from bot.services.ports import ChannelUse, TryLater, Undeliverable
from bot.services.results import Answer, Letter, Sent
from bot.ui import letters, threads
from bot.ui.calendars import with_file
from bot.ui.events import ScheduledEvents
from bot.ui.items import custom_ids
from bot.ui.refusals import ARCHIVED, THREAD_EXISTS, translated
from bot.ui.render import Rendered
from bot.ui.sight import Sight

ARCHIVE_AFTER: Literal[10_080] = 10_080
"""Minutes without a word until Discord archives a thread: seven days."""
ARCHIVE_ROOM_AFTER: Literal[60] = 60
"""The same for where two people met, if no one puts it away: as soon as Discord does."""
LOOK_BACK = 50
"""Messages looked through for one that an earlier attempt may have sent."""
REMEMBERED = 1_000
"""Messages of which is known without the tables whose they are; by then the tables know."""
ANSWER_WITHIN = 100
"""Messages of a thread looked through for a first answer."""
MARGIN = timedelta(seconds=10)
"""How far Discord's clock and ours may differ."""
SPOKEN = {discord.MessageType.default, discord.MessageType.reply}


class DiscordMessenger:
    """Carries letters through a discord.py client."""

    def __init__(self, client: discord.Client) -> None:
        """Take the client; it has to be ready before the first letter leaves."""
        self._client = client
        self._events = ScheduledEvents(client)
        self._sight = Sight(client)
        self._became: dict[int, int] = {}
        self._places: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def send(self, letter: Letter) -> Sent:
        """Deliver a letter once.

        Discord keeps one message for one nonce, but only for a few minutes, and forum posts have none: so a second
        attempt first looks whether the message is there.

        Raises:
            MailboxClosed: the person takes no direct messages.
            Undeliverable: no one is there to receive it.
            TryLater: Discord is out of order or forbids it for now.
        """
        with translated(letter, lambda: self._sight.in_sight(letter.guild_id, letter.home_id)):
            if letter.event is not None:
                return await self._events.bring(letter, letter.event)
            if letter.kind == "room_over" and letter.channel_id is not None:
                return await self._put_away(letter.channel_id)
            rendered = await self._rendered(letter)
            if letter.user_id is not None:
                channel: discord.abc.Messageable = await self._client.create_dm(discord.Object(letter.user_id))
                return await self._say(channel, letter, rendered)
            if letter.channel_id is None:
                reason = "no_channel"
                raise TryLater(reason)
            if letter.kind in {"post", "panel", "room", "refresh"}:
                return await self._open(letter.channel_id, letter, rendered)
            if letter.guest_user_id is not None:
                await self._let_in(letter.channel_id, letter.guest_user_id)
            thread = self._client.get_partial_messageable(letter.channel_id, guild_id=letter.guild_id)
            sent = await self._say(thread, letter, rendered)
            if letter.kind == "archive":
                await self._client.http.edit_channel(letter.channel_id, archived=True)
            return sent

    async def _rendered(self, letter: Letter) -> Rendered:
        rendered = letters.letter(letter)
        if letter.kind != "booking" or letter.booking is None or letter.user_id is None:
            return rendered
        return await with_file(self._client, rendered, letter.booking, letter.first_attempt_at)

    async def find_answer(
        self, thread_id: int, asker_user_id: int | None, after: datetime | None = None
    ) -> Answer | None:
        """Return the first message in a thread, after a moment, by a person other than the asker, without its words."""
        with translated():
            thread = self._client.get_partial_messageable(thread_id)
            async for message in thread.history(limit=ANSWER_WITHIN, after=after, oldest_first=True):
                if is_answer(message) and message.author.id != asker_user_id:
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

    async def find(self, letter: Letter) -> Sent | None:
        """Return where an earlier attempt at a letter arrived, or None."""
        if letter.user_id is None and not self._sight.in_sight(letter.guild_id, letter.home_id):
            # What is hidden, or away with an outage, can't be found, though it may well be there.
            reason = "out_of_sight"
            raise TryLater(reason)
        rendered = letters.letter(letter)
        with translated():
            if letter.user_id is not None:
                channel: discord.abc.Messageable = await self._client.create_dm(discord.Object(letter.user_id))
                return _place(await self._find_message(channel, letter, rendered))
            if letter.channel_id is None or letter.event is not None:
                return None
            if letter.kind in {"post", "panel", "room"}:
                return await self._find_opened(letter.channel_id, letter, rendered)
            thread = self._client.get_partial_messageable(letter.channel_id, guild_id=letter.guild_id)
            return _place(await self._find_message(thread, letter, rendered))

    async def take_back(self, letter: Letter) -> None:
        """Remove what attempts at opening a thread left behind, as far as the bot may; a refusal is no failure."""
        with suppress(TryLater, Undeliverable), translated():
            sent = await self.find(letter)
            if sent is None:
                return
            if sent.channel_id == letter.channel_id:
                await self._client.http.delete_message(sent.channel_id, sent.message_id)
            else:
                await self._client.http.edit_channel(sent.channel_id, archived=True)

    async def _find_opened(self, channel_id: int, letter: Letter, rendered: Rendered) -> Sent | None:
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            thread = await self._find_post(channel, letter, rendered)
        elif isinstance(channel, discord.TextChannel) and _is_private(letter):
            thread = await self._find_private(channel, letter, rendered)
        elif isinstance(channel, discord.TextChannel):
            return _place(await self._find_message(channel, letter, rendered))
        else:
            return None
        return Sent(thread.id, thread.id) if thread else None

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

    async def _open(self, channel_id: int, letter: Letter, rendered: Rendered) -> Sent:
        channel = self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.Thread):
            return await self._refresh(channel, letter, rendered)
        if isinstance(channel, discord.ForumChannel):
            return await self._open_post(channel, letter, rendered)
        if not isinstance(channel, discord.TextChannel):
            reason = "no_channel"
            raise TryLater(reason)
        if _is_private(letter):
            return await self._open_private(channel, letter, rendered)
        sent = await self._say(channel, letter, rendered)
        if letter.kind == "panel":
            await _pin(channel.get_partial_message(sent.message_id))
            return sent
        thread_id = await _open_thread(channel.get_partial_message(sent.message_id), rendered.title)
        await self._add_asker(thread_id, letter)
        return Sent(thread_id, sent.message_id)

    async def _open_post(self, forum: discord.ForumChannel, letter: Letter, rendered: Rendered) -> Sent:
        post = await self._find_post(forum, letter, rendered) if letter.attempts > 1 else None
        message_id = post.id if post else 0
        if post is None:
            created = await forum.create_thread(
                name=rendered.title,
                auto_archive_duration=ARCHIVE_AFTER,
                applied_tags=forum.available_tags[:1] if forum.flags.require_tag else [],
                allowed_mentions=rendered.allowed_mentions,
                **_body(rendered),
            )
            post, message_id = created.thread, created.message.id
        if letter.kind == "panel":
            with suppress(discord.HTTPException):
                await post.edit(pinned=True)
        await self._add_asker(post.id, letter)
        return Sent(post.id, message_id)

    async def _open_private(self, channel: discord.TextChannel, letter: Letter, rendered: Rendered) -> Sent:
        """Open a thread that only those see who are let in: the asker now and helpers as they come, or two who meet."""
        thread = await self._find_private(channel, letter, rendered) if letter.attempts > 1 else None
        if thread is None:
            thread = await channel.create_thread(
                name=rendered.title,
                type=discord.ChannelType.private_thread,
                auto_archive_duration=ARCHIVE_ROOM_AFTER if letter.kind == "room" else ARCHIVE_AFTER,
                invitable=False,
            )
        for user_id in _at_home(letter):
            await self._let_in(thread.id, user_id)
        sent = await self._say(thread, letter, rendered)
        return Sent(thread.id, sent.message_id)

    async def _refresh(self, thread: discord.Thread, letter: Letter, rendered: Rendered) -> Sent:
        """Edit the message that opened a thread; one that is archived is opened for it and put back."""
        post_id = (letter.question and letter.question.post_id) or thread.id
        # The message that a public thread hangs on stays in the text channel; all others are in the thread.
        hangs = not thread.is_private() and not isinstance(thread.parent, discord.ForumChannel)
        home = self._client.get_partial_messageable(thread.parent_id if hangs else thread.id)
        try:
            await _rewrite(home.get_partial_message(post_id), rendered)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._client.http.edit_channel(thread.id, archived=False)
            await _rewrite(home.get_partial_message(post_id), rendered)
            if letter.question is not None and letter.question.state not in OPEN_STATES:
                await self._client.http.edit_channel(thread.id, archived=True)
        return Sent(thread.id, post_id)

    async def _put_away(self, thread_id: int) -> Sent:
        """Archive a thread without a word: the next message there opens it again."""
        await self._client.http.edit_channel(thread_id, archived=True)
        return Sent(thread_id, thread_id)

    async def _find_private(
        self, channel: discord.TextChannel, letter: Letter, rendered: Rendered
    ) -> discord.Thread | None:
        """Return the thread that an earlier attempt opened: ours, called so, and with nothing of another question's."""
        for thread in await self._own_threads(channel, letter):
            if thread.name == rendered.title:
                said = [each async for each in thread.history(limit=LOOK_BACK) if each.author.id == self._me]
                if not any(each.components for each in said) or any(_is_same(each, rendered) for each in said):
                    return thread
        return None

    async def _find_post(
        self, forum: discord.ForumChannel, letter: Letter, rendered: Rendered
    ) -> discord.Thread | None:
        for thread in await self._own_threads(forum, letter):
            first = await thread.fetch_message(thread.id)
            if _is_same(first, rendered):
                return thread
        return None

    async def _own_threads(
        self, parent: discord.TextChannel | discord.ForumChannel, letter: Letter
    ) -> list[discord.Thread]:
        """Return the threads we opened since a letter was first tried; Discord may have archived them meanwhile."""
        found = [each for each in await parent.guild.active_threads() if each.parent_id == parent.id]
        if isinstance(parent, discord.ForumChannel):
            found += [each async for each in parent.archived_threads(limit=LOOK_BACK)]
        else:
            found += [each async for each in parent.archived_threads(private=True, joined=True, limit=LOOK_BACK)]
        earliest = letter.first_attempt_at - MARGIN
        return [each for each in found if each.owner_id == self._me and each.created_at and each.created_at >= earliest]

    async def _say(self, channel: discord.abc.Messageable, letter: Letter, rendered: Rendered) -> Sent:
        # Two letters may have the same words: one that is sent again must not take the other's message for its own.
        async with self._places.setdefault(letter.user_id or letter.channel_id or 0, asyncio.Lock()):
            message = await self._find_message(channel, letter, rendered) if letter.attempts > 1 else None
            if message is None:
                message = await channel.send(
                    nonce=letter.nonce, allowed_mentions=rendered.allowed_mentions, **_body(rendered)
                )
            self._remember(message.id, letter.letter_id)
        return Sent(message.channel.id, message.id)

    async def _find_message(
        self, channel: discord.abc.Messageable, letter: Letter, rendered: Rendered
    ) -> discord.Message | None:
        earliest = letter.first_attempt_at - MARGIN
        async for message in channel.history(limit=LOOK_BACK, after=earliest):
            is_free = message.id not in letter.others and self._became.get(message.id) in {None, letter.letter_id}
            if message.author.id == self._me and is_free and _is_same(message, rendered):
                return message
        return None

    def _remember(self, message_id: int, letter_id: int) -> None:
        self._became[message_id] = letter_id
        if len(self._became) > REMEMBERED:
            del self._became[next(iter(self._became))]

    async def _let_in(self, thread_id: int, user_id: int) -> None:
        """Let a person into a private thread; one that Discord has archived meanwhile is opened for it."""
        try:
            await self._client.http.add_user_to_thread(thread_id, user_id)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._client.http.edit_channel(thread_id, archived=False)
            await self._client.http.add_user_to_thread(thread_id, user_id)

    async def _add_asker(self, thread_id: int, letter: Letter) -> None:
        """Put the asker among the thread's members, so that it stands in their list; a courtesy, never a failure."""
        if letter.question is None or letter.question.asker_user_id is None:
            return
        with suppress(discord.HTTPException):
            await self._client.http.add_user_to_thread(thread_id, letter.question.asker_user_id)

    @property
    def _me(self) -> int:
        return self._client.user.id if self._client.user else 0


def is_answer(message: discord.Message) -> bool:
    """Tell whether a person said something, as against a bot, a webhook or Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in SPOKEN


def _at_home(letter: Letter) -> Sequence[int]:
    """Return who belongs into a private thread from its beginning."""
    if letter.kind == "room" and letter.booking is not None:
        return letter.booking.host_user_id, letter.booking.asker_user_id
    asker = letter.question.asker_user_id if letter.question else None
    return () if asker is None else (asker,)


def _place(message: discord.Message | None) -> Sent | None:
    if message is None:
        return None
    # A thread that was opened from a message has the message's id.
    return Sent(message.id if message.flags.has_thread else message.channel.id, message.id)


def _is_private(letter: Letter) -> bool:
    is_matched = letter.question is not None and letter.question.visibility is Visibility.MATCHED
    return is_matched or letter.kind == "room"


def _body(rendered: Rendered) -> dict[str, Any]:
    body: dict[str, Any] = {"content": rendered.content}
    if rendered.embed is not None:
        body["embed"] = rendered.embed
    if rendered.view is not None:
        body["view"] = rendered.view
    if rendered.file is not None:
        body["file"] = rendered.file
    return body


def _is_same(message: discord.Message, rendered: Rendered) -> bool:
    """Tell by the buttons, which name a row, or else by the words, which a second attempt may choose differently."""
    expected = custom_ids(rendered.view.children) if rendered.view else []
    return custom_ids(message.components) == expected and (bool(expected) or message.content == rendered.content)


async def _open_thread(message: discord.PartialMessage, title: str) -> int:
    """Open a message's thread; a message has at most one, and it shares the message's id."""
    try:
        await message.create_thread(name=title, auto_archive_duration=ARCHIVE_AFTER)
    except discord.HTTPException as error:
        if error.code != THREAD_EXISTS:
            raise
    return message.id


async def _rewrite(message: discord.PartialMessage, rendered: Rendered) -> None:
    view = rendered.view if rendered.view and rendered.view.children else None
    await message.edit(
        content=rendered.content, embed=rendered.embed, view=view, allowed_mentions=rendered.allowed_mentions
    )


async def _pin(message: discord.PartialMessage) -> None:
    with suppress(discord.HTTPException):
        await message.pin()
