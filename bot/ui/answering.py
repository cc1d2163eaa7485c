"""Answers to presses: each is tried once more where the network loses it, and what was lost is said by an exception.

Discord takes one acknowledgement of a press. So a second try that hears "acknowledged already" knows that the first one
arrived, and only its confirmation was lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord
from discord.webhook.async_ import async_context

TOO_OLD, ALREADY_ANSWERED = 10062, 40060
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
TOO_MANY, SERVER_ERROR = 429, 500
"""The HTTP status of a rate limit, and the lowest of Discord's own faults."""
TAKEN_WITHIN = 2.0
"""Seconds a first acknowledgement may take; Discord waits for three.

Source: https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction
"""
SHOWN_WITHIN = 20.0
"""Seconds a first try to show something may take; Discord's own faults are waited out in them."""
LOST = (aiohttp.ClientError, OSError, TimeoutError)
"""How a connection says that the fate of a request is unknown."""

_Answer = TypeVar("_Answer")


class NotTaken(discord.DiscordException):
    """Discord never said that it took the first answer to a press; what the press was for hasn't begun."""


class NotShown(discord.DiscordException):
    """What a press was for is done, but what came of it couldn't be shown."""


class Insistent:
    """An adapter of discord.py's for answers to presses that tries once more what a connection lost."""

    def __init__(self, adapter: Any) -> None:  # noqa: ANN401 - what discord.py answers through
        """Send through this adapter."""
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Leave everything else as it is."""
        return getattr(self._adapter, name)

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        params: Any,  # noqa: ANN401
        **more: object,
    ) -> Any:  # noqa: ANN401
        """Acknowledge a press, by showing something or by saying that it will come.

        Raises:
            NotTaken: it is unknown whether Discord took it.
        """

        async def send() -> Any:  # noqa: ANN401
            return await self._adapter.create_interaction_response(interaction_id, token, params=params, **more)

        try:
            return await _once(send, TAKEN_WITHIN)
        except LOST:
            _rewind(params.files)
        except discord.HTTPException as error:
            raise _refused(error) from error
        try:
            return await send()
        except LOST as error:
            raise NotTaken from error
        except discord.HTTPException as error:
            if error.code != ALREADY_ANSWERED:
                raise _refused(error) from error
            return {"interaction": {"id": str(interaction_id)}}

    async def execute_webhook(self, *args: object, **more: Any) -> Any:  # noqa: ANN401
        """Show a message to the person who pressed.

        Raises:
            NotShown: it isn't known to have arrived.
        """
        return await _shown(lambda: self._adapter.execute_webhook(*args, **more), more.get("files") or ())

    async def edit_original_interaction_response(self, *args: object, **more: Any) -> Any:  # noqa: ANN401
        """Change the message that was pressed, or the first one that was shown.

        Raises:
            NotShown: it isn't known to have changed.
        """
        edit = self._adapter.edit_original_interaction_response
        return await _shown(lambda: edit(*args, **more), more.get("files") or ())


def insist() -> None:
    """Let every answer of the running task be tried once more where the network loses it; twice is once."""
    adapter = async_context.get()
    if not isinstance(adapter, Insistent):
        async_context.set(Insistent(adapter))  # type: ignore[arg-type]  # it does all that an adapter does


async def _shown(send: Callable[[], Awaitable[_Answer]], files: Sequence[discord.File]) -> _Answer:
    try:
        try:
            return await _once(send, SHOWN_WITHIN)
        except LOST:
            _rewind(files)
            return await send()
    except (*LOST, discord.HTTPException) as error:
        raise NotShown from error


def _refused(error: discord.HTTPException) -> discord.DiscordException:
    """Return what a refused acknowledgement means: Discord being out of order, or too busy, is no fault of a press."""
    return NotTaken() if error.status == TOO_MANY or error.status >= SERVER_ERROR else error


async def _once(send: Callable[[], Awaitable[_Answer]], seconds: float) -> _Answer:
    async with asyncio.timeout(seconds):
        return await send()


def _rewind(files: Sequence[discord.File] | None) -> None:
    for file in files or ():
        file.reset()
