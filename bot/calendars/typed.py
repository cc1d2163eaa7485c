"""What people type when they offer time: "Tue 18:00-19:00 weekly until December", on their own clock.

Phrase after phrase is taken out of the text, and what nothing is made of refuses all of it, so that no half of what
a person meant is ever taken for the whole. What could mean two things is refused as well, saying what would be clear.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.calendars.numbered import HALVES, NUMBERED, refuse_offset, write_date, write_half, write_moments
from bot.calendars.phrases import Text
from bot.calendars.typed_days import (
    ONCE,
    ONLY_ONCE,
    OPEN,
    End,
    Repetition,
    Start,
    first_day,
    take_end,
    take_repetition,
    take_start,
    write_rule,
)
from bot.calendars.typed_hours import TypedHours, take_hours, write_spoken
from bot.calendars.zones import may_mean, readable
from bot.domain.timetable import Timetable
from bot.errors import Invalid

LONGEST_TEXT = 200
"""Characters that are read at all."""

LANGUAGES = ("en", "fr")
"""Those of which there are phrases."""
SHOWN = 50
"""Characters of what isn't understood that are given back."""


def read(typed: str, zone: str, now: datetime, languages: Sequence[str] = LANGUAGES) -> Timetable:
    """Read when a host offers time, on the clock of `zone` (an IANA name) or of a place they name; `now` is aware.

    The result is the next such time after `now`. Without an end it is one slot of 15 minutes; on several days of the
    week it is every week. A time that the clocks skip that day is kept as it was typed.

    Raises:
        Invalid: it isn't understood whole, it could mean two things, it is over, shorter than 15 minutes or longer than
            8 hours, or it ends before it begins.
    """
    text = cleared(write_moments(typed), languages)
    place = take_zone(text)
    if place is None:
        refuse_offset(typed)
    clock, today = ZoneInfo(place or zone), now.astimezone(ZoneInfo(place or zone)).date()
    repetition = take_repetition(text)
    end, start = take_end(text, today), take_start(text, today)
    hours = take_hours(text, clock, now)
    refuse_left(text.left())
    if hours is None:
        raise _without_hours(start, repetition, typed)
    if start.is_near and today != now.astimezone(ZoneInfo(zone)).date():
        raise Invalid("time.which_today", zone=clock.key)
    start, repetition = _on_stamp(start, hours, typed), _repeated(repetition, start)

    def is_ahead(day: date) -> bool:
        return datetime.combine(day, hours.begins, clock).astimezone(UTC) > now

    first = first_day(repetition, start, today, is_ahead)
    return Timetable(clock.key, first, hours.begins, hours.ends, write_rule(repetition, start, end, first))


def read_day(typed: str, zone: str, now: datetime, languages: Sequence[str] = LANGUAGES) -> date:
    """Read a day, such as "2027-01-31", "until Friday", "in 3 days" or "until 5 January", on the clock of `zone`.

    Raises:
        Invalid: it isn't understood whole, it could be two days, or it is over.
    """
    text, today = cleared(typed, languages), now.astimezone(ZoneInfo(zone)).date()
    end, start = take_end(text, today), take_start(text, today)
    if start != Start():
        text.take("as_far_as")
    refuse_left(text.left())
    if start.day is None and start.weekdays == (today.weekday(),):
        raise Invalid("time.which_week")
    said = [each for each in (end, start) if each not in (OPEN, Start())]
    if len(said) != 1 or start.is_bound or len(start.weekdays) > 1 or end != End(end.last):
        raise Invalid("time.unreadable", part=typed.strip()[:SHOWN])
    return end.last or first_day(ONLY_ONCE, start, today, lambda _: True)


def cleared(typed: str, languages: Sequence[str]) -> Text:
    """Return a text of which nothing is known to mean two days.

    Raises:
        Invalid: something in it is, or it is too long.
    """
    if len(typed) > LONGEST_TEXT:
        raise Invalid("time.unreadable", part=f"{typed[:SHOWN]}…")
    text = Text(typed, tuple(languages))
    text.replace(HALVES, write_half)
    text.replace(NUMBERED, write_date)
    text.replace(text.phrases.spoken, partial(write_spoken, text.phrases))
    if text.take("unclear") is not None:
        raise Invalid("time.which_week")
    return text


def take_zone(text: Text) -> str | None:
    """Take a place whose clock is meant out of a text, and return its zone."""
    found = text.take("zoned")
    return readable()[found["zone"]] if found else None


def refuse_left(left: str) -> None:
    """Refuse a text of which words are left that nothing was made of.

    Raises:
        Invalid: there are such words; of several places, it names them.
    """
    if meant := may_mean(left):
        raise Invalid("time.which_zone", zone=left[:SHOWN].upper(), zones=meant)
    if left:
        raise Invalid("time.unreadable", part=left[:SHOWN])


def _repeated(repetition: Repetition, start: Start) -> Repetition:
    """Return every week for several days of the week of which nothing else is said."""
    is_week = repetition == ONCE and len(start.weekdays) > 1 and start.day is None
    return Repetition("WEEKLY") if is_week else repetition


def _without_hours(start: Start, repetition: Repetition, typed: str) -> Invalid:
    if start == Start() and repetition == ONCE:
        return Invalid("time.unreadable", part=typed.strip()[:SHOWN])
    return Invalid("time.which_hour")


def _on_stamp(start: Start, hours: TypedHours, typed: str) -> Start:
    """Put the day that a timestamp carries where a typed date would be; both at once are one too many."""
    if hours.on is None:
        return start
    if start.day is not None or start.since is not None:
        raise Invalid("time.unreadable", part=typed.strip()[:SHOWN])
    return replace(start, day=hours.on)
