"""What letters about bookings and offers say, from the tables as they are when they leave."""

from datetime import datetime

from bot.services.office_hours.booking_results import WaitlistPlaceView
from bot.services.office_hours.promising import renew
from bot.services.office_hours.waitlisting import place_of
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter


async def is_moot(work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
    """Tell whether a letter about a booking or an offer has nothing to say any more."""
    match row.kind:
        case "booking":
            # After another change another letter says how it is.
            booking = await work.bookings.get(row.booking_id) if row.booking_id else None
            return booking is None or booking.sequence != row.params.get("sequence")
        case "slot_offer":
            return not await _is_offered(work, row, now)
    return False


async def keep_from(work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
    """Let the time in which a member may take what a letter offers begin when it leaves, however late that is."""
    waiting = await work.waitlist.hold(row.waiting_id) if row.waiting_id else None
    if waiting is None or waiting.state != "offered" or waiting.slot_id != row.params.get("slot"):
        return
    slot = await work.office_hours.slot(waiting.slot_id or 0)
    if slot is not None and slot.state == "promised":
        renew(waiting, slot, now)


async def channel_of(work: UnitOfWork, row: OutboxLetter) -> int | None:
    """Return where a member with closed direct messages reads that there is news about a booking."""
    settings = await work.guilds.settings(row.guild_id)
    # A forum takes no messages of its own: there, the panel's post does.
    return (settings.panel_channel_id or settings.help_channel_id) if settings else None


async def offer_of(work: UnitOfWork, row: OutboxLetter) -> WaitlistPlaceView | None:
    """Return what a letter offers, and to which member."""
    waiting = await work.waitlist.get(row.waiting_id) if row.waiting_id else None
    return await place_of(work, waiting) if waiting is not None else None


async def _is_offered(work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
    waiting = await work.waitlist.get(row.waiting_id) if row.waiting_id else None
    if waiting is None or waiting.slot_id != row.params.get("slot"):
        return False
    return waiting.offer_ends_at is not None and now < waiting.offer_ends_at
