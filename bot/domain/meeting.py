"""The course of fifteen minutes between two people: who is reminded, awaited and asked how it was, and when.

Each step is done once and in order. What was missed is made up for as long as it still says something new: no one is
reminded of tomorrow when it is in ten minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY_BEFORE, SOON_BEFORE = timedelta(hours=24), timedelta(minutes=10)
"""How long before its start both are reminded."""
DAY_BEFORE_UNTIL = timedelta(hours=1)
"""How long before the start the first reminder still says something that the second doesn't."""
ROOM_BEFORE = timedelta(minutes=15)
"""How long before its start it gets a place of its own, so that the last reminder can name it."""
ROOM_FOR = timedelta(minutes=30)
"""How long after its end that place is put away."""
PINGED_AFTER, MISSED_AFTER = timedelta(minutes=5), timedelta(minutes=10)
"""How long after the start a person who isn't there is pinged, once, and when the other may say that they aren't."""
MORE = timedelta(minutes=5)
"""By how much two people may go on, where no one comes after."""
SAID_WITHIN = timedelta(hours=24)
"""How long after the start a person may still say that they waited in vain."""


class Step(StrEnum):
    """What happens by itself in the course of a booking."""

    DAY_BEFORE = "day_before"
    ROOM = "room"
    SOON = "soon"
    START = "start"
    PING = "ping"
    LOOK = "look"
    END = "end"


@dataclass(frozen=True, slots=True)
class Course:
    """A booking as far as its steps go."""

    booked_at: datetime
    starts_at: datetime
    ends_at: datetime
    look_at: datetime | None
    """Everything due before is done; None: nothing more is to come."""
    is_host_here: bool = False
    is_asker_here: bool = False

    @property
    def is_one_missing(self) -> bool:
        """Tell whether exactly one of both said that they are there."""
        return self.is_host_here != self.is_asker_here


_FROM_START = {
    Step.DAY_BEFORE: -DAY_BEFORE,
    Step.SOON: -SOON_BEFORE,
    Step.START: timedelta(),
    Step.PING: PINGED_AFTER,
    Step.LOOK: MISSED_AFTER,
}


def moment(course: Course, step: Step) -> datetime:
    """Return when a step is due."""
    match step:
        case Step.ROOM:
            # What is booked at the last moment still gets one.
            return max(course.starts_at - ROOM_BEFORE, course.booked_at)
        case Step.END:
            return course.ends_at
    return course.starts_at + _FROM_START[step]


def next_step(course: Course, now: datetime) -> Step | None:
    """Return the first step that is due and neither done nor overtaken; None where there is nothing to do yet.

    The caller goes on with `look_at` at `after(course, step)`, until there is none left, and then looks again at
    `next_look(course, now)`.
    """
    if course.look_at is None:
        return None
    due = (step for step in _planned(course) if course.look_at <= moment(course, step) <= now)
    return next((step for step in due if _is_wanted(course, step, now)), None)


def after(course: Course, step: Step) -> datetime | None:
    """Return when the step after this one is due; None after the last."""
    planned = _planned(course)
    later = planned[planned.index(step) + 1 :]
    return moment(course, later[0]) if later else None


def next_look(course: Course, now: datetime) -> datetime | None:
    """Return when the first step after `now` is due; None once the last one was."""
    if course.look_at is None:
        return None
    return next((at for step in _planned(course) if (at := moment(course, step)) > now), None)


def first_look(booked_at: datetime, starts_at: datetime) -> datetime:
    """Return when the first step of what was just booked is due; a reminder that would come at once is none."""
    day_before = starts_at - DAY_BEFORE
    return day_before if day_before > booked_at else max(starts_at - ROOM_BEFORE, booked_at)


def wants_ping(course: Course, now: datetime) -> bool:
    """Tell whether one has waited long enough for the other to be told so, while there is time left."""
    return course.is_one_missing and moment(course, Step.PING) <= now < course.ends_at


def may_miss(course: Course, now: datetime) -> bool:
    """Tell whether a person who came may say now that the other isn't there."""
    return course.starts_at + MISSED_AFTER <= now < course.starts_at + SAID_WITHIN


def _planned(course: Course) -> list[Step]:
    reminders = {Step.DAY_BEFORE, Step.SOON}
    return [step for step in Step if step not in reminders or moment(course, step) > course.booked_at]


_OVERTAKEN_BY = {
    Step.ROOM: Step.START,
    Step.SOON: Step.START,
    Step.START: Step.END,
    Step.PING: Step.LOOK,
    Step.LOOK: Step.END,
}


def _is_wanted(course: Course, step: Step, now: datetime) -> bool:
    if step is Step.DAY_BEFORE and now > course.starts_at - DAY_BEFORE_UNTIL:
        return False
    overtaken_by = _OVERTAKEN_BY.get(step)
    if overtaken_by is not None and moment(course, overtaken_by) <= now:
        return False
    match step:
        case Step.START:
            return not (course.is_host_here and course.is_asker_here)
        case Step.PING | Step.LOOK:
            return course.is_one_missing
    return True
