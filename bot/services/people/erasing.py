"""Erasing everything that is kept about one person."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import Conflict
from bot.services.ports import Begin, Read
from bot.store.erasures import Kept

ATTEMPTS = 5
"""A bot that runs beside on a server may change the same rows."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """Use cases around what is kept about one person; needs no index, which goes by the rows."""

    begin: Begin
    read: Read
    clock: Clock

    async def look(self, user_id: int, guild_id: int | None = None) -> Kept | None:
        """Count what is kept about a person, in one community or in all; None where nothing is."""
        async with self.read() as work:
            members = await work.erasures.members(user_id, guild_id)
            return await work.erasures.count(members, self.clock.now()) if members else None

    async def erase(self, user_id: int, guild_id: int | None = None) -> None:
        """Erase a person from one community or from all, all or nothing; a second time changes nothing.

        Raises:
            Conflict: the same rows were being changed each time.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._erase(user_id, guild_id)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        return None

    async def _erase(self, user_id: int, guild_id: int | None) -> None:
        async with self.begin() as work:
            members = await work.erasures.members(user_id, guild_id)
            if members:
                await work.erasures.erase(members, user_id, self.clock.now())
