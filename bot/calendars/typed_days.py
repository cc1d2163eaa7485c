"""The days in what people type: dates, names of days, repetitions and their ends."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, product

from dateutil.rrule import DAILY, MONTHLY, rrule, weekday

from bot.calendars.phrases import Text
from bot.errors import Invalid

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_NEAR = timedelta(days=183)
"""A date without a year that was this year, and comes again later than this, was as likely meant for the past."""
_NEAR_END = timedelta(days=274)
"""The same for an end: in November "until July" is next summer, but "until October" a slip."""
_IN_EVERY_MONTH = 28
_BETWEEN = re.compile(r"[\s/+]+")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Monday first. Source: RFC 5545, 3.3.10."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How often something repeats; its days of the week may be said elsewhere."""

    frequency: str = ""
    """FREQ of RFC 5545; "" is once."""
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """Monday is 0."""
    nth: int = 0
    """Which such day of the month, -1 the last; 0 is each."""
    is_of_one_day: bool = False
    """With several days it could be twice a week as well."""


@dataclass(frozen=True, slots=True)
class Start:
    """When something begins: on a day, on the next day of some name, or from then on."""

    day: date | None = None
    weekdays: tuple[int, ...] = ()
    since: int | None = None
    """The first time isn't before the next such day of the week."""
    is_bound: bool = False
    """The first time isn't before `day`, but needn't be on it."""
    is_habitual: bool = False
    """The day of the week is said so that it can mean the next one or every one ("le mardi")."""
    is_near: bool = False
    """It is counted from today: "tomorrow"."""


@dataclass(frozen=True, slots=True)
class End:
    """When a repetition ends: with a day, after so many times or weeks, or never."""

    last: date | None = None
    count: int | None = None
    weeks: int | None = None


ONCE = Repetition()
"""Nothing is said of repeating."""
ONLY_ONCE = Repetition(interval=0)
"""It is said that it doesn't repeat."""
OPEN = End()

_SAID = {
    "weekly": Repetition("WEEKLY"),
    "fortnightly": Repetition("WEEKLY", 2),
    "biweekly": Repetition("WEEKLY", 2, is_of_one_day=True),
    "workdays": Repetition("WEEKLY", weekdays=(0, 1, 2, 3, 4)),
    "weekends": Repetition("WEEKLY", weekdays=(5, 6)),
    "daily": Repetition("DAILY"),
    "alternate_days": Repetition("DAILY", 2),
    "monthly": Repetition("MONTHLY"),
}
"""What repetitions without a slot mean, by their place in the file of phrases."""


def take_end(text: Text, today: date) -> End:
    """Take the end of a repetition out of a text.

    What is named is part of it: "until 5 December" has a 5 December, "until December" goes on through the 31st.
    """
    if found := text.take("until"):
        return End(last=_dates(text, found["last"], today, _NEAR_END, "time.never")[1])
    if found := text.take("weeks"):
        return End(weeks=text.phrases.count(found["count"]))
    if found := text.take("times"):
        return End(count=text.phrases.count(found["count"]))
    return OPEN


def take_last_day(text: Text, today: date) -> Start:
    """Take the last day of a month out of a text, or of a date: "end of December".

    Raises:
        Invalid: there is no such day, or without its year it is as likely over.
    """
    if text.take("month_closes") is not None:
        return Start(next(_days_of(today.year, today.month, None))[1], is_near=True)
    found = text.take("closes")
    return Start(_dates(text, found["last"], today, _NEAR_END, "time.past")[1]) if found else Start()


def take_repetition(text: Text) -> Repetition:
    """Take how often something repeats out of a text."""
    if found := text.take("nth"):
        days = (text.phrases.weekdays[found["day"]],)
        return Repetition("MONTHLY", weekdays=days, nth=text.phrases.ordinals[found["nth"]])
    for meaning, repetition in _SAID.items():
        if text.take(meaning) is not None:
            return repetition
    for meaning, frequency in (("days_apart", "DAILY"), ("every_weeks", "WEEKLY")):
        if found := text.take(meaning):
            return Repetition(frequency, text.phrases.count(found["count"]))
    if found := text.take("alternate"):
        return Repetition("WEEKLY", 2, weekdays=_weekdays(text, found["days"]))
    if found := text.take("every_days"):
        return Repetition("WEEKLY", weekdays=_weekdays(text, *found.values()))
    return ONLY_ONCE if text.take("once") is not None else ONCE


def take_start(text: Text, today: date) -> Start:
    """Take the day something begins out of a text.

    Raises:
        Invalid: there is no such day, it isn't of that name, or without its year it is as likely over.
    """
    day, since, bound = None, None, text.take("starting")
    weeks = None if bound else text.take("weeks_ahead")
    ahead = weeks or (None if bound else text.take("ahead"))
    found = bound or ahead or text.take("dated") or {}
    if "day" in found:
        since = text.phrases.weekdays[found["day"]]
    elif "count" in found:
        day = today + text.phrases.count(found["count"]) * (_WEEK if weeks else _DAY)
    elif found:
        day = _dates(text, found["date"], today, _NEAR, "time.past")[0]
    habitual = text.take("habitual")
    listed = habitual or text.take("listed") or {}
    is_near = ahead is not None or found.get("date") in text.phrases.relative
    return Start(day, _weekdays(text, *listed.values()), since, bound is not None, habitual is not None, is_near)


