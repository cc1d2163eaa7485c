"""What becomes of slots: each is one person's at a time, and what is kept for the waitlist is booked or ends."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from reliability.sentences import is_told
from reliability.standin.world import Interaction
from reliability.tables import Tables

_BOOKED: Final = ("book.done",)


def conflicts(tables: Tables) -> Iterator[str]:
    """Yield what may be at no moment: a slot kept for two, or for no one, while a person is told that it is theirs."""
    states = {slot.id: slot.state for slot in tables.slots}
    kept = Counter(waiting.slot_id for waiting in tables.waiting if waiting.state == "offered")
    for slot_id, people in kept.items():
        if people > 1:
            yield f"slot {slot_id} was kept for {people} people at once"
        # Hours that were called off leave an offer to run out.
        if states.get(slot_id or 0) not in {"promised", "cancelled"}:
            yield f"slot {slot_id} was offered to one person, and was {states.get(slot_id or 0)} to others"


def lost_slots(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield slots and offers that never came to an end, and receipts of bookings that aren't there."""
    for slot in tables.slots:
        if slot.state == "promised":
            yield f"slot {slot.id} is kept for the waitlist for ever"
    for waiting in tables.waiting:
        if waiting.state == "offered":
            yield f"what was offered to waiting {waiting.id} never ended"
    made = {booking.interaction_id for booking in tables.bookings}
    for interaction in answered:
        if is_told(interaction, _BOOKED) and int(interaction.payload["id"]) not in made:
            yield f"{interaction.payload['id']} got a receipt, and there is no such booking"


def doubled_slots(tables: Tables) -> Iterator[str]:
    """Yield slots that two people had."""
    taken = defaultdict[int, list[int]](list)
    for booking in tables.bookings:
        if booking.state != "cancelled":
            taken[booking.slot_id].append(booking.id)
    for slot_id, bookings in taken.items():
        if len(bookings) > 1:
            yield f"slot {slot_id} was booked {len(bookings)} times: {bookings}"
