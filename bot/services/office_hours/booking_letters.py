"""Letters about bookings and offers: how they stand, as the tables say when the letters leave."""

from datetime import datetime

from bot.services.office_hours.booking_results import WaitlistPlaceView
from bot.services.office_hours.contents import BookingNews
from bot.services.office_hours.letters import HoursLetter
from bot.services.office_hours.promising import renew
from bot.services.office_hours.views import booking_of, booking_view
from bot.services.office_hours.waitlisting import place_of
from bot.services.outbox.describing import Concerned, Description, Pairs, news_channel, no_pairs
from bot.store.bookings import GOING_ON
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Slot, WaitlistPlace


class NewsLetter(Description):
    """A letter of which others read only that there is news: no one is to wait for a person who never heard of it."""

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return where others read that there is news."""
        return await news_channel(work, row.guild_id)


class BookingLetter(NewsLetter):
    """How a booking stands after a change; also that it is off, as it is after a block."""

    kind = HoursLetter.BOOKING
    contents = (BookingNews,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> BookingNews | None:
        """Return the booking."""
        booking = await booking_of(work, row)
        return BookingNews(await booking_view(work, booking, row.member_id)) if booking is not None else None

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether it changed once more: another letter says how it is."""
        booking = await booking_of(work, row)
        return booking is None or booking.sequence != row.params.get("sequence")

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Say that others may always read that there is news."""
        return True

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also both who are going to meet."""
        found, booking = await super().concerned(work, row), await booking_of(work, row)
        if booking is not None and booking.state in GOING_ON:
            found.there |= {booking.host_id, booking.asker_id}
        return found


class SlotOfferLetter(NewsLetter):
    """A slot that a person may take."""

    kind = HoursLetter.SLOT_OFFER
    contents = (WaitlistPlaceView,)

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> WaitlistPlaceView | None:
        """Return what is offered."""
        waiting = await _waiting_of(work, row)
        place = await place_of(work, waiting) if waiting is not None else None
        return place if place is not None and place.offered is not None else None

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether it isn't offered any more."""
        waiting = await _waiting_of(work, row)
        if waiting is None or waiting.slot_id != row.params.get("slot"):
            return True
        return waiting.offer_ends_at is None or now >= waiting.offer_ends_at

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether it is kept for them; what is offered unasked may follow from a question without a name."""
        return bool(row.params.get("kept"))

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put them before the host."""
        slot = await _slot_of(work, row)
        return {(row.member_id, slot.host_id)} if slot is not None and row.member_id is not None else set()

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also the host."""
        found, slot = await super().concerned(work, row), await _slot_of(work, row)
        found.there |= {slot.host_id} if slot is not None else set()
        return found

    async def before_leaving(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Let the time in which they may take it begin when it leaves, however late that is."""
        waiting = await work.waitlist.hold(row.waiting_id) if row.waiting_id else None
        if waiting is None or waiting.state != "offered" or waiting.slot_id != row.params.get("slot"):
            return
        slot = await work.office_hours.slot(waiting.slot_id or 0)
        if slot is not None and slot.state == "promised":
            renew(waiting, slot, now)


DESCRIPTIONS: tuple[Description, ...] = (BookingLetter(), SlotOfferLetter())


async def _waiting_of(work: UnitOfWork, row: OutboxLetter) -> WaitlistPlace | None:
    return await work.waitlist.get(row.waiting_id) if row.waiting_id else None


async def _slot_of(work: UnitOfWork, row: OutboxLetter) -> Slot | None:
    return await work.office_hours.slot(int(row.params.get("slot", 0)))
