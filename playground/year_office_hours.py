"""The office hours of a community's year: who offered time, who booked it, and whether both found each other."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

_LENGTH = timedelta(minutes=15)
_SLOTS = 4
"""Of each hour."""
_HOSTS, _CANCELLED, _BOOKED, _CALLED_OFF, _HELD = 0.02, 0.05, 0.45, 0.1, 0.9
"""The part of people who offer time, of hours that fall out, of slots that are booked, of bookings that their asker
calls off, and of all others in which both found each other."""
_WAITLISTED = 0.15
"""The part of people who put themselves on the waitlist in a year."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuarterBooked:
    """Who booked fifteen minutes, when, and what came of it: held, not found, or unbooked."""

    asker_id: int
    at: datetime
    ended: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class QuarterOffered:
    """Fifteen minutes that a host offered."""

    id: int
    series_id: int
    occurrence_id: int
    host_id: int
    starts_at: datetime
    state: str
    booked: QuarterBooked | None = None


@dataclass(frozen=True, slots=True)
class TimeOffered:
    """All that was offered, and who put themselves on the waitlist, and when."""

    quarters: tuple[QuarterOffered, ...] = ()
    waitlisted: tuple[tuple[datetime, int], ...] = ()


def draw_office_hours(people: Sequence[int], first: int, since: datetime, until: datetime) -> TimeOffered:
    """Draw an hour a week of some people, by chance of their own."""
    draw = random.Random(f"office hours {first} {len(people)}")
    hosts = [each for each in people if draw.random() < _HOSTS]
    waiting = [each for each in people if draw.random() < _WAITLISTED]
    quarters: list[QuarterOffered] = []
    for number, host in enumerate(hosts):
        begins = since + timedelta(days=draw.randrange(7), hours=draw.randrange(6, 20))
        for week in range((until - begins) // timedelta(weeks=1)):
            quarters += _hour(
                draw, people, first + number, host, begins + week * timedelta(weeks=1), first + len(quarters)
            )
    waitlisted = sorted((since + draw.random() * (until - since), each) for each in waiting)
    return TimeOffered(tuple(quarters), tuple(waitlisted))


def _hour(
    draw: random.Random, people: Sequence[int], series_id: int, host: int, begins: datetime, first: int
) -> Iterator[QuarterOffered]:
    is_cancelled = draw.random() < _CANCELLED
    for number in range(_SLOTS):
        starts_at = begins + number * _LENGTH
        booked = _booking(draw, people, host, starts_at) if not is_cancelled and draw.random() < _BOOKED else None
        is_free = booked is None or booked.ended == "unbooked"
        state = "cancelled" if is_cancelled else "open" if is_free else "booked"
        yield QuarterOffered(first + number, series_id, first, host, starts_at, state, booked)


def _booking(draw: random.Random, people: Sequence[int], host: int, starts_at: datetime) -> QuarterBooked:
    asker = draw.choice([each for each in people if each != host])
    at = starts_at - timedelta(days=draw.random() * 6 + 0.1)
    if draw.random() < _CALLED_OFF:
        return QuarterBooked(asker, at, "unbooked", at + (starts_at - at) / 2)
    return QuarterBooked(asker, at, "held" if draw.random() < _HELD else "not_found", starts_at + _LENGTH)


def series_rows(guild_id: int, offered: TimeOffered) -> Iterator[Row]:
    """Return a row for each host's series."""
    for each in {each.series_id: each for each in reversed(offered.quarters)}.values():
        yield {
            "id": each.series_id, "guild_id": guild_id, "host_id": each.host_id, "interaction_id": None, "zone": "UTC",
            "first": each.starts_at.date(), "begins": each.starts_at.time(), "ends": time(each.starts_at.hour + 1),
            "created_at": each.starts_at - timedelta(days=7), "confirmed_at": each.starts_at - timedelta(days=7),
            "typed": "", "rule": "FREQ=WEEKLY", "is_walk_in": False, "version": 1,
        }  # fmt: skip


def occurrence_rows(guild_id: int, offered: TimeOffered) -> Iterator[Row]:
    """Return a row for each hour."""
    for each in {each.occurrence_id: each for each in reversed(offered.quarters)}.values():
        yield {
            "id": each.occurrence_id, "office_hours_id": each.series_id, "guild_id": guild_id, "host_id": each.host_id,
            "day": each.starts_at.date(), "starts_at": each.starts_at, "ends_at": each.starts_at + _SLOTS * _LENGTH,
            "is_moved": False, "state": "cancelled" if each.state == "cancelled" else "planned", "version": 1,
        }  # fmt: skip


def slot_rows(guild_id: int, offered: TimeOffered) -> Iterator[Row]:
    """Return a row for each quarter of an hour."""
    for each in offered.quarters:
        yield {
            "id": each.id, "occurrence_id": each.occurrence_id, "guild_id": guild_id, "host_id": each.host_id,
            "starts_at": each.starts_at, "ends_at": each.starts_at + _LENGTH, "state": each.state, "is_offered": False,
            "version": 1,
        }  # fmt: skip


def office_hours_facts(guild_id: int, offered: TimeOffered) -> Iterator[Row]:
    """Return what was noted about them."""
    bookings = [each.booked for each in offered.quarters if each.booked is not None]
    happened = [("booked", each.at, each.asker_id) for each in bookings]
    happened += [(each.ended, each.ended_at, each.asker_id) for each in bookings]
    happened += [("waitlisted", at, member_id) for at, member_id in offered.waitlisted]
    for name, at, member_id in happened:
        yield {
            "guild_id": guild_id, "request_id": None, "type": name, "at": at, "member_id": member_id, "needed_by": None,
        }  # fmt: skip
