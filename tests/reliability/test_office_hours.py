"""What becomes of fifteen minutes while the bot is killed: judged by what it told people, beside what it kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.texts import say
from reliability.command_line import OFFICE_HOURS, crash
from reliability.deadlines import due
from reliability.meetings import lost_meetings
from reliability.standin.world import COMPONENT, Interaction, World
from reliability.tables import Booking, Impression, Letter, Tables
from tests.factories import NOW
from tests.fakes import ManualClock

HOST, ASKER = 1, 2
HELD = Booking(id=7, host_id=HOST, asker_id=ASKER, starts_at=NOW, state="held", host_here_at=NOW, asker_here_at=NOW)


@pytest.mark.usefixtures("nursed")
async def test_a_bot_killed_around_meetings_loses_and_doubles_nothing() -> None:
    report = await crash(kills=2, seed=3, play=OFFICE_HOURS)
    assert report.is_clean, str(report)
    assert report.kills == 2


def whole() -> Tables:
    """Return the tables of one booking that came to a good end."""
    tables = Tables([], [], [], [], [HELD], [], [Impression(booking_id=7, user_id=ASKER, helped="helped", has_note=1)])
    tables.letters.extend(told("check", HOST) + told("check", ASKER))
    return tables


def told(text: str, member_id: int) -> list[Letter]:
    return [Letter(id=member_id, kind="check", key=f"meeting.{text}:7:{member_id}", nonce="n", sent_at=NOW)]


def pressed(verb: str, text: str, user_id: int = ASKER) -> Interaction:
    """Let someone press a button and be told something."""
    world = World(ManualClock())
    world.direct_channel(user_id)
    interaction = world.interact(COMPONENT, user_id, {"custom_id": f"meeting1:{verb}:7"})
    interaction.reply({"content": say(text)})
    return interaction


def lost(tables: Tables, *answered: Interaction) -> list[str]:
    return list(lost_meetings(tables, answered))


def test_a_meeting_that_came_to_a_good_end_is_whole() -> None:
    assert lost(whole(), pressed("helped", "meeting.thanks"), pressed("keep", "meeting.note_kept")) == []


@pytest.mark.parametrize("changes", [{"state": "booked"}, {"state": "under_way"}, {"next_look_at": NOW}])
def test_what_never_ends_is_lost(changes: dict[str, object]) -> None:
    tables = whole()
    tables.bookings[0] = replace(HELD, **changes)  # type: ignore[arg-type]
    assert lost(tables) == ["booking 7 never came to its end"]


def test_time_that_stays_spoken_for_is_lost() -> None:
    assert lost(replace(whole(), spoken_for=2)) == ["2 times are still spoken for"]


@pytest.mark.parametrize(
    ("missing", "texts", "owed"),
    [("host", {HOST: "missed_host"}, [HOST]), ("asker", {ASKER: "missed_asker"}, [ASKER]), ("both", {}, [HOST, ASKER])],
)
def test_whoever_is_owed_a_word_and_never_got_it_is_lost(missing: str, texts: dict[int, str], owed: list[int]) -> None:
    tables = whole()
    tables.bookings[0] = replace(HELD, state="not_found", missing=missing)
    tables.letters.clear()
    assert lost(tables) == [f"nobody told member {each} what became of booking 7" for each in owed]
    for member_id in owed:
        tables.letters.extend(told(texts.get(member_id, "unsure"), member_id))
    assert lost(tables) == []


def test_what_was_cancelled_owes_nobody_a_word() -> None:
    tables = whole()
    tables.bookings[0] = replace(HELD, state="cancelled")
    tables.letters.clear()
    assert lost(tables) == []


@pytest.mark.parametrize(
    ("verb", "text", "user_id"),
    [("not_here", "meeting.noted_host", HOST), ("helped", "meeting.thanks", HOST), ("keep", "meeting.note_kept", HOST)],
)
def test_what_somebody_was_told_is_kept_and_isn_t_is_lost(verb: str, text: str, user_id: int) -> None:
    (line,) = lost(whole(), pressed(verb, text, user_id))
    assert text in line


def steps(**changes: object) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is due by `NOW` about a booking that no one has come to yet, and what that says."""
    tables = Tables([], [], [], [], [replace(HELD, state="booked", next_look_at=NOW, **changes)])  # type: ignore[arg-type]
    return [(each.what, each.tells) for each in due(tables, NOW)]


@pytest.mark.parametrize(
    ("minutes", "what", "texts"),
    [
        (-24 * 60, "reminder", ["tomorrow"]),
        (-10, "reminder", ["soon"]),
        (0, "check-in", ["start"]),
        (5, "somebody waits", ["ping"]),
        (10, "couldn't find each other?", ["missing"]),
        (15, "how it was", ["check", "unsure"]),
    ],
)
def test_the_steps_of_bookings_are_due(minutes: int, what: str, texts: list[str]) -> None:
    tells = tuple(f"meeting.{text}:7" for text in texts)
    assert steps(starts_at=NOW - timedelta(minutes=minutes)) == [(what, tells)]


def test_a_step_that_is_still_to_come_or_of_a_booking_that_is_over_is_not_due() -> None:
    tables = Tables([], [], [], [], [replace(HELD, state="booked", next_look_at=NOW + timedelta(minutes=1))])
    assert due(tables, NOW) == set()
    assert due(replace(tables, bookings=[replace(HELD, next_look_at=NOW)]), NOW) == set()
    assert {each.sweep for each in due(tables, NOW + timedelta(hours=1))} == {"meet"}
