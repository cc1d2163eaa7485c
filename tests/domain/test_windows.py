"""Whole weeks, from Monday to Monday by UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.windows import BLOCK, Weeks, last_block, last_followed, last_weeks, monday, week_of

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_a_week_begins_on_a_monday_and_holds_its_moments(moment: datetime) -> None:
    begins = monday(week_of(moment))

    assert (begins.weekday(), begins.time()) == (0, datetime.min.time())
    assert begins <= moment < begins + timedelta(weeks=1)


@given(moments, st.sampled_from([4, 12]))
def test_the_running_week_is_not_shown(moment: datetime, count: int) -> None:
    weeks = last_weeks(moment, count)

    assert weeks.until <= moment < weeks.until + timedelta(weeks=1)
    assert weeks.until - weeks.since == timedelta(weeks=count)
    assert weeks.before.until == weeks.since


@given(moments, moments)
def test_two_blocks_are_the_same_or_have_no_week_in_common(first: datetime, second: datetime) -> None:
    one, other = last_block(first), last_block(second)

    assert one == other or one.until <= other.since or other.until <= one.since
    assert one.count == BLOCK
    assert one.until <= first


@given(moments)
def test_what_was_followed_for_a_week_ends_with_every_fourth(moment: datetime) -> None:
    weeks = last_followed(moment)

    assert weeks.count == BLOCK
    assert week_of(weeks.until) % 4 == 0
    assert timedelta(weeks=1) <= moment - weeks.until < timedelta(weeks=5)


def test_every_viewer_sees_the_same_weeks() -> None:
    moment = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)

    assert last_weeks(moment.astimezone(timezone(timedelta(hours=-8))), 4) == last_weeks(moment, 4)
    assert last_weeks(moment - timedelta(hours=1), 4) == Weeks(last_weeks(moment, 4).first - 1, 4)


@pytest.mark.parametrize(("week", "is_in"), [(9, False), (10, True), (13, True), (14, False)])
def test_which_weeks_are_among_some(week: int, is_in: bool) -> None:  # noqa: FBT001
    assert (week in Weeks(10, 4)) is is_in
