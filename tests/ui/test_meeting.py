"""Letters about meetings and queues: each with what can be pressed, within limits, pinging only those it is for."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services.office_hours.booking_results import BookingView
from bot.services.office_hours.contents import MeetingLine, MeetingRoom, QueueLine
from bot.services.office_hours.meeting_results import OwnQueuePlace, Turn
from bot.ui import letters, queue
from bot.ui.items import custom_ids
from bot.ui.render import Rendered
from tests.factories import GUILD_ID, NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, check_limits, letter

HOST, ASKER = LONGEST_ID, LONGEST_ID - 1
WHEN = 1_800_000_000
PRESSES = {
    "meeting.tomorrow": [],
    "meeting.tomorrow_thread": [],
    "meeting.soon": [],
    "meeting.soon_thread": [],
    "meeting.start": ["here"],
    "meeting.start_thread": ["here"],
    "meeting.ping": ["here"],
    "meeting.missing": ["not_here"],
    "meeting.check": ["helped", "partly", "not_yet", "note"],
    "meeting.unsure": ["helped", "partly", "not_yet", "note"],
    "meeting.more": [],
    "meeting.missed_host": [],
    "meeting.missed_asker": [],
    "meeting.no_shows": ["appeal"],
    "meeting.appeal": ["excuse", "leave"],
    "meeting.excused": [],
    "meeting.kept": [],
}
QUEUES = {
    "queue.begin": ["next"],
    "queue.turn": ["hold", "leave"],
    "queue.hold_over": ["hold", "leave"],
    "queue.carried_over": [],
    "queue.ended": [],
}


def booking(side: str = "asker") -> BookingView:
    """Return a booking with the longest ids there are."""
    return BookingView(
        10**18 - 1, GUILD_ID, HOST, ASKER, "Why?", NOW, NOW + timedelta(minutes=15), "booked", 0,
        side="host" if side == "host" else "asker",
    )  # fmt: skip


def line(text: str, side: str = "asker", **chosen: bool) -> MeetingLine:
    return MeetingLine(text, booking(side), LONGEST_ID, WHEN, **chosen)


def verbs(shown: Rendered) -> list[str]:
    return [each.split(":")[1] for each in custom_ids(shown.view.children)] if shown.view else []


@pytest.mark.parametrize("text", PRESSES)
async def test_a_letter_has_its_buttons_and_fits(text: str) -> None:
    shown = letters.letter(letter("check_in", line(text)))
    check_limits(shown)
    assert verbs(shown) == PRESSES[text]
    assert shown.pings == ()


async def test_the_end_may_offer_five_more_and_that_nobody_came() -> None:
    shown = letters.letter(letter("check", line("meeting.check", has_more=True, was_alone=True, settles=True)))
    check_limits(shown)
    assert verbs(shown) == ["helped", "partly", "not_yet", "note", "more", "not_here"]


@pytest.mark.parametrize(("side", "other"), [("host", ASKER), ("asker", HOST)])
async def test_everybody_reads_whom_they_meet(side: str, other: int) -> None:
    shown = letters.letter(letter("reminder", line("meeting.soon", side)))
    assert f"<@{other}>" in shown.content


async def test_a_thread_pings_both_and_moderators_are_not_pinged() -> None:
    public: dict[str, Any] = {"user_id": None, "addressee_id": None, "channel_id": 6}
    begins = line("meeting.start_thread", is_for_both=True)
    assert letters.letter(letter("check_in", begins, **public)).pings == (HOST, ASKER)
    room = letters.letter(letter("room", MeetingRoom(booking(), LONGEST_ID), **public))
    check_limits(room)
    assert (room.pings, verbs(room)) == ((HOST, ASKER), [])
    assert f"<#{LONGEST_ID}>" in room.content
    shown = letters.letter(letter("check", line("meeting.appeal"), **public))
    assert shown.pings == ()
    assert f"<@{HOST}>" not in shown.content


@pytest.mark.parametrize("text", QUEUES)
async def test_a_letter_about_a_queue_has_its_buttons_and_fits(text: str) -> None:
    said = QueueLine(text, 10**18 - 1, 10**18 - 1, HOST, LONGEST_ID, WHEN)
    shown = letters.letter(letter("check_in", said))
    check_limits(shown)
    assert verbs(shown) == QUEUES[text]


@pytest.mark.parametrize("words", EXTREMES)
async def test_a_host_reads_the_question_in_one_message(words: str) -> None:
    shown = queue.turn(Turn(10**18 - 1, LONGEST_ID, (words * 20)[:1_500], 10**6, 10**6), "en")
    check_limits(shown)
    assert shown.pings == ()


async def test_a_place_in_a_queue_says_what_it_is() -> None:
    place = OwnQueuePlace(1, 2, GUILD_ID, HOST, "held", 3, NOW, NOW, held_until=NOW)
    assert verbs(queue.own_place(place, "en")) == ["back", "leave"]
    check_limits(queue.own_place(place, "en"))
