"""Weekly series through every change of the clocks in every zone; each occurrence is worked out a second way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from benchmarks.figures import Figure
from bot.calendars.occurrences import SeriesTime, occurrences, slots
from bot.domain.timetable import Timetable

SINCE, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
CLOCKS = (time(0, 30), time(2, 30), time(3, 15), time(12), time(23, 45))
"""When series begin, beside the minutes at which clocks are set forward or back."""
HOUR, MINUTE, DAY, WEEK = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the clocks."""

    zone: str
    at: datetime
    """In UTC; the first moment of the new offset."""
    before: timedelta
    """Offset from UTC until then."""
    after: timedelta


@dataclass(slots=True)
class Survey:
    """What was looked at, and what was wrong with it."""

    zones: int = 0
    changes: int = 0
    occurrences: int = 0
    slots: int = 0
    moved: int = 0
    """Occurrences whose hour was skipped."""
    doubled: int = 0
    """Occurrences whose hour came twice."""
    drifted: int = 0
    """Occurrences that steps of seven days in UTC would have had at another hour of the wall clock."""
    wrong: list[str] = field(default_factory=list)


async def measure() -> list[Figure]:
    """Survey all zones that the zone data know."""
    found = survey(sorted(available_timezones()))
    scope = f"{found.zones} zones, {found.changes:,} changes of the clocks 2024–2034, {found.occurrences:,} occurrences"
    return [
        Figure(
            f"{scope} ({found.moved:,} in a skipped hour, {found.doubled:,} in a doubled one): wrong",
            str(len(found.wrong)), f"{found.drifted:,} (steps of 7 days in UTC)", bar="0", is_met=not found.wrong,
        )
    ]  # fmt: skip


def survey(zones: Iterable[str]) -> Survey:
    """Check the week of each change, the one before and the one after, for series at all sorts of hours."""
    found = Survey()
    for zone in zones:
        found.zones += 1
        for change in changes(zone, SINCE, UNTIL):
            found.changes += 1
            for wall in sorted(_walls(change)):
                _check(found, change, wall)
    return found


def changes(zone: str, since: datetime, until: datetime) -> Iterator[Change]:
    """Yield the changes of the clocks in [since, until), to the second; two within a day might hide each other."""
    own_clock = ZoneInfo(zone)
    before = _offset(since, own_clock)
    while since < until:
        after = _offset(since + DAY, own_clock)
        if before != after:
            yield Change(zone, _bisected(since, own_clock), before, after)
        since, before = since + DAY, after


def _offset(moment: datetime, own_clock: ZoneInfo) -> timedelta:
    return moment.astimezone(own_clock).utcoffset() or timedelta(0)


def _bisected(since: datetime, own_clock: ZoneInfo) -> datetime:
    low, high, before = 0, int(DAY.total_seconds()), _offset(since, own_clock)
    while high - low > 1:
        middle = (low + high) // 2
        is_before = _offset(since + timedelta(seconds=middle), own_clock) == before
        low, high = (middle, high) if is_before else (low, middle)
    return since + timedelta(seconds=high)


def _walls(change: Change) -> set[datetime]:
    """Return wall times on the day of a change: some hours, and the edges and middle of what is skipped or doubled."""
    naive = change.at.replace(tzinfo=None)
    low, high = sorted((naive + change.before, naive + change.after))
    days = {low.date(), high.date()}
    edges = {low - MINUTE, low, low + (high - low) / 2, high - MINUTE, high}
    return edges | {datetime.combine(day, clock) for day in days for clock in CLOCKS}


def _check(found: Survey, change: Change, wall: datetime) -> None:
    walls = [wall - WEEK, wall, wall + WEEK]
    series = Timetable(change.zone, walls[0].date(), wall.time(), (wall + HOUR).time(), "FREQ=WEEKLY;COUNT=3")
    expected = [_expected(ZoneInfo(change.zone), each) for each in walls]
    listed = occurrences(series, change.at - 2 * WEEK, change.at + 2 * WEEK)
    offered = [slot for each in listed for slot in slots(each)]
    found.occurrences += len(expected)
    found.slots += len(offered)
    found.moved += sum(each.is_moved for each in expected)
    found.doubled += sum(len(_moments(ZoneInfo(change.zone), each)) > 1 for each in walls)
    found.drifted += sum(
        expected[0].starts_at + number * WEEK != each.starts_at for number, each in enumerate(expected)
    )
    is_apart = all(earlier[1] < later[0] for earlier, later in pairwise(offered))
    if listed != expected or len(offered) != 3 * len(expected) or not is_apart:
        found.wrong.append(f"{change.zone}, {wall:%Y-%m-%d %H:%M}")


def _expected(own_clock: ZoneInfo, wall: datetime) -> SeriesTime:
    """Work an hour's occurrence out again, by looking for the moments at which the clock shows `wall`."""
    moments = _moments(own_clock, wall)
    as_before = wall.replace(tzinfo=UTC) - _offset(wall.replace(tzinfo=UTC) - DAY, own_clock)
    starts_at = min(moments, default=as_before)
    return SeriesTime(wall.date(), starts_at, starts_at + HOUR, is_moved=not moments)


def _moments(own_clock: ZoneInfo, wall: datetime) -> set[datetime]:
    """Return all moments at which a clock shows `wall`: one, or none where it is skipped, or two."""
    utc = wall.replace(tzinfo=UTC)
    candidates = {utc - _offset(utc + shift, own_clock) for shift in (-DAY, DAY)}
    return {each for each in candidates if each.astimezone(own_clock).replace(tzinfo=None) == wall}
