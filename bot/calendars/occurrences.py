"""Moments of a timetable: wall time, zone and rule, worked out across every change of the clocks.

The rule is expanded on the wall and each day becomes a moment by itself, so an hour stays the same hour on its owner's
clock. Where the clocks disagree with the wall, RFC 5545 (3.3.5) is followed: an hour that is skipped begins as much
later as is skipped, and of an hour that comes twice it is the first.
"""

import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from bot.domain.timetable import Timetable

SLOT = timedelta(minutes=15)
"""The shortest time that can be offered, and what is meant where no end is typed."""
GAP = timedelta(minutes=5)
"""Between two slots, so that a conversation may end and a helper breathe."""

_DAY = timedelta(days=1)
_ONCE = "FREQ=DAILY;COUNT=1"
_COUNT = re.compile(r"(?<=\bCOUNT=)\d+", re.IGNORECASE)
_OFTEN = re.compile(r"\b(?:HOURLY|MINUTELY|SECONDLY|BYHOUR|BYMINUTE|BYSECOND)\b", re.IGNORECASE)
_ENDING = re.compile(r"\b(?:COUNT|UNTIL)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SeriesTime:
    """One time out of a series, in UTC."""

    on: date
    """Its day on the wall, which names it within its series: new zone data may move it, but never rename it."""
    starts_at: datetime
    ends_at: datetime
    is_moved: bool
    """The clocks skip its hour that day, so it begins later by as much: its owner is told."""


def occurrences(timetable: Timetable, since: datetime, until: datetime) -> list[SeriesTime]:
    """Return what overlaps with [since, until), in order: one under way at `since` is in, one that just ended isn't.

    Each is as long as the wall clock says on an ordinary day, in real time, and none overlaps the next: what is longer
    than a short day leaves is cut, and a day that a zone skips altogether (Apia, 2011-12-30) gives way to the day
    after. A window more or less changes nothing about an occurrence. The rule is daily or rarer.

    O(occurrences from the first to `until`).
    """
    own_clock = ZoneInfo(timetable.zone)
    # Two days more than any clock was ever moved at once.
    earliest = since.astimezone(own_clock).replace(tzinfo=None) - _length(timetable) - 2 * _DAY
    walls = _expanded(timetable).xafter(earliest, inc=True)
    found = []
    for each, following in pairwise(chain((_at(timetable, wall) for wall in walls), [None])):
        if each is None or each.starts_at >= until:
            break
        whole = each if following is None else replace(each, ends_at=min(each.ends_at, following.starts_at))
        if whole.ends_at > max(since, whole.starts_at):
            found.append(whole)
    return found


def last_day(timetable: Timetable) -> date | None:
    """Return the wall date of the last occurrence, or None where the rule has no end. O(occurrences)."""
    if timetable.rule and not _ENDING.search(timetable.rule):
        return None
    last = deque(_expanded(timetable), maxlen=1)
    return last[0].date() if last else timetable.first


def slots(occurrence: SeriesTime, length: timedelta = SLOT, gap: timedelta = GAP) -> list[tuple[datetime, datetime]]:
    """Return the (start, end) of each slot, in UTC; what is left at the end and shorter than a slot stays free.

    Of an occurrence under way it is all of them, those that have passed too.
    """
    step = length + gap
    count = (occurrence.ends_at - occurrence.starts_at + gap) // step
    starts = (occurrence.starts_at + number * step for number in range(count))
    return [(start, start + length) for start in starts]


def in_zone(timetable: Timetable, zone: str, now: datetime) -> Timetable:
    """Return what is still to come of a timetable, at the same wall time in another zone.

    This is one answer to a host who moved: "18:00 where I live now". The other, "the same moments as before", is to
    leave the timetable as it is: translated into the new zone it would only be right until either place changes its
    clocks. Days that have begun by `now` are left behind, so that none happens in both places; what is over is
    returned as it is.
    """
    for passed, wall in enumerate(_expanded(timetable)):
        if _at(timetable, wall).starts_at > now:
            return replace(timetable, zone=zone, first=wall.date(), rule=_left(timetable.rule, passed))
    return timetable


def _left(rule: str, passed: int) -> str:
    """Return a rule that counts its occurrences, if it does, without those that have passed."""
    return _COUNT.sub(lambda count: str(int(count[0]) - passed), rule)


def _expanded(timetable: Timetable) -> rrule | rruleset:
    """Return the wall times at which a timetable begins, lazily and in order.

    Raises:
        ValueError: it is no rule, or takes place more than once a day, as nothing that is typed does.
    """
    if _OFTEN.search(timetable.rule):
        msg = "more than once a day"
        raise ValueError(msg)
    first = datetime.combine(timetable.first, timetable.begins)
    return rrulestr(timetable.rule or _ONCE, dtstart=first)


def _length(timetable: Timetable) -> timedelta:
    begins = datetime.combine(timetable.first, timetable.begins)
    ends = datetime.combine(timetable.first, timetable.ends)
    return ends - begins if ends > begins else ends - begins + _DAY


def on_clock(wall: datetime, clock: ZoneInfo) -> tuple[datetime, bool]:
    """Return the moment, in UTC, at which a clock shows a time, and whether it skips that time, so that it is moved."""
    # fold=0 is both rules at once: the earlier of two, and in a gap the offset that held before it.
    moment = wall.replace(tzinfo=clock, fold=0).astimezone(UTC)
    return moment, moment.astimezone(clock).replace(tzinfo=None) != wall


def _at(timetable: Timetable, wall: datetime) -> SeriesTime:
    """Return what begins at a wall time, as long as nothing follows too soon."""
    starts_at, is_moved = on_clock(wall, ZoneInfo(timetable.zone))
    return SeriesTime(wall.date(), starts_at, starts_at + _length(timetable), is_moved)
