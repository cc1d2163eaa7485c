"""The waitlist: whose turn it is, for how long, and what is left for all."""

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.office_hours.planning import call_off
from bot.services.office_hours.promising import put_first
from bot.services.ports import TryLater
from bot.services.results import Letter
from bot.store.engine import Database
from models import Booking, Fact, Member, Slot, WaitlistPlace
from tests.factories import GUILD_ID
from tests.fakes import House, new_id, values
from tests.services.hours import ASKER, Hours, book, open_hours, wait_for, wish
from tests.services.scenes import said_to

ELSEWHERE = "Gardening, balconies, tomatoes"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


async def full(house: House, after: timedelta = timedelta(days=1)) -> tuple[Hours, int]:
    """Let hours of one slot be booked by `ASKER`; return them and the booking."""
    hours = await open_hours(house, slots=1, after=after)
    return hours, (await book(house, hours)).booking.booking_id


async def free(house: House, booking_id: int) -> None:
    """Let the asker cancel, and everyone be told."""
    await house.booking.cancel(booking_id, ASKER, "Something came up.")
    await sweep(house)


async def sweep(house: House) -> None:
    await house.waitlisting.sweep()
    await house.settle()


def offers(house: House, user_id: int) -> list[Letter[Any]]:
    return [letter for letter in said_to(house, user_id) if letter.kind == "slot_offer"]


async def slot_state(house: House) -> object:
    """Return where the first slot stands."""
    return values(await house.rows(Slot), "state")[0]


async def test_a_freed_slot_goes_down_the_list_half_an_hour_each(house: House) -> None:
    hours, booking_id = await full(house)
    for user_id in (81, 82):
        await wait_for(house, user_id)
        house.clock.advance(timedelta(minutes=1))
    await free(house, booking_id)

    (offer,) = offers(house, 81)
    assert offer.content.offer_ends_at == house.clock.now() + HALF_AN_HOUR
    assert (offers(house, 82), await slot_state(house)) == ([], "promised")

    house.clock.advance(HALF_AN_HOUR - timedelta(seconds=1))
    await sweep(house)
    assert offers(house, 82) == []
    house.clock.advance(timedelta(seconds=1))
    await sweep(house)
    assert len(offers(house, 82)) == 1
    house.clock.advance(HALF_AN_HOUR)
    await sweep(house)

    assert await slot_state(house) == "open"
    assert len(await house.rows(WaitlistPlace, state="waiting")) == 2
    assert (len(offers(house, 81)), len(offers(house, 82))) == (1, 1)
    assert hours.slot_ids[0] in [each.slot_id for each in (await house.booking.slots_for(wish(83))).slots]


@pytest.mark.parametrize("late", [10, 30, 45])
@pytest.mark.parametrize("sweeps_first", [False, True])
async def test_the_half_hour_begins_when_one_can_read_of_it(house: House, late: int, *, sweeps_first: bool) -> None:
    _, booking_id = await full(house)
    for user_id in (81, 82):
        await wait_for(house, user_id)
    await house.booking.cancel(booking_id, ASKER, "Something came up.")
    await house.waitlisting.sweep()

    house.clock.advance(timedelta(minutes=late))
    if sweeps_first:
        await house.waitlisting.sweep()
    await house.settle()
    await sweep(house)

    (offer,) = offers(house, 81)
    assert offer.content.offer_ends_at == house.clock.now() + HALF_AN_HOUR
    assert offers(house, 82) == []
    house.clock.advance(HALF_AN_HOUR)
    await sweep(house)
    assert len(offers(house, 82)) == 1


async def test_what_one_can_t_be_told_of_is_open_to_all_shortly_before(house: House) -> None:
    hours, booking_id = await full(house)
    await wait_for(house, 81)
    await house.booking.cancel(booking_id, ASKER, "Something came up.")
    await house.waitlisting.sweep()
    house.messenger.trouble(TryLater("somehow"), kind="slot_offer")

    async with house.database.read() as work:
        (slot,) = await work.bookings.slots(hours.slot_ids)
    while house.clock.now() < slot.starts_at - timedelta(minutes=10):
        await sweep(house)
        house.clock.advance(timedelta(minutes=20))
    await sweep(house)

    assert (offers(house, 81), await slot_state(house)) == ([], "open")
    assert values(await house.rows(WaitlistPlace), "state") == ["waiting"]


async def test_what_was_called_off_meanwhile_is_kept_no_longer(house: House) -> None:
    _, booking_id = await full(house)
    await wait_for(house, 81)
    await house.booking.cancel(booking_id, ASKER, "Something came up.")
    await house.waitlisting.sweep()
    async with house.database.begin() as work:
        for occurrence in await work.office_hours.coming(1, house.clock.now()):
            await call_off(work, occurrence, house.clock.now())

    house.clock.advance(HALF_AN_HOUR)
    await sweep(house)

    assert (offers(house, 81), await slot_state(house)) == ([], "cancelled")
    assert values(await house.rows(WaitlistPlace), "state") == ["waiting"]


async def test_what_is_kept_for_one_nobody_else_books_or_takes(house: House) -> None:
    hours, booking_id = await full(house)
    first, second = await wait_for(house, 81), await wait_for(house, 82)
    await free(house, booking_id)

    with pytest.raises(Conflict):
        await book(house, hours, 83)
    with pytest.raises(Conflict):
        await house.waitlisting.take(second, 82, new_id())
    with pytest.raises(NotAllowed):
        await house.waitlisting.take(first, 82, new_id())
    press = new_id()
    taken = [await house.waitlisting.take(first, 81, press) for _ in range(2)]

    assert taken[0].booking == taken[1].booking
    assert values(await house.rows(Booking), "state") == ["cancelled", "booked"]
    assert values(await house.rows(WaitlistPlace), "state") == ["booked", "waiting"]


