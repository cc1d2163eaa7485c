"""What becomes of slots and of places in queues while the bot is killed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.texts import say
from reliability.deadlines import due
from reliability.offers import conflicts, doubled_slots, lost_slots
from reliability.queues import doubled_calls, lost_places
from reliability.standin.world import MODAL_SUBMIT, Interaction, World
from reliability.tables import Booking, Hour, Letter, QueuePlace, Slot, Tables, WaitlistPlace
from tests.factories import NOW
from tests.fakes import ManualClock

HOST, ASKER = 1, 2
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SLOT = Slot(id=9, starts_at=NOW + 60 * MINUTE, state="promised", open_since=NOW)
OFFERED = WaitlistPlace(id=4, user_id=ASKER, state="offered", slot_id=9, offer_ends_at=NOW + 30 * MINUTE)
BOOKING = Booking(id=7, host_id=HOST, asker_id=ASKER, slot_id=9, starts_at=NOW, interaction_id=5)
SINCE = f"{NOW:%Y%m%d%H%M%S}"


def of(**rows: object) -> Tables:
    return replace(Tables([], [], [], []), **rows)  # type: ignore[arg-type]


def pressed(custom_id: str, *texts: str, **params: object) -> Interaction:
    """Let someone press a button and be told something."""
    interaction = World(ManualClock()).interact(MODAL_SUBMIT, ASKER, {"custom_id": custom_id})
    for text in texts:
        interaction.reply({"content": say(text, **params)})
    return interaction


def lines(tables: Tables, moment: datetime) -> set[tuple[str, int, str]]:
    return {(each.what, each.row, each.sweep) for each in due(tables, moment)}


def test_a_slot_is_kept_for_one_at_a_time() -> None:
    kept = of(slots=[SLOT], waiting=[OFFERED])
    assert list(conflicts(kept)) == []
    twice = replace(kept, waiting=[OFFERED, replace(OFFERED, id=5)])
    assert list(conflicts(twice)) == ["slot 9 was kept for 2 people at once"]
    for state, is_wrong in (("open", True), ("booked", True), ("cancelled", False)):
        assert bool(list(conflicts(replace(kept, slots=[replace(SLOT, state=state)])))) is is_wrong


def test_what_is_kept_for_ever_is_lost() -> None:
    assert len(list(lost_slots(of(slots=[SLOT], waiting=[OFFERED]), []))) == 2
    assert list(lost_slots(of(slots=[replace(SLOT, state="open")], waiting=[replace(OFFERED, state="left")]), [])) == []


def test_whoever_got_a_receipt_has_a_booking() -> None:
    taken = pressed("waitlist1:take:4", "book.done", other="x", when="y", in_a_while="z")
    assert len(list(lost_slots(of(bookings=[BOOKING]), [taken]))) == 1
    made = replace(BOOKING, interaction_id=int(taken.payload["id"]))
    assert list(lost_slots(of(bookings=[made]), [taken])) == []


def test_two_people_who_had_the_same_slot_are_one_too_many() -> None:
    other = replace(BOOKING, id=8, state="held")
    assert list(doubled_slots(of(bookings=[BOOKING, other]))) == ["slot 9 was booked 2 times: [7, 8]"]
    assert list(doubled_slots(of(bookings=[replace(BOOKING, state="cancelled"), other]))) == []


def test_what_is_kept_is_offered_and_an_offer_ends() -> None:
    kept = of(slots=[SLOT])
    assert lines(kept, NOW) == {("offer", 9, "waitlist")}
    offered = replace(kept, waiting=[OFFERED])
    assert lines(offered, NOW) == set()
    (end,) = due(offered, NOW + 30 * MINUTE)
    assert (end.what, end.tells) == ("end of offer", (f"slot_offer:9:{SINCE}",))


def test_what_nobody_booked_is_offered_shortly_before_and_not_any_more_when_it_begins() -> None:
    empty = of(slots=[replace(SLOT, state="open")])
    assert lines(empty, NOW + 29 * MINUTE) == set()
    assert lines(empty, NOW + 30 * MINUTE) == {("last offer", 9, "fill")}
    assert lines(empty, NOW + 55 * MINUTE) == set()
    assert lines(of(slots=[replace(SLOT, state="open", is_offered=1)]), NOW + 30 * MINUTE) == set()


HOURS = [
    Hour(id=number, office_hours_id=1, starts_at=NOW + number * DAY, ends_at=NOW + number * DAY + 60 * MINUTE)
    for number in (1, 2)
]
PLACE = QueuePlace(id=6, occurrence_id=1, user_id=ASKER, since=NOW)
NEXT = QueuePlace(id=7, occurrence_id=2, user_id=ASKER, since=NOW, state="seen")


def told(*keys: str) -> list[Letter]:
    return [Letter(id=number, kind="check_in", key=key, nonce=key) for number, key in enumerate(keys)]


def queue(place: QueuePlace, *keys: str, following: tuple[QueuePlace, ...] = (NEXT,)) -> Tables:
    return of(hours=HOURS, places=[place, *following], letters=told(*keys))


def test_a_queue_has_a_beginning_an_end_and_holds_that_end() -> None:
    held = replace(PLACE, state="held", held_until=HOURS[0].starts_at + MINUTE)
    tables = queue(held)
    begins = HOURS[0].starts_at
    assert lines(tables, begins) == {("walk-in hour", 1, "queue")}
    assert lines(tables, begins + MINUTE) == {("walk-in hour", 1, "queue"), ("end of hold", 6, "queue")}
    assert lines(queue(PLACE, "queue.begin:1"), begins) == set()
    assert lines(queue(PLACE), HOURS[0].ends_at) == {("end of queue", 6, "queue")}


@pytest.mark.parametrize("state", ["waiting", "held", "invited"])
def test_whoever_stands_in_a_queue_that_is_over_is_lost(state: str) -> None:
    assert list(lost_places(queue(replace(PLACE, state=state)), [])) == ["place 6 stands in a queue that is over"]


def test_whoever_is_carried_over_is_told_and_keeps_their_place() -> None:
    carried, key = replace(PLACE, state="carried_over"), "queue.carried_over:6:now"
    assert list(lost_places(queue(carried, key), [])) == []
    assert list(lost_places(queue(carried), [])) == ["nobody told place 6 that it was carried over"]
    late = replace(NEXT, since=NOW + MINUTE)
    assert list(lost_places(queue(carried, key, following=(late,)), [])) == [
        "place 6 was carried over to the end of the queue"
    ]
    assert list(lost_places(queue(carried, key, following=()), [])) == ["place 6 was carried over to nowhere"]


def test_whoever_was_said_to_be_called_is_called() -> None:
    seen = replace(PLACE, state="seen")
    call = pressed("queue1:next:1", "queue.next", asker="x", question="y")
    assert list(lost_places(queue(seen, "queue.turn:6:now"), [call])) == []
    assert len(list(lost_places(queue(seen), [call]))) == 1


def test_whoever_joined_has_a_place() -> None:
    joined = pressed("queue1:send:1", "queue.joined_first", host="x")
    assert list(lost_places(queue(replace(PLACE, state="left")), [joined])) == []
    assert len(list(lost_places(queue(replace(PLACE, state="left", user_id=HOST)), [joined]))) == 1


def test_nobody_is_called_twice_who_didn_t_come_again() -> None:
    tables = queue(replace(PLACE, state="seen"), "queue.turn:6:now", "queue.turn:6:later")
    assert list(doubled_calls(tables, [])) == ["place 6 was called 2 times"]
    assert list(doubled_calls(tables, [pressed("queue1:hold:6")])) == []
    assert list(doubled_calls(tables, [pressed("queue1:send:1")])) == []
