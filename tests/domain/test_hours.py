"""When someone is awake, in every zone and across every change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import _ZONE_BY_LOCALE, guess_zone, is_awake

EVERY_ZONE = sorted(available_timezones())
NAMES = st.sampled_from(EVERY_ZONE)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
YEAR_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_day_has_waking_and_quiet_hours_in_every_zone_across_the_year() -> None:
    for name in EVERY_ZONE:
        for day in range(0, 365, 3):
            noon = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(name)) + timedelta(days=day)
            assert is_awake(noon, name, None, None)
            assert not is_awake(noon.replace(hour=23), name, None, None)


@given(NAMES, MOMENTS, MINUTES, MINUTES)
def test_hours_turned_round_are_the_rest_of_the_day(name: str, moment: datetime, begin: time, end: time) -> None:
    if begin == end:
        assert is_awake(moment, name, begin, end)
    else:
        assert is_awake(moment, name, begin, end) is not is_awake(moment, name, end, begin)


@given(NAMES | st.none(), MOMENTS, MINUTES, MINUTES)
def test_the_hours_are_those_on_their_own_clock(name: str | None, moment: datetime, begin: time, end: time) -> None:
    local = moment.astimezone(ZoneInfo(name or "UTC"))
    minute = local.hour * 60 + local.minute
    first, last = begin.hour * 60 + begin.minute, end.hour * 60 + end.minute
    length = (last - first) % 1440 or 1440
    assert is_awake(moment, name, begin, end) is ((minute - first) % 1440 < length)


def changes_of(name: str, year: int) -> list[datetime]:
    """Return the hours of a year in which a zone's clocks change."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=each) for each in range(366 * 24)]
    offsets = [each.astimezone(ZoneInfo(name)).utcoffset() for each in hours]
    return [hours[place] for place in range(1, len(hours)) if offsets[place] != offsets[place - 1]]


@pytest.mark.parametrize("name", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_a_change_of_the_clocks_moves_the_hours_along(name: str) -> None:
    changes = changes_of(name, 2026)
    assert changes
    for change in changes:
        for step in range(-30 * 60, 30 * 60, 10):
            moment = change + timedelta(minutes=step)
            clock = moment.astimezone(ZoneInfo(name)).time()
            assert is_awake(moment, name, time(9), time(18)) is (time(9) <= clock < time(18))
            assert is_awake(moment, name, time(20), time(2)) is (clock >= time(20) or clock < time(2))


def test_without_a_zone_hours_are_utc_and_without_hours_the_night_is_quiet() -> None:
    awake = [hour for hour in range(24) if is_awake(YEAR_BEGINS.replace(hour=hour), None, None, None)]
    assert awake == list(range(8, 22))


def test_the_end_of_usual_hours_is_left_out() -> None:
    begin, end = time(9), time(18)
    assert is_awake(YEAR_BEGINS.replace(hour=9), None, begin, end)
    assert not is_awake(YEAR_BEGINS.replace(hour=18), None, begin, end)


def test_a_guessed_zone_exists() -> None:
    assert set(_ZONE_BY_LOCALE.values()) <= set(EVERY_ZONE)


@given(st.text())
def test_a_language_of_many_zones_gives_no_guess(locale: str) -> None:
    assert guess_zone(locale) in {None, *EVERY_ZONE}
    assert guess_zone("en-US") is None
