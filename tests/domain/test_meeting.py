"""The course of a booking: every step once and in order, for all that people do and however long no one looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import (
    MISSED_AFTER,
    PINGED_AFTER,
    SAID_WITHIN,
    Course,
    Step,
    after,
    first_look,
    may_miss,
    moment,
    next_look,
    next_step,
    wants_ping,
)

START = datetime(2026, 11, 4, 18, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
EARLY = START - 72 * HOUR


def booked(at: datetime = EARLY, *, host: bool = False, asker: bool = False) -> Course:
    return Course(at, START, START + 15 * MINUTE, first_look(at, START), is_host_here=host, is_asker_here=asker)


def looked(course: Course, now: datetime) -> tuple[list[Step], Course]:
    """Look once, as the sweep does; return what was done, and the booking after it."""
    done = list[Step]()
    while step := next_step(course, now):
        done.append(step)
        course = replace(course, look_at=after(course, step))
    return done, replace(course, look_at=next_look(course, now))


@pytest.mark.parametrize(
    ("before", "first"),
    [
        (72 * HOUR, 24 * HOUR),
        (24 * HOUR + SECOND, 24 * HOUR),
        (24 * HOUR, 15 * MINUTE),
        (15 * MINUTE + SECOND, 15 * MINUTE),
        (10 * MINUTE, 10 * MINUTE),
        (MINUTE, MINUTE),
    ],
)
def test_nobody_is_reminded_at_once_of_what_they_just_booked(before: timedelta, first: timedelta) -> None:
    assert first_look(START - before, START) == START - first
    assert set(looked(booked(START - before), START - before)[0]) <= {Step.ROOM}


@pytest.mark.parametrize(("before", "is_due"), [(16 * MINUTE, False), (15 * MINUTE, True), (12 * MINUTE, True)])
def test_what_is_booked_at_the_last_moment_gets_its_room_at_once(before: timedelta, *, is_due: bool) -> None:
    assert (Step.ROOM in looked(booked(START - before), START - before)[0]) is is_due


@pytest.mark.parametrize("step", [Step.DAY_BEFORE, Step.ROOM, Step.SOON, Step.START, Step.END])
def test_a_step_is_due_at_its_moment_and_not_a_second_before(step: Step) -> None:
    course = booked()
    course = replace(course, look_at=moment(course, step))
    assert next_step(course, moment(course, step) - SECOND) is None
    assert next_step(course, moment(course, step)) is step


@pytest.mark.parametrize(
    ("now", "done"),
    [
        (START - 2 * HOUR, [Step.DAY_BEFORE]),
        (START - 59 * MINUTE, []),
        (START - 16 * MINUTE, []),
        (START - 11 * MINUTE, [Step.ROOM]),
        (START - 10 * MINUTE, [Step.ROOM, Step.SOON]),
        (START - MINUTE, [Step.ROOM, Step.SOON]),
        (START, [Step.START]),
        (START + 14 * MINUTE, [Step.START]),
        (START + 15 * MINUTE, [Step.END]),
        (START + 100 * HOUR, [Step.END]),
    ],
)
def test_after_a_long_sleep_only_what_still_says_something_new_is_said(now: datetime, done: list[Step]) -> None:
    assert looked(booked(), now)[0] == done


@pytest.mark.parametrize(
    ("host", "asker", "is_pinged"),
    [(True, False, True), (False, True, True), (False, False, False), (True, True, False)],
)
def test_only_where_one_of_both_is_there_the_other_is_looked_for(*, host: bool, asker: bool, is_pinged: bool) -> None:
    course = replace(booked(host=host, asker=asker), look_at=START + PINGED_AFTER)
    assert (next_step(course, START + PINGED_AFTER) is Step.PING) is is_pinged
    assert (looked(course, START + MISSED_AFTER)[0] == [Step.LOOK]) is is_pinged
    assert wants_ping(course, START + PINGED_AFTER) is is_pinged


def test_a_ping_comes_neither_too_early_nor_after_the_end() -> None:
    course = booked(host=True)
    assert not wants_ping(course, START + PINGED_AFTER - SECOND)
    assert wants_ping(course, course.ends_at - SECOND)
    assert not wants_ping(course, course.ends_at)


def test_that_somebody_is_missing_can_be_said_from_ten_minutes_on_for_a_day() -> None:
    course = booked()
    assert not may_miss(course, START + MISSED_AFTER - SECOND)
    assert may_miss(course, START + MISSED_AFTER)
    assert may_miss(course, START + SAID_WITHIN - SECOND)
    assert not may_miss(course, START + SAID_WITHIN)


def test_what_is_over_has_no_next_step() -> None:
    course = replace(booked(), look_at=None)
    assert next_step(course, START) is None
    assert next_look(course, START) is None
    assert after(course, Step.END) is None


looks = st.lists(st.integers(-80 * 60, 60), max_size=30)
arrivals = st.none() | st.integers(-10, 14)


@given(st.integers(1, 72 * 60), looks, arrivals, arrivals)
def test_every_step_comes_once_and_in_order_whatever_happens(
    before: int, looks: list[int], host: int | None, asker: int | None
) -> None:
    course, done = booked(START - before * MINUTE), list[tuple[Step, datetime]]()
    for minute in sorted({each for each in looks if each >= -before} | {100}):
        now = START + minute * MINUTE
        course = replace(
            course,
            is_host_here=host is not None and host <= minute,
            is_asker_here=asker is not None and asker <= minute,
        )
        steps, course = looked(course, now)
        done += [(step, now) for step in steps]
        assert course.look_at is None or course.look_at > now
    steps = [step for step, _ in done]
    assert steps == sorted(set(steps), key=list(Step).index)
    assert steps[-1] is Step.END
    assert course.look_at is None
    assert all(moment(course, step) <= at for step, at in done)


@given(st.integers(1, 72 * 60), arrivals, arrivals)
def test_where_somebody_looks_every_minute_nothing_is_left_out(
    before: int, host: int | None, asker: int | None
) -> None:
    course, done = booked(START - before * MINUTE), list[Step]()
    for minute in range(-before, 16):
        is_host_here, is_asker_here = host is not None and host <= minute, asker is not None and asker <= minute
        course = replace(course, is_host_here=is_host_here, is_asker_here=is_asker_here)
        steps, course = looked(course, START + minute * MINUTE)
        done += steps

    def at(minute: int) -> int:
        return sum(each is not None and each <= minute for each in (host, asker))

    wanted = {
        Step.DAY_BEFORE: before > 24 * 60,
        Step.ROOM: True,
        Step.SOON: before > 10,
        Step.START: at(0) < 2,
        Step.PING: at(5) == 1,
        Step.LOOK: at(10) == 1,
        Step.END: True,
    }
    assert done == [step for step in Step if wanted[step]]
