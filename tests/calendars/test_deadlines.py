"""What people type for a deadline: a table written by hand, and what holds for any text, day and zone."""

import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.deadlines import AOE, FARTHEST, TypedDeadline, read_deadline
from bot.calendars.typed import LONGEST_TEXT
from bot.calendars.zones import canonical
from bot.errors import Invalid
from bot.texts import say
from bot.ui.render import words

TABLE = tomllib.loads(Path(__file__).with_name("deadlines.toml").read_text(encoding="utf-8"))["at"]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
UNTIL = NOW + FARTHEST
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2039, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 24 * 60 - 1)


def rows(kind: str) -> list[tuple[str, str | None, datetime, str]]:
    """Return text, zone, moment and what is expected."""
    return [
        (typed, group.get("zone"), group["now"], expected)
        for group in TABLE
        for typed, expected in group.get(kind, {}).items()
    ]


def read_or_refusal(typed: str, zone: str | None, now: datetime) -> TypedDeadline | Invalid:
    """Return the deadline or the sentence it is refused with; any other exception fails the test."""
    try:
        return read_deadline(typed, zone, now)
    except Invalid as refusal:
        return refusal


def written(deadline: TypedDeadline) -> str:
    """Return a deadline as the table has it."""
    marks = ("AoE" if deadline.is_aoe else "", "moved" if deadline.is_moved else "")
    return " ".join(part for part in (f"{deadline.closes_at:%Y-%m-%d %H:%M}", *marks) if part)


@pytest.mark.parametrize(("typed", "zone", "now", "expected"), rows("read"))
def test_reads(typed: str, zone: str | None, now: datetime, expected: str) -> None:
    deadline = read_deadline(typed, zone, now)
    assert written(deadline) == expected
    assert deadline.closes_at.tzinfo is UTC


