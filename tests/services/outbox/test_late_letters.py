"""Letters that come late: no one's time runs while Discord is out of order, and no one's place is given away."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from bot.services.outbox.leasing import GIVE_UP
from bot.services.ports import TryLater
from bot.services.requests.helper_letters import LATE
from bot.store.engine import Database
from models import Invitation, Member, OutboxLetter
from tests.factories import NOW
from tests.fakes import House, a_new_question, values
from tests.services.scenes import elapse

HOUR = timedelta(hours=1)
ALWAYS = {"begins": time(0), "ends": time(0)}
"""Awake around the clock."""


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


@pytest.mark.parametrize("hours", [1, 3, 5, 20])
async def test_the_time_to_answer_begins_when_the_letter_arrives(house: House, hours: int) -> None:
    await house.helpers(9, **ALWAYS)
    await house.ask()
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await elapse(house, hours=hours, step=0.25)
    assert values(await house.rows(Invitation), "state") == ["asked", "asked"]

    house.messenger.recover()
    await elapse(house, hours=1.5, step=0.25)

    rows = await house.rows(Invitation)
    letters = await house.rows(OutboxLetter, kind="invitation")
    assert values(rows, "state") == ["asked", "asked"]
    assert values(rows, "expires_at") == [row["sent_at"] + 4 * HOUR for row in letters]


async def test_what_has_yet_to_arrive_counts_as_asked_today(house: House) -> None:
    await house.helper(**ALWAYS)
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await house.ask(77)
    await house.ask(78)
    await elapse(house, hours=24.25, step=0.25)
    house.messenger.recover()
    await elapse(house, hours=23)
    assert len(house.messenger.of("invitation")) == 1


async def test_it_begins_with_their_waking_time(house: House) -> None:
    await house.helper(begins=time(12), ends=time(14))
    await house.ask()
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await elapse(house, hours=1, step=0.25)
    house.messenger.recover()
    await elapse(house, hours=1, step=0.25)
    (letter,) = await house.rows(OutboxLetter, kind="invitation")
    left_today = NOW + 2 * HOUR - letter["sent_at"]
    assert timedelta(0) < left_today < HOUR
    assert values(await house.rows(Invitation), "expires_at") == [NOW + timedelta(days=2) + 2 * HOUR - left_today]


async def test_a_letter_that_is_hardly_late_changes_nothing(house: House) -> None:
    await house.helper(**ALWAYS)
    await house.ask()
    house.clock.advance(LATE - timedelta(seconds=1))
    await house.settle()
    assert values(await house.rows(Invitation), "expires_at") == [NOW + 4 * HOUR]


async def test_however_long_it_lasts_the_invitations_are_not_used_up(house: House) -> None:
    await house.helpers(18, **ALWAYS)
    house.messenger.trouble(TryLater("503"))
    await house.asking.ask(replace(a_new_question(), urgency=Urgency.TODAY))
    await elapse(house, hours=12, step=0.5)
    assert len(await house.rows(Invitation)) == 2
    house.messenger.recover()
    await elapse(house, hours=12, step=0.25)
    assert len(house.messenger.of("invitation")) == DEFAULT.most_invitations


async def test_whoever_could_not_be_reached_for_a_day_was_not_silent(house: House) -> None:
    first, second, third = await house.helpers(3, **ALWAYS)
    house.messenger.trouble(TryLater("503"), user_id=first.user_id)
    await house.ask()
    await elapse(house, hours=GIVE_UP / HOUR + 2)
    rows = await house.rows(Invitation)
    assert values(rows, "member_id") == [first.id, second.id, third.id]
    assert values(rows, "state") == ["undelivered", "expired", "expired"]
    assert values(await house.rows(Member, is_helper=True), "silences") == [0, 1, 1]


async def test_a_pause_ends_a_place_that_is_still_on_its_way(database: Database) -> None:
    house = House(database)
    await house.open()
    first, _, third = await house.helpers(3, **ALWAYS)
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await house.ask()
    await house.pausing.pause_for(first.guild_id, first.user_id, None)
    await elapse(house, hours=5)
    assert {row["member_id"]: row["state"] for row in await house.rows(Invitation)}[first.id] == "undelivered"
    assert third.id in values(await house.rows(Invitation), "member_id")


async def asked_at_dusk(house: House, hours: float = 1) -> Member:
    """Ask someone five minutes before their night while Discord is out of order, for so many hours."""
    helper = await house.helper(begins=time(8), ends=time(12, 5))
    await house.ask()
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await elapse(house, hours=hours, step=0.25)
    house.messenger.recover()
    return helper


async def test_a_late_invitation_waits_for_the_morning_and_their_time_for_it(database: Database) -> None:
    house = House(database)
    await house.open()
    await asked_at_dusk(house)
    await elapse(house, hours=18.5, step=0.25)
    assert house.messenger.of("invitation") == []
    assert values(await house.rows(Invitation), "state") == ["asked"]

    await elapse(house, hours=1.5, step=0.25)

    morning = NOW + 20 * HOUR
    assert [letter.kind for letter in house.messenger.shown] == ["post", "invitation"]
    (invitation,) = await house.rows(Invitation)
    assert (invitation["state"], invitation["created_at"]) == ("asked", morning)
    assert invitation["expires_at"] == morning + 4 * HOUR
    (letter,) = await house.rows(OutboxLetter, kind="invitation")
    assert letter["sent_at"] == morning


async def test_a_letter_that_never_tried_to_leave_at_night_has_no_failed_attempt(house: House) -> None:
    await house.helper(begins=time(8), ends=time(12, 5))
    await house.ask()
    house.clock.advance(2 * HOUR)
    await house.settle()
    (letter,) = await house.rows(OutboxLetter, kind="invitation")
    assert (letter["attempts"], letter["first_attempt_at"], letter["leased_until"]) == (0, None, None)
    assert (letter["due_at"], letter["sent_at"]) == (NOW + 20 * HOUR, None)


@pytest.mark.parametrize("way", ["paused", "opted out", "blocked"])
async def test_a_late_invitation_goes_to_the_next_person_where_it_is_shut_out_by_now(
    database: Database, way: str
) -> None:
    house = House(database)
    await house.open()
    first, second, third = await house.helpers(3, **ALWAYS)
    house.messenger.trouble(TryLater("503"), kind="invitation")
    await house.ask(77)
    match way:
        case "paused":
            await house.pausing.pause_for(first.guild_id, first.user_id, None)
        case "blocked":
            await house.blocking.block(first.guild_id, first.user_id, 77)
        case _:
            async with house.database.begin() as work:
                held = await work.members.hold(first.id)
                assert held is not None
                held.is_helper = False
    await elapse(house, hours=1, step=0.25)
    house.messenger.recover()
    await elapse(house, hours=1, step=0.25)
    asked = [letter.user_id for letter in house.messenger.of("invitation")]
    assert asked == [second.user_id, third.user_id]
    assert values(await house.rows(Invitation), "state") == ["undelivered", "asked", "asked"]


async def test_a_late_reminder_waits_for_the_morning_or_comes_too_late_for_anything(house: House) -> None:
    helper = await house.helper(begins=time(11), ends=time(1))
    await house.ask()
    await house.settle()
    (invitation,) = await house.rows(Invitation)
    await house.helping.take(invitation["id"], helper.user_id)
    house.messenger.trouble(TryLater("503"), kind="nudge")
    await elapse(house, hours=14, step=0.5)
    house.messenger.recover()
    await elapse(house, hours=8.5, step=0.5)
    assert house.messenger.of("nudge") == []
    await elapse(house, hours=1, step=0.5)
    assert len(house.messenger.of("nudge")) == 1
