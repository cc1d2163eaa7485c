"""Letters that come late: nobody's time runs while Discord is out of order, and nobody's place is given away."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from bot.services.delivering import GIVE_UP, LATE
from bot.services.ports import TryLater
from bot.store.engine import Database
from models import Invitation, Member, OutboxLetter
from tests.factories import NOW
from tests.fakes import House, a_draft, values
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
    await house.asking.ask(replace(a_draft(), urgency=Urgency.TODAY))
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
    assert {row["member_id"]: row["state"] for row in await house.rows(Invitation)}[first.id] == "withdrawn"
    assert third.id in values(await house.rows(Invitation), "member_id")
