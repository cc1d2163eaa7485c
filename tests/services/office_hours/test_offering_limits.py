"""One host offers so much and no more, and a community's calendar keeps room for others."""

from datetime import timedelta

import pytest

from bot.domain.office_hours import DEFAULT
from bot.errors import LimitReached
from bot.services.office_hours import announcing
from bot.services.office_hours.offering import NewOffer
from bot.services.office_hours.offering_results import OwnHours
from bot.store.engine import Database
from models import Occurrence, OfficeHours
from tests.factories import GUILD_ID, a_series, an_occurrence
from tests.fakes import House, new_id
from tests.services.scenes import at_once

HOST = 88
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    await house.person(user_id=HOST, zone="UTC")
    return house


async def look(house: House, when: str, user_id: int = HOST) -> int:
    return (await house.offering.preview(NewOffer(GUILD_ID, user_id, new_id(), when, is_walk_in=True))).series_id


async def offer(house: House, when: str, user_id: int = HOST) -> OwnHours:
    return await house.offering.confirm(await look(house, when, user_id), user_id)


def daily(hour: int) -> str:
    return f"daily {hour:02}:00-{hour:02}:30"


def weekly(number: int) -> str:
    hour = 13 + number // len(DAYS)
    return f"{DAYS[number % len(DAYS)]} {hour}:00-{hour}:30 weekly"


async def test_daily_hours_end_at_the_times_one_person_may_offer(house: House) -> None:
    for hour in (13, 14):
        await offer(house, daily(hour))

    with pytest.raises(LimitReached, match=r"offer_time\.limit_times") as refusal:
        await offer(house, daily(15))

    assert refusal.value.params["series"] == (daily(13), daily(14))
    assert refusal.value.params["limit"] == DEFAULT.times
    for _ in range(60):
        house.clock.advance(timedelta(hours=12))
        await house.offering.sweep()
        coming = [row for row in await house.rows(Occurrence) if row["ends_at"] > house.clock.now()]
        assert 2 * 27 <= len(coming) <= DEFAULT.times


async def test_so_many_series_are_the_most_and_the_refusal_says_which_there_are(house: House) -> None:
    for number in range(DEFAULT.series):
        await offer(house, weekly(number))

    with pytest.raises(LimitReached, match=r"offer_time\.limit") as refusal:
        await look(house, weekly(DEFAULT.series))

    assert refusal.value.params["series"] == tuple(weekly(number) for number in range(DEFAULT.series))
    own = await house.hosting.own(GUILD_ID, HOST)
    await house.hosting.end(own[0].series_id, HOST)
    await offer(house, weekly(DEFAULT.series))


async def test_many_at_once_keep_both_numbers(house: House) -> None:
    looked = [await look(house, weekly(number)) for number in range(DEFAULT.series + 8)]

    refused = await at_once(house.offering.confirm(series_id, HOST) for series_id in looked)

    assert refused == {LimitReached: 8}
    going_on = [row for row in await house.rows(OfficeHours) if row["confirmed_at"] is not None]
    assert len(going_on) == DEFAULT.series


async def test_a_change_is_held_to_the_same_number(house: House) -> None:
    first, _, third = [await offer(house, when) for when in (daily(13), daily(14), "Tue 18:00-19:00 weekly")]
    await house.hosting.change(first.series_id, HOST, daily(16))

    with pytest.raises(LimitReached, match=r"offer_time\.limit_times") as refusal:
        await house.hosting.change(third.series_id, HOST, daily(18))

    assert refusal.value.params["series"] == (daily(16), daily(14))


async def test_a_communitys_calendar_keeps_room_for_others(house: House) -> None:
    async with house.database.begin() as work:
        for number in range(DEFAULT.events + 40):
            host = await work.members.ensure(GUILD_ID, 1_000 + number, house.clock.now())
            begins = house.clock.now() + timedelta(days=1, minutes=number)
            series = await a_series(work, host, first=begins.date(), begins=begins.time(), planned_until=begins)
            hour = await an_occurrence(work, series, starts_at=begins, ends_at=begins + timedelta(minutes=15))
            await announcing.announce(work, hour, house.clock.now())

    await house.settle()

    made = [row for row in await house.rows(Occurrence) if row["event_id"] is not None]
    assert DEFAULT.events <= len(made) <= DEFAULT.events + 10 < 100
    assert len(house.messenger.of("event")) == len(made)

    house.clock.advance(timedelta(days=1, minutes=60))
    await house.offering.sweep()
    await house.settle()
    later = [row for row in await house.rows(Occurrence) if row["event_id"] is not None]
    assert len(later) > len(made), "what is over makes room"
