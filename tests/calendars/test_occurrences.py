"""Office hours in every zone and across every change of the clocks, at random and in the oddest places."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calendars import survey
from bot.calendars.occurrences import GAP, SLOT, SeriesTime, in_zone, last_day, occurrences, slots
from bot.domain.timetable import Timetable

EVERY_ZONE = sorted(available_timezones())
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

RULES = st.sampled_from(
    [
        "",
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;COUNT=20",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=TU,FR,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SA;COUNT=9",
        "FREQ=WEEKLY;BYDAY=SU;UNTIL=20301231T235959",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=YEARLY",
    ]
)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59]))
TIMETABLES = st.builds(
    Timetable, st.sampled_from(EVERY_ZONE), st.dates(date(1990, 1, 1), date(2035, 1, 1)), CLOCKS, CLOCKS, RULES
)
SPANS = st.timedeltas(timedelta(0), 60 * DAY)


@st.composite
def timetables_and_moments(draw: st.DrawFn) -> tuple[Timetable, datetime, datetime, datetime]:
    """Return a timetable and three moments in order, not far from its first occurrences."""
    timetable = draw(TIMETABLES)
    since = datetime.combine(timetable.first, time(), UTC) + draw(st.timedeltas(-20 * DAY, 800 * DAY))
    middle = since + draw(SPANS)
    return timetable, since, middle, middle + draw(SPANS)


def length_of(timetable: Timetable) -> timedelta:
    begins, ends = (timedelta(hours=each.hour, minutes=each.minute) for each in (timetable.begins, timetable.ends))
    return (ends - begins) % DAY or DAY


def test_every_change_of_every_zone_holds_the_local_hour() -> None:
    found = survey(EVERY_ZONE)
    assert not found.wrong
    assert found.zones == len(EVERY_ZONE)
    # Who knows fewer than these has no zone data for the years to come.
    assert found.changes > 2_000
    assert found.moved > found.changes
    assert found.doubled > found.changes
    assert found.drifted > 0


@given(timetables_and_moments())
def test_occurrences_are_in_the_window_in_order_and_apart(
    drawn: tuple[Timetable, datetime, datetime, datetime],
) -> None:
    timetable, since, _, until = drawn
    found = occurrences(timetable, since, until)
    assert all(each.ends_at > since and each.starts_at < until for each in found)
    assert all(timedelta(0) < each.ends_at - each.starts_at <= length_of(timetable) for each in found)
    assert all(earlier.ends_at <= later.starts_at and earlier.on < later.on for earlier, later in pairwise(found))


@given(timetables_and_moments())
def test_the_wall_clock_is_held_or_skipped_and_told(drawn: tuple[Timetable, datetime, datetime, datetime]) -> None:
    timetable, since, _, until = drawn
    for each in occurrences(timetable, since, until):
        wall = datetime.combine(each.on, timetable.begins)
        local = each.starts_at.astimezone(ZoneInfo(timetable.zone))
        assert (local.replace(tzinfo=None) > wall) is each.is_moved
        assert local.replace(tzinfo=None) >= wall
        assert local.fold == 0


@given(timetables_and_moments())
def test_windows_side_by_side_are_one_window(drawn: tuple[Timetable, datetime, datetime, datetime]) -> None:
    timetable, since, middle, until = drawn
    apart = {
        each.on: each
        for window in ((since, middle), (middle, until))
        for each in occurrences(timetable, *window)
        if window[0] < window[1]
    }
    if since < until:
        assert list(apart.values()) == occurrences(timetable, since, until)


@given(TIMETABLES)
def test_the_last_day_is_the_last_occurrence(timetable: Timetable) -> None:
    last = last_day(timetable)
    if last is None:
        assert "COUNT" not in timetable.rule
        assert "UNTIL" not in timetable.rule
        far = datetime(2045, 1, 1, tzinfo=UTC)
        assert occurrences(timetable, far, far + 1_500 * DAY)
    else:
        found = occurrences(timetable, *ALWAYS)
        assert not found or found[-1].on == last


@given(timetables_and_moments(), st.sampled_from(EVERY_ZONE))
def test_a_new_zone_keeps_the_wall_clock_of_what_is_to_come(
    drawn: tuple[Timetable, datetime, datetime, datetime], zone: str
) -> None:
    timetable, _, now, until = drawn
    new = in_zone(timetable, zone, now)
    left = [each.on for each in occurrences(timetable, now, until) if each.starts_at > now]
    if not left:
        return
    assert (new.zone, new.begins, new.ends) == (zone, timetable.begins, timetable.ends)
    assert new.first <= left[0]
    assert last_day(new) == last_day(timetable)
    # A day that one of the two zones skips altogether, as Apia's did, has no occurrence there.
    found = {each.on for each in occurrences(new, now - 4 * DAY, until + 4 * DAY)}
    assert len(set(left) - found) <= 1


@pytest.mark.parametrize(
    ("zone", "on", "begins", "starts_at", "is_moved"),
    [
        ("Europe/Paris", date(2025, 3, 30), time(2, 30), "2025-03-30 01:30", True),
        ("Europe/Paris", date(2025, 10, 26), time(2, 30), "2025-10-26 00:30", False),
        ("Europe/Dublin", date(2025, 3, 30), time(1), "2025-03-30 01:00", True),
        ("Australia/Lord_Howe", date(2025, 10, 5), time(2, 15), "2025-10-04 15:45", True),
        ("Australia/Lord_Howe", date(2025, 10, 5), time(2, 30), "2025-10-04 15:30", False),
        ("Australia/Lord_Howe", date(2025, 4, 6), time(1, 45), "2025-04-05 14:45", False),
        ("Antarctica/Troll", date(2025, 3, 30), time(2, 30), "2025-03-30 02:30", True),
        ("Antarctica/Troll", date(2025, 10, 26), time(2, 30), "2025-10-26 00:30", False),
        ("Africa/Casablanca", date(2025, 2, 23), time(2, 30), "2025-02-23 01:30", False),
        ("Africa/Casablanca", date(2025, 4, 6), time(2, 30), "2025-04-06 02:30", True),
        ("Asia/Gaza", date(2025, 4, 12), time(2, 30), "2025-04-12 00:30", True),
        ("Asia/Gaza", date(2025, 10, 25), time(1, 30), "2025-10-24 22:30", False),
        # What is skipped here is the last hour of a day: it begins on the next, and keeps its name.
        ("America/Scoresbysund", date(2025, 3, 29), time(23, 45), "2025-03-30 01:45", True),
        ("America/Scoresbysund", date(2025, 10, 25), time(23, 45), "2025-10-26 00:45", False),
        ("Pacific/Apia", date(2011, 12, 30), time(10), "2011-12-30 20:00", True),
        ("Pacific/Kwajalein", date(1993, 8, 21), time(10), "1993-08-21 22:00", True),
    ],
)
@pytest.mark.parametrize("rule", ["", "FREQ=WEEKLY"])
def test_odd_zones(zone: str, on: date, begins: time, starts_at: str, *, is_moved: bool, rule: str) -> None:
    begun = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    ends = (datetime.combine(on, begins) + timedelta(hours=1)).time()
    [found] = occurrences(Timetable(zone, on, begins, ends, rule), begun, begun + DAY)
    assert found == SeriesTime(on, begun, begun + timedelta(hours=1), is_moved)


@pytest.mark.parametrize(
    ("zone", "skipped"), [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))]
)
def test_a_day_that_a_zone_skips_gives_way_to_the_next(zone: str, skipped: date) -> None:
    daily = Timetable(zone, skipped - DAY, time(10), time(11), "FREQ=DAILY;COUNT=3")
    found = occurrences(daily, *ALWAYS)
    assert [each.on for each in found] == [skipped - DAY, skipped + DAY]
    assert found[1].starts_at - found[0].starts_at == DAY
    assert not any(each.is_moved for each in found)


def test_what_lasts_all_day_is_cut_on_a_short_day_and_stops_short_on_a_long_one() -> None:
    daily = Timetable("Europe/Paris", date(2025, 1, 1), time(9), time(9), "FREQ=DAILY")
    for noon, hours in ((datetime(2025, 3, 29, 12, tzinfo=UTC), 23), (datetime(2025, 10, 25, 12, tzinfo=UTC), 24)):
        [found] = occurrences(daily, noon, noon + timedelta(hours=1))
        assert found.ends_at - found.starts_at == timedelta(hours=hours)


def test_an_hour_is_an_hour_though_the_clocks_change_within_it() -> None:
    for on, starts_at in ((date(2025, 3, 30), "2025-03-30 00:30"), (date(2025, 10, 26), "2025-10-26 00:30")):
        begins = time(1, 30) if on.month == 3 else time(2, 30)
        ends = time(2, 30) if on.month == 3 else time(3, 30)
        [found] = occurrences(Timetable("Europe/Paris", on, begins, ends), *ALWAYS)
        begun = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
        assert (found.starts_at, found.ends_at) == (begun, begun + timedelta(hours=1))


def test_what_is_under_way_is_listed_until_its_end() -> None:
    evening = Timetable("Asia/Tokyo", date(2026, 11, 24), time(23, 30), time(0, 30))
    ends_at = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert occurrences(evening, ends_at - timedelta(seconds=1), ends_at + DAY)
    assert not occurrences(evening, ends_at, ends_at + DAY)
    assert not occurrences(evening, ends_at - DAY, ends_at - timedelta(hours=1))


def test_the_end_of_a_rule_is_read_on_the_wall() -> None:
    timetable = Timetable(
        "Pacific/Kiritimati", date(2026, 12, 1), time(23), time(0), "FREQ=DAILY;UNTIL=20261231T235959"
    )
    assert last_day(timetable) == date(2026, 12, 31)
    assert occurrences(timetable, *ALWAYS)[-1].on == date(2026, 12, 31)


def test_a_move_leaves_behind_what_has_begun() -> None:
    weekly = Timetable("Asia/Tokyo", date(2026, 11, 3), time(18), time(19), "FREQ=WEEKLY;BYDAY=TU;COUNT=5")
    now = datetime(2026, 11, 17, 9, 5, tzinfo=UTC)
    moved = in_zone(weekly, "America/Los_Angeles", now)
    assert moved == Timetable(
        "America/Los_Angeles", date(2026, 11, 24), time(18), time(19), "FREQ=WEEKLY;BYDAY=TU;COUNT=2"
    )
    assert [each.on for each in occurrences(moved, now, ALWAYS[1])] == [date(2026, 11, 24), date(2026, 12, 1)]


def test_what_is_over_moves_nowhere() -> None:
    once = Timetable("Asia/Tokyo", date(2026, 11, 3), time(18), time(19))
    assert in_zone(once, "America/Los_Angeles", datetime(2026, 11, 3, 9, tzinfo=UTC)) is once
    assert in_zone(once, "Asia/Seoul", datetime(2026, 11, 3, 8, 59, tzinfo=UTC)).zone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("minutes", "begin"),
    [(14, []), (15, [0]), (20, [0]), (34, [0]), (35, [0, 20]), (60, [0, 20, 40]), (120, [0, 20, 40, 60, 80, 100])],
)
def test_slots_fill_an_occurrence_and_leave_a_short_tail(minutes: int, begin: list[int]) -> None:
    starts_at = datetime(2026, 11, 24, 17, tzinfo=UTC)
    occurrence = SeriesTime(date(2026, 11, 24), starts_at, starts_at + timedelta(minutes=minutes), is_moved=False)
    expected = [starts_at + timedelta(minutes=each) for each in begin]
    assert slots(occurrence) == [(each, each + SLOT) for each in expected]


@given(timetables_and_moments())
def test_no_slot_overlaps_another_or_leaves_its_occurrence(
    drawn: tuple[Timetable, datetime, datetime, datetime],
) -> None:
    timetable, since, _, until = drawn
    found = occurrences(timetable, since, until)
    offered = [slot for each in found for slot in slots(each)]
    assert all(end - start == SLOT for start, end in offered)
    assert all(later[0] >= earlier[1] for earlier, later in pairwise(offered))
    for each in found:
        within = slots(each)
        assert all(start >= each.starts_at and end <= each.ends_at for start, end in within)
        assert all(later[0] - earlier[1] == GAP for earlier, later in pairwise(within))
        last = within[-1][1] + GAP if within else each.starts_at
        assert each.ends_at - last < SLOT
