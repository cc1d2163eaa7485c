"""Erasing everything that is kept about one person."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.errors import Conflict
from bot.services.feedback.withdrawing import take_back_theirs
from bot.services.office_hours import letters
from bot.services.ports import Begin, Read
from bot.store.erasures import Kept
from bot.store.unit_of_work import UnitOfWork

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

        People who were to meet them are told that it doesn't take place.

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
            now, members = self.clock.now(), await work.erasures.members(user_id, guild_id)
            for member_id in members:
                await self._tell_others(work, member_id, now)
            if members:
                await take_back_theirs(work, members, now)
                await work.flush()
                await work.erasures.erase(members, user_id, now)

    async def _tell_others(self, work: UnitOfWork, member_id: int, now: datetime) -> None:
        """Tell those who have fifteen minutes ahead with a person, without a name, that these don't take place."""
        for booking in await work.bookings.going_on(member_id):
            if booking.ends_at > now:
                other_id = booking.asker_id if booking.host_id == member_id else booking.host_id
                letters.tell_erased(work, booking, other_id, now)
