"""Letters about bookings and offers, written with a change: one line each, so that every occasion has one name."""

from datetime import datetime

from bot.services.requests.letters import line_to
from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import Booking, OutboxLetter, Slot, WaitlistPlace


class HoursLetter(LetterKind):
    """The kinds of letters about office hours; the values are what the table keeps."""

    BOOKING = "booking"
    SLOT_OFFER = "slot_offer"
    REMINDER = "reminder"
    CHECK_IN = "check_in"
    CHECK = "check"
    ROOM = "room"
    ROOM_OVER = "room_over"
    EVENT = "event"
    WHICH_CLOCK = "which_clock"


def tell_booking(work: UnitOfWork, booking: Booking, now: datetime) -> None:
    """Tell both people how their booking stands after a change; each change is an occasion."""
    for member_id in (booking.host_id, booking.asker_id):
        key = f"booking:{booking.id}:{booking.sequence}:{member_id}"
        letter = to_member(booking.guild_id, member_id, HoursLetter.BOOKING, key, now)
        letter.booking_id, letter.params = booking.id, {"sequence": booking.sequence}
        work.outbox.add(letter)


def tell_erased(work: UnitOfWork, booking: Booking, member_id: int, now: datetime) -> None:
    """Tell one of two people that their booking doesn't take place; it says no name, and needs no booking any more."""
    letter = line_to(booking.guild_id, member_id, "book.erased", str(booking.id), now)
    letter.params = {"at": int(booking.starts_at.timestamp())}
    work.outbox.add(letter)


def offer_slot(work: UnitOfWork, waiting: WaitlistPlace, slot: Slot, now: datetime) -> None:
    """Offer a member a slot that is kept for them."""
    key = slot_offer_key(waiting.id, slot.id, slot.open_since)
    letter = to_member(waiting.guild_id, waiting.member_id, HoursLetter.SLOT_OFFER, key, now)
    letter.waiting_id, letter.params = waiting.id, {"slot": slot.id, "kept": int(waiting.state == "offered")}
    work.outbox.add(letter)


def slot_offer_key(waiting_id: int, slot_id: int, open_since: datetime | None) -> str:
    """Name the occasion of offering a member a slot: once for each time that it became free."""
    since = f"{open_since:%Y%m%d%H%M%S}" if open_since else "first"
    return f"slot_offer:{waiting_id}:{slot_id}:{since}"


def tell_waiting(work: UnitOfWork, waiting: WaitlistPlace, text: str, occasion: str, now: datetime) -> None:
    """Say a line to a member about what they wait for; each occasion comes once."""
    work.outbox.add(line_to(waiting.guild_id, waiting.member_id, text, occasion, now))


def to_member(guild_id: int, member_id: int, kind: LetterKind, key: str, due_at: datetime) -> OutboxLetter:
    """Return a letter to one person, which isn't kept yet."""
    return OutboxLetter(guild_id=guild_id, kind=kind, key=key, due_at=due_at, member_id=member_id)
