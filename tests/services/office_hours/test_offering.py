"""Offering time: looked at first, four weeks ahead, on the host's own clock, changed and called off."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.office_hours import DEFAULT
from bot.errors import Conflict, HouseError
from bot.services.office_hours.booking import NewBooking
from bot.services.office_hours.offering import LOOKED_AT, NewOffer
from bot.services.office_hours.offering_results import Offer, OwnHours
from bot.store.engine import Database
from models import Appointment, Base, Booking, Fact, Occurrence, OfficeHours, OutboxLetter, Slot
from tests.factories import GUILD_ID
from tests.fakes import House, new_id, values
from tests.services.scenes import at_once

HOST, STRANGER = 88, 5
WEEKLY = "Tue 18:00-19:00 weekly"
FIRST = datetime(2026, 11, 3, 18, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    await house.person(user_id=HOST, zone="UTC")
    return house


def wish(when: str = WEEKLY, user_id: int = HOST, **more: object) -> NewOffer:
    return NewOffer(GUILD_ID, user_id, new_id(), when, **more)  # type: ignore[arg-type]


async def look(house: House, when: str = WEEKLY, **more: object) -> Offer:
    return await house.offering.preview(wish(when, **more))  # type: ignore[arg-type]


async def offer(house: House, when: str = WEEKLY, **more: object) -> OwnHours:
    found = await look(house, when, **more)
    return await house.offering.confirm(found.series_id, HOST)


def starts(hours: OwnHours) -> list[datetime]:
    return [each.starts_at for each in hours.coming]


async def refused(house: House, act: object) -> str:
    before = await house.snapshot()
    with pytest.raises(HouseError) as refusal:
        await act  # type: ignore[misc]
    assert await house.snapshot() == before
    return refusal.value.key


async def test_nothing_is_there_before_the_host_says_yes(house: House) -> None:
    found = await look(house, topics=" CTC loss ")
    assert (found.starts_at, found.ends_at) == (FIRST, FIRST + timedelta(hours=1))
    assert (found.topics, found.slots, found.left_out, found.last, found.is_moved) == ("CTC loss", 3, 0, None, False)
    assert found.timetable.rule == "FREQ=WEEKLY;BYDAY=TU"
    assert await house.rows(Occurrence) == await house.rows(Slot) == await house.rows(OutboxLetter) == []
    assert await house.hosting.own(GUILD_ID, HOST) == ()
    assert (await house.browsing.page(GUILD_ID, STRANGER)).hours == ()


async def test_four_weeks_are_there_after_it_with_their_slots(house: House) -> None:
    hours = await offer(house)
    assert starts(hours) == [FIRST + number * WEEK for number in range(4)]
    slots = await house.rows(Slot)
    assert [each["starts_at"] for each in slots[:3]] == [FIRST + n * timedelta(minutes=20) for n in range(3)]
    assert len(slots) == 12
    assert {each["state"] for each in slots} == {"open"}
    assert values(await house.rows(Fact), "type") == ["offered"]
    assert await house.hosting.own(GUILD_ID, HOST) == (hours,)


async def test_the_same_submission_and_the_same_yes_twice_are_once(house: House) -> None:
    typed = wish()
    first, second = await house.offering.preview(typed), await house.offering.preview(typed)
    assert first == second
    hours = await house.offering.confirm(first.series_id, HOST)
    before = await house.snapshot()
    assert await house.offering.confirm(first.series_id, HOST) == hours
    await house.offering.drop(first.series_id, HOST)
    assert await house.snapshot() == before


async def test_many_presses_at_once_are_one_offer(house: House) -> None:
    found = await look(house)
    refusals = await at_once(house.offering.confirm(found.series_id, HOST) for _ in range(5))
    assert not refusals
    assert len(await house.rows(Occurrence)) == 4
    assert len(await house.rows(Slot)) == 12
    assert len(await house.rows(Fact)) == 1


async def test_of_two_offers_at_the_same_hour_one_wins(house: House) -> None:
    one, other = await look(house), await look(house, "Tue 18:30-19:30 weekly")
    refusals = await at_once(house.offering.confirm(each.series_id, HOST) for each in (one, other))
    assert refusals == {Conflict: 1}
    assert len(await house.rows(Occurrence)) == 4


async def test_a_person_without_a_zone_is_led_to_their_profile(house: House) -> None:
    assert await refused(house, look(house, user_id=STRANGER)) == "offer_time.no_zone"
    await house.person(user_id=STRANGER)
    assert await refused(house, look(house, user_id=STRANGER)) == "offer_time.no_zone"


@pytest.mark.parametrize("typed", ["", "soonish", "Tue 18:00", "5/12 18:00", "2020-01-01 18:00", "Tue 18:00-18:05"])
async def test_what_is_not_clear_is_refused(house: House, typed: str) -> None:
    if typed == "Tue 18:00":
        assert (await look(house, typed)).slots == 1
        return
    assert (await refused(house, look(house, typed))).startswith("time.")


async def test_topics_have_a_length(house: House) -> None:
    assert await refused(house, look(house, topics="x" * 301)) == "offer_time.topics_too_long"


async def test_own_hours_never_overlap_however_far_ahead(house: House) -> None:
    await offer(house)
    for typed in ("Tue 18:30-19:30 weekly", "2026-11-17 17:00-18:15", "2027-06-01 18:00-19:00", "daily 17:30-18:30"):
        assert await refused(house, look(house, typed)) == "offer_time.overlaps"
    await look(house, "Tue 19:00-20:00 weekly")
    await look(house, "Tue 17:00-18:00 weekly")


async def test_more_than_eight_slots_a_week_stay_closed_and_it_is_said(house: House) -> None:
    found = await look(house, "weekdays 12:00-13:00")
    assert (found.slots, found.left_out) == (3, 7)
    await house.offering.confirm(found.series_id, HOST)
    by_day: dict[date, int] = {}
    days = {row["id"]: row["day"] for row in await house.rows(Occurrence)}
    for slot in await house.rows(Slot):
        monday = days[slot["occurrence_id"]] - timedelta(days=days[slot["occurrence_id"]].weekday())
        by_day[monday] = by_day.get(monday, 0) + 1
    assert max(by_day.values()) == DEFAULT.slots_a_week
    again = await look(house, "Sat 12:00-13:00 weekly")
    assert (again.slots, again.left_out) == (0, 3)


async def test_a_walk_in_hour_has_no_slots(house: House) -> None:
    hours = await offer(house, is_walk_in=True)
    assert (len(hours.coming), await house.rows(Slot)) == (4, [])


async def test_what_was_only_looked_at_is_forgotten_after_a_day(house: House) -> None:
    found = await look(house)
    house.clock.advance(LOOKED_AT + timedelta(minutes=1))
    await house.offering.sweep()
    assert await house.rows(OfficeHours) == []
    assert await refused(house, house.offering.confirm(found.series_id, HOST)) == "offer_time.gone"


async def test_a_time_that_passed_meanwhile_is_not_offered(house: House) -> None:
    found = await look(house, "today 18:00-19:00")
    house.clock.advance(timedelta(hours=7))
    assert await refused(house, house.offering.confirm(found.series_id, HOST)) == "offer_time.over"


async def test_changing_takes_the_place_of_what_was_looked_at(house: House) -> None:
    first = await look(house)
    assert await house.hosting.typed(first.series_id, HOST) == (WEEKLY, "", False)
    second = await look(house, "Wed 18:00-19:00 weekly", replaces=first.series_id)
    assert values(await house.rows(OfficeHours), "id") == [second.series_id]


async def test_never_mind_leaves_nothing(house: House) -> None:
    found = await look(house)
    await house.offering.drop(found.series_id, HOST)
    await house.offering.drop(found.series_id, HOST)
    assert await house.rows(OfficeHours) == []


async def test_nobody_touches_somebody_elses_hours(house: House) -> None:
    hours = await offer(house)
    await house.person(user_id=STRANGER, zone="UTC")
    acts = [
        house.offering.confirm(hours.series_id, STRANGER),
        house.offering.drop(hours.series_id, STRANGER),
        house.hosting.typed(hours.series_id, STRANGER),
        house.hosting.series(hours.series_id, STRANGER),
        house.hosting.change(hours.series_id, STRANGER, WEEKLY),
        house.hosting.end(hours.series_id, STRANGER),
        house.hosting.cancel(hours.coming[0].occurrence_id, STRANGER),
        house.hosting.move(hours.coming[0].occurrence_id, STRANGER, "Wed 18:00"),
    ]
    assert [await refused(house, act) for act in acts] == ["offer_time.not_yours"] * len(acts)


async def test_the_sweep_keeps_four_weeks_ahead_and_never_doubles(house: House) -> None:
    await offer(house)
    for _ in range(30):
        house.clock.advance(timedelta(days=1))
        await house.offering.sweep()
        await house.offering.sweep()
    days = values(await house.rows(Occurrence), "day")
    assert days == [(FIRST + number * WEEK).date() for number in range(len(days))]
    assert len(days) == 9
    assert len(await house.rows(Slot)) == 27


async def test_two_sweeps_at_once_make_each_day_once(house: House) -> None:
    await offer(house)
    house.clock.advance(timedelta(weeks=2))
    assert not await at_once(house.offering.sweep() for _ in range(4))
    assert len(await house.rows(Occurrence)) == 6
    assert len(await house.rows(Slot)) == 18


async def test_after_a_long_downtime_nothing_in_the_past_is_made(house: House) -> None:
    await offer(house)
    house.clock.advance(timedelta(weeks=20))
    await house.offering.sweep()
    new = (await house.rows(Occurrence))[4:]
    assert len(new) == 4
    assert all(each["starts_at"] > house.clock.now() for each in new)


async def test_a_series_whose_last_day_is_over_ends(house: House) -> None:
    await offer(house, "Tue 18:00-19:00 weekly until 2026-11-17")
    house.clock.advance(timedelta(weeks=4))
    await house.offering.sweep()
    (series,) = await house.rows(OfficeHours)
    assert series["ended_at"] is not None
    assert len(await house.rows(Occurrence)) == 3


async def book(house: House, hours: OwnHours, place: int = 0, slot: int = 0, user_id: int = STRANGER) -> int:
    """Let someone book a slot of an occurrence, both counted from 0; return the slot's id."""
    slots = await house.rows(Slot, occurrence_id=hours.coming[place].occurrence_id)
    question = "Why does my CTC loss become infinite after a few batches?"
    await house.booking.book(NewBooking(GUILD_ID, user_id, new_id(), question), slots[slot]["id"])
    return int(slots[slot]["id"])


