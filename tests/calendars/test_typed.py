"""What people type when they offer time: a table written by hand, and what holds for any text."""

import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.typed import LONGEST_TEXT, read
from bot.domain.timetable import Timetable
from bot.errors import Invalid
from bot.texts import say

TABLE = tomllib.loads(Path(__file__).with_name("typed.toml").read_text(encoding="utf-8"))["at"]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONES = ("Europe/Paris", "America/New_York", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC")
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2039, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def rows(kind: str) -> list[tuple[str, str, datetime, str]]:
    """Return text, zone, moment and what is expected."""
    return [
        (typed, group["zone"], group["now"], expected)
        for group in TABLE
        for typed, expected in group.get(kind, {}).items()
    ]


def read_or_refusal(typed: str, zone: str, now: datetime) -> Timetable | Invalid:
    """Return the time or the sentence it is refused with; any other exception fails the test."""
    try:
        return read(typed, zone, now)
    except Invalid as refusal:
        return refusal


def written(timetable: Timetable, zone: str) -> str:
    """Return a time as the table has it; a zone only where it isn't the one that was asked for."""
    hours = f"{timetable.begins:%H:%M}-{timetable.ends:%H:%M}"
    other = "" if timetable.zone == zone else timetable.zone
    return " ".join(part for part in (str(timetable.first), hours, timetable.rule, other) if part)


def begins_at(timetable: Timetable) -> datetime:
    return datetime.combine(timetable.first, timetable.begins, ZoneInfo(timetable.zone)).astimezone(UTC)


@pytest.mark.parametrize(("typed", "zone", "now", "expected"), rows("read"))
def test_reads(typed: str, zone: str, now: datetime, expected: str) -> None:
    assert written(read(typed, zone, now), zone) == expected


@pytest.mark.parametrize(("typed", "zone", "now", "expected"), rows("refused"))
def test_refuses(typed: str, zone: str, now: datetime, expected: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(typed, zone, now)
    assert refusal.value.key == f"time.{expected}"
    assert say(refusal.value.key, **refusal.value.params)


@pytest.mark.parametrize("month", range(1, 13))
def test_examples_that_are_offered_can_be_read_all_the_year(month: int) -> None:
    examples = re.findall(r"`([^`]+)`", say("time.unreadable", part=""))
    assert len(examples) >= 2
    assert all(read(example, "UTC", NOW.replace(year=2025, month=month)) for example in examples)


def test_a_refusal_gives_back_what_was_not_understood() -> None:
    with pytest.raises(Invalid) as refusal:
        read("Tue 18:00 whenever you like", "UTC", NOW)
    assert refusal.value.params == {"part": "whenever you like"}


def test_a_long_text_is_refused_unread() -> None:
    with pytest.raises(Invalid, match=r"time\.unreadable"):
        read("tomorrow 5pm".ljust(LONGEST_TEXT + 1), "UTC", NOW)


def test_only_the_languages_asked_for_are_understood() -> None:
    assert read("tomorrow 17:00", "UTC", NOW, ["en", "de"]) == read("demain 17h", "UTC", NOW, ["fr"])
    for typed, language in (("demain 17h", "en"), ("tomorrow 17:00", "fr"), ("tomorrow 17:00", "de")):
        with pytest.raises(Invalid, match=r"time\.unreadable"):
            read(typed, "UTC", NOW, [language])


@given(st.sampled_from(ZONES), MOMENTS, st.integers(0, 6), st.integers(0, 95), st.integers(1, 32), st.data())
def test_a_phrase_is_read_as_it_was_meant(
    zone: str, now: datetime, day: int, quarter: int, quarters: int, draw: st.DataObject
) -> None:
    language = draw.draw(st.sampled_from(sorted(DAYS)))
    begins, ends = at_quarter(quarter), at_quarter(quarter + quarters)
    hours = draw.draw(st.sampled_from(hours_phrases(begins, ends, language)))
    before, after, rule = draw.draw(st.sampled_from(repetitions(day, language)))
    timetable = read(f"{before} {hours} {after}", zone, now)
    assert (timetable.begins, timetable.ends, timetable.first.weekday()) == (begins, ends, day)
    assert timetable.rule == rule
    assert now < begins_at(timetable) <= now + timedelta(days=8)


def at_quarter(quarter: int) -> time:
    return time(quarter % 96 // 4, quarter % 4 * 15)


def hours_phrases(begins: time, ends: time, language: str) -> tuple[str, ...]:
    if language == "fr":
        return f"de {begins:%Hh%M} à {ends:%Hh%M}", f"{begins:%Hh%M}-{ends:%Hh%M}", f"{begins:%H:%M}–{ends:%H:%M}"
    twelve = f"{begins:%I:%M%p}-{ends:%I:%M %p}".lower()
    # Over midnight, "22:00-05:00" could be a distance from UTC.
    plain = f"{begins:%H:%M}-{ends:%H:%M}" if begins < ends else f"{begins:%H:%M} until {ends:%H:%M}"
    return plain, f"from {begins:%H:%M} to {ends:%H:%M}", twelve, f"{begins:%H%M}-{ends:%H%M}"


def repetitions(day: int, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return what may stand before the hours and after them, and the rule it is."""
    name, weekly = DAYS[language][day], f"FREQ=WEEKLY;BYDAY={CODES[day]}"
    if language == "fr":
        return (name, "", ""), (f"chaque {name}", "3 fois", f"{weekly};COUNT=3"), (f"les {name}s", "", weekly)
    return (name, "", ""), (f"{name}s", "x3", f"{weekly};COUNT=3"), (f"{name[:3]}", "weekly", weekly)


@given(st.sampled_from(ZONES), MOMENTS, st.dates(date(2026, 1, 1), date(2042, 1, 1)), st.integers(0, 95))
def test_a_written_moment_is_that_moment_or_over(zone: str, now: datetime, day: date, quarter: int) -> None:
    begins = at_quarter(quarter)
    moment = datetime.combine(day, begins, ZoneInfo(zone)).astimezone(UTC)
    for typed in (f"{day} {begins:%H:%M}", f"{day:%d %B %Y} {begins:%I:%M %p}", f"{day:%b %d, %Y} at {begins:%H:%M}"):
        if moment <= now:
            with pytest.raises(Invalid, match=r"time\.past"):
                read(typed, zone, now)
        else:
            assert read(typed, zone, now) == Timetable(zone, day, begins, at_quarter(quarter + 1))


@given(st.sampled_from(ZONES), MOMENTS, st.integers(0, 4_000_000_000))
def test_a_timestamp_is_its_minute_or_refused(zone: str, now: datetime, seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC).replace(second=0)
    found = read_or_refusal(f"<t:{seconds}:F>", zone, now)
    if isinstance(found, Invalid):
        assert found.key == "time.clocks_change" or moment <= now
    else:
        assert begins_at(found) == moment > now


PIECES = sorted({piece for kind in ("read", "refused") for row in rows(kind) for piece in row[0].split()})


@given(
    st.text(max_size=LONGEST_TEXT) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.sampled_from(ZONES),
    MOMENTS,
)
def test_any_text_lies_ahead_or_is_refused(typed: str, zone: str, now: datetime) -> None:
    timetable = read_or_refusal(typed, zone, now)
    if isinstance(timetable, Invalid):
        assert say(timetable.key, **timetable.params)
        return
    assert begins_at(timetable) > now
    wall = datetime.combine(timetable.first, timetable.begins)
    length = datetime.combine(timetable.first, timetable.ends) - wall
    assert timedelta(minutes=15) <= length % timedelta(days=1) <= timedelta(hours=8)
    if timetable.rule:
        assert next(iter(rrulestr(timetable.rule, dtstart=wall))) == wall
