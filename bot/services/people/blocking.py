"""Keeping two people apart without telling either side's business."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.limits import Deed
from bot.errors import Invalid, LimitReached
from bot.services import limits
from bot.services.office_hours.agreeing import unbook
from bot.services.office_hours.promising import take_back
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.inviting import Inviting
from bot.services.requests.parting import part
from bot.services.routing.community import news_of
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Request

MOST = 25
"""People one member may keep away; Discord's select, by which they are let in again, shows no more."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """Use cases around blocks: neither is asked for the other from then on, and no one is told."""

    begin: Begin
    read: Read
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def blocked(self, guild_id: int, user_id: int) -> dict[int, int]:
        """Return the members that a member blocked: user ids by member id, in the order they did."""
        async with self.read() as work:
            return await _blocked(work, guild_id, user_id)

    async def block(self, guild_id: int, user_id: int, other_user_id: int) -> dict[int, int]:
        """Block a member and return everyone who is blocked; twice is once.

        What they had booked with each other is called off, as whenever one of two can't come. What one of them took of
        the other's ends as if its time had run out, and others are asked.

        Raises:
            Invalid: it is they themselves.
            LimitReached: they keep `MOST` people away already.
        """
        if user_id == other_user_id:
            raise Invalid("block.yourself")
        parted, now = list[Request](), self.clock.now()
        async with self.begin() as work:
            # Requests come before the community: else two could wait for one another.
            requests = await work.requests.hold_all(await _between(work, guild_id, user_id, other_user_id))
            await work.lock(guild_id)
            member = await work.members.ensure(guild_id, user_id, now)
            other = await work.members.ensure(guild_id, other_user_id, now)
            away = await work.blocks.of(member.id)
            if other.id not in {each.id for each in away}:
                if len(away) >= MOST:
                    raise LimitReached("block.limit", limit=MOST)
                await limits.hold(work, member.id, Deed.BLOCK, now)
                await work.blocks.add(member.id, other.id, now)
                await work.flush()
                await _part(work, member, other, now)
                parted = await part(work, member, other, requests, self.inviting.numbers, now)
            news = [await news_of(work, each, [member.id, other.id]) for each in parted]
            blocked = await _blocked(work, guild_id, user_id)
        for each in news:
            each.tell(self.inviting.router)
        for request in parted:
            await self.inviting.ask_more(request.id)
        self.nudge()
        return blocked

    async def unblock(self, guild_id: int, user_id: int, member_ids: Collection[int]) -> dict[int, int]:
        """Let these members in again and return who is still kept away."""
        async with self.begin() as work:
            await work.lock(guild_id)
            member = await work.members.find(guild_id, user_id)
            if member is not None:
                await work.blocks.remove(member.id, member_ids)
            return await _blocked(work, guild_id, user_id)


async def _between(work: ReadingWork, guild_id: int, user_id: int, other_user_id: int) -> set[int]:
    """Return the ids of the requests of one of two that the other has taken."""
    one, other = await work.members.find(guild_id, user_id), await work.members.find(guild_id, other_user_id)
    return await work.invitations.claimed_between(one.id, other.id) if one and other else set()


async def _part(work: UnitOfWork, member: Member, other: Member, now: datetime) -> None:
    """Call off what one of them had booked with the other, and take back what one is offered of the other's time."""
    for booking in await work.bookings.going_on(member.id):
        if other.id in {booking.host_id, booking.asker_id} and booking.state == "booked" and booking.starts_at > now:
            await unbook(work, booking, "host" if booking.host_id == member.id else "asker", now)
    for one, host in ((member, other), (other, member)):
        for waiting in await work.waitlist.of(one.id):
            slot = await work.office_hours.slot(waiting.slot_id) if waiting.slot_id else None
            if slot is not None and slot.host_id == host.id:
                take_back(waiting, "waiting")


async def _blocked(work: ReadingWork, guild_id: int, user_id: int) -> dict[int, int]:
    member = await work.members.find(guild_id, user_id)
    return {each.id: each.user_id for each in await work.blocks.of(member.id)} if member else {}
