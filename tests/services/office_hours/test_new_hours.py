"""New hours: offered to those who wait before they are open to all, and hidden from no one else for long."""

from datetime import timedelta

import pytest

from bot.store.engine import Database
from models import Slot
from tests.factories import GUILD_ID
from tests.fakes import EXPERTISE, House, new_id, values
from tests.services.hours import wait_for
from tests.services.office_hours.test_offering import FIRST, WEEK, look, offer
from tests.services.office_hours.test_offering import HOST as HOST_ID
from tests.services.office_hours.test_waitlisting import ELSEWHERE, HALF_AN_HOUR, offers, sweep
from tests.services.scenes import at_once

ONCE = "2026-11-03 18:00-19:00"
ONE_SLOT = "2026-11-03 18:00-18:15"
GARDEN = "When do tomatoes ripen on balconies, and is gardening fun?"


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    await house.helper(EXPERTISE, user_id=HOST_ID, zone="UTC")
    await house.helper(ELSEWHERE)
    return house


async def states(house: House) -> list[str]:
    return values(await house.rows(Slot), "state")


def counts(house: House, *user_ids: int) -> list[int]:
    """Return how many offers each of these people got."""
    return [len(offers(house, each)) for each in user_ids]


async def later(house: House) -> None:
    house.clock.advance(HALF_AN_HOUR)
    await sweep(house)


async def test_as_many_slots_are_kept_as_people_wait_and_everybody_is_offered_one(house: House) -> None:
    for user_id in (81, 82):
        await wait_for(house, user_id)
    await offer(house, ONCE)
    assert await states(house) == ["promised", "promised", "open"]
    await sweep(house)
    await sweep(house)
    assert counts(house, 81, 82) == [1, 1]
    assert len({each.content.offered.slot_id for each in house.messenger.of("slot_offer")}) == 2
    await later(house)
    assert (await states(house), counts(house, 81, 82)) == (["open"] * 3, [1, 1])


async def test_one_slot_goes_down_the_list_half_an_hour_each(house: House) -> None:
    for user_id in (81, 82):
        await wait_for(house, user_id)
        house.clock.advance(timedelta(minutes=1))
    await offer(house, ONE_SLOT)
    await sweep(house)
    assert counts(house, 81, 82) == [1, 0]
    await later(house)
    assert counts(house, 81, 82) == [1, 1]
    await later(house)
    assert await states(house) == ["open"]


async def test_whoever_takes_it_has_it(house: House) -> None:
    place = await wait_for(house, 81)
    await offer(house, ONCE)
    await sweep(house)
    await house.waitlisting.take(place, 81, new_id())
    assert await states(house) == ["booked", "open", "open"]


async def test_what_nobody_s_question_matches_is_open_at_the_next_look(house: House) -> None:
    await wait_for(house, 81, question=GARDEN)
    await offer(house, ONCE)
    assert await states(house) == ["promised", "open", "open"]
    await sweep(house)
    assert (await states(house), counts(house, 81)) == (["open"] * 3, [0])


async def test_hours_before_a_yes_are_offered_to_nobody(house: House) -> None:
    await wait_for(house, 81)
    await look(house)
    await sweep(house)
    assert counts(house, 81) == [0]


async def test_what_a_series_adds_by_itself_is_offered_too(house: House) -> None:
    await offer(house)
    await wait_for(house, 81)
    house.clock.moment = FIRST + WEEK - timedelta(days=3)
    await house.offering.sweep()
    await sweep(house)
    (told,) = offers(house, 81)
    assert told.content.offered is not None
    assert told.content.offered.starts_at == FIRST + 4 * WEEK
    assert (await states(house)).count("promised") == 1


async def test_over_four_weeks_no_more_are_kept_than_people_wait(house: House) -> None:
    await wait_for(house, 81)
    await offer(house)
    assert (await states(house)).count("promised") == 1


async def test_nobody_has_two_offers_at_a_time(house: House) -> None:
    member = await house.helper(EXPERTISE)
    await wait_for(house, 81)
    await wait_for(house, 81, member)
    await offer(house, ONCE)
    await sweep(house)
    async with house.database.begin() as work:
        assert [each.state for each in await work.waitlist.line(GUILD_ID, member.id)] == []
    assert counts(house, 81) == [1]


async def test_what_is_too_near_is_open_at_once(house: House) -> None:
    await wait_for(house, 81)
    house.clock.moment = FIRST - timedelta(minutes=14)
    await offer(house, ONCE)
    assert await states(house) == ["open", "promised", "open"]


async def test_two_looks_at_once_offer_each_person_one(house: House) -> None:
    for user_id in (81, 82, 83):
        await wait_for(house, user_id)
    await offer(house, ONCE)
    await at_once([house.waitlisting.sweep() for _ in range(3)])
    await house.settle()
    await sweep(house)
    assert counts(house, 81, 82, 83) == [1, 1, 1]
