"""What the use cases around bookings give back: frozen, and free of rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

BookingState = Literal["booked", "under_way", "held", "not_found", "cancelled"]
Side = Literal["host", "asker"]


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """Fifteen minutes that a member may book."""

    slot_id: int
    host_user_id: int
    starts_at: datetime
    ends_at: datetime
    reason: str | None = field(repr=False, default=None)
    """What speaks for its host, in their own words: a line of their profile, or what these hours are about."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member may choose from for their question, best first."""

    waiting_id: int
    """Names the question from now on."""
    slots: tuple[OpenSlot, ...]
    zone: str | None
    """The reader's; None while they gave none."""
    same_day_until: datetime | None = None
    """Until when this person only books for the same day."""
    is_just_taken: bool = False
    """Another member was a moment earlier; these are the nearest others."""
    has_more: bool = False
    """More is free than these."""


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as its two people see it."""

    booking_id: int
    guild_id: int
    host_user_id: int
    asker_user_id: int
    question: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    sequence: int
    request_id: int | None = None
    thread_id: int | None = None
    cancelled_by: str | None = None
    note: str | None = field(repr=False, default=None)
    side: Side = "asker"
    """Whose eyes see it."""
    uid: str = ""
    """By which calendars know it."""
    place_id: int = 0
    """The channel in which both meet; 0: none was chosen."""

    @property
    def other_user_id(self) -> int:
        """Return the person the reader meets."""
        return self.asker_user_id if self.side == "host" else self.host_user_id


@dataclass(frozen=True, slots=True)
class Booked:
    """What a member gets back who booked."""

    booking: BookingView
    at: datetime
    """When it was so."""


@dataclass(frozen=True, slots=True)
class WaitlistPlaceView:
    """A member's place on the waitlist."""

    waiting_id: int
    question: str = field(repr=False)
    host_user_id: int | None
    """The host; None: anyone who matches."""
    offered: OpenSlot | None = None
    offer_ends_at: datetime | None = None
    is_kept: bool = False
    """Kept for them alone, not offered to several at once."""


@dataclass(frozen=True, slots=True)
class OwnTimes:
    """What a member has booked, was booked for, and waits for; soonest first."""

    bookings: tuple[BookingView, ...] = ()
    places: tuple[WaitlistPlaceView, ...] = ()
