"""What the use cases around meetings and queues give back: frozen, and free of rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.services.office_hours.booking_results import BookingView

PlaceState = Literal["waiting", "held", "invited", "seen", "left", "carried_over"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a person reads who said that they are there."""

    booking: BookingView
    is_other_here: bool
    may_miss_from: datetime
    """From when they may say that the other isn't there."""
    place: int | None
    """The channel in which both meet, where there is one."""


@dataclass(frozen=True, slots=True)
class OwnQueuePlace:
    """A member's place in the queue of a walk-in hour."""

    place_id: int
    occurrence_id: int
    guild_id: int
    host_user_id: int
    state: PlaceState
    ahead: int
    """How many come before."""
    starts_at: datetime
    ends_at: datetime
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, as the host sees it."""

    occurrence_id: int
    user_id: int | None
    """None: no one waits now."""
    question: str = field(repr=False, default="")
    waiting: int = 0
    """How many wait after them."""
    held: int = 0
    """How many have their place held for now."""
