"""What letters about office hours are made of; what is offered, and a plan of an event, stand in their own results."""

from dataclasses import dataclass

from bot.services.office_hours.booking_results import BookingView


@dataclass(frozen=True, slots=True)
class BookingNews:
    """How a booking stands after a change, as its addressee sees it."""

    booking: BookingView


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A line before, during or after fifteen minutes."""

    text: str
    """Its key in the catalogue."""
    booking: BookingView
    """As its addressee sees it."""
    place_id: int = 0
    """The channel in which both meet; 0 is nowhere in particular."""
    until: int = 0
    """Until when what it says holds, in seconds since 1970."""
    has_more: bool = False
    """Both may go on for a little."""
    was_alone: bool = False
    """Its addressee came, and the other didn't."""
    settles: bool = False
    """What its addressee says settles the question that the booking came from, too."""
    is_for_both: bool = False


@dataclass(frozen=True, slots=True)
class MeetingRoom:
    """A thread for two who meet."""

    booking: BookingView
    also_in: int = 0
    """Another channel in which they may talk; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class RoomOver:
    """That such a thread is put away."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A line to a person who stands in a queue, or works through it."""

    text: str
    """Its key in the catalogue."""
    occurrence_id: int
    place_id: int = 0
    host_user_id: int = 0
    channel_id: int = 0
    when: int = 0
    """When the next time begins, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class WhichClock:
    """The clock that some hours of a host's follow, and the one they live by."""

    member_id: int
    old: str
    new: str
