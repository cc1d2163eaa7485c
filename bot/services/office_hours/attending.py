"""Who has a part in a booking, and whether people are there before others rely on them."""

from datetime import datetime

from bot.domain.office_hours import OfficeHoursPolicy
from bot.domain.rows import Row
from bot.errors import NotAllowed, NotFound
from bot.services.ports import Look, Read
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Booking, Member


async def is_there(look: Look, guild_id: int, user_id: int, at: datetime) -> bool:
    """Tell whether a person is a member who may speak at a moment; where Discord can't say, nothing speaks against it.

    What depends on a person who is gone has ended by then.
    """
    standing = await look(guild_id, user_id)
    is_silenced = standing.silenced_until is not None and standing.silenced_until > at
    return standing.where in {"here", "unknown"} and not is_silenced


async def is_host_there(read: Read, look: Look, slot_id: int) -> bool:
    """Tell whether the host of a slot is there for it; False where the slot isn't."""
    async with read() as work:
        offered = await work.bookings.slots([slot_id])
    return bool(offered) and await is_there(look, offered[0].guild_id, offered[0].host_user_id, offered[0].starts_at)


async def part_of(work: ReadingWork, booking_id: int, user_id: int) -> tuple[Booking, Member]:
    """Return a booking and the one of its two people who acts.

    Raises:
        NotFound: there is no such booking.
        NotAllowed: it is between two others.
    """
    return await _part(work, await work.bookings.get(booking_id), user_id)


async def hold_part(work: UnitOfWork, booking_id: int, user_id: int) -> tuple[Booking, Member]:
    """Do as `part_of`, in a locked community."""
    guild_id = await work.communities.of(Row.BOOKING, booking_id)
    if guild_id is not None:
        await work.lock(guild_id)
    return await _part(work, await work.bookings.hold(booking_id), user_id)


def barred_until(booking: Booking, numbers: OfficeHoursPolicy) -> datetime:
    """Return until when a member who misses too many bookings books for the same day only."""
    return booking.starts_at + numbers.same_day_for


def note_fact(work: UnitOfWork, fact: str, booking: Booking, now: datetime) -> None:
    """Append a fact about a booking."""
    work.facts.note(fact, booking.guild_id, now, booking.asker_id, booking.request_id)


async def _part(work: ReadingWork, booking: Booking | None, user_id: int) -> tuple[Booking, Member]:
    if booking is None:
        raise NotFound("meeting.unknown")
    member = await work.members.find(booking.guild_id, user_id)
    if member is None or member.id not in {booking.host_id, booking.asker_id}:
        raise NotAllowed("meeting.not_yours")
    return booking, member
