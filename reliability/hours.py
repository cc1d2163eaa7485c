"""What is due around office hours: the steps of bookings, what the waitlist is offered, and queues."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.domain.meeting import DAY_BEFORE, MISSED_AFTER, PINGED_AFTER, SOON_BEFORE
from bot.domain.office_hours import DEFAULT
from bot.services.office_hours.filling import TOO_LATE
from reliability.moments import Deadline
from reliability.tables import Booking, Tables

GOING_ON: Final = {"booked", "under_way"}
"""The states of a booking that is still to come, or now."""
IN_LINE: Final = {"waiting", "held", "invited"}
"""The states of a place in a queue whose turn is still to come, or is now."""
_STEPS: Final = {
    -DAY_BEFORE: ("reminder", "meeting.tomorrow"),
    -SOON_BEFORE: ("reminder", "meeting.soon"),
    timedelta(): ("check-in", "meeting.start"),
    PINGED_AFTER: ("somebody waits", "meeting.ping"),
    MISSED_AFTER: ("couldn't find each other?", "meeting.missing"),
}
"""By how long after the start of a booking a step is due: what it is, and the text it sends."""


def around_hours(tables: Tables, until: datetime) -> Iterator[Deadline]:
    """Yield what is to be done around office hours; `until` decides only what is over by then and needn't be."""
    yield from _bookings(tables)
    yield from _offers(tables)
    yield from _slots(tables, until)
    yield from _places(tables)
    yield from _beginnings(tables, until)


def _bookings(tables: Tables) -> Iterator[Deadline]:
    for booking in tables.bookings:
        if booking.state in GOING_ON and booking.next_look_at is not None:
            yield _step(booking, booking.next_look_at)


def _step(booking: Booking, at: datetime) -> Deadline:
    what, *texts = _STEPS.get(at - booking.starts_at, ("how it was", "meeting.check", "meeting.unsure"))
    return Deadline(what, booking.id, at, "meet", tuple(f"{text}:{booking.id}" for text in texts))


def _offers(tables: Tables) -> Iterator[Deadline]:
    """Yield the ends of offers; the next person hears of that."""
    slots = {slot.id: slot for slot in tables.slots}
    for waiting in tables.waiting:
        if waiting.state == "offered" and waiting.offer_ends_at is not None:
            tells = _offered(waiting.slot_id or 0, slots[waiting.slot_id].open_since) if waiting.slot_id else ()
            yield Deadline("end of offer", waiting.id, waiting.offer_ends_at, "waitlist", tells)


def _slots(tables: Tables, until: datetime) -> Iterator[Deadline]:
    """Yield slots that are kept for the list and offered to no one yet, and free ones that begin soon."""
    offered = {waiting.slot_id for waiting in tables.waiting if waiting.state == "offered"}
    for slot in tables.slots:
        since = slot.open_since or slot.starts_at - DEFAULT.last_offer
        if slot.state == "promised" and slot.id not in offered:
            yield Deadline("offer", slot.id, since, "waitlist", _offered(slot.id, slot.open_since))
        elif slot.state == "open" and not slot.is_offered and until < slot.starts_at - TOO_LATE:
            yield Deadline("last offer", slot.id, max(since, slot.starts_at - DEFAULT.last_offer), "fill")


def _offered(slot_id: int, since: datetime | None) -> tuple[str, ...]:
    return (f"slot_offer:{slot_id}:{since:%Y%m%d%H%M%S}" if since else f"slot_offer:{slot_id}:first",)


def _places(tables: Tables) -> Iterator[Deadline]:
    known = {hour.id: hour for hour in tables.hours}
    for place in tables.places:
        hour = known[place.occurrence_id]
        if place.state in IN_LINE:
            tells = (f"queue.carried_over:{place.id}", f"queue.ended:{place.id}")
            yield Deadline("end of queue", place.id, hour.ends_at, "queue", tells)
        if place.state == "held" and place.held_until is not None and place.held_until < hour.ends_at:
            yield Deadline("end of hold", place.id, place.held_until, "queue", (f"queue.hold_over:{place.id}",))


def _beginnings(tables: Tables, until: datetime) -> Iterator[Deadline]:
    told = {letter.key for letter in tables.letters}
    for hour in tables.hours:
        occasion = f"queue.begin:{hour.id}"
        if hour.is_walk_in and hour.state == "planned" and until < hour.ends_at and occasion not in told:
            yield Deadline("walk-in hour", hour.id, hour.starts_at, "queue", (occasion,))
