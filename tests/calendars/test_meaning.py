"""What is understood is all that was typed, can only be that, and says so again."""

import string
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.phrases import phrases
from bot.calendars.plain import plain
from bot.calendars.typed import LANGUAGES
from bot.calendars.zones import canonical, readable, unclear
from bot.domain.timetable import Timetable
from bot.errors import Invalid
from bot.ui.rules import hours_words, rule_words
from tests.calendars.test_typed import NOW, ZONES, read_or_refusal, rows

ACCEPTED = [(typed, zone, now) for typed, zone, now, _ in rows("read")]
FOREIGN = [
    *(word for word in unclear()),
    *("Lagos", "Asia/Tokyo", "UTC", "UTC+9", "GMT-3", "+05:30", "Z", "CET", "LA", "not", "except", "or", "until", "no"),
    *("7", "31", "0", "99", "18:45", "9am", "3rd", "-05:00", "/", "-", "+", "maybe", "semaine", "week", "fois", "cet"),
]
"""Words that each say something, or nothing that is known."""
FILLERS = phrases(LANGUAGES).fillers | {"at", "on", "the", "this", "coming", "in", "a", "le", "les", "ce", "heure"}


@given(st.sampled_from(ACCEPTED), st.data())
def test_no_word_is_thrown_away(accepted: tuple[str, str, datetime], draw: st.DataObject) -> None:
    typed, zone, now = accepted
    word = draw.draw(st.sampled_from(FOREIGN) | st.text(string.ascii_letters, min_size=1, max_size=8))
    words = typed.split()
    place = draw.draw(st.integers(0, len(words)))
    found = read_or_refusal(" ".join([*words[:place], word, *words[place:]]), zone, now)
    if plain(word) not in FILLERS:
        assert found != read_or_refusal(typed, zone, now)


def test_no_zone_word_is_thrown_away_anywhere() -> None:
    for (typed, zone, now), word in product(
        ACCEPTED[::7], ["CET", "LA", "AT", "ET", "EST", "IST", "PT", "Lagos", "cet"]
    ):
        words = typed.split()
        for place in range(len(words) + 1):
            found = read_or_refusal(" ".join([*words[:place], word, *words[place:]]), zone, now)
            is_said = isinstance(found, Invalid) or found.zone == "Africa/Lagos" or place < len(words)
            assert is_said, (typed, word)
            assert word == "AT" or found != read_or_refusal(typed, zone, now), (typed, word)


@given(st.sampled_from(sorted(canonical())), st.sampled_from(ZONES))
def test_a_place_moves_the_hour_to_its_own_clock(place: str, zone: str) -> None:
    found = read_or_refusal(f"8 Dec 18:00-19:00 weekly {place}", zone, NOW)
    assert found == Timetable(place, date(2026, 12, 8), time(18), time(19), "FREQ=WEEKLY;BYDAY=TU")


def echoed(timetable: Timetable, locale: str) -> str:
    """Return what the echo of an offer says, its first day as Discord shows a timestamp."""
    said = f"{rule_words(timetable, locale)} · {hours_words(timetable, locale)}"
    if not timetable.rule:
        return f"{said} {timetable.first:%d %B %Y}"
    return said if "BYMONTHDAY" in timetable.rule else f"{said} starting {timetable.first:%d %B %Y}"


@pytest.mark.parametrize(("typed", "zone", "now"), ACCEPTED)
def test_what_is_echoed_means_the_same_when_it_is_typed(typed: str, zone: str, now: datetime) -> None:
    found = read_or_refusal(typed, zone, now)
    assert isinstance(found, Timetable)
    for locale in ("en-GB", "en-US", "fr"):
        assert read_or_refusal(echoed(found, locale), "Pacific/Apia", now) == found


SHAPES = ("{:d}", "{:02d}", "{:d}am", "{:d}pm", "{:d}h", "{:d}:15", "{:02d}:15", "{:d}.15", "{:d}.15pm", "{:d}15pm")


def side(written: str, number: int, minute: int) -> tuple[int, ...]:
    """Return the minutes of the day that one hour can mean on a clock of halves."""
    if not 1 <= number <= 12:
        return () if written.endswith("m") else (number * 60 + minute,)
    morning = number % 12 * 60 + minute
    halves = {"am": (morning,), "pm": (morning + 720,)}
    return halves.get(written[-2:], (morning, morning + 720))


