"""When a member is awake: usual hours in their own time zone, daylight-saving time included."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

QUIET_FROM = time(22)
QUIET_UNTIL = time(8)
"""A member who gave no hours isn't asked between these, in their own time zone."""

MIDNIGHT = "24"
"""How people write the end of a day."""

_DAY = timedelta(days=1)


def write_hours(begin: time, end: time) -> tuple[str, str]:
    """Write usual hours as people do: midnight at the end is "24:00"."""
    return f"{begin:%H:%M}", f"{MIDNIGHT}:00" if end == time() else f"{end:%H:%M}"


@lru_cache(maxsize=1_000)
def clock_of(zone_name: str) -> ZoneInfo | None:
    """Return the clock of a zone that was kept once, or None where this machine doesn't know it, or no longer."""
    try:
        return ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def own_clock(zone_name: str | None) -> ZoneInfo:
    """Return a member's clock; UTC if they gave no zone, or one that isn't known here."""
    return (clock_of(zone_name) if zone_name else None) or ZoneInfo("UTC")


def is_awake(moment: datetime, zone_name: str | None, begin: time | None, end: time | None) -> bool:
    """Tell whether `moment` falls in a member's usual hours, or outside 22:00–08:00 when they gave none.

    Without a zone that is known here, their night is unknown, so their hours are read as UTC.
    """
    local = moment.astimezone(own_clock(zone_name)).time()
    return _is_within(local, begin or QUIET_UNTIL, end or QUIET_FROM)


def _is_within(local: time, begin: time, end: time) -> bool:
    if begin < end:
        return begin <= local < end
    return local >= begin or local < end


def next_awake(moment: datetime, zone_name: str | None, begin: time | None, end: time | None) -> datetime:
    """Return the first moment, in UTC and not before `moment`, that `is_awake` says yes to.

    O(1): within a day, or two where a change of the clocks skips a member's short hours.
    """
    return next(since for since, _, awake in _stretches(moment, zone_name, begin, end) if awake)


def after_awake(
    moment: datetime, length: timedelta, zone_name: str | None, begin: time | None, end: time | None
) -> datetime:
    """Return the first moment, in UTC, by which a member has been awake for `length` since `moment`.

    Real time is counted, however their clock is moved meanwhile, and it stands still while they sleep. A wait that is
    used up just as their hours end is over then, not the next morning; one of no length is over at once, even at night.
    O(days).
    """
    if length <= timedelta(0):
        return moment.astimezone(UTC)
    awake = ((since, until) for since, until, is_up in _stretches(moment, zone_name, begin, end) if is_up)
    left = length
    since, until = next(awake)
    while left > until - since:
        left -= until - since
        since, until = next(awake)
    return since + left


def _stretches(
    moment: datetime, zone_name: str | None, begin: time | None, end: time | None
) -> Iterator[tuple[datetime, datetime, bool]]:
    """Yield what follows `moment` without end, as (since, until, awake) in UTC, each at most a day long.

    A stretch ends where usual hours begin or end, and where the clocks change: after a change everything is read again,
    so hours that a change skips are never awake, and hours that it doubles are so twice.
    """
    clock = own_clock(zone_name)
    begin, end = begin or QUIET_UNTIL, end or QUIET_FROM
    since = moment.astimezone(UTC)
    while True:
        local = since.astimezone(clock)
        awake = _is_within(local.time(), begin, end)
        until = _unchanged_until(since, since + _until(local, end if awake else begin), clock)
        yield since, until, awake
        since = until


def _until(local: datetime, boundary: time) -> timedelta:
    """Return how long a clock at `local` goes on until it shows `boundary`: more than nothing, a day at most."""
    ahead = timedelta(
        hours=boundary.hour - local.hour,
        minutes=boundary.minute - local.minute,
        seconds=boundary.second - local.second,
        microseconds=boundary.microsecond - local.microsecond,
    )
    return ahead if ahead > timedelta(0) else ahead + _DAY


def _unchanged_until(since: datetime, until: datetime, clock: ZoneInfo) -> datetime:
    """Return `until`, or the moment the clocks change where that comes first; both at most a day after `since`.

    Comparing both ends finds it: since 1970 no zone has changed twice in 36 hours, and all change at whole seconds.
    """
    offset = since.astimezone(clock).utcoffset()
    if until.astimezone(clock).utcoffset() == offset:
        return until
    whole = since.replace(microsecond=0)

    def has_changed(second: int) -> bool:
        return (whole + timedelta(seconds=second)).astimezone(clock).utcoffset() != offset

    seconds = range(int((until - whole).total_seconds()) + 1)
    return whole + timedelta(seconds=bisect_left(seconds, 1, key=has_changed))


_ZONE_BY_LOCALE = {
    "da": "Europe/Copenhagen", "de": "Europe/Berlin", "es-ES": "Europe/Madrid", "fr": "Europe/Paris",
    "hr": "Europe/Zagreb", "it": "Europe/Rome", "lt": "Europe/Vilnius", "hu": "Europe/Budapest",
    "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "pl": "Europe/Warsaw", "pt-BR": "America/Sao_Paulo",
    "ro": "Europe/Bucharest", "fi": "Europe/Helsinki", "sv-SE": "Europe/Stockholm", "vi": "Asia/Ho_Chi_Minh",
    "tr": "Europe/Istanbul", "cs": "Europe/Prague", "el": "Europe/Athens", "bg": "Europe/Sofia",
    "uk": "Europe/Kyiv", "hi": "Asia/Kolkata", "th": "Asia/Bangkok", "ja": "Asia/Tokyo",
    "zh-TW": "Asia/Taipei", "ko": "Asia/Seoul", "en-GB": "Europe/London", "id": "Asia/Jakarta",
}  # fmt: skip


def guess_zone(locale: str) -> str | None:
    """Guess a zone from a Discord client's language, or None where the language spans too many."""
    return _ZONE_BY_LOCALE.get(locale)
