"""What no one booked: offered once to those who ask just that, and never to those who paused."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.lifecycle import Visibility
from bot.errors import Conflict
from bot.services.ports import MailboxClosed
from bot.services.results import Letter
from bot.store.engine import Database
from models import Booking, OutboxLetter, Slot, WaitlistPlace
from tests.factories import GUILD_ID
from tests.fakes import House, new_id, values
from tests.services.hours import Hours, open_hours
from tests.services.scenes import ask, said_to

SOON = timedelta(minutes=30)
ELSEWHERE = "When do tomatoes ripen on balconies, and is gardening fun?"


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    await house.helper("Gardening, balconies, tomatoes", rate="never")
    return house


async def soon(house: House, *user_ids: int, **chosen: object) -> Hours:
    """Let these people ask, who are as `chosen`, and hours begin in half an hour that no one booked."""
    for user_id in user_ids:
        await house.person(user_id=user_id, begins=time(0), ends=time(0), **chosen)
        await ask(house, user_id)
    await house.settle()
    host = await house.helper(rate="never")
    return await open_hours(house, slots=1, after=SOON, host=host)


def offers(house: House, user_id: int) -> list[Letter[Any]]:
    return [letter for letter in said_to(house, user_id) if letter.kind == "slot_offer"]


async def sweep(house: House) -> int:
    told = await house.filling.sweep()
    await house.settle()
    return told


async def test_three_who_ask_just_that_are_told_once(house: House) -> None:
    await soon(house, 81, 82, 83, 84)
    await ask(house, 85, text=ELSEWHERE)
    await house.settle()

    assert await sweep(house) == 3
    assert await sweep(house) == 0

    assert [len(offers(house, each)) for each in range(81, 86)] == [1, 1, 1, 0, 0]
    (offer,) = offers(house, 81)
    assert not offer.content.is_kept
    assert values(await house.rows(Slot), "state") == ["open"]


async def test_whoever_takes_it_first_has_it(house: House) -> None:
    await soon(house, 81, 82)
    await sweep(house)
    rows = await house.rows(WaitlistPlace)

    booked = await house.waitlisting.take(rows[0]["id"], 81, new_id())
    with pytest.raises(Conflict) as refusal:
        await house.waitlisting.take(rows[1]["id"], 82, new_id())

    assert refusal.value.key == "waitlist.over"
    assert booked.booking.thread_id is not None
    assert values(await house.rows(Booking), "state") == ["booked"]


async def test_earlier_than_half_an_hour_before_nobody_is_told(house: House) -> None:
    await soon(house, 81)
    house.clock.moment -= timedelta(seconds=1)

    assert await sweep(house) == 0


async def test_who_wants_peace_sleeps_or_was_asked_enough_is_left_alone(house: House) -> None:
    await soon(house, 81)
    await house.pausing.pause_for(GUILD_ID, 81, timedelta(days=1))
    await soon(house, 82, rate="never")

    assert await sweep(house) == 0


async def test_being_told_counts_as_being_asked(house: House) -> None:
    await soon(house, 81, rate="one_a_day")
    assert await sweep(house) == 1
    await open_hours(house, slots=1, after=SOON, host=await house.helper(rate="never"))

    assert await sweep(house) == 0
    async with house.database.read() as work:
        member = await work.members.find(GUILD_ID, 81)
        assert member is not None
        found = await work.attention.of([member.id], house.clock.now(), are_helpers=False)
    assert found[member.id].attention.asked_last_day == 1


async def test_a_block_between_them_is_kept(house: House) -> None:
    hours = await soon(house, 81)
    await house.blocking.block(GUILD_ID, hours.host.user_id, 81)

    assert await sweep(house) == 0


async def test_whoever_asked_without_a_name_is_told_alone_and_tied_to_nothing(house: House) -> None:
    await house.person(user_id=81, begins=time(0), ends=time(0))
    await ask(house, 81, Visibility.ANONYMOUS)
    await house.settle()
    await soon(house)

    assert await sweep(house) == 1

    (offer,) = offers(house, 81)
    assert offer.user_id == 81
    assert values(await house.rows(WaitlistPlace), "request_id") == [None]


async def test_with_closed_messages_what_was_offered_unasked_is_said_nowhere(house: House) -> None:
    await soon(house, 81)
    house.messenger.trouble(MailboxClosed("403/50007"), kind="slot_offer")

    assert await sweep(house) == 1
    house.messenger.recover()
    await house.settle()

    assert house.messenger.of("slot_offer") == []
    assert values(await house.rows(OutboxLetter, kind="slot_offer"), "failure") == ["closed"]
