"""What people type when they offer time: "Tue 18:00-19:00 weekly until December", on their own clock.

Phrase after phrase is taken out of the text, and what nothing is made of refuses all of it, so that no half of what
somebody meant is ever taken for the whole. What could mean two things is refused as well, saying what would be clear.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.calendars.phrases import Text
from bot.calendars.typed_days import (
    ONCE,
    Repetition,
    Start,
    first_day,
    take_end,
    take_repetition,
    take_start,
    write_rule,
)
from bot.calendars.typed_hours import Hours, take_hours
from bot.domain.timetable import Timetable
from bot.errors import Invalid

LONGEST_TEXT = 200
"""Characters that are read at all."""

_SHOWN = 50
"""Characters of what isn't understood that are given back."""
_NUMBERED = re.compile(r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?(?![0-9/])")
"""A date in numbers, of which nobody can tell whether the day comes first."""


def read(typed: str, zone: str, now: datetime, languages: Sequence[str] = ("en", "fr")) -> Timetable:
    """Read when somebody offers time, on the clock of `zone` (an IANA name); `now` is aware.

    The result is the next such time after `now`. Without an end it is one slot of 15 minutes. A time that the clocks
    skip that day is kept as it was typed.

    Raises:
        Invalid: it isn't understood whole, it could mean two things, it is over, shorter than 15 minutes or longer than
            8 hours, or it ends before it begins.
    """
    if len(typed) > LONGEST_TEXT:
        raise Invalid("time.unreadable", part=f"{typed[:_SHOWN]}…")
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).date()
    text = Text(typed, tuple(languages))
    _refuse_unclear(text, typed)
    end, repetition = take_end(text, today), take_repetition(text)
    start, hours = take_start(text, today), take_hours(text, clock)
    if left := text.left():
        raise Invalid("time.unreadable", part=left[:_SHOWN])
    if hours is None:
        raise _without_hours(start, repetition, typed)
    start = _on_stamp(start, hours, typed)

    def is_ahead(day: date) -> bool:
        return datetime.combine(day, hours.begins, clock).astimezone(UTC) > now

    first = first_day(repetition, start, today, is_ahead)
    return Timetable(zone, first, hours.begins, hours.ends, write_rule(repetition, start, end, first))


def _refuse_unclear(text: Text, typed: str) -> None:
    if numbered := _NUMBERED.search(typed):
        raise Invalid("time.which_date", date=numbered[0])
    if text.take("unclear") is not None:
        raise Invalid("time.which_week")


def _without_hours(start: Start, repetition: Repetition, typed: str) -> Invalid:
    if start == Start() and repetition == ONCE:
        return Invalid("time.unreadable", part=typed.strip()[:_SHOWN])
    return Invalid("time.which_hour")


def _on_stamp(start: Start, hours: Hours, typed: str) -> Start:
    """Put the day that a timestamp carries where a typed date would be; both at once are one too many."""
    if hours.on is None:
        return start
    if start.day is not None or start.since is not None:
        raise Invalid("time.unreadable", part=typed.strip()[:_SHOWN])
    return replace(start, day=hours.on)
