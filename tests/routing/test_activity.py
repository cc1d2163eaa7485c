"""When people answer: what their past answers say of the next one."""

import math
from datetime import datetime, timedelta, timezone
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.activity import Activity, Habits
from bot.routing.ports import Answered, Ids
from tests.factories import NOW

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
ANSWERS = st.lists(
    st.builds(Answered, st.integers(1, 5), st.integers(0, 400 * 24).map(lambda hours: NOW - hours * HOUR - HOUR / 2)),
    max_size=30,
    unique=True,
)
WINDOWS = st.sampled_from([None, HOUR, 8 * HOUR, DAY, WEEK])


def members(*numbers: int) -> Ids:
    return np.asarray(numbers, dtype=np.int64)


def habits(*answers: Answered, of: Ids = members(1), within: timedelta | None = None) -> Habits:  # noqa: B008
    return Activity.build(answers).habits(of, NOW, within)


def ago(*lengths: timedelta, member_id: int = 1) -> list[Answered]:
    return [Answered(member_id, NOW - length) for length in lengths]


def said(habit: Habits) -> list[list[float]]:
    return [habit.month.tolist(), habit.week.tolist(), habit.idle.tolist(), habit.hours.tolist()]


@given(ANSWERS, WINDOWS, st.integers())
def test_the_order_answers_came_in_changes_nothing(
    answers: list[Answered], within: timedelta | None, seed: int
) -> None:
    everybody = members(1, 2, 3, 4, 5)
    shuffled = Random(seed).sample(answers, len(answers))
    for one, other in zip(
        said(habits(*answers, of=everybody, within=within)),
        said(habits(*shuffled, of=everybody, within=within)),
        strict=True,
    ):
        assert one == pytest.approx(other)


@given(ANSWERS, WINDOWS)
def test_whatever_happened_is_a_finite_number_for_everybody(answers: list[Answered], within: timedelta | None) -> None:
    habit = habits(*answers, of=members(1, 3, 99), within=within)
    for column in (habit.month, habit.week, habit.idle, habit.hours):
        assert column.shape == (3,)
        assert np.isfinite(column).all()
    assert (habit.hours > 0).all()


@given(ANSWERS, st.lists(st.integers(0, 29), max_size=5))
def test_an_answer_that_is_there_already_counts_once(answers: list[Answered], again: list[int]) -> None:
    activity = Activity.build(answers)
    more = [answers[place] for place in again if place < len(answers)]
    assert len(activity.add(more)) == len(answers)
    assert len(activity.add(more).add(more)) == len(answers)


@given(ANSWERS, ANSWERS)
def test_adding_equals_building_anew(before: list[Answered], after: list[Answered]) -> None:
    everybody = members(1, 2, 3, 4, 5)
    added = Activity.build(before).add(after)
    anew = Activity.build(list({*before, *after}))
    assert len(added) == len(anew)
    for one, other in zip(
        said(added.habits(everybody, NOW, 8 * HOUR)), said(anew.habits(everybody, NOW, 8 * HOUR)), strict=True
    ):
        assert one == pytest.approx(other)


@pytest.mark.parametrize(("days", "third"), [(30, "month"), (7, "week")])
def test_an_answer_fades_to_a_third(days: int, third: str) -> None:
    def left(length: timedelta) -> float:
        logarithm: float = getattr(habits(*ago(length)), third)[0]
        return math.exp(logarithm) - 0.02

    assert left(timedelta()) == pytest.approx(1)
    assert left(timedelta(days=days)) == pytest.approx(1 / math.e)
    assert left(DAY) > left(2 * DAY) > left(100 * DAY) > 0


def test_more_answers_are_more() -> None:
    few, many = habits(*ago(DAY)), habits(*ago(DAY, 2 * DAY, 3 * DAY))
    assert many.month[0] > few.month[0]
    assert many.week[0] > few.week[0]
    assert many.idle[0] == few.idle[0]


def test_idle_counts_from_the_last_answer() -> None:
    habit = habits(*ago(30 * DAY, 3 * DAY, 300 * DAY), *ago(DAY, member_id=2), of=members(1, 2, 3))
    assert np.exp(habit.idle).tolist() == pytest.approx([3.1, 1.1, 365.1])


def test_whoever_never_answered_is_as_idle_as_whoever_did_a_year_ago() -> None:
    habit = habits(*ago(365 * DAY), *ago(900 * DAY, member_id=2), of=members(1, 2, 3))
    assert habit.idle[0] == pytest.approx(habit.idle[1])
    assert habit.idle[1] == pytest.approx(habit.idle[2])


def test_an_answer_from_a_clock_that_is_ahead_is_one_of_now() -> None:
    assert said(habits(*ago(-DAY))) == said(habits(*ago(timedelta())))


def test_answers_of_those_not_asked_about_are_left_out() -> None:
    habit = habits(*ago(DAY, member_id=7), *ago(DAY, member_id=1), of=members(1, 2))
    assert said(habit)[:3] == said(habits(*ago(DAY), of=members(1, 2)))[:3]


class TestHours:
    """Whether the hours ahead are those at which someone usually answers."""

    def usually(self, *lengths: timedelta) -> list[timedelta]:
        """Answer once a week for half a year, so long after this hour of the week."""
        return [week * WEEK - length for week in range(1, 27) for length in lengths]

    def test_somebody_s_own_hours_are_told_from_others(self) -> None:
        early = ago(*self.usually(2 * HOUR), member_id=1)
        late = ago(*self.usually(14 * HOUR), member_id=2)
        habit = habits(*early, *late, of=members(1, 2, 3), within=8 * HOUR)
        assert habit.hours[0] > 1.5
        assert habit.hours[1] < 0.5
        assert habit.hours[2] == 1

    @pytest.mark.parametrize("within", [None, WEEK, 2 * WEEK])
    def test_a_week_holds_every_hour(self, within: timedelta | None) -> None:
        early = ago(*self.usually(2 * HOUR), member_id=1)
        late = ago(*self.usually(14 * HOUR), member_id=2)
        assert habits(*early, *late, of=members(1, 2), within=within).hours.tolist() == [1, 1]

    def test_where_nobody_answered_all_hours_are_alike(self) -> None:
        assert habits(of=members(1, 2), within=HOUR).hours.tolist() == [1, 1]

    def test_few_answers_say_less_than_many(self) -> None:
        once = ago(WEEK - 2 * HOUR, member_id=1)
        always = ago(*self.usually(2 * HOUR), member_id=2)
        others = ago(*self.usually(14 * HOUR, 30 * HOUR), member_id=3)
        habit = habits(*once, *always, *others, of=members(1, 2, 3), within=8 * HOUR)
        assert 1 < habit.hours[0] < habit.hours[1]

    def test_an_answer_from_before_the_window_began_is_outside_it(self) -> None:
        just_before, just_inside = ago(*self.usually(-HOUR)), ago(*self.usually(HOUR), member_id=2)
        habit = habits(*just_before, *just_inside, of=members(1, 2), within=2 * HOUR)
        assert habit.hours[0] < 1 < habit.hours[1]

    def test_a_clock_elsewhere_makes_no_difference(self) -> None:
        answers = ago(*self.usually(2 * HOUR), *self.usually(20 * HOUR))
        nairobi: datetime = NOW.astimezone(timezone(timedelta(hours=3)))
        activity = Activity.build([*answers, *ago(*self.usually(50 * HOUR), member_id=2)])
        here, there = (activity.habits(members(1, 2), now, 8 * HOUR) for now in (NOW, nairobi))
        assert said(here) == said(there)
