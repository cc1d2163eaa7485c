"""Waits that stand still while someone sleeps, counted minute by minute, in every zone and over changes."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.hours import after_awake, is_awake, next_awake

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Hours = tuple[time | None, time | None]
Case = tuple[datetime, str | None, Hours]

# Half an hour, two hours, at midnight, in a month of fasting, for good, and the usual ones.
RESTLESS_ZONES = [
    "Africa/Cairo", "Africa/Casablanca", "America/Nuuk", "America/Santiago", "Antarctica/Troll", "Asia/Almaty",
    "Asia/Beirut", "Asia/Gaza", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Paris", "Pacific/Chatham",
]  # fmt: skip
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from(sorted(available_timezones())) | st.none()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)


@st.composite
def usual_hours(draw: st.DrawFn) -> Hours:
    begin = draw(MINUTES)
    length = draw(st.integers(1, 90) | st.integers(1, 1440))
    end = (datetime(2026, 1, 1, begin.hour, begin.minute, tzinfo=UTC) + length * MINUTE).time()
    return draw(st.sampled_from([(begin, end), (begin, end), (begin, end), (None, None), (time(), time())]))


@cache
def changes_of(name: str, year: int) -> list[datetime]:
    """Return the hours of a year in which a zone's clocks change."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + each * HOUR for each in range(366 * 24)]
    offsets = [each.astimezone(ZoneInfo(name)).utcoffset() for each in hours]
    return [hours[place] for place in range(1, len(hours)) if offsets[place] != offsets[place - 1]]


@st.composite
def around_changes(draw: st.DrawFn) -> Case:
    """Draw a moment shortly before a change, and hours that begin or end by the clock around it."""
    name = draw(st.sampled_from(RESTLESS_ZONES))
    changes = changes_of(name, draw(st.integers(2024, 2033)))
    assume(changes)
    change = draw(st.sampled_from(changes))
    clock = change.astimezone(ZoneInfo(name))
    begin = (clock + draw(st.integers(-180, 180)) * MINUTE).time()
    end = (clock + draw(st.integers(-180, 180)) * MINUTE).time()
    return change - draw(st.integers(-60, 30 * 60)) * MINUTE, name, (begin, end)


CASES = st.tuples(MOMENTS, ZONES, usual_hours()) | around_changes()


def waking_minutes(case: Case, days: int) -> list[datetime]:
    """Return every minute of some days in which someone is awake throughout."""
    moment, name, hours = case
    minutes = (moment + each * MINUTE for each in range(days * 24 * 60))
    return [each for each in minutes if is_awake(each, name, *hours)]


@given(CASES)
def test_the_next_waking_moment_is_the_first_minute_counted(case: Case) -> None:
    moment, name, hours = case
    assert next_awake(moment, name, *hours) == waking_minutes(case, 3)[0]


@given(CASES, st.data())
def test_a_wait_is_over_when_as_many_waking_minutes_were_counted(case: Case, data: st.DataObject) -> None:
    moment, name, hours = case
    counted = waking_minutes(case, 4)
    length = data.draw(st.integers(1, len(counted)))
    assert after_awake(moment, length * MINUTE, name, *hours) == counted[length - 1] + MINUTE


@given(CASES, st.timedeltas(timedelta(0), 2 * DAY), st.timedeltas(timedelta(0), timedelta(minutes=20)))
def test_between_minutes_too_somebody_is_awake_next_and_was_until_a_wait_was_over(
    case: Case, later: timedelta, length: timedelta
) -> None:
    moment, name, hours = case[0] + later, *case[1:]
    up = next_awake(moment, name, *hours)
    assert up >= moment
    assert is_awake(up, name, *hours)
    assert up == moment or not is_awake(up - timedelta.resolution, name, *hours)
    over = after_awake(moment, length, name, *hours)
    assert (over > moment) is bool(length)
    assert not length or is_awake(over - timedelta.resolution, name, *hours)


@given(CASES, st.timedeltas(timedelta(0), HOUR), st.timedeltas(timedelta(0), HOUR))
def test_two_waits_in_a_row_are_one_wait(case: Case, first: timedelta, second: timedelta) -> None:
    moment, name, hours = case
    between = after_awake(moment, first, name, *hours)
    assert after_awake(between, second, name, *hours) == after_awake(moment, first + second, name, *hours)


@given(CASES, st.timedeltas(timedelta(0), DAY), st.sampled_from(RESTLESS_ZONES))
def test_the_answer_is_utc_whatever_zone_the_moment_is_written_in(case: Case, length: timedelta, written: str) -> None:
    moment, name, hours = case
    elsewhere = moment.astimezone(ZoneInfo(written))
    for answer, same in (
        (next_awake(elsewhere, name, *hours), next_awake(moment, name, *hours)),
        (after_awake(elsewhere, length, name, *hours), after_awake(moment, length, name, *hours)),
    ):
        assert answer == same
        assert answer.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "length", "begin", "end", "expected"),
    [
        # Spring in Paris: 02:00 becomes 03:00 at 01:00 UTC on 29 March 2026.
        ("2026-03-29T00:00", "1:00", time(0), time(5), "2026-03-29T01:00"),
        ("2026-03-29T00:00", "1:00", time(2), time(5), "2026-03-29T02:00"),
        ("2026-03-29T00:00", "0:30", time(2, 10), time(2, 50), "2026-03-30T00:40"),
        # Autumn: 03:00 becomes 02:00 at 01:00 UTC on 25 October 2026, so 02:30 comes twice.
        ("2026-10-24T22:00", "3:00", time(22), time(2, 30), "2026-10-25T01:30"),
        ("2026-10-25T00:00", "1:00", time(2, 30), time(5), "2026-10-25T02:00"),
        # A winter's day, a night, a weekend: 09:00–18:00 is 08:00–17:00 UTC.
        ("2026-01-05T16:00", "1:00", time(9), time(18), "2026-01-05T17:00"),
        ("2026-01-05T16:00", "1:01", time(9), time(18), "2026-01-06T08:01"),
        ("2026-01-05T20:00", "18:30", time(9), time(18), "2026-01-08T08:30"),
    ],
)
def test_waits_in_paris(moment: str, length: str, begin: time, end: time, expected: str) -> None:
    hours, minutes = length.split(":")
    wait = timedelta(hours=int(hours), minutes=int(minutes))
    since = datetime.fromisoformat(f"{moment}+00:00")
    assert after_awake(since, wait, "Europe/Paris", begin, end) == datetime.fromisoformat(f"{expected}+00:00")


@given(MOMENTS, ZONES, st.timedeltas(timedelta(0), 30 * DAY))
def test_always_awake_is_real_time(moment: datetime, name: str | None, length: timedelta) -> None:
    always = (time(), time())
    assert next_awake(moment, name, *always) == moment
    assert after_awake(moment, length, name, *always) == moment + length


def test_no_wait_is_over_at_once_even_at_night() -> None:
    night = datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert after_awake(night, timedelta(0), None, None, None) == night
    assert after_awake(night, -HOUR, None, None, None) == night


def test_the_longest_wait_in_the_shortest_hours_ends() -> None:
    begin = datetime(2026, 1, 1, 9, tzinfo=UTC)
    over = after_awake(begin, 12 * HOUR, None, time(9), time(9, 1))
    assert over == begin + 719 * DAY + MINUTE