async def states(house: House, table: type[Base]) -> list[str]:
    return values(await house.rows(table), "state")


async def test_calling_one_day_off_tells_whoever_booked_and_leaves_the_rest(house: House) -> None:
    hours = await offer(house)
    await book(house, hours)
    await house.hosting.cancel(hours.coming[0].occurrence_id, HOST)
    assert await states(house, Occurrence) == ["cancelled", *["planned"] * 3]
    assert await states(house, Slot) == ["cancelled"] * 3 + ["open"] * 9
    assert await states(house, Booking) == ["cancelled"]
    assert await house.rows(Appointment) == []
    await house.settle()
    told = [letter for letter in house.messenger.of("booking") if letter.addressee_id == STRANGER]
    assert told[-1].content.booking.state == "cancelled"
    before = await house.snapshot()
    await house.hosting.cancel(hours.coming[0].occurrence_id, HOST)
    assert await house.snapshot() == before
    house.clock.advance(timedelta(days=1))
    await house.offering.sweep()
    assert (await states(house, Occurrence))[0] == "cancelled"


async def test_ending_a_series_ends_all_of_it_once(house: House) -> None:
    hours = await offer(house)
    await book(house, hours, place=1)
    await house.hosting.end(hours.series_id, HOST)
    await house.hosting.end(hours.series_id, HOST)
    assert set(await states(house, Occurrence)) == {"cancelled"}
    assert set(await states(house, Slot)) == {"cancelled"}
    assert await states(house, Booking) == ["cancelled"]
    assert await house.hosting.own(GUILD_ID, HOST) == ()
    house.clock.advance(timedelta(weeks=2))
    await house.offering.sweep()
    assert len(await house.rows(Occurrence)) == 4
    assert await refused(house, house.hosting.change(hours.series_id, HOST, WEEKLY)) == "offer_time.gone"


