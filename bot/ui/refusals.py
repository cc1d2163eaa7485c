"""What Discord refuses, and what that means for a letter: later, elsewhere or never, each for a reason."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.services.ports import CROWDED, LEFT, LOCKED, PLACE, TAGS, WORDS, MailboxClosed, TryLater, Undeliverable
from bot.ui.answering import SERVER_ERROR, TOO_MANY

CLOSED, THREAD_EXISTS, ARCHIVED, LOCKED_THREAD, NO_MESSAGE = 50007, 160004, 50083, 160005, 10008
GONE = {50278, 10013}
PASSING = {ARCHIVED, 20016, 20022, 20028, 20029, 30033, 40058, 40062}
"""Refused for now: an archived thread, slow mode, limits on writing, a full thread, a post without its first message.

Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""
LATER = {160006: CROWDED, 160007: CROWDED, 50008: PLACE, 50024: PLACE}
"""Refused until a thread closes elsewhere, or until a moderator picks a channel that takes questions."""
NEVER = {
    **dict.fromkeys(GONE, LEFT),
    200000: WORDS,
    200001: WORDS,
    240000: WORDS,
    40066: TAGS,
    40067: TAGS,
    LOCKED_THREAD: LOCKED,
}
"""Refused because its addressee left, for its words, for a tag that only people choose, or because of a lock."""


@contextmanager
def translated(is_gone: Callable[[], bool] = lambda: True, *, is_look: bool = True) -> Iterator[None]:
    """Let what Discord and the network refuse be what the use cases understand.

    What isn't found may come back unless it `is_gone`: Discord denies what is in a hidden channel. A refused look says
    nothing about what was looked for: only a refused letter is given up.
    """
    try:
        yield
    except discord.HTTPException as error:
        raise _meaning(error, is_gone, is_look=is_look) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise TryLater(type(error).__name__) from error


def _meaning(error: discord.HTTPException, is_gone: Callable[[], bool], *, is_look: bool) -> Exception:
    reason = f"{error.status}/{error.code}"
    if error.code == CLOSED:
        return MailboxClosed(reason)
    if error.code in LATER:
        return TryLater(LATER[error.code])
    if error.code in NEVER:
        return Undeliverable(NEVER[error.code])
    return TryLater(reason) if _is_passing(error, is_gone, is_look=is_look) else Undeliverable(reason)


def _is_passing(error: discord.HTTPException, is_gone: Callable[[], bool], *, is_look: bool) -> bool:
    if isinstance(error, discord.NotFound):
        return not is_gone()
    is_passing = isinstance(error, discord.Forbidden) or error.status >= SERVER_ERROR
    return is_passing or error.code in PASSING or error.status == TOO_MANY or is_look
