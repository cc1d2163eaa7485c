"""Opens threads, in two steps or three, each done once, even after a crash in between."""

from contextlib import suppress
from typing import Any, Literal

import discord

from bot.domain.lifecycle import OPEN_STATES
from bot.services.ports import TryLater
from bot.services.requests.contents import AboutQuestion
from bot.services.results import Letter, Sent
from bot.ui.refusals import ARCHIVED, NO_MESSAGE, THREAD_EXISTS
from bot.ui.render import Rendered, Way
from bot.ui.saying import LOOK_BACK, MARGIN, Saying, body, is_same, place

ARCHIVE_AFTER: Literal[10_080] = 10_080
"""Minutes without a word until Discord archives a thread: seven days."""
ARCHIVE_ROOM_AFTER: Literal[60] = 60
"""The same for where two people met, if no one puts it away: as soon as Discord does."""


class Opening:
    """Opens threads and pins messages through a discord.py client, and finds them again."""

    def __init__(self, client: discord.Client, saying: Saying) -> None:
        """Take the client; it has to be ready before the first letter leaves."""
        self._client = client
        self._saying = saying

    async def open(self, letter: Letter[Any], rendered: Rendered) -> Sent:
        """Open what a letter stands at the top of.

        Raises:
            TryLater: the channel takes no messages and no posts.
        """
        channel_id = letter.channel_id or 0
        channel = self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)
        if isinstance(channel, discord.Thread):
            return await self._rewrite(channel, letter, rendered)
        if isinstance(channel, discord.ForumChannel):
            return await self._open_post(channel, letter, rendered)
        if not isinstance(channel, discord.TextChannel):
            reason = "no_channel"
            raise TryLater(reason)
        if rendered.is_private:
            return await self._open_private(channel, letter, rendered)
        sent = await self._saying.say(channel, letter, rendered)
        if rendered.way is Way.PIN:
            await _pin(channel.get_partial_message(sent.message_id))
            return sent
        thread_id = await _open_thread(channel.get_partial_message(sent.message_id), rendered.title)
        await self._add_members(thread_id, rendered)
        return Sent(thread_id, sent.message_id)

    async def find(self, letter: Letter[Any], rendered: Rendered) -> Sent | None:
        """Return where an earlier attempt at opening something arrived, or None."""
        channel = self._client.get_channel(letter.channel_id or 0)
        if isinstance(channel, discord.ForumChannel):
            thread = await self._find_post(channel, letter, rendered)
        elif isinstance(channel, discord.TextChannel) and rendered.is_private:
            thread = await self._find_private(channel, letter, rendered)
            first = await self._saying.find(thread, letter, rendered) if thread else None
            return Sent(thread.id, first.id if first else thread.id) if thread else None
        elif isinstance(channel, discord.TextChannel):
            return place(await self._saying.find(channel, letter, rendered))
        else:
            return None
        return Sent(thread.id, thread.id) if thread else None

    async def let_in(self, thread_id: int, user_id: int) -> None:
        """Let a person into a private thread; one that Discord has archived meanwhile is opened for it."""
        try:
            await self._client.http.add_user_to_thread(thread_id, user_id)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._client.http.edit_channel(thread_id, archived=False)
            await self._client.http.add_user_to_thread(thread_id, user_id)

    async def put_away(self, thread_id: int) -> Sent:
        """Archive a thread without a word: the next message there opens it again."""
        await self._client.http.edit_channel(thread_id, archived=True)
        return Sent(thread_id, thread_id)

    async def remove(self, channel_id: int, message_id: int, rendered: Rendered) -> Sent:
        """Delete a message; one that is gone already is as good, and a thread that is archived is put back."""
        try:
            await self._remove(channel_id, message_id, rendered)
        except discord.HTTPException as error:
            if error.code == ARCHIVED:
                await self._client.http.edit_channel(channel_id, archived=False)
                await self._remove(channel_id, message_id, rendered)
                await self._client.http.edit_channel(channel_id, archived=True)
            elif error.code != NO_MESSAGE:
                raise
        return Sent(channel_id, message_id)

    async def _remove(self, channel_id: int, message_id: int, rendered: Rendered) -> None:
        if rendered.renames:
            await self._client.http.edit_channel(channel_id, name=rendered.title)
            thread = self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)
            if isinstance(thread, discord.Thread) and not isinstance(thread.parent, discord.ForumChannel):
                # The message that a public thread hangs on stays in the text channel.
                channel_id = channel_id if thread.is_private() else thread.parent_id
        await self._client.http.delete_message(channel_id, message_id)

    async def _open_post(self, forum: discord.ForumChannel, letter: Letter[Any], rendered: Rendered) -> Sent:
        post = await self._find_post(forum, letter, rendered) if letter.attempts > 1 else None
        message_id = post.id if post else 0
        if post is None:
            created = await forum.create_thread(
                name=rendered.title,
                auto_archive_duration=ARCHIVE_AFTER,
                applied_tags=forum.available_tags[:1] if forum.flags.require_tag else [],
                allowed_mentions=rendered.allowed_mentions,
                **body(rendered),
            )
            post, message_id = created.thread, created.message.id
        if rendered.way is Way.PIN:
            with suppress(discord.HTTPException):
                await post.edit(pinned=True)
        await self._add_members(post.id, rendered)
        return Sent(post.id, message_id)

    async def _open_private(self, channel: discord.TextChannel, letter: Letter[Any], rendered: Rendered) -> Sent:
        """Open a thread that only those see who are let in: the asker now and helpers as they come, or two who meet."""
        thread = await self._find_private(channel, letter, rendered) if letter.attempts > 1 else None
        if thread is None:
            thread = await channel.create_thread(
                name=rendered.title,
                type=discord.ChannelType.private_thread,
                auto_archive_duration=ARCHIVE_ROOM_AFTER if rendered.way is Way.OPEN_ROOM else ARCHIVE_AFTER,
                invitable=False,
            )
        for user_id in rendered.members:
            await self.let_in(thread.id, user_id)
        sent = await self._saying.say(thread, letter, rendered)
        return Sent(thread.id, sent.message_id)

    async def _rewrite(self, thread: discord.Thread, letter: Letter[Any], rendered: Rendered) -> Sent:
        """Edit the message that opened a thread; one that is archived is opened for it and put back."""
        content = letter.content
        question = content.question if isinstance(content, AboutQuestion) else None
        post_id = (question and question.post_id) or thread.id
        # The message that a public thread hangs on stays in the text channel; all others are in the thread.
        hangs = not thread.is_private() and not isinstance(thread.parent, discord.ForumChannel)
        home = self._client.get_partial_messageable(thread.parent_id if hangs else thread.id)
        try:
            await self._edit_post(thread.id, home.get_partial_message(post_id), rendered)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self._client.http.edit_channel(thread.id, archived=False)
            await self._edit_post(thread.id, home.get_partial_message(post_id), rendered)
            if question is not None and question.state not in OPEN_STATES:
                await self._client.http.edit_channel(thread.id, archived=True)
        return Sent(thread.id, post_id)

    async def _edit_post(self, thread_id: int, post: discord.PartialMessage, rendered: Rendered) -> None:
        await _edit(post, rendered)
        if rendered.renames:
            await self._client.http.edit_channel(thread_id, name=rendered.title)

    async def _find_private(
        self, channel: discord.TextChannel, letter: Letter[Any], rendered: Rendered
    ) -> discord.Thread | None:
        """Return the thread that an earlier attempt opened: ours, called so, and with nothing of another question's."""
        for thread in await self._own_threads(channel, letter):
            if thread.name == rendered.title or rendered.known_by:
                said = [each async for each in thread.history(limit=LOOK_BACK) if each.author.id == self._saying.me]
                is_begun = not rendered.known_by and not any(each.components for each in said)
                if is_begun or any(is_same(each, rendered) for each in said):
                    return thread
        return None

    async def _find_post(
        self, forum: discord.ForumChannel, letter: Letter[Any], rendered: Rendered
    ) -> discord.Thread | None:
        for thread in await self._own_threads(forum, letter):
            first = await thread.fetch_message(thread.id)
            if is_same(first, rendered):
                return thread
        return None

    async def _own_threads(
        self, parent: discord.TextChannel | discord.ForumChannel, letter: Letter[Any]
    ) -> list[discord.Thread]:
        """Return the threads we opened since a letter was first tried; Discord may have archived them meanwhile."""
        found = [each for each in await parent.guild.active_threads() if each.parent_id == parent.id]
        if isinstance(parent, discord.ForumChannel):
            found += [each async for each in parent.archived_threads(limit=LOOK_BACK)]
        else:
            found += [each async for each in parent.archived_threads(private=True, joined=True, limit=LOOK_BACK)]
        earliest = letter.first_attempt_at - MARGIN
        ours = (each for each in found if each.owner_id == self._saying.me)
        return [each for each in ours if each.created_at and each.created_at >= earliest]

    async def _add_members(self, thread_id: int, rendered: Rendered) -> None:
        """Put the asker among the thread's members, so that it stands in their list; a courtesy, never a failure."""
        with suppress(discord.HTTPException):
            for user_id in rendered.members:
                await self._client.http.add_user_to_thread(thread_id, user_id)


async def _open_thread(message: discord.PartialMessage, title: str) -> int:
    """Open a message's thread; a message has at most one, and it shares the message's id."""
    try:
        await message.create_thread(name=title, auto_archive_duration=ARCHIVE_AFTER)
    except discord.HTTPException as error:
        if error.code != THREAD_EXISTS:
            raise
    return message.id


async def _edit(message: discord.PartialMessage, rendered: Rendered) -> None:
    view = rendered.view if rendered.view and rendered.view.children else None
    await message.edit(
        content=rendered.content, embed=rendered.embed, view=view, allowed_mentions=rendered.allowed_mentions
    )


async def _pin(message: discord.PartialMessage) -> None:
    with suppress(discord.HTTPException):
        await message.pin()
