"""What becomes of a free slot: kept for the waitlist, or open to all; all inside a transaction.

The caller holds the community's lock. Who on the list is offered a slot is found out afterwards, because
comparing questions takes too long inside a transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.booking import offer_ends_at
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.services.office_hours import letters
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Member, Slot, WaitlistPlace

LATE = timedelta(minutes=1)
"""By how much a member's time to take an offer has to be longer, to begin again."""


async def release(work: UnitOfWork, slot: Slot, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> None:
    """Free a slot: kept while a member waits for it and there is time, else open to all."""
    slot.open_since = now
    is_early = offer_ends_at(slot.starts_at, now, numbers) is not None
    is_wanted = is_early and bool(await work.waitlist.line(slot.guild_id, slot.host_id))
    slot.state = "promised" if is_wanted else "open"


async def offer_new(
    work: UnitOfWork, slots: Sequence[Slot], now: datetime, numbers: OfficeHoursPolicy = DEFAULT
) -> None:
    """Keep some of a host's new slots for the list, soonest first; the others are open to all.

    As many as there are people who may want one, so that a long series isn't hidden from everyone else.
    """
    if not slots:
        return
    await work.flush()
    line = await work.waitlist.line(slots[0].guild_id, slots[0].host_id)
    room = len({each.member_id for each in line}) - await work.waitlist.kept(slots[0].guild_id)
    early = [slot for slot in slots if offer_ends_at(slot.starts_at, now, numbers) is not None]
    for slot in early[: max(room, 0)]:
        slot.state = "promised"


def promise(work: UnitOfWork, slot: Slot, waiting: WaitlistPlace, until: datetime, now: datetime) -> None:
    """Keep a slot for one person of the list until a moment, and tell them."""
    waiting.state, waiting.slot_id, waiting.offer_ends_at = "offered", slot.id, until
    letters.offer_slot(work, waiting, slot, now)


def renew(waiting: WaitlistPlace, slot: Slot, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> None:
    """Let a member's time to take an offer begin now: they couldn't read of it before. Shortly before, it ends."""
    until = offer_ends_at(slot.starts_at, now, numbers)
    if waiting.offer_ends_at is not None and until is not None and until - waiting.offer_ends_at >= LATE:
        waiting.offer_ends_at = until


def take_back(waiting: WaitlistPlace, state: str) -> None:
    """End an offer, with or without another after it."""
    waiting.state, waiting.slot_id, waiting.offer_ends_at = state, None, None


async def put_first(work: UnitOfWork, booking: Booking, member: Member, now: datetime) -> WaitlistPlace:
    """Let a person come before others, because two people couldn't find each other; once for each booking.

    With the same host, where it is the asker who came; a host who came waits for no one.
    """
    for waiting in await work.waitlist.of(member.id):
        if waiting.is_first and waiting.host_id == booking.host_id:
            return waiting
    waiting = WaitlistPlace(
        guild_id=booking.guild_id,
        member_id=member.id,
        interaction_id=None,
        question=booking.question,
        since=now,
        request_id=booking.request_id,
        host_id=booking.host_id,
        is_first=True,
    )
    work.waitlist.add(waiting)
    work.facts.note("waitlisted", booking.guild_id, now, member.id, booking.request_id)
    await work.flush()
    return waiting
