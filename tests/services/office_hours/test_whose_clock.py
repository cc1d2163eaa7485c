"""Offered time when the clocks change, and when its host moves."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.store.engine import Database
from models import Member, OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.office_hours.test_offering import HOST, STRANGER, look, offer, refused, starts


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    await house.person(user_id=HOST, zone="UTC")
    return house


async def test_an_hour_that_the_clocks_skip_begins_later_and_its_host_is_told_once(house: House) -> None:
    house.clock.moment = datetime(2027, 3, 15, 12, tzinfo=UTC)
    await live_in(house, "Europe/Paris")
    found = await look(house, "Sun 02:30-03:30 weekly")
    assert not found.is_moved
    hours = await house.offering.confirm(found.series_id, HOST)
    assert starts(hours)[1] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert [each.is_moved for each in hours.coming] == [False, True, False, False]
    house.clock.advance(timedelta(days=2))
    await house.offering.sweep()
    await house.settle()
    assert house.messenger.texts() == ["offer_time.moved"]


async def live_in(house: House, zone: str) -> None:
    await house.profiling.set_zone(GUILD_ID, HOST, zone)


async def test_whoever_moves_is_asked_which_clock_counts_and_nothing_happens_before(house: House) -> None:
    hours = await offer(house)
    await live_in(house, "America/New_York")
    await house.settle()
    (asked,) = house.messenger.of("which_clock")
    assert (asked.addressee_id, asked.content.old, asked.content.new) == (HOST, "UTC", "America/New_York")
    assert starts((await house.hosting.own(GUILD_ID, HOST))[0]) == starts(hours)


async def test_the_same_hour_on_the_new_clock(house: House) -> None:
    hours = await offer(house)
    await live_in(house, "America/New_York")
    (host,) = await house.rows(Member, user_id=HOST)
    await house.person(user_id=STRANGER)
    assert await refused(house, house.hosting.follow_clock(host["id"], STRANGER)) == "profile.not_yours"
    assert await house.hosting.follow_clock(host["id"], HOST) == "America/New_York"
    (moved,) = await house.hosting.own(GUILD_ID, HOST)
    assert starts(moved) == [each + timedelta(hours=5) for each in starts(hours)]
    before = await house.snapshot()
    await house.hosting.follow_clock(host["id"], HOST)
    assert {**await house.snapshot(), "done": ()} == {**before, "done": ()}
    await house.settle()
    assert house.messenger.of("which_clock") == []


async def test_hours_that_move_together_keep_out_of_each_others_way(house: House) -> None:
    first, second = await offer(house), await offer(house, "Tue 23:00-23:30 weekly")
    await live_in(house, "America/New_York")
    (host,) = await house.rows(Member, user_id=HOST)
    await house.hosting.follow_clock(host["id"], HOST)
    moved = await house.hosting.own(GUILD_ID, HOST)
    assert [starts(each) for each in moved] == [
        [each + timedelta(hours=5) for each in starts(hours)] for hours in (first, second)
    ]


@pytest.mark.parametrize("home", ["America/New_York", "Europe/Paris"])
async def test_hours_that_would_be_at_once_on_one_clock_stay_where_they_are(house: House, home: str) -> None:
    """They were offered in two zones, of which one may be the new one."""
    await offer(house)
    await live_in(house, "America/New_York")
    newer = await offer(house, "Tue 18:30-19:30 weekly")
    await live_in(house, home)
    (host,) = await house.rows(Member, user_id=HOST)
    assert await refused(house, house.hosting.follow_clock(host["id"], HOST)) == "which_clock.overlaps"
    await house.hosting.end(newer.series_id, HOST)
    assert await house.hosting.follow_clock(host["id"], HOST) == home


async def test_a_day_moved_by_hand_is_in_the_way_too(house: House) -> None:
    await offer(house)
    await live_in(house, "America/New_York")
    newer = await offer(house, "Wed 09:00-10:00 weekly")
    await house.hosting.move(newer.coming[0].occurrence_id, HOST, "2026-11-10 18:30-19:30")
    (host,) = await house.rows(Member, user_id=HOST)
    assert await refused(house, house.hosting.follow_clock(host["id"], HOST)) == "which_clock.overlaps"


async def test_the_same_zone_again_or_no_hours_ask_nothing(house: House) -> None:
    await live_in(house, "America/New_York")
    await live_in(house, "UTC")
    await offer(house)
    await live_in(house, "UTC")
    assert await house.rows(OutboxLetter, kind="which_clock") == []
