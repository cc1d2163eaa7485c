"""When somebody is awake, in every zone and across every change of the clocks; and how hours are written."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.hours import _ZONE_BY_LOCALE, guess_zone, is_awake, matching_zones, parse_hours, zone
from bot.errors import Invalid

EVERY_ZONE = sorted(available_timezones())
NAMES = st.sampled_from(EVERY_ZONE)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
YEAR_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def refusal_of(read: Callable[[str], object], written: str) -> Invalid | None:
    """Return the sentence a text is refused with, or None; any other exception fails the test."""
    try:
        read(written)
    except Invalid as refusal:
        return refusal
    return None


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


@given(MINUTES, MINUTES, st.sampled_from(["-", "–", "—"]), st.sampled_from(["", " ", "  "]))
def test_hours_are_read_as_they_are_written(begin: time, end: time, dash: str, gap: str) -> None:
    written = f"{gap}{begin:%H:%M}{gap}{dash}{gap}{end:%H:%M}{gap}"
    if begin == end:
        with pytest.raises(Invalid):
            parse_hours(written)
    else:
        assert parse_hours(written) == (begin, end)


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("9-18", time(9), time(18)),
        ("09:30–17:00", time(9, 30), time(17)),
        ("20-2", time(20), time(2)),
        ("18-24", time(18), time(0)),
        ("8:15 — 9", time(8, 15), time(9)),
    ],
)
def test_short_writings_are_understood(written: str, begin: time, end: time) -> None:
    assert parse_hours(written) == (begin, end)


@given(st.text() | st.from_regex(r"[0-9]{1,3}(:[0-9]{1,3})?\s*[-–—]\s*[0-9]{1,3}(:[0-9]{1,3})?", fullmatch=True))
@example("")
@example("9")
@example("9-")
@example("25-3")
@example("9:60-10")
@example("9-9")
@example("-1-5")
@example("9-18 pm")
@example("noon-night")
@example("9-18\n10-12")
@example("²-³")
def test_hours_are_read_or_refused_with_a_sentence(written: str) -> None:
    refusal = refusal_of(parse_hours, written)
    if refusal is None:
        begin, end = parse_hours(written)
        assert begin != end
    else:
        assert refusal.key == "profile.unknown_hours"
        assert len(str(refusal.params["hours"])) <= 50


@given(NAMES, st.sampled_from([str, str.lower, str.upper]))
def test_a_zone_is_found_whatever_its_capitals(name: str, written: type[str]) -> None:
    assert zone(f" {written(name).replace('_', ' ')} ").key == name


@given(st.text() | st.sampled_from(["../../etc/passwd", "/etc/localtime", "\0", "Mars/Base", "Europe", ""]))
def test_any_text_is_a_zone_or_refused_with_a_sentence(written: str) -> None:
    refusal = refusal_of(zone, written)
    if refusal is None:
        assert zone(written).key in EVERY_ZONE
    else:
        assert refusal.key == "profile.unknown_zone"
        assert len(str(refusal.params["zone"])) <= 50


@given(st.text(max_size=5) | st.sampled_from(["new york", "EUROPE", "par", "utc", ""]), st.integers(0, 30))
def test_matching_zones_hold_the_part_in_order_and_within_the_limit(part: str, limit: int) -> None:
    found = matching_zones(part, limit)
    assert len(found) <= limit
    assert found == matching_zones(part, 1_000)[:limit]
    assert all(part.strip().replace(" ", "_").casefold() in name.casefold() for name in found)
    assert all(zone(name).key == name for name in found[:3])


def test_regions_come_before_odd_names() -> None:
    found = matching_zones("", 1_000)
    is_region = ["/" in name for name in found]
    assert is_region == sorted(is_region, reverse=True)
    assert not [name for name in found if name.startswith("Etc/")]
    assert matching_zones("new york", 25) == ["America/New_York"]


def test_a_guessed_zone_exists() -> None:
    assert set(_ZONE_BY_LOCALE.values()) <= set(EVERY_ZONE)


@given(st.text())
def test_a_language_of_many_zones_gives_no_guess(locale: str) -> None:
    assert guess_zone(locale) in {None, *EVERY_ZONE}
    assert guess_zone("en-US") is None