async def test_moving_one_day_keeps_who_booked_minutes_that_stay(house: House) -> None:
    hours = await offer(house)
    lost = await book(house, hours, slot=0)
    kept = await book(house, hours, slot=2, user_id=6)
    moved = await house.hosting.move(hours.coming[0].occurrence_id, HOST, "2026-11-03 18:20-19:20")
    assert (moved.starts_at, moved.slots, moved.booked) == (FIRST + timedelta(minutes=20), 3, 1)
    rows = {row["id"]: row for row in await house.rows(Slot, occurrence_id=moved.occurrence_id)}
    assert (rows[lost]["state"], rows[kept]["state"]) == ("cancelled", "booked")
    assert await states(house, Booking) == ["cancelled", "booked"]
    again = await house.hosting.move(hours.coming[0].occurrence_id, HOST, "2026-11-03 18:00-19:00")
    assert (again.slots, again.booked) == (3, 1)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Wed 18:00 weekly", "offer_time.only_once"),
        ("2026-11-10 18:30-19:30", "offer_time.overlaps"),
        ("2027-03-01 18:00", "offer_time.too_far"),
        ("someday", "time.unreadable"),
    ],
)
async def test_a_day_is_moved_only_where_there_is_room(house: House, typed: str, key: str) -> None:
    hours = await offer(house)
    assert await refused(house, house.hosting.move(hours.coming[0].occurrence_id, HOST, typed)) == key