def _weekdays(text: Text, written: str = "") -> tuple[int, ...]:
    """Return the days of the week that are listed, in order, each once; "Mon-Fri" is five of them."""
    words = _BETWEEN.split(written)
    numbers = [text.phrases.weekdays[word] for word in words if word in text.phrases.weekdays]
    if span := text.phrases.span.fullmatch(written):
        since, until = (text.phrases.weekdays[span[end]] for end in ("since", "until"))
        numbers = [(since + later) % 7 for later in range((until - since) % 7 + 1)]
    return tuple(sorted(set(numbers)))


def _dates(text: Text, written: str, today: date, near: timedelta, over: str) -> tuple[date, date]:
    """Return the first and the last day of a date or a month as it was written.

    Without a year it is the next, unless this year's is over and the next one isn't near: that is refused with `over`.
    """
    if written in text.phrases.relative:
        day = today + text.phrases.relative[written] * _DAY
        return day, day
    match = next(match for pattern in text.phrases.dates if (match := pattern.fullmatch(written)))
    said = match.groupdict()
    month, year = said.get("month"), said.get("year")
    years = [int(year)] if year else [today.year, today.year + 1]
    months = [text.phrases.months[month] if month in text.phrases.months else int(month)] if month else range(1, 13)
    found = list(chain.from_iterable(_days_of(*each, said.get("day")) for each in product(years, months)))
    if not found:
        raise Invalid("time.unreadable", part=written)
    first, last = next((days for days in found if days[1] >= today), found[-1])
    if not year and first.year > today.year and first - today > near:
        raise Invalid(over)
    name = said.get("weekday")
    if name and text.phrases.weekdays[name] != first.weekday():
        raise Invalid("time.other_day")
    return first, last


def _days_of(year: int, month: int, day: str | None) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of a date, or of a month where there is no day; nothing if it doesn't exist."""
    try:
        length = monthrange(year, month)[1]
        yield date(year, month, int(day or 1)), date(year, month, int(day or length))
    except ValueError:
        return


def first_day(repetition: Repetition, start: Start, today: date, is_ahead: Callable[[date], bool]) -> date:
    """Return the first day that is meant and lies ahead.

    Raises:
        Invalid: it is over, there is no such day, or it isn't clear which day or how often.
    """
    _check(repetition, start)
    weekdays = repetition.weekdays or start.weekdays
    if start.since is not None:
        since = next(filter(is_ahead, _days((start.since,), today)))
        return next(_days(weekdays, since, repetition.nth)) if weekdays else since
    if start.day is None:
        return next(filter(is_ahead, _days(weekdays, today, repetition.nth)))
    first = next(_days(weekdays, start.day, repetition.nth))
    if not start.is_bound and first != start.day:
        raise Invalid("time.other_day")
    if start.day < today or (not start.is_bound and not is_ahead(first)):
        raise Invalid("time.past")
    return next(filter(is_ahead, _days(weekdays, first, repetition.nth)))


def _check(repetition: Repetition, start: Start) -> None:
    has_day = start.day is not None or start.since is not None
    is_unsaid = start.is_habitual and not has_day and repetition == ONCE
    if not repetition.frequency and (start.is_bound or len(start.weekdays) > 1 or is_unsaid):
        raise Invalid("time.how_often")
    if repetition.is_of_one_day and len(start.weekdays) > 1:
        raise Invalid("time.biweekly")
    if start.weekdays and repetition.frequency == "DAILY":
        raise Invalid("time.how_often")
    if repetition.frequency in {"", "WEEKLY"} and not (has_day or repetition.weekdays or start.weekdays):
        raise Invalid("time.which_day")
    if start.weekdays and repetition.weekdays:
        raise Invalid("time.which_day")
    if repetition.frequency == "MONTHLY" and not repetition.nth and not _is_monthly(start):
        raise Invalid("time.monthly")


def _is_monthly(start: Start) -> bool:
    return start.day is not None and start.day.day <= _IN_EVERY_MONTH and not start.weekdays and not start.is_bound


def _days(weekdays: tuple[int, ...], since: date, nth: int = 0) -> Iterator[date]:
    """Return the days from `since` on, that day included, which have one of these names; without names, all."""
    named = [weekday(each, nth or None) for each in weekdays] or None
    rule = rrule(MONTHLY if nth else DAILY, dtstart=datetime.combine(since, time()), byweekday=named)
    return (each.date() for each in rule)


def write_rule(repetition: Repetition, start: Start, end: End, first: date) -> str:
    """Write the RRULE value of RFC 5545; "" is once.

    Raises:
        Invalid: it ends before it begins, or there is an end to what doesn't repeat.
    """
    last = end.last if end.weeks is None else first + end.weeks * _WEEK - _DAY
    if not repetition.frequency:
        if end != OPEN:
            raise Invalid("time.how_often")
        return ""
    if end.count == 0 or (last is not None and last < first):
        raise Invalid("time.never")
    parts = [f"FREQ={repetition.frequency}"]
    parts += [f"INTERVAL={repetition.interval}"] if repetition.interval > 1 else []
    parts += _by(repetition, start, first)
    parts += [] if end.count is None else [f"COUNT={end.count}"]
    parts += [] if last is None else [f"UNTIL={last:%Y%m%d}T235959"]
    return ";".join(parts)


def _by(repetition: Repetition, start: Start, first: date) -> list[str]:
    """Return what says on which days it repeats; a daily one needs nothing."""
    if repetition.nth:
        return [f"BYDAY={repetition.nth}{_CODES[repetition.weekdays[0]]}"]
    if repetition.frequency == "MONTHLY":
        return [f"BYMONTHDAY={first.day}"]
    if repetition.frequency == "DAILY":
        return []
    days = repetition.weekdays or start.weekdays or (first.weekday(),)
    return [f"BYDAY={','.join(_CODES[each] for each in days)}"]
