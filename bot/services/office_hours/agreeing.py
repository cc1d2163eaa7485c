"""Two people agree on fifteen minutes, and are free of them again; all inside a transaction.

To change anything here, hold the community's lock, and read no row of it before.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import meeting
from bot.domain.booking import Hindrance
from bot.errors import Conflict, LimitReached, NotAllowed, NotFound
from bot.services.office_hours import letters
from bot.services.office_hours.booking_results import Booked
from bot.services.office_hours.permitting import Permission
from bot.services.office_hours.promising import release, take_back
from bot.services.office_hours.views import booking_view
from bot.store.bookings import GOING_ON, Offered
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Booking, Member, Slot, WaitlistPlace


@dataclass(frozen=True, slots=True)
class NewBooking:
    """What a member would like fifteen minutes for."""

    guild_id: int
    user_id: int
    interaction_id: int
    """Discord's id of what they did: the same one twice is done once."""
    question: str = field(repr=False)
    request_id: int | None = None
    """The question it came from, where there is one."""
    waiting_id: int | None = None
    """Where it was kept while they looked."""


async def agree(work: UnitOfWork, wish: NewBooking, member: Member, slot: Slot, now: datetime) -> Booking:
    """Write down that a slot is a member's; it is held, free for them, and the community is locked.

    Raises:
        Conflict: one of both has something else at that time.
    """
    if await work.bookings.busy((slot.host_id, member.id), slot.starts_at, slot.ends_at):
        raise Conflict("book.overlap")
    booking = Booking(
        slot_id=slot.id,
        guild_id=slot.guild_id,
        host_id=slot.host_id,
        asker_id=member.id,
        request_id=wish.request_id,
        interaction_id=wish.interaction_id,
        question=wish.question,
        booked_at=now,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        next_look_at=meeting.first_look(now, slot.starts_at),
        thread_id=await _thread(work, wish.request_id),
    )
    slot.state = "booked"
    work.bookings.add(booking)
    await work.flush()
    await work.bookings.speak_for(booking)
    await _leave_list(work, wish)
    work.facts.note("booked", slot.guild_id, now, member.id, wish.request_id)
    letters.tell_booking(work, booking, now)
    return booking


async def unbook(work: UnitOfWork, booking: Booking, by: str, now: datetime, note: str | None = None) -> None:
    """End a booking that is going on, the one way there is; the community is locked, and twice is once.

    `by` is host, asker or moderator. Both are told. The slot is free for the waitlist and then for all where it was the
    asker who couldn't; hours that don't take place have no free slots.
    """
    if booking.state not in GOING_ON:
        return
    booking.state, booking.cancelled_by, booking.note = "cancelled", by, note
    booking.next_look_at = None
    booking.sequence += 1
    await work.bookings.set_free(booking.id)
    slot = await work.bookings.hold_slot(booking.slot_id)
    if slot is not None and slot.state == "booked":
        if by == "asker":
            await release(work, slot, now)
        else:
            slot.state = "cancelled"
    work.facts.note("unbooked", booking.guild_id, now, booking.asker_id, booking.request_id)
    letters.tell_booking(work, booking, now)


def require(permission: Permission, slot: Offered) -> None:
    """Make sure that nothing of the member's own speaks against a slot.

    Raises:
        LimitReached: they have as many bookings as one person may have, or with this host.
        Conflict: their own time is spoken for.
    """
    match permission.hindrance(slot):
        case Hindrance.FULL:
            raise LimitReached("book.limit", limit=permission.numbers.upcoming)
        case Hindrance.WITH_ONE:
            raise LimitReached("book.limit_with_one")
        case Hindrance.SAME_DAY:
            raise LimitReached("book.limit_same_day")
        case Hindrance.BUSY:
            raise Conflict("book.overlap")


async def own_waiting(work: ReadingWork, waiting_id: int, user_id: int) -> tuple[WaitlistPlace, Member]:
    """Return what a member looks or waits for, and the member.

    Raises:
        NotFound: it isn't kept any more.
        NotAllowed: it is another person's.
    """
    waiting = await work.waitlist.get(waiting_id)
    member = await work.members.get(waiting.member_id) if waiting else None
    if waiting is None or member is None:
        raise NotFound("book.forgotten")
    if member.user_id != user_id:
        raise NotAllowed("book.not_yours")
    return waiting, member


async def own_booking(work: ReadingWork, booking: Booking | None, user_id: int) -> tuple[Booking, Member]:
    """Return a booking and the one of its two people who acts.

    Raises:
        NotFound: there is no such booking.
        NotAllowed: it is between two others.
    """
    if booking is None:
        raise NotFound("book.unknown")
    member = await work.members.find(booking.guild_id, user_id)
    if member is None or member.id not in {booking.host_id, booking.asker_id}:
        raise NotAllowed("book.not_yours")
    return booking, member


async def booked_view(work: UnitOfWork, booking: Booking, now: datetime) -> Booked:
    """Return what its asker gets back."""
    view = await booking_view(work, booking, booking.asker_id)
    return Booked(view, now)


async def _thread(work: UnitOfWork, request_id: int | None) -> int | None:
    question = await work.requests.get(request_id) if request_id else None
    return question.thread_id if question else None


async def _leave_list(work: UnitOfWork, wish: NewBooking) -> None:
    waiting = await work.waitlist.hold(wish.waiting_id) if wish.waiting_id else None
    if waiting is not None:
        take_back(waiting, "booked")