@pytest.mark.parametrize(("typed", "zone", "now", "expected"), rows("refused"))
def test_refuses(typed: str, zone: str | None, now: datetime, expected: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_deadline(typed, zone, now)
    assert refusal.value.key == expected
    assert say(refusal.value.key, **refusal.value.params)


def test_the_table_is_as_long_as_people_are_inventive() -> None:
    assert len(rows("read")) + len(rows("refused")) >= 120


REFUSED = (
    "soon", "1 Jan 2020", "1 Jan 2020 AoE", "1 Jan 2050", "1 Jan 2050 AoE", "5pm", "5pm AoE", "tonight", "tonight AoE",
    "Mon", "Mon AoE", "Tue Nairobi", "EOW", "Fri midnight", "Fri midnight AoE", "in 2 weeks AoE", "today Auckland",
    "yesterday", "8 Sept", "2:30 tomorrow", "now", "whenever", "Friday at some point",
)  # fmt: skip
WITH_A_ZONE = "With a time zone in your profile"
"""What a refusal says after this works for a person who has one."""


@given(MOMENTS, st.sampled_from([None, "Mars/Olympus", "UTC", "Africa/Nairobi", "Pacific/Kiritimati"]))
def test_every_example_that_is_offered_can_be_read_then(now: datetime, zone: str | None) -> None:
    for typed in REFUSED:
        refusal = read_or_refusal(typed, zone, now)
        if isinstance(refusal, TypedDeadline) or not refusal.key.startswith("deadline."):
            continue
        has_zone = zone is not None and not zone.startswith("Mars")
        told = say(refusal.key, **refusal.params).partition("You can add")[0]
        offered = told if has_zone else told.partition(WITH_A_ZONE)[0]
        for example in re.findall(r"`([^`]+)`", offered):
            found = read_or_refusal(example, zone, now)
            if refusal.key == "deadline.no_zone" and not re.search(r"\d", example):
                continue
            assert isinstance(found, TypedDeadline), (typed, refusal.key, example, found)
            # As it is copied from a message, where each filled-in part stands between marks that no one sees.
            assert read_or_refusal(f"\u2068{example}\u2069", zone, now) == found


WITHOUT_EXAMPLE = {"time.other_day", "time.how_often"}
"""Refusals that say what to leave out of what was typed."""
REFUSED_ROWS = sorted({typed for typed, *_ in rows("refused")})
ZONES = st.sampled_from([None, "Mars/Olympus", *sorted(canonical())])


def examples(typed: str, zone: str | None, now: datetime) -> list[str]:
    """Return what the refusal of a text says can be typed instead; none where the text is read by then."""
    refusal = read_or_refusal(typed, zone, now)
    if not isinstance(refusal, Invalid):
        return []
    said = words(refusal.key, "en", refusal.params)
    assert refusal.key.startswith("deadline.") or refusal.key in WITHOUT_EXAMPLE
    if zone not in canonical():
        said = re.sub(rf"{WITH_A_ZONE}[^.]+\.", "", said)
    offered = [each for each in re.findall(r"`([^`]+)`", said) if not each.startswith("/")]
    assert bool(offered) is not (refusal.key in WITHOUT_EXAMPLE)
    if refusal.key == "deadline.which_zone":
        return [f"{refusal.params['day']} 17:00 {each}" for each in offered]
    return offered


@given(st.sampled_from(REFUSED_ROWS), ZONES, MOMENTS)
def test_what_a_refusal_offers_is_read_when_it_is_typed(typed: str, zone: str | None, now: datetime) -> None:
    for each in examples(typed, zone, now):
        assert isinstance(read_or_refusal(each, zone, now), TypedDeadline), each


def test_a_person_without_a_zone_reads_what_works_without_one() -> None:
    for zone in (None, "Mars/Olympus"):
        assert [written(read_deadline(each, zone, NOW)) for each in examples("Fri 17:00", zone, NOW)] == [
            "2026-12-08 14:00",
            "2026-12-09 12:00 AoE",
        ]


def test_a_refusal_gives_back_what_was_not_understood() -> None:
    with pytest.raises(Invalid) as refusal:
        read_deadline("Fri 17:00 whenever you like", "UTC", NOW)
    assert refusal.value.params["part"] == "whenever you like"


def test_a_long_text_is_refused_unread() -> None:
    with pytest.raises(Invalid, match=r"deadline\.unreadable"):
        read_deadline("tomorrow".ljust(LONGEST_TEXT + 1), "UTC", NOW)


def test_only_the_languages_asked_for_are_understood() -> None:
    assert read_deadline("tomorrow", "UTC", NOW, ["en"]) == read_deadline("demain", "UTC", NOW, ["fr"])
    assert read_deadline("18.12.2026 AoE", "UTC", NOW, ["fr"]).is_aoe
    with pytest.raises(Invalid, match=r"deadline\.unreadable"):
        read_deadline("demain", "UTC", NOW, ["en"])


def changes(zone: str) -> list[datetime]:
    """Return the moments within a year at which the clocks of a zone change."""
    days = [NOW + day * DAY for day in range(FARTHEST // DAY + 1)]
    return [change(zone, *pair) for pair in pairwise(days) if apart(zone, pair[0]) != apart(zone, pair[1])]


def change(zone: str, before: datetime, after: datetime) -> datetime:
    """Return the minute at which the one change between two moments is."""
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        before, after = (middle, after) if apart(zone, middle) == apart(zone, before) else (before, middle)
    return after


def apart(zone: str, moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


CHANGING = {
    (*found, apart(zone, found[0]), apart(zone, found[0] - MINUTE)): (zone, found)
    for zone in sorted(canonical())
    if (found := changes(zone))
}
"""One zone of all whose clocks show the same for a year, with its changes."""


def first_showing(wall: datetime, zone: str) -> datetime | None:
    """Return the first moment at which a clock shows a time, tried against every distance it may have from UTC."""
    clock, near = ZoneInfo(zone), wall.replace(tzinfo=UTC)
    apart = {(near + later * HOUR).astimezone(clock).utcoffset() for later in range(-36, 37)}
    moments = [near - distance for distance in apart if distance is not None]
    return min((each for each in moments if each.astimezone(clock).replace(tzinfo=None) == wall), default=None)


around_changes = pytest.mark.parametrize(("zone", "found"), CHANGING.values())


@around_changes
def test_around_a_change_a_deadline_is_what_the_clock_shows_first(zone: str, found: list[datetime]) -> None:
    clock = ZoneInfo(zone)
    for each, minutes in product(found, (-90, -45, -15, 0, 15, 45, 90)):
        wall = (each + minutes * MINUTE).astimezone(clock).replace(tzinfo=None, fold=0)
        shown = first_showing(wall, zone)
        assert shown is not None
        assert read_deadline(f"{wall:%Y-%m-%d %H:%M}", zone, NOW) == TypedDeadline(shown)


@around_changes
def test_on_the_day_of_a_change_a_day_ends_when_the_next_begins(zone: str, found: list[datetime]) -> None:
    for each, later in product(found, (-DAY, timedelta(), DAY)):
        day = (each + later).astimezone(ZoneInfo(zone)).date()
        closes_at = read_deadline(f"{day}", zone, NOW).closes_at
        last, first = (moment.astimezone(ZoneInfo(zone)).date() for moment in (closes_at - MINUTE, closes_at))
        assert (last, first) == (day, day + DAY)


@around_changes
def test_an_hour_that_is_skipped_moves_forward_by_what_is_skipped_and_says_so(zone: str, found: list[datetime]) -> None:
    skipped = 0
    for each, minutes in product(found, (0, 15, 29, 45, 59)):
        wall = (each + minutes * MINUTE + apart(zone, each - MINUTE)).replace(tzinfo=None)
        if first_showing(wall, zone) is None:
            moved = TypedDeadline(each + minutes * MINUTE, is_moved=True)
            assert read_deadline(f"{wall:%Y-%m-%d %H:%M}", zone, NOW) == moved
            skipped += 1
    assert skipped


@given(st.dates(NOW.date() + DAY, UNTIL.date() - 2 * DAY), st.sampled_from(sorted(canonical())))
def test_anywhere_on_earth_ends_twelve_hours_after_the_day_in_utc(day: date, zone: str) -> None:
    for typed in (f"{day} AoE", f"{day:%d %B %Y}, anywhere on Earth", f"{day:%b %d, %Y} (AoE)"):
        closes_at = datetime.combine(day + DAY, time(12), UTC)
        assert read_deadline(typed, zone, NOW) == TypedDeadline(closes_at, is_aoe=True)
        assert (closes_at - timedelta(seconds=1)).astimezone(AOE).date() == day
        assert all((closes_at - MINUTE).astimezone(ZoneInfo(each)).date() >= day for each in (zone, "Pacific/Niue"))


@given(st.sampled_from(sorted(canonical())), MOMENTS, st.integers(0, 400), MINUTES)
def test_a_written_moment_is_that_moment_or_refused(zone: str, now: datetime, days: int, minute: int) -> None:
    wall = datetime.combine(now.date() + days * DAY, time()) + minute * MINUTE
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for typed in (f"{wall:%Y-%m-%d %H:%M}", f"{wall:%d %B %Y %I:%M %p}", f"by {wall:%b %d, %Y} at {wall:%H:%M}"):
        found = read_or_refusal(typed, zone, now)
        if isinstance(found, Invalid):
            assert found.key == ("deadline.past" if moment <= now else "deadline.too_far")
            assert not now < moment <= now + FARTHEST
        else:
            assert found.closes_at == moment


@given(st.sampled_from(sorted(canonical())), MOMENTS, st.integers(0, 4_000_000_000))
def test_a_timestamp_is_its_minute_or_refused(zone: str, now: datetime, seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC).replace(second=0)
    found = read_or_refusal(f"<t:{seconds}:F>", zone, now)
    if isinstance(found, Invalid):
        assert not now < moment <= now + FARTHEST
    else:
        assert found == TypedDeadline(moment)


@given(st.sampled_from(sorted(canonical())), MOMENTS, st.integers(1, 52), st.integers(1, 365))
def test_so_many_days_from_now_end_after_so_many_days(zone: str, now: datetime, weeks: int, days: int) -> None:
    for typed, later in ((f"in {weeks} weeks", weeks * 7), (f"in {days} days", days)):
        found = read_deadline(typed, zone, now)
        last = (found.closes_at - MINUTE).astimezone(ZoneInfo(zone)).date()
        assert last == now.astimezone(ZoneInfo(zone)).date() + later * DAY


PIECES = sorted({piece for kind in ("read", "refused") for row in rows(kind) for piece in row[0].split()})
ACCEPTED = [(typed, zone, now) for typed, zone, now, _ in rows("read")]


@given(
    st.text(max_size=LONGEST_TEXT) | st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
    st.none() | st.sampled_from(sorted(canonical())),
    MOMENTS,
)
def test_any_text_lies_ahead_within_a_year_or_is_refused(typed: str, zone: str | None, now: datetime) -> None:
    found = read_or_refusal(typed, zone, now)
    if isinstance(found, Invalid):
        assert say(found.key, **found.params)
    else:
        assert now < found.closes_at <= now + FARTHEST


@given(
    st.sampled_from(ACCEPTED),
    st.sampled_from(
        ["Kathmandu", "AoE", "maybe", "or", "not", "except", "weekly", "7", "18:45", "9am", "31", "CET", "/"]
    ),
    st.data(),
)
def test_no_word_is_thrown_away(accepted: tuple[str, str | None, datetime], word: str, draw: st.DataObject) -> None:
    typed, zone, now = accepted
    words = typed.split()
    place = draw.draw(st.integers(0, len(words)))
    found = read_or_refusal(" ".join([*words[:place], word, *words[place:]]), zone, now)
    assert found != read_deadline(typed, zone, now)
