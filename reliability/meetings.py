"""What became of fifteen minutes: whether both were told all they had to be, and all that they said was kept."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.ui.items import Press
from reliability.sentences import is_told
from reliability.standin.world import Interaction
from reliability.tables import Booking, Tables

_OVER: Final = {"held", "not_found", "cancelled"}
_IS_THERE: Final = ("meeting.here_first", "meeting.here_both")
_IS_MISSING: Final = ("meeting.noted_host", "meeting.noted_asker")


def lost_meetings(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield what was promised about bookings and isn't so, long after all of them are over."""
    yield from _unfinished(tables)
    yield from _untold(tables)
    yield from _unkept(tables, answered)


def _unfinished(tables: Tables) -> Iterator[str]:
    for booking in tables.bookings:
        if booking.state not in _OVER or booking.next_look_at is not None:
            yield f"booking {booking.id} never came to its end"
    if tables.spoken_for:
        yield f"{tables.spoken_for} times are still spoken for"


def _untold(tables: Tables) -> Iterator[str]:
    """Yield who was never asked how it was, nor told that the other waited, where they had to be."""
    written = {letter.key for letter in tables.letters}
    for booking in tables.bookings:
        for member_id in _owed(booking):
            texts = ("check", "unsure", "missed_host", "missed_asker")
            if not any(f"meeting.{text}:{booking.id}:{member_id}" in written for text in texts):
                yield f"nobody told member {member_id} what became of booking {booking.id}"


def _owed(booking: Booking) -> list[int]:
    """Return who is owed a word: both, or the one the other waited for; the one who waited was just told."""
    match booking.missing if booking.state == "not_found" else None:
        case "host":
            return [booking.host_id]
        case "asker":
            return [booking.asker_id]
    return [] if booking.state == "cancelled" else [booking.host_id, booking.asker_id]


def _unkept(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    bookings = {booking.id: booking for booking in tables.bookings}
    thoughts = {(each.booking_id, each.user_id): each for each in tables.impressions}
    for interaction in answered:
        press = Press.parse(str(interaction.payload["data"].get("custom_id", "")))
        booking = bookings.get(press.row) if press is not None and press.kind == "meeting" else None
        if press is None or booking is None:
            continue
        thought = thoughts.get((booking.id, interaction.user_id))
        # A person who waited in vain said by that that they were there.
        kept = {
            _IS_THERE: booking.host_here_at or booking.asker_here_at,
            _IS_MISSING: booking.state == "not_found" and booking.missing in {"host", "asker"},
            ("meeting.thanks",): thought and thought.helped,
            ("meeting.note_kept",): thought,
        }
        for texts, is_kept in kept.items():
            if is_told(interaction, texts) and not is_kept:
                yield f"{press} was told {texts[0]}, and nothing of it is kept"
