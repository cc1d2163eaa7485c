"""What people type for a deadline: "Fri 17:00", "8 Sept AoE", "in 2 weeks", Discord's timestamp.

It is read as office hours are, whole or not at all. A day without an hour is meant to its end, and "Anywhere on Earth"
to the end of that day in the last place where it ends.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.calendars.numbered import write_moments
from bot.calendars.occurrences import on_clock
from bot.calendars.phrases import Text
from bot.calendars.plain import without_marks
from bot.calendars.typed import LANGUAGES, SHOWN, cleared, refuse_left, take_zone
from bot.calendars.typed_days import ONLY_ONCE, Start, first_day, take_last_day, take_start
from bot.calendars.typed_hours import take_moment
from bot.domain.hours import own_clock
from bot.errors import Invalid

AOE = ZoneInfo("Etc/GMT+12")
"""UTC−12, where every day ends last; the sign in the name is the other way round.
Source: https://en.wikipedia.org/wiki/Anywhere_on_Earth"""
FARTHEST = timedelta(days=366)
"""How far ahead a deadline may be: what is later was likely a slip."""

_EXAMPLE = timedelta(days=14)
"""How far ahead the day is that a refusal gives as an example."""
_LAST_SECOND = re.compile(r"(?<=[0-9]:59):59(?![0-9:])")
"""Calls for papers end so; the minute says the same."""
_AOE_NAME = "AoE"
_UNCLEAR = {
    "week_closes": "deadline.which_end",
    "turn_of_day": "deadline.which_midnight",
    "every_days": "time.unreadable",
}
"""What means different moments to different people, by its place in the file of phrases."""
_SAID_OTHERWISE = {
    "time.unreadable": "deadline.unreadable",
    "time.past": "deadline.past",
    "time.which_day": "deadline.which_day",
    "time.which_hour": "deadline.which_hour",
    "time.which_half": "deadline.which_half",
    "time.which_date": "deadline.which_date",
    "time.which_zone": "deadline.which_zone",
    "time.which_today": "deadline.which_today",
    "time.which_week": "deadline.which_next",
}
"""Refusals whose examples are hours, by those whose examples are deadlines."""


@dataclass(frozen=True, slots=True)
class TypedDeadline:
    """What was understood."""

    closes_at: datetime
    """In UTC; the last moment before it is still in time."""
    is_aoe: bool = False
    """Anywhere on Earth was said."""
    is_moved: bool = False
    """The clocks skip its hour that day, so it closes later by as much: its author is told."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says of a deadline."""

    start: Start
    at: int | datetime | None
    """The minute of the day, or a moment that says all."""
    is_whole_day: bool
    """The end of the day is asked for in words."""


def read_deadline(typed: str, zone: str | None, now: datetime, languages: Sequence[str] = LANGUAGES) -> TypedDeadline:
    """Read a deadline on the clock of `zone` (an IANA name), of a place that is named, or Anywhere on Earth.

    Raises:
        Invalid: it isn't understood whole, it could mean two moments, it is over or more than a year ahead, or it needs
            the clock of a person who gave no zone.
    """
    try:
        return _read(typed, zone, now, languages)
    except Invalid as refusal:
        day = now + _EXAMPLE
        said = {"part": typed.strip()[:SHOWN], "day": f"{day.day} {day:%b}", "year": day.year} | refusal.params
        clock = "" if own_clock(zone).key == zone else f" {_AOE_NAME}"
        said |= {"own_day": f"{said['day']}{clock}", "own_date": f"{said['day']} {said['year']}{clock}"}
        raise Invalid(_SAID_OTHERWISE.get(refusal.key, refusal.key), **said) from None


def _read(typed: str, zone: str | None, now: datetime, languages: Sequence[str]) -> TypedDeadline:
    text = cleared(write_moments(_LAST_SECOND.sub("", without_marks(typed)), may_end=False), languages)
    is_aoe, named = _take_clock(text)
    clock, own = named or own_clock(zone), own_clock(zone)
    today, own_today = (now.astimezone(each).date() for each in (clock, own))
    said = _take(text, today, now)
    if isinstance(said.at, datetime):
        if named is not None:
            raise Invalid("time.unreadable")
        return _ahead(TypedDeadline(said.at), now)
    if named is None and own.key != zone:
        raise Invalid("deadline.no_zone")
    if said.start.is_near and today != own_today:
        raise Invalid("time.which_today", zone=_AOE_NAME if is_aoe else clock.key)
    if said.at is None and _is_of_today(said.start, today, own_today):
        raise Invalid("deadline.which_week")
    closes = partial(_closes, clock, said.at)
    closes_at, is_moved = closes(first_day(ONLY_ONCE, said.start, today, lambda day: closes(day)[0] > now))
    return _ahead(TypedDeadline(closes_at, is_aoe, is_moved), now)


def _take_clock(text: Text) -> tuple[bool, ZoneInfo | None]:
    """Take the clock that is named out of a text, and whether it is that of Anywhere on Earth."""
    is_aoe, place = text.take("aoe") is not None, take_zone(text)
    if is_aoe and place:
        raise Invalid("time.unreadable")
    return is_aoe, AOE if is_aoe else ZoneInfo(place) if place else None


def _take(text: Text, today: date, now: datetime) -> _Said:
    """Take all that is said of the day and of the hour out of a text."""
    for meaning, key in _UNCLEAR.items():
        if text.take(meaning) is not None:
            raise Invalid(key)
    is_whole_day, last = text.take("end_of_day") is not None, take_last_day(text, today)
    is_whole_day |= text.take("ends") is not None
    text.take("due")
    start, at = take_start(text, today), take_moment(text, now)
    refuse_left(text.left())
    if last != Start():
        if start != Start():
            raise Invalid("time.unreadable")
        return _one(_Said(last, at, is_whole_day=True))
    if is_whole_day and start == Start():
        start = Start(today, is_near=True)
    return _one(_Said(start, at, is_whole_day))


def _one(said: _Said) -> _Said:
    """Refuse what can't be one moment."""
    is_one_day = said.start.since is None and not said.start.is_bound and len(said.start.weekdays) <= 1
    is_said_twice = said.at is not None and said.is_whole_day
    is_more_than_moment = isinstance(said.at, datetime) and said.start != Start()
    is_nothing = said.at is None and said.start == Start()
    if not is_one_day or is_said_twice or is_more_than_moment or is_nothing:
        raise Invalid("time.unreadable")
    return said


def _is_of_today(start: Start, *todays: date) -> bool:
    """Tell whether only the name of a day is said, which today has too: a week from now could be meant as well."""
    return start.day is None and set(start.weekdays) <= {today.weekday() for today in todays}


def _closes(clock: ZoneInfo, minute: int | None, day: date) -> tuple[datetime, bool]:
    """Return when a day closes at this minute of it, or at its end, and whether that was moved."""
    if minute is None:
        return on_clock(datetime.combine(day + timedelta(days=1), time()), clock)[0], False
    return on_clock(datetime.combine(day, time()) + timedelta(minutes=minute), clock)


def _ahead(deadline: TypedDeadline, now: datetime) -> TypedDeadline:
    if deadline.closes_at <= now:
        raise Invalid("time.past")
    if deadline.closes_at - now > FARTHEST:
        raise Invalid("deadline.too_far")
    return deadline
