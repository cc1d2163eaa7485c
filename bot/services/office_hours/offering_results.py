"""What the use cases around offered time give back: frozen, and free of rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Offer:
    """What a host is about to offer, as it was understood; nothing of it is there yet."""

    series_id: int
    timetable: Timetable
    typed: str = field(repr=False)
    topics: str | None = field(repr=False)
    is_walk_in: bool
    starts_at: datetime
    """Of the first time."""
    ends_at: datetime
    is_moved: bool
    """The clocks skip the first time's hour."""
    last: datetime | None
    """When the last time begins; None: it goes on."""
    slots: int
    """Slots that are opened the first time."""
    left_out: int
    """Slots that stay closed in the fullest week, for there would be too many."""
    local: datetime
    """What the clock that it follows showed when this was read."""
    own_zone: str | None = None
    """Of the host."""


@dataclass(frozen=True, slots=True)
class OwnOccurrence:
    """One time that a host offers, as they see it."""

    occurrence_id: int
    series_id: int
    starts_at: datetime
    ends_at: datetime
    slots: int
    booked: int
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class OwnHours:
    """A series as its host sees it."""

    series_id: int
    timetable: Timetable
    typed: str = field(repr=False)
    topics: str | None = field(repr=False)
    is_walk_in: bool
    coming: tuple[OwnOccurrence, ...]


@dataclass(frozen=True, slots=True)
class ComingHours:
    """One time that anyone may come to."""

    occurrence_id: int
    host_user_id: int
    topics: tuple[str, ...] = field(repr=False)
    """What it is about, in its host's words: given with the hours, or a few lines of their profile."""
    is_walk_in: bool
    starts_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Page:
    """A few of the times that are coming."""

    hours: tuple[ComingHours, ...]
    number: int
    """From 0."""
    pages: int
    zone: str | None = None
    """The reader's."""


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What Discord's scheduled event of an occurrence is to be like."""

    verb: Literal["create", "update", "cancel"]
    event_id: int | None
    host_user_id: int
    topics: str | None = field(repr=False)
    is_walk_in: bool
    starts_at: datetime
    ends_at: datetime
    meeting_channel_id: int | None
    """Where people meet; None where the community hasn't said."""
    channel_id: int | None
    """The help channel."""
