"""Discord's event of each hour: made, moved and called off in this order, with any failure in between."""

from datetime import timedelta

import pytest

from bot.domain.office_hours import DEFAULT
from bot.services.office_hours.offering_results import EventPlan
from bot.services.outbox.leasing import GIVE_UP
from bot.services.ports import TryLater, Undeliverable
from bot.store.engine import Database
from models import Occurrence, OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import House, values
from tests.services.office_hours.test_offering import FIRST, HOST, WEEK, WEEKLY, offer

LATER = timedelta(minutes=10)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open(meeting_channel_id=7)
    await house.person(user_id=HOST, zone="UTC")
    return house


def plans(house: House) -> list[EventPlan]:
    """Return what Discord's events were to be like, in order."""
    return [letter.content for letter in house.messenger.of("event")]


def verbs(house: House) -> list[str]:
    return [plan.verb for plan in plans(house)]


async def events(house: House) -> list[int | None]:
    """Return the events that stand for the hours, in order."""
    return values(await house.rows(Occurrence), "event_id")


async def test_what_is_two_weeks_away_is_announced_later(house: House) -> None:
    await offer(house, topics="CTC loss")
    await house.settle()
    first, second = plans(house)
    assert (first.verb, first.topics, first.host_user_id, first.meeting_channel_id) == ("create", "CTC loss", HOST, 7)
    assert (first.starts_at, second.starts_at) == (FIRST, FIRST + WEEK)
    assert [each is not None for each in await events(house)] == [True, True, False, False]
    house.clock.moment = FIRST + 2 * WEEK - DEFAULT.event_ahead
    await house.settle()
    assert [plan.starts_at for plan in plans(house)] == [FIRST + number * WEEK for number in range(3)]


async def test_an_event_moves_and_goes_with_its_hour(house: House) -> None:
    hours = await offer(house)
    await house.settle()
    made = (await events(house))[0]
    await house.hosting.move(hours.coming[0].occurrence_id, HOST, "2026-11-04 10:00-11:00")
    await house.settle()
    await house.hosting.cancel(hours.coming[0].occurrence_id, HOST)
    await house.settle()
    assert [(plan.verb, plan.event_id) for plan in plans(house)[2:]] == [("update", made), ("cancel", made)]
    assert (await events(house))[0] is None


async def test_what_is_called_off_before_it_was_announced_never_is(house: House) -> None:
    hours = await offer(house)
    await house.hosting.end(hours.series_id, HOST)
    await house.settle()
    house.clock.advance(3 * WEEK)
    await house.settle()
    assert plans(house) == []
    assert values(await house.rows(OutboxLetter, kind="event"), "due_at") == [None] * 8


async def test_it_is_called_off_only_after_it_was_made(house: House) -> None:
    hours = await offer(house)
    house.messenger.trouble(TryLater("busy"), kind="event", times=2)
    await house.settle()
    await house.hosting.cancel(hours.coming[0].occurrence_id, HOST)
    house.clock.advance(LATER)
    await house.settle()
    assert [(plan.verb, plan.starts_at) for plan in plans(house)] == [("create", FIRST + WEEK)]
    assert (await events(house))[0] is None


async def test_an_hour_moved_near_is_announced_at_once(house: House) -> None:
    hours = await offer(house)
    await house.settle()
    await house.hosting.move(hours.coming[3].occurrence_id, HOST, "2026-11-05 10:00-11:00")
    await house.settle()
    assert verbs(house) == ["create"] * 3 + ["update"]
    assert (await events(house))[3] is not None


async def test_days_that_a_series_left_and_came_back_to_get_a_new_event(house: House) -> None:
    hours = await offer(house)
    await house.settle()
    await house.hosting.change(hours.series_id, HOST, "Wed 18:00-19:00 weekly")
    await house.settle()
    await house.hosting.change(hours.series_id, HOST, WEEKLY)
    await house.settle()
    taking_place = [row for row in await house.rows(Occurrence) if row["state"] == "planned"]
    near = [row for row in taking_place if row["starts_at"] <= house.clock.now() + DEFAULT.event_ahead]
    assert [row["event_id"] is not None for row in near] == [True, True]
    assert verbs(house).count("create") - verbs(house).count("cancel") == 2


REFUSALS = [TryLater("403/50013"), Undeliverable("400/30038")]


@pytest.mark.parametrize("error", REFUSALS)
async def test_without_events_the_hours_take_place_all_the_same(house: House, error: Exception) -> None:
    hours = await offer(house)
    house.messenger.trouble(error, kind="event")
    await house.settle()
    house.clock.advance(GIVE_UP)
    await house.settle()
    await house.hosting.cancel(hours.coming[1].occurrence_id, HOST)
    await house.settle()
    assert plans(house) == []
    assert len((await house.browsing.page(GUILD_ID, HOST)).hours) == 3


async def hours_later(house: House, count: int) -> int:
    """Let the sweeps look every hour; return how often they tried to make an event of the second hour."""
    before = len(house.messenger.attempts)
    for _ in range(count):
        house.clock.advance(timedelta(hours=1))
        await house.offering.sweep()
        await house.settle()
    tried = [each.content for each in house.messenger.attempts[before:] if isinstance(each.content, EventPlan)]
    return sum(plan.starts_at == FIRST + WEEK for plan in tried)


@pytest.mark.parametrize(("error", "most"), [(REFUSALS[0], 3 * 24), (REFUSALS[1], 3 * 2)])
async def test_what_was_given_up_is_tried_again_now_and_then(house: House, error: Exception, most: int) -> None:
    await offer(house)
    house.messenger.trouble(error, kind="event")
    await house.settle()
    assert 3 <= await hours_later(house, 3 * 24) <= most
    house.messenger.recover()
    await hours_later(house, 24)
    assert values(await house.rows(Occurrence, starts_at=FIRST + WEEK), "event_id") != [None]
    assert await hours_later(house, 2 * 24) == 0


async def test_the_next_change_of_an_hour_tries_again_at_once(house: House) -> None:
    hours = await offer(house)
    house.messenger.trouble(Undeliverable("400/30038"), kind="event", times=2)
    await house.settle()
    await house.hosting.move(hours.coming[0].occurrence_id, HOST, "2026-11-04 10:00-11:00")
    await house.settle()
    assert verbs(house) == ["create"]


async def test_an_hour_that_is_called_off_or_over_is_not_tried_again(house: House) -> None:
    hours = await offer(house, "2026-11-04 18:00-19:00")
    house.messenger.trouble(Undeliverable("400/30038"), kind="event", times=1)
    await house.settle()
    await house.hosting.cancel(hours.coming[0].occurrence_id, HOST)
    await hours_later(house, 2 * 24)
    assert plans(house) == []
