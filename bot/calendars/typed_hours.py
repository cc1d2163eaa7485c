"""The hours in what people type: "18:00-19:00", "6-7pm", "midi", a Discord timestamp."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from bot.calendars.occurrences import SLOT
from bot.calendars.phrases import Phrases, Text
from bot.errors import Invalid

LONGEST = timedelta(hours=8)

_LAST_YEAR = 2099
"""The last that a date is written in; what comes later is a slip."""
_UTC = ZoneInfo("UTC")
_ALONE = ("sharp", "alone", "number")
"""How a time is written without an end."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_HOUR = 60
_NOON = 12
_HOUR_SIGN = re.compile("[0-9] ?h")
_HALF = re.compile(" ?[ap]m")
_CLEAR = 10
"""With minutes, hardly anyone means the night by this hour or the next two."""
_DAY = 24 * _HOUR
_LONGEST_USUAL = 18 * _HOUR
"""Minutes: hardly anyone is there for longer, so of "9-5pm" only the shorter reading is meant, of "8-11pm" and of
"09-05" either."""
_ANY_PART = range(_DAY)
_PARTS = {
    "morning": range(_HOUR, 12 * _HOUR),
    "afternoon": range(12 * _HOUR, 18 * _HOUR),
    "evening": range(17 * _HOUR, _DAY),
}
"""The minutes in which something begins that is said to be in this part of the day."""


@dataclass(frozen=True, slots=True)
class TypedHours:
    """From when until when, on the wall clock."""

    begins: time
    ends: time
    """Not later than `begins` means the day after."""
    on: date | None
    """The day that a timestamp carries."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """One time as it was written."""

    written: str
    hour: int
    minute: int = 0
    half: str = ""
    """am or pm."""
    is_exact: bool = True
    """It is of a clock of 24 hours, and so is the other: it has an h or a leading zero, or isn't from 1 to 12."""
    is_clear: bool = True
    """It is exact, or from 10:00 to 12:59."""
    moment: datetime | None = None
    """Of a timestamp, on the reader's clock."""


