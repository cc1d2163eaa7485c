"""What a member may book, and for how long something is kept for them; pure, and told the time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.hours import own_clock
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy

SHOWN_EACH = 3
"""Slots of one series that are shown before any more of it, so that one host doesn't fill the list."""

_Slot = TypeVar("_Slot")


class Hindrance(StrEnum):
    """Why a member may not book a slot."""

    FULL = "full"
    WITH_ONE = "with_one"
    BUSY = "busy"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Room:
    """How much a member may still book."""

    upcoming: int
    """Their bookings that aren't over."""
    host_ids: frozenset[int]
    """The people these are with."""
    busy: Sequence[tuple[datetime, datetime]]
    """(from, until) of everything that their time is spoken for."""
    zone: str | None
    same_day_until: datetime | None = None
    """Until when they may only book for the same day."""

    def hindrance(
        self, host_id: int, starts_at: datetime, ends_at: datetime, now: datetime, numbers: OfficeHoursPolicy = DEFAULT
    ) -> Hindrance | None:
        """Return what speaks against these fifteen minutes, the most lasting first."""
        if self.upcoming >= numbers.upcoming:
            return Hindrance.FULL
        if host_id in self.host_ids:
            return Hindrance.WITH_ONE
        if self.same_day_until is not None and now < self.same_day_until and not self._is_today(starts_at, now):
            return Hindrance.SAME_DAY
        if any(since < ends_at and starts_at < until for since, until in self.busy):
            return Hindrance.BUSY
        return None

    def _is_today(self, moment: datetime, now: datetime) -> bool:
        clock = own_clock(self.zone)
        return moment.astimezone(clock).date() == now.astimezone(clock).date()


def same_day_until(no_shows: Sequence[datetime], numbers: OfficeHoursPolicy = DEFAULT) -> datetime | None:
    """Return until when a member may book only for the same day, given when they were missed, oldest first."""
    last = numbers.no_shows - 1
    runs = zip(no_shows, no_shows[last:], strict=False)
    ends = [end + numbers.same_day_for for begin, end in runs if end - begin <= numbers.no_shows_within]
    return max(ends, default=None)


def look_back(numbers: OfficeHoursPolicy = DEFAULT) -> timedelta:
    """Return how far back it matters that a member was missed."""
    return numbers.no_shows_within + numbers.same_day_for


def hidden_since(taken: int, every: int, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> datetime | None:
    """Return since when what is free is kept for people who never booked; None while enough is free."""
    are_few_left = taken * 100 > every * numbers.few_left_percent
    return now - numbers.head_start if are_few_left else None


def offer_ends_at(starts_at: datetime, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> datetime | None:
    """Return until when a slot that became free is kept for one person; None where it is open to all already."""
    until = min(now + numbers.offer, starts_at - numbers.open_from)
    return until if until > now else None


def are_spread(series_ids: Iterable[int], count: int) -> bool:
    """Tell whether slots of these series fill a list of so many, with but a few of each: later ones find no place."""
    return sum(min(times, SHOWN_EACH) for times in Counter(series_ids).values()) >= count


def spread(slots: Iterable[tuple[int, _Slot]], limit: int) -> list[_Slot]:
    """Return up to `limit` of these (series, slot), in order: a few of each series, and more only where there is room.

    O(n).
    """
    ordered, seen = list(slots), Counter[int]()
    early, late = list[int](), list[int]()
    for place, (series_id, _) in enumerate(ordered):
        seen[series_id] += 1
        (early if seen[series_id] <= SHOWN_EACH else late).append(place)
    return [ordered[place][1] for place in sorted([*early, *late][:limit])]
