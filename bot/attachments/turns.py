"""Whose file is next: one of each person's at a time, in the order in which people came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from bot.errors import Unavailable


class FileTurns:
    """Lets a few people's files in at once; a person's second file waits for their first, and holds no one up."""

    def __init__(self, most: int, patience: float) -> None:
        """Let `most` in at once; the others wait so many seconds."""
        self._room = asyncio.Semaphore(most)
        self._patience = patience
        self._own = WeakValueDictionary[int, asyncio.Lock]()

    @asynccontextmanager
    async def of(self, user_id: int) -> AsyncIterator[None]:
        """Wait until it is this person's turn, which lasts as long as this is entered.

        Raises:
            Unavailable: it took too long.
        """
        own = self._own.setdefault(user_id, asyncio.Lock())
        async with AsyncExitStack() as turn:
            try:
                async with asyncio.timeout(self._patience):
                    await turn.enter_async_context(own)
                    await turn.enter_async_context(self._room)
            except TimeoutError:
                raise Unavailable("file.busy") from None
            yield