def take_hours(text: Text, zone: ZoneInfo, now: datetime) -> TypedHours | None:
    """Take the hours out of a text; None where there are none.

    "In two hours" counts from `now`. A time from 1 to 12 beside one with am or pm is in the half of the day that makes
    what lies between them shorter.

    Raises:
        Invalid: there is no such time, it could be in the morning or in the evening, it is too short or too long, or a
            timestamp stands for an hour that the clocks show twice.
    """
    length, part = _take_length(text), _take_part(text)
    said = _take_soon(text, zone, now) or _take_said(text, zone)
    if not said:
        return None
    if length is None and len(said) == 1 and "h" not in said[0].written:
        # After an hour with an h, "30 min" could be minutes of the hour.
        length = _take_length(text, "brief")
    if len(said) > 1 and length is not None:
        raise Invalid("time.unreadable", part=_written(said))
    begin, end = _meant(said, SLOT // _MINUTE if length is None else length, part)[0]
    _measure(end - begin)
    return TypedHours(_wall(begin), _wall(end), _day(said, end - begin))


def take_moment(text: Text, now: datetime) -> int | datetime | None:
    """Take one time out of a text: the minute of its day, 1,440 at its end, or a moment where it says one by itself.

    Raises:
        Invalid: there is no such time, it could be in the morning or in the evening, or only a part of the day is said.
    """
    part = _take_part(text)
    said = _take_soon(text, _UTC, now) or _take_said(text, _UTC, _ALONE)
    if not said:
        if part is not _ANY_PART:
            raise Invalid("time.which_hour")
        return None
    if moment := said[0].moment:
        if part is not _ANY_PART:
            raise Invalid("time.unreadable", part=_written(said))
        return moment.astimezone(UTC)
    return _meant(said, 0, part)[0][0]


def write_spoken(phrases: Phrases, found: re.Match[str]) -> str:
    """Write an hour in words, such as "half past six", in digits; what is no hour of a clock stays as it is.

    "A quarter to twelve pm" stays as well: its quarter is in the other half of the day.
    """
    hour, minutes = phrases.count(found["hour"]), phrases.minutes[found["said"]]
    is_turned = hour == _NOON and minutes < 0 and _HALF.match(found.string, found.end()) is not None
    if not 1 <= hour < _DAY // _HOUR or is_turned:
        return found[0]
    if minutes < 0:
        hour, minutes = hour - 1 or _NOON, minutes + _HOUR
    return f"{hour}:{minutes:02}"


def take_usual_hours(text: Text) -> tuple[time, time] | None:
    """Take out of a text from when until when a person usually is awake; "0-24" is always.

    Raises:
        Invalid: there is no such time, it could be in the morning or in the evening, or both ends are the same.
    """
    found = text.take("hours")
    if found is None:
        return None
    said = [_clock(each, text.phrases, _UTC) for each in found.values()]
    (begin, end), *others = _meant(said, 0, _ANY_PART)
    is_slip = _LONGEST_USUAL < end - begin < _DAY and all(0 < each.hour <= _NOON and not each.half for each in said)
    if is_slip or any(until - since <= _LONGEST_USUAL for since, until in others):
        raise Invalid("time.which_half", hours=_written(said))
    if any(each.moment for each in said) or (_wall(begin) == _wall(end) and said[-1].hour * _HOUR != _DAY):
        raise Invalid("time.unreadable", part=_written(said))
    return _wall(begin), _wall(end)


def _take_part(text: Text) -> range:
    return next((minutes for name, minutes in _PARTS.items() if text.take(name) is not None), _ANY_PART)


def _take_said(text: Text, zone: ZoneInfo, meanings: tuple[str, ...] = ("hours", *_ALONE)) -> list[_Clock]:
    found = next(filter(None, map(text.take, meanings)), {})
    return [_clock(each, text.phrases, zone) for each in found.values()]


def _take_soon(text: Text, zone: ZoneInfo, now: datetime) -> list[_Clock]:
    minutes = _take_length(text, "soon")
    return [] if minutes is None else [_at("", now + minutes * _MINUTE, zone)]


def _take_length(text: Text, meaning: str = "lasting") -> int | None:
    found = text.take(meaning)
    if found is None:
        return None
    (written,) = found.values()
    if written in text.phrases.lengths:
        return text.phrases.lengths[written]
    match = text.phrases.length.fullmatch(written)
    hours, rest, minutes = match.group("hours", "rest", "minutes") if match else (None, None, None)
    return _HOUR * text.phrases.count(hours or "0") + text.phrases.count(rest or minutes or "0")


def _clock(written: str, phrases: Phrases, zone: ZoneInfo) -> _Clock:
    match = phrases.clock.fullmatch(written)
    if match is None or match["stamp"]:
        return _stamp(written, zone)
    if match["noon"] or match["midnight"]:
        return _Clock(written, _NOON, half="pm" if match["noon"] else "am")
    hour, minute = int(match["hour"]), match["minute"]
    is_exact = "h" in written or written.startswith("0") or not 1 <= hour <= _NOON
    is_clear = is_exact or (minute is not None and hour >= _CLEAR)
    return _Clock(written, hour, int(minute or 0), match["half"] or "", is_exact, is_clear)


def _stamp(written: str, zone: ZoneInfo) -> _Clock:
    """Read a timestamp to the minute, which is what people see of it.

    Source: https://discord.com/developers/docs/reference#message-formatting
    """
    try:
        moment = _EPOCH + timedelta(seconds=int(written.split(":")[1].rstrip(">")))
        return _at(written, moment, zone)
    except (OverflowError, ValueError):
        raise Invalid("time.unreadable", part=written) from None


def _at(written: str, moment: datetime, zone: ZoneInfo) -> _Clock:
    moment = moment.astimezone(zone)
    if moment.year > _LAST_YEAR:
        raise Invalid("time.unreadable", part=written)
    if moment.fold:
        raise Invalid("time.clocks_change")
    return _Clock(written, moment.hour, moment.minute, moment=moment.replace(second=0, microsecond=0))


def _meant(said: list[_Clock], length: int, part: range) -> list[tuple[int, int]]:
    """Return the minutes of the day in which it may begin and end, the latter up to a day later; the shortest first."""
    is_loose = part is not _ANY_PART or any(each.half for each in said)
    if not (is_loose or any(each.is_exact for each in said) or all(each.is_clear for each in said)):
        raise Invalid("time.which_half", hours=_written(said))
    if any(each.written.endswith("m") for each in said) and any(_HOUR_SIGN.search(each.written) for each in said):
        # "6pm - 1h" is until one, or for an hour.
        raise Invalid("time.unreadable", part=_written(said))
    begins = [each for each in _minutes(said[0], is_loose=is_loose) if each in part]
    pairs = [(each, each + length) for each in begins]
    if len(said) > 1:
        ends = _minutes(said[1], is_loose=is_loose)
        pairs = [(begin, begin + ((end - begin) % _DAY or _DAY)) for begin, end in product(begins, ends)]
    if not pairs:
        raise Invalid("time.unreadable", part=_written(said))
    pairs.sort(key=lambda pair: pair[1] - pair[0])
    if part is _ANY_PART and any(_is_turned(each, minute) for each, minute in zip(said, pairs[0], strict=False)):
        raise Invalid("time.which_half", hours=_written(said))
    return pairs


def _is_turned(clock: _Clock, minute: int) -> bool:
    """Tell whether a time with a leading zero would be read in the other half of the day: "06:00-7pm"."""
    return clock.written.startswith("0") and not clock.half and minute % _DAY != clock.hour * _HOUR + clock.minute


def _minutes(clock: _Clock, *, is_loose: bool) -> list[int]:
    """Return the minutes of the day that a time can mean: two where it could be in either half."""
    minute = clock.hour * _HOUR + clock.minute
    is_of_half = 1 <= clock.hour <= _NOON and clock.moment is None
    if minute > _DAY or (clock.half and not is_of_half):
        raise Invalid("time.unreadable", part=clock.written)
    if not is_loose or not is_of_half:
        return [minute]
    halves = {"am": minute % (_NOON * _HOUR), "pm": minute % (_NOON * _HOUR) + _NOON * _HOUR}
    return [halves[clock.half]] if clock.half else list(halves.values())


def _measure(minutes: int) -> None:
    if minutes < SLOT // _MINUTE:
        raise Invalid("time.too_short")
    if minutes > LONGEST // _MINUTE:
        raise Invalid("time.too_long")


def _wall(minute: int) -> time:
    return time(minute % _DAY // _HOUR, minute % _HOUR)


def _day(said: list[_Clock], length: int) -> date | None:
    """Return the day that a timestamp carries, in the reader's zone."""
    begins, ends = said[0].moment, said[-1].moment
    if begins is None:
        if ends is not None:
            raise Invalid("time.unreadable", part=_written(said))
        return None
    if len(said) > 1 and ends is not None:
        # In UTC, for between two moments of one zone Python counts what its clock shows, not what passes.
        passing = ends.astimezone(UTC) - begins.astimezone(UTC)
        if passing != length * _MINUTE:
            raise Invalid("time.clocks_change" if timedelta(0) < passing <= LONGEST else "time.too_long")
    return begins.date()


def _written(said: list[_Clock]) -> str:
    return "-".join(each.written for each in said)
