"""Erasing everything that is kept about one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.lifecycle import InvitationState, RequestState
from bot.domain.policy import Policy
from bot.errors import Conflict
from bot.services.feedback.withdrawing import take_back_theirs
from bot.services.office_hours import letters
from bot.services.ports import Begin, Read
from bot.services.requests.kinds import with_kinds
from bot.services.requests.letters import line_to
from bot.services.requests.parting import end_claim
from bot.store.erasures import Kept
from bot.store.unit_of_work import UnitOfWork
from models import Draft, Request

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

    async def erase(self, user_id: int, policy: Policy, guild_id: int | None = None) -> None:
        """Erase a person from one community or from all, all or nothing; a second time changes nothing.

        People who were to meet them are told that it doesn't take place, and those who took what they asked, that it is
        over. What they took themselves waits for others again.

        Raises:
            Conflict: the same rows were being changed each time.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._erase(user_id, with_kinds(policy), guild_id)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        return None

    async def _erase(self, user_id: int, numbers: Policy, guild_id: int | None) -> None:
        async with self.begin() as work:
            now, members = self.clock.now(), await work.erasures.members(user_id, guild_id)
            await _leave_requests(work, members, numbers, now)
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


async def _leave_requests(work: UnitOfWork, member_ids: Sequence[int], numbers: Policy, now: datetime) -> None:
    """End what a person asked or is asked in a way that no one waits for them."""
    concerned = [await work.departures.request_ids(each) for each in member_ids]
    requests = await work.requests.hold_all(set[int]().union(*concerned))
    for guild_id in sorted({each.guild_id for each in requests}):
        await work.lock(guild_id)
    for request in requests:
        if request.asker_id in member_ids:
            await _tell_claimants(work, request, now)
            continue
        for member_id in member_ids:
            await end_claim(work, request, member_id, numbers, now)
    await work.flush()
    await work.requests.look_at([each.id for each in requests if each.state == RequestState.WAITING], now)


async def _tell_claimants(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Tell those who took a request that there is nothing left to do; it says no name and needs no request."""
    text = "feedback.withdrawn.reader" if isinstance(request, Draft) else "claim.over"
    for each in await work.invitations.of(request.id):
        if each.state == InvitationState.TAKEN and each.expires_at is not None:
            work.outbox.add(line_to(request.guild_id, each.member_id, text, f"{request.id}:{each.member_id}", now))