def readings(shapes: tuple[str, str], numbers: tuple[int, int]) -> set[tuple[int, int]]:
    """Return in how many ways two hours can be meant, as minutes: on a clock of 24 hours, or in halves of a day."""
    written = [shape.format(number) for shape, number in zip(shapes, numbers, strict=True)]
    has_half = any(each.endswith("m") for each in written)
    can_be_halves = all(1 <= number <= 12 for number in numbers)
    minutes = [15 if "15" in shape else 0 for shape in shapes]
    sides = list(map(side, written, numbers, minutes))
    if has_half:
        pairs = [(begin, (end - begin) % 1440 or 1440) for begin, end in product(*sides)]
        # Beside am or pm the shorter stretch is meant, as a rule of the house; a leading zero says the morning.
        plain = [(begin, length) for begin, length in pairs if begin == sides[0][0] or not written[0].startswith("0")]
        plain = [each for each in plain if sum(each) % 1440 == sides[1][0] or not written[1].startswith("0")]
        return {min(each, key=lambda pair: pair[1]) for each in (pairs, plain) if each}
    begin, end = (number * 60 + minute for number, minute in zip(numbers, minutes, strict=True))
    as_written = {(begin, (end - begin) % 1440 or 1440)}
    is_plain = any(each.startswith("0") or "h" in each for each in written) or not can_be_halves
    if is_plain or all(number >= 10 and minute for number, minute in zip(numbers, minutes, strict=True)):
        return as_written
    return as_written | {(first, (other - first) % 1440 or 1440) for first, other in product(*sides)}


@given(st.tuples(*[st.sampled_from(SHAPES)] * 2), st.tuples(*[st.integers(0, 23)] * 2))
def test_hours_are_read_only_where_they_can_mean_one_thing(shapes: tuple[str, str], numbers: tuple[int, int]) -> None:
    typed = " to ".join(shape.format(number) for shape, number in zip(shapes, numbers, strict=True))
    found = read_or_refusal(f"tomorrow {typed}", "Europe/Paris", NOW)
    meant = readings(shapes, numbers)
    if isinstance(found, Timetable):
        begins = found.begins.hour * 60 + found.begins.minute
        length = (found.ends.hour * 60 + found.ends.minute - begins) % 1440
        assert meant == {(begins, length)}
    elif len(meant) > 1:
        assert found.key in {"time.which_half", "time.which_date"}


@given(st.integers(1, 31), st.integers(1, 31), st.sampled_from("./-"), st.sampled_from(["", "/2027", "/27"]))
def test_dates_in_numbers_are_read_only_where_they_can_be_one_day(one: int, two: int, sign: str, year: str) -> None:
    typed = f"{one}{sign}{two}{year.replace('/', sign)}"
    found = read_or_refusal(f"{typed} 18:00", "Europe/Paris", NOW)
    days = {day for day in (date_of(2027, one, two), date_of(2027, two, one)) if day}
    if isinstance(found, Timetable):
        assert {found.first.replace(year=2027)} == days
    elif len(days) == 1 and year == "/2027":
        assert found.key == "time.past"


def date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@given(
    st.datetimes(datetime(2026, 12, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(-48, 56),
    st.sampled_from(ZONES),
    st.data(),
)
def test_a_distance_from_utc_is_one_or_asked_about(
    wall: datetime, quarters: int, zone: str, draw: st.DataObject
) -> None:
    distance = timedelta(minutes=15 * quarters)
    sign, apart = ("-" if quarters < 0 else "+"), abs(distance)
    offset = f"{sign}{apart // timedelta(hours=1):02}:{apart // timedelta(minutes=1) % 60:02}"
    shape = draw.draw(st.sampled_from(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:00", "%Y-%m-%d %H:%M:00"]))
    found = read_or_refusal(f"{wall:{shape}}{offset}", zone, NOW)
    moment = (wall.replace(second=0, microsecond=0) - distance).replace(tzinfo=UTC)
    if isinstance(found, Timetable):
        begins = datetime.combine(found.first, found.begins, ZoneInfo(found.zone)).astimezone(UTC)
        is_hours = quarters < 0 and shape.endswith("%d %H:%M") and f"{apart}"[:-3].zfill(5) > f"{wall:%H:%M}"
        assert begins == moment or is_hours
    else:
        assert found.key in {"time.which_offset", "time.clocks_change", "time.past", "time.too_long", "time.too_short"}


@given(st.sampled_from(sorted(readable())), st.sampled_from(sorted(unclear())))
def test_no_phrase_is_taken_for_a_place(name: str, letters: str) -> None:
    known = phrases(LANGUAGES)
    said = known.weekdays.keys() | known.months.keys() | known.numbers.keys() | known.relative.keys() | known.fillers
    assert name not in said
    assert letters not in known.weekdays.keys() | known.relative.keys()