async def test_what_has_begun_stays_as_it_is(house: House) -> None:
    hours = await offer(house)
    house.clock.moment = FIRST
    row = hours.coming[0].occurrence_id
    assert await refused(house, house.hosting.cancel(row, HOST)) == "offer_time.begun"
    assert await refused(house, house.hosting.move(row, HOST, "2026-11-04 18:00")) == "offer_time.begun"
    await house.hosting.end(hours.series_id, HOST)
    assert (await states(house, Occurrence))[0] == "planned"


async def test_a_series_moves_to_other_days_and_back(house: House) -> None:
    hours = await offer(house)
    await book(house, hours)
    await house.hosting.cancel(hours.coming[3].occurrence_id, HOST)
    changed = await house.hosting.change(hours.series_id, HOST, "Wed 18:00-19:00 weekly")
    assert starts(changed) == [FIRST + timedelta(days=1) + number * WEEK for number in range(4)]
    assert await states(house, Booking) == ["cancelled"]
    back = await house.hosting.change(hours.series_id, HOST, WEEKLY)
    assert starts(back) == starts(hours)[:3]
    assert [each.slots for each in back.coming] == [3] * 3


async def test_a_later_hour_of_the_same_days_moves_them(house: House) -> None:
    hours = await offer(house)
    changed = await house.hosting.change(hours.series_id, HOST, "Tue 20:00-20:30 weekly")
    assert starts(changed) == [each + timedelta(hours=2) for each in starts(hours)]
    assert {each.occurrence_id for each in changed.coming} == {each.occurrence_id for each in hours.coming}
    assert [each.slots for each in changed.coming] == [1] * 4


async def test_a_moved_day_is_not_planned_again(house: House) -> None:
    hours = await offer(house)
    await house.hosting.move(hours.coming[3].occurrence_id, HOST, "2026-11-26 10:00-11:00")
    house.clock.advance(timedelta(days=1))
    await house.offering.sweep()
    days = values(await house.rows(Occurrence), "day")
    assert len(days) == len(set(days))
