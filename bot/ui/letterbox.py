"""What a direct message to the bot leads to: a sentence that says where words are read. Its own are never looked at."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import discord

from bot.domain.rows import Row
from bot.services.people.recognising import Meant, Recognising
from bot.services.requests.kinds import KINDS
from bot.texts import own, say
from bot.ui.items import Press, button, custom_ids, view
from bot.ui.messenger import is_answer
from bot.ui.render import NOBODY, link

AGAIN_AFTER = timedelta(minutes=2)
"""From this long after an answer on, the next message of the same person gets one too."""
REMEMBERED = 1_000
"""People whose last answer has a known time."""
_ROWS = {"invitation": Row.INVITATION, "claim": Row.INVITATION, "outcome": Row.QUESTION, "reply": Row.QUESTION,
         "question": Row.QUESTION, "thanks": Row.QUESTION, "reading": Row.QUESTION, "feedback": Row.FEEDBACK,
         "point": Row.POINT}  # fmt: skip
"""What the buttons stand for under messages that people reply to."""


class Letterbox:
    """Answers direct messages, once for each burst of one person's."""

    def __init__(self) -> None:
        """Begin with no one answered."""
        self._answered: dict[int, datetime] = {}

    async def answer(self, message: discord.Message, recognising: Recognising) -> None:
        """Say in one sentence where words are read, with the way to the thread that the person most likely means."""
        if not is_answer(message) or not self._is_new(message.author.id, message.created_at):
            return
        meant = await recognising.meant(message.author.id, list(_behind(message)))
        shown = _reply_view(meant) or discord.utils.MISSING
        with suppress(discord.Forbidden):
            await message.channel.send(_sentence(meant), view=shown, allowed_mentions=NOBODY)

    def _is_new(self, user_id: int, now: datetime) -> bool:
        before = self._answered.pop(user_id, None)
        is_new = before is None or now - before >= AGAIN_AFTER
        self._answered[user_id] = now if before is None or is_new else before
        if len(self._answered) > REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return is_new


def _behind(message: discord.Message) -> Iterator[tuple[Row, int]]:
    """Return the rows behind the buttons of the message that this one replies to."""
    replied = message.reference.resolved if message.reference else None
    for custom_id in custom_ids(replied.components) if isinstance(replied, discord.Message) else ():
        press = Press.parse(custom_id)
        if press is not None and press.kind in _ROWS:
            yield _ROWS[press.kind], press.row


def _sentence(meant: Meant | None) -> str:
    if meant is None:
        return say("direct.nothing")
    key = "direct.meant_hidden" if meant.is_hidden_asker else "direct.meant"
    if meant.is_let_in_by_taking:
        key = "direct.meant_private"
    elif meant.thread_id is None:
        key = "direct.meant_outside"
    return say(own(key, KINDS[meant.type].words), thread=link(meant.guild_id, meant.thread_id))


def _reply_view(meant: Meant | None) -> discord.ui.View | None:
    if meant is None or not meant.is_hidden_asker:
        return None
    words = own("reply.button", KINDS[meant.type].words)
    return view(button(Press("reply", "write", meant.request_id), say(words)))
