"""Dates and moments that are written in numbers alone: those with one meaning are rewritten, the others asked about."""

import re
from datetime import datetime, timedelta
from functools import partial

from bot.calendars.plain import without_marks
from bot.errors import Invalid

NUMBERED = re.compile(
    r"(?<![0-9./:])(?:(?P<year>20[0-9]{2})(?P<between>[-./])(?P<a>[0-9]{1,2})(?P=between)(?P<b>[0-9]{1,2})"
    r"|(?P<one>[0-9]{1,2})(?P<sign>[-./])(?P<two>[0-9]{1,2})(?:(?P=sign)(?P<last>20[0-9]{2}|[0-9]{2})|(?P<stop>\.))?)"
    r"(?![0-9/:])(?! ?(?:[ap]m|h|uhr)\b)"
)
"""A date in numbers, or a time with a dot: "24.12.2026", "5/12", "18.30"."""
_MOMENT = re.compile(
    r"(?<!\S)(20[0-9]{2}-[0-9]{2}-[0-9]{2})([T ])([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]+)?)? ?"
    r"(Z|[+\-−][0-9]{2}(?::?[0-9]{2})?)(?!\S)",
    re.IGNORECASE,
)
"""A moment with its distance from UTC. Source: RFC 3339, https://www.rfc-editor.org/rfc/rfc3339#section-5.6"""
_NIGHT = re.compile(r"(?<!\S)([0-2]?[0-9]:[0-5][0-9])(?: [-−]|[-−](?=[0-9]{2}))([0-9]{1,2})(?::?([0-9]{2}))?(?!\S)")
HALVES = re.compile(r"(?<!\S)([0-9])[.,]5 ?(?:h|hrs?|hours?|heures?)(?!\S)")
"""Hours and a half: "1.5h". With two digits after the sign it could be an hour and its minutes."""
_MONTHS, _DAYS = 12, 31
_HOUR = 60
_DAY = 24 * _HOUR


def write_moments(typed: str, *, may_end: bool = True) -> str:
    """Write moments with a distance from UTC as Discord's timestamps; where hours may end, "-11:00" can be their end.

    Raises:
        Invalid: "T10:00-11:00" could be such a distance or the end of the hours.
    """
    return _MOMENT.sub(partial(_stamped, may_end=may_end), without_marks(typed))


def refuse_offset(typed: str) -> None:
    """Refuse hours over midnight that could as well be one hour with its distance from UTC: "22:00-05:00".

    Raises:
        Invalid: there are such hours.
    """
    for found in _NIGHT.finditer(typed):
        hour, _, minute = found[1].partition(":")
        distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if _is_used(distance) and distance < timedelta(hours=int(hour), minutes=int(minute)):
            raise Invalid("time.which_offset", part=found[0])


def _stamped(found: re.Match[str], *, may_end: bool) -> str:
    day, between, hour, second, offset = found.groups()
    offset = offset.replace("−", "-").upper()
    try:
        moment = datetime.fromisoformat(f"{day}T{hour}{offset}")
    except ValueError:
        return found[0]
    # Of minutes alone, "-05:00" is also how an end is written.
    is_end = may_end and offset.startswith("-") and second is None
    if not _is_used(moment.utcoffset() or timedelta()) or (is_end and between == " "):
        return found[0]
    if is_end and f"{offset[1:3]}:{offset[3:].lstrip(':') or '00'}" > hour:
        raise Invalid("time.which_offset", part=found[0])
    return f"<t:{int(moment.timestamp())}:f>"


def _is_used(distance: timedelta) -> bool:
    """Tell whether some clock may be so far from UTC: 14 hours at most, by quarters of an hour."""
    return abs(distance) <= timedelta(hours=14) and not distance % timedelta(minutes=15)


def write_half(found: re.Match[str]) -> str:
    """Write hours and a half in minutes."""
    return f"{int(found[1]) * _HOUR + _HOUR // 2} minutes"


def write_date(found: re.Match[str]) -> str:
    """Write a date in numbers so that it is read: "2026-12-24", or "24/12" without a year; hours stay as they are.

    Raises:
        Invalid: the day and the month could change places, it is a time as well, or its year has two digits.
    """
    if found["year"]:
        return f"{found['year']}-{int(found['a']):02}-{int(found['b']):02}"
    dates, is_time = _dates(found), _is_time(found)
    if found["sign"] == "-" and not found["last"]:
        return found[0]
    if len(dates) + is_time > 1 or (dates and len(found["last"] or "") == len("26")):
        raise Invalid("time.which_date", date=found[0])
    for day, month in dates:
        return f"{found['last']}-{month:02}-{day:02}" if found["last"] else f"{day}/{month}"
    return found[0]


def _dates(found: re.Match[str]) -> set[tuple[int, int]]:
    """Return each (day, month) it can be; where a dot ends it, the day comes first."""
    one, two = int(found["one"]), int(found["two"])
    orders = {(one, two)} if found["stop"] else {(one, two), (two, one)}
    return {(day, month) for day, month in orders if 1 <= month <= _MONTHS and 1 <= day <= _DAYS}


def _is_time(found: re.Match[str]) -> bool:
    is_alone = found["sign"] == "." and not found["last"] and not found["stop"]
    minutes = int(found["one"]) * _HOUR + int(found["two"])
    return is_alone and len(found["two"]) == len("30") and int(found["two"]) < _HOUR and minutes <= _DAY
