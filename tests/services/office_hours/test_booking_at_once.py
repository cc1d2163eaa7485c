"""One slot that everyone wants at the same moment, in one process and in two."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.errors import Conflict, LimitReached
from bot.services.office_hours.booking import JustTaken
from bot.store.engine import Database, create_engine
from models import Appointment, Booking, Slot
from tests.fakes import House, new_id, values
from tests.services.hours import Hours, book, open_hours, wait_for, wish
from tests.services.scenes import at_once

CROWD = 50


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def other(house: House, database_url: str) -> AsyncIterator[House]:
    """Run a second process over the same database and the same Discord."""
    other = House(Database(create_engine(database_url)), house.messenger, house.clock)
    yield other
    await other.database.close()


async def test_of_fifty_one_gets_it_and_the_others_read_what_is_near(house: House, other: House) -> None:
    hours = await open_hours(house, slots=1)
    near = [await open_hours(house, slots=1) for _ in range(4)]
    seen = list[int]()

    async def try_it(at: House, user_id: int) -> None:
        try:
            await book(at, hours, user_id)
        except JustTaken as refusal:
            seen.append(len(refusal.alternatives))
            raise

    refused = await at_once(try_it((house, other)[each % 2], 1_000 + each) for each in range(CROWD))

    assert refused == {JustTaken: CROWD - 1}
    assert seen == [3] * (CROWD - 1)
    assert Counter(values(await house.rows(Slot), "state")) == {"booked": 1, "open": len(near)}
    assert values(await house.rows(Booking), "state") == ["booked"]


async def test_one_person_pressing_many_slots_at_once_stays_within_the_limits(house: House, other: House) -> None:
    hours = [await open_hours(house, slots=2) for _ in range(5)]

    refused = await at_once(
        each.booking.book(wish(77), slot_id)
        for one in hours
        for each, slot_id in zip((house, other), one.slot_ids, strict=True)
    )

    assert set(refused) <= {Conflict, JustTaken, LimitReached}
    assert len(await house.rows(Booking)) == 2
    assert len(await house.rows(Appointment)) == 4


async def test_the_same_press_in_both_processes_is_one_booking(house: House, other: House) -> None:
    hours = await open_hours(house)
    same = wish(77, interaction_id=new_id())

    await at_once(each.booking.book(same, hours.slot_ids[0]) for each in (house, other) * 5)

    assert len(await house.rows(Booking)) == 1


async def test_a_slot_is_booked_and_cancelled_in_any_order_without_a_trace(house: House, other: House) -> None:
    hours: Hours = await open_hours(house, slots=1)
    for round_ in range(3):
        booking_id = (await book(house, hours, 500 + round_)).booking.booking_id
        acts = [each.booking.cancel(booking_id, 500 + round_) for each in (house, other)]
        await at_once([*acts, *(book(each, hours, 600 + 10 * round_) for each in (house, other))])
        for booking in await house.rows(Booking, state="booked"):
            async with house.database.read() as work:
                member = await work.members.get(booking["asker_id"])
            assert member is not None
            await house.booking.cancel(booking["id"], member.user_id)

    assert values(await house.rows(Slot), "state") == ["open"]
    assert await house.rows(Appointment) == []


async def test_sweeps_at_once_offer_a_freed_slot_to_one(house: House, other: House) -> None:
    hours = await open_hours(house, slots=1)
    booking_id = (await book(house, hours)).booking.booking_id
    for user_id in range(800, 804):
        await wait_for(house, user_id)
    await house.booking.cancel(booking_id, 77)

    assert await at_once(each.waitlisting.sweep() for each in (house, other) * 4) == {}
    await house.settle()

    assert len(house.messenger.of("slot_offer")) == 1
