"""Every moment of a draft is counted from its deadline, comes after it was posted, and not after the deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draft_dates import DraftDates

POSTED = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = st.timedeltas(timedelta(minutes=1), timedelta(days=400))
SHARE = st.floats(0, 1, exclude_max=True)


def dates(left: timedelta) -> DraftDates:
    return DraftDates(POSTED, POSTED + left)


def moments(course: DraftDates, moment: datetime) -> list[datetime]:
    """Return every moment on the way to the deadline, for a reader who was asked, and took it, at `moment`."""
    return [
        course.second_wave_at,
        course.moderators_at,
        course.choices_at,
        course.aim_for(moment),
        course.reminded_at(moment),
        course.claimed_until(moment),
    ]


@pytest.mark.parametrize(("left", "aim", "reminder", "claim"), [
    (30 * DAY, 24 * DAY, 36 * HOUR, 72 * HOUR),
    (10 * DAY, 8 * DAY, 36 * HOUR, 72 * HOUR),
    (9 * DAY, 7 * DAY + 4 * HOUR, 36 * HOUR, 72 * HOUR),
    (5 * DAY, 4 * DAY, 20 * HOUR, 40 * HOUR),
    (3 * DAY, 2 * DAY, 12 * HOUR, 24 * HOUR),
    (2 * DAY, 1 * DAY, 8 * HOUR, 16 * HOUR),
    (1 * DAY, 12 * HOUR, 4 * HOUR, 8 * HOUR),
    (3 * HOUR, 1 * HOUR, 0.5 * HOUR, 1 * HOUR),
])  # fmt: skip
def test_what_a_reader_is_given(left: timedelta, aim: timedelta, reminder: timedelta, claim: timedelta) -> None:
    course = dates(left)
    given_to_them = (course.aim_for(POSTED), course.reminded_at(POSTED), course.claimed_until(POSTED))
    assert given_to_them == (POSTED + aim, POSTED + reminder, POSTED + claim)


def test_what_an_author_is_given() -> None:
    course = dates(8 * DAY)
    assert course.second_wave_at == POSTED + 4 * DAY
    assert course.moderators_at == POSTED + 6 * DAY
    assert course.choices_at == course.needed_by == POSTED + 8 * DAY
    assert course.text_deleted_at == course.needed_by + 14 * DAY


def test_two_days_are_enough_for_most_readers() -> None:
    course = dates(48 * HOUR)
    assert not course.is_short_notice(POSTED)
    assert course.is_short_notice(POSTED + timedelta(seconds=1))


@given(LONG, SHARE)
def test_every_moment_comes_after_what_it_is_counted_from_and_not_after_the_deadline(
    left: timedelta, share: float
) -> None:
    course, moment = dates(left), POSTED + left * share
    if moment == course.needed_by:
        return
    assert all(POSTED < each <= course.needed_by for each in moments(course, moment))
    assert moment <= course.reminded_at(moment) <= course.claimed_until(moment)
    assert moment <= course.aim_for(moment)
    assert course.second_wave_at <= course.moderators_at <= course.choices_at <= course.text_deleted_at


@given(LONG, LONG, SHARE)
def test_of_a_later_deadline_every_moment_is_later_or_the_same(one: timedelta, other: timedelta, share: float) -> None:
    sooner, later = sorted((one, other))
    moment = POSTED + sooner * share
    pairs = zip(moments(dates(sooner), moment), moments(dates(later), moment), strict=True)
    assert all(before <= after for before, after in pairs)


@given(LONG, SHARE, SHARE)
def test_for_a_later_reader_every_moment_is_later_or_the_same(left: timedelta, one: float, other: float) -> None:
    course, (sooner, later) = dates(left), sorted((one, other))
    pairs = zip(moments(course, POSTED + left * sooner), moments(course, POSTED + left * later), strict=True)
    assert all(before <= after for before, after in pairs)


@given(LONG, LONG)
def test_after_the_deadline_nothing_is_left_to_wait_for(left: timedelta, late: timedelta) -> None:
    course = dates(left)
    assert set(moments(course, course.needed_by + late)[2:]) == {course.needed_by}