async def test_whoever_says_no_keeps_their_place_for_the_next(house: House) -> None:
    _, booking_id = await full(house)
    first = await wait_for(house, 81)
    await wait_for(house, 82)
    await free(house, booking_id)

    await house.waitlisting.decline(first, 81)
    await house.settle()

    assert len(offers(house, 82)) == 1
    with pytest.raises(Conflict) as refusal:
        await house.waitlisting.take(first, 81, new_id())
    assert refusal.value.key == "waitlist.over"
    assert values(await house.rows(WaitlistPlace), "state") == ["waiting", "offered"]


async def test_whoever_leaves_hands_the_offer_on(house: House) -> None:
    _, booking_id = await full(house)
    first = await wait_for(house, 81)
    await free(house, booking_id)

    for _ in range(2):
        await house.waitlisting.leave(first, 81)

    assert (await slot_state(house), values(await house.rows(WaitlistPlace), "state")) == ("open", ["left"])


async def test_until_fifteen_minutes_before_and_then_to_all(house: House) -> None:
    _, booking_id = await full(house)
    await wait_for(house, 81)
    await wait_for(house, 82)
    house.clock.advance(timedelta(hours=23, minutes=35))
    await free(house, booking_id)
    (offer,) = offers(house, 81)
    assert offer.content.offer_ends_at == house.clock.now() + timedelta(minutes=10)

    house.clock.advance(timedelta(minutes=10))
    await sweep(house)

    assert (offers(house, 82), await slot_state(house)) == ([], "open")


async def test_who_comes_first_does(house: House) -> None:
    hours, booking_id = await full(house)
    await wait_for(house, 81)
    house.clock.advance(timedelta(hours=1))
    member = await house.person(user_id=82)
    async with house.database.begin() as work:
        booking = await work.bookings.get(booking_id)
        assert booking is not None
        for _ in range(2):
            await put_first(work, booking, member, house.clock.now())
    await free(house, booking_id)

    (offer,) = offers(house, 82)
    assert offer.content.host_user_id == hours.host.user_id
    assert offers(house, 81) == []


async def test_only_those_are_told_whom_the_host_matches_or_who_want_this_host(house: House) -> None:
    hours, booking_id = await full(house)
    await house.helper(ELSEWHERE)
    for user_id, host, question in (
        (81, await house.helper(ELSEWHERE), "Which statements of a CTC loss are finite?"),
        (82, None, "When do tomatoes ripen on balconies, and is gardening fun?"),
        (83, hours.host, "When do tomatoes ripen on balconies, and is gardening fun?"),
    ):
        await wait_for(house, user_id, host, question)
    await free(house, booking_id)

    assert [len(offers(house, each)) for each in (81, 82, 83)] == [0, 0, 1]


async def test_nobody_is_offered_what_they_couldn_t_take(house: House) -> None:
    hours, booking_id = await full(house)
    for user_id in (81, 82):
        await wait_for(house, user_id)
    await house.blocking.block(GUILD_ID, hours.host.user_id, 81)
    busy = await open_hours(house, slots=1)
    await book(house, busy, 82)
    await free(house, booking_id)

    assert (offers(house, 81), offers(house, 82), await slot_state(house)) == ([], [], "open")


async def test_waiting_twice_for_the_same_keeps_the_place_and_the_newer_question(house: House) -> None:
    first = await wait_for(house, 81)
    house.clock.advance(timedelta(hours=1))
    newer = "How do I find the frames at which a CTC model is late?"

    assert await wait_for(house, 81, question=newer) == first

    rows = await house.rows(WaitlistPlace, state="waiting")
    assert (values(rows, "question"), values(rows, "since")) == ([newer], [house.clock.now() - timedelta(hours=1)])
    assert len(await house.rows(Fact, type="waitlisted")) == 1


async def test_an_offer_that_leaves_too_late_to_be_taken_isn_t_sent(house: House) -> None:
    _, booking_id = await full(house)
    await wait_for(house, 81)
    await house.booking.cancel(booking_id, ASKER)
    await house.waitlisting.sweep()
    house.clock.advance(timedelta(hours=23, minutes=50))
    await house.settle()

    assert offers(house, 81) == []


async def test_what_somebody_only_looked_with_is_forgotten_after_a_day(house: House) -> None:
    waiting_id = (await house.booking.slots_for(wish())).waiting_id
    house.clock.advance(timedelta(days=1, minutes=1))
    await house.waitlisting.sweep()

    for act in (house.waitlisting.join(waiting_id, ASKER), house.waitlisting.leave(waiting_id, ASKER)):
        with pytest.raises(NotFound) as refusal:
            await act
        assert refusal.value.key == "book.forgotten"


async def test_hours_that_don_t_take_place_free_no_slot(house: House) -> None:
    hours, booking_id = await full(house)
    await wait_for(house, 81)
    await house.booking.cancel(booking_id, hours.host.user_id)
    await sweep(house)

    assert (offers(house, 81), await slot_state(house)) == ([], "cancelled")


async def test_nobody_waits_for_whom_nobody_knows(house: House) -> None:
    waiting_id = (await house.booking.slots_for(wish())).waiting_id

    with pytest.raises(NotFound) as refusal:
        await house.waitlisting.join(waiting_id, ASKER, 5)

    assert refusal.value.key == "waitlist.unknown_host"
    assert values(await house.rows(Member), "user_id") == [ASKER]
