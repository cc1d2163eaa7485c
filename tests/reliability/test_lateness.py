"""How late something came: by the sweeps that passed it by, and by the clock."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from reliability.lateness import Course, Delay, Look, Wait, Waits, delays
from reliability.moments import Deadline, occasions
from tests.factories import NOW

REMINDER = Deadline("reminder", 7, NOW, "meet", ("meeting.soon:7",))
OTHER = Deadline("reminder", 8, NOW, "meet", ("meeting.soon:8",))
EVERY = 0.5


def delay(
    *waits: Wait,
    looks: Sequence[Look] = (),
    ready: Sequence[float] = (0,),
    arrivals: Sequence[tuple[float, str]] = (),
) -> Delay:
    """Return how late reminders came; they were due at second 10."""
    course = Course(looks, {"meet": EVERY}, ready, arrivals, came_at=lambda each: 10 + (each.at - NOW).total_seconds())
    return delays(waits or [Wait(REMINDER, 10, 10)], course)["reminder"]


def test_what_is_gone_at_the_next_look_was_waiting_until_the_last_that_saw_it() -> None:
    waits = Waits()
    waits.see([REMINDER], 10.0, 10.1)
    waits.see([REMINDER, OTHER], 11.0, 11.1)
    waits.see([OTHER], 12.0, 12.1)
    assert waits.all == [Wait(REMINDER, 10.1, 11.0), Wait(OTHER, 11.1, 12.0)]


def test_what_waits_again_waits_anew() -> None:
    waits = Waits()
    for due, moment in (([REMINDER], 10.0), ([], 11.0), ([REMINDER], 12.0)):
        waits.see(due, moment, moment)
    assert waits.all == [Wait(REMINDER, 10, 10), Wait(REMINDER, 12, 12)]


@pytest.mark.parametrize(
    ("look", "is_passed_by"),
    [
        pytest.param(Look("meet", 10.2, 10.4), True, id="whole"),
        pytest.param(Look("meet", 9.9, 10.4), False, id="had begun before it was due"),
        pytest.param(Look("meet", 10.2, 11.1), False, id="not over when it was last seen"),
        pytest.param(Look("deliver", 10.2, 10.4), False, id="another's"),
    ],
)
def test_only_a_whole_sweep_of_its_own_passes_something_by(look: Look, *, is_passed_by: bool) -> None:
    found = delay(Wait(REMINDER, 10.1, 11.0), looks=[look])
    assert bool(found.passed_by) is is_passed_by
    assert found.due == 1


def test_a_message_is_late_from_when_it_was_due_or_the_bot_was_back() -> None:
    arrivals = [(12.0, "meeting.soon:7:1"), (12.5, "meeting.soon:7:2"), (12.6, "meeting.soon:8:1")]
    assert delay(arrivals=arrivals).intervals == [4.0, 5.0]
    assert delay(arrivals=arrivals, ready=[0, 11, 11.5, 13]).intervals == [1.0, 2.0]


def test_a_message_is_about_what_was_due_last_before_it() -> None:
    later = REMINDER._replace(at=NOW + timedelta(seconds=2))
    arrivals = [(9.0, "meeting.soon:7:1"), (11.0, "meeting.soon:7:1"), (12.5, "meeting.soon:7:1")]
    found = delay(Wait(REMINDER, 10, 10), Wait(later, 12, 12), arrivals=arrivals)
    assert found.intervals == [2.0, 1.0]


def test_letters_are_known_by_what_they_are_about_whoever_reads_them() -> None:
    assert list(occasions("meeting.soon:7:3")) == ["letter meeting.soon:7:3", "meeting.soon:7"]
    assert list(occasions("slot_offer:4:9:first")) == ["letter slot_offer:4:9:first", "slot_offer:9:first"]
    assert list(occasions("queue.begin:3")) == ["letter queue.begin:3", "queue.begin:3"]
