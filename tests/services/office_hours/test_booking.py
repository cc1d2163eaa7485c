"""Booking: who sees what, who gets it, what becomes of it, and who is told."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.domain.booking import spread
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from bot.services.office_hours.booking import JustTaken
from bot.store.engine import Database
from models import Appointment, Booking, Fact, Slot, WaitlistPlace
from tests.factories import GUILD_ID, a_question
from tests.fakes import EXPERTISE, QUESTION, House, new_id, values
from tests.services.hours import ASKER, TOMORROW, book, open_hours, wish
from tests.services.scenes import file_of, said_to

ELSEWHERE = "Gardening, balconies, tomatoes"
HOUR = timedelta(hours=1)


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


async def shown(house: House, user_id: int = ASKER) -> list[int]:
    """Return the slots that someone may choose from."""
    return [each.slot_id for each in (await house.booking.slots_for(wish(user_id))).slots]


async def missed(house: House, user_id: int, days_ago: float, **chosen: object) -> None:
    """Let someone have been waited for in vain."""
    hours = await open_hours(house, ELSEWHERE, slots=1)
    await book(house, hours, user_id)
    at = house.clock.now() - timedelta(days=days_ago)
    async with house.database.begin() as work:
        booking = await work.bookings.of_slot(hours.slot_ids[0])
        assert booking is not None
        booking.state, booking.missing, booking.starts_at = "not_found", "asker", at
        for name, value in chosen.items():
            setattr(booking, name, value)
        await work.bookings.set_free(booking.id)


async def test_the_best_match_comes_first_and_of_it_the_soonest(house: House) -> None:
    far, near = await open_hours(house, ELSEWHERE, after=3 * HOUR), await open_hours(house)

    choices = await house.booking.slots_for(wish())

    assert [each.slot_id for each in choices.slots] == [*near.slot_ids, *far.slot_ids]
    assert choices.slots[0].reason == EXPERTISE


async def test_what_hours_are_about_counts_and_is_shown(house: House) -> None:
    host = await house.person()
    plain = await open_hours(house, ELSEWHERE)
    about = await open_hours(house, topics="CTC and alignment", host=host)

    choices = await house.booking.slots_for(wish())

    assert [each.slot_id for each in choices.slots] == [*about.slot_ids, *plain.slot_ids]
    assert choices.slots[0].reason == "CTC and alignment"


async def test_one_host_doesn_t_fill_the_list(house: House) -> None:
    near = [await open_hours(house, slots=3) for _ in range(8)]
    many = await house.helper(EXPERTISE, EXPERTISE + " twice")
    for day in range(1, 13):
        await open_hours(house, slots=3, host=many, after=timedelta(days=day))

    first = await house.booking.slots_for(wish())
    more = await house.booking.more(first.waiting_id, ASKER, new_id())

    assert (len(first.slots), first.has_more) == (10, True)
    assert (len(more.slots), more.has_more, more.waiting_id) == (25, False, first.waiting_id)
    assert more.slots[:10] == first.slots
    assert {each.host_user_id for each in more.slots} >= {each.host.user_id for each in near}


@pytest.mark.parametrize("slots", [1, 2, 5])
async def test_what_is_read_handful_by_handful_is_what_everything_would_show(house: House, slots: int) -> None:
    lines = (EXPERTISE, ELSEWHERE, f"{ELSEWHERE} and alignment", f"{EXPERTISE}, attention", ELSEWHERE)
    for place in range(17):
        after = TOMORROW + timedelta(minutes=(place * 5 % 17) * 9)
        await open_hours(house, lines[place % len(lines)], slots=slots, after=after)
    async with house.database.read() as work:
        free = await work.bookings.open_slots(GUILD_ID, house.clock.now())
    fits = await house.booking.matching.fits(GUILD_ID, QUESTION, free)
    free.sort(key=lambda each: (-fits[each.series_id].score, each.starts_at, each.slot_id))
    best = [each.slot_id for each in spread([(each.series_id, each) for each in free], 25)]

    choices = await house.booking.slots_for(wish())
    more = await house.booking.more(choices.waiting_id, ASKER, new_id())

    assert len({each.score for each in fits.values()}) > 1
    assert [each.slot_id for each in choices.slots] == best[:10]
    assert [each.slot_id for each in more.slots] == best


async def test_more_is_only_for_whoever_asked_while_it_is_kept(house: House) -> None:
    await open_hours(house)
    waiting_id = (await house.booking.slots_for(wish())).waiting_id

    with pytest.raises(NotAllowed):
        await house.booking.more(waiting_id, 5, new_id())
    with pytest.raises(NotFound):
        await house.booking.more(waiting_id + 1, ASKER, new_id())


@pytest.mark.parametrize(("after", "is_there"), [(timedelta(hours=1, minutes=59), False), (timedelta(hours=2), True)])
async def test_what_begins_within_two_hours_is_not_shown(house: House, after: timedelta, *, is_there: bool) -> None:
    hours = await open_hours(house, slots=1, after=after)

    assert await shown(house) == (list(hours.slot_ids) if is_there else [])
    if not is_there:
        with pytest.raises(JustTaken):
            await book(house, hours)


async def test_nobody_sees_their_own_or_whom_a_block_is_between_or_without_a_language(house: House) -> None:
    host = await house.helper(user_id=5)
    blocked, blocking = await house.helper(user_id=6), await house.helper(user_id=7)
    stranger, fine = await house.helper(languages=["sw"]), await house.helper(languages=["en_US", "sw"])
    await house.person(user_id=ASKER, languages=["en-GB"])
    await house.blocking.block(GUILD_ID, ASKER, blocked.user_id)
    await house.blocking.block(GUILD_ID, blocking.user_id, ASKER)
    hours = [await open_hours(house, slots=1, host=each) for each in (host, blocked, blocking, stranger, fine)]

    assert await shown(house) == [hours[0].slot_ids[0], hours[4].slot_ids[0]]
    assert hours[0].slot_ids[0] not in await shown(house, 5)
    for each in hours[1:4]:
        with pytest.raises(JustTaken):
            await book(house, each)


async def test_booking_speaks_for_both_and_tells_both(house: House) -> None:
    hours = await open_hours(house)

    booked = await book(house, hours)
    await house.settle()

    (row,) = await house.rows(Booking)
    assert (row["state"], row["question"], row["slot_id"]) == ("booked", QUESTION, hours.slot_ids[0])
    assert row["next_look_at"] == house.clock.now() + timedelta(hours=23, minutes=45)
    assert values(await house.rows(Slot), "state") == ["booked", "open"]
    assert set(values(await house.rows(Appointment), "member_id")) == {row["host_id"], row["asker_id"]}
    assert values(await house.rows(Fact, type="booked"), "member_id") == [row["asker_id"]]
    assert booked.booking.host_user_id == hours.host.user_id
    for user_id in (ASKER, hours.host.user_id):
        (letter,) = said_to(house, user_id)
        file = file_of(letter)
        assert "METHOD:PUBLISH" in file
        assert f"UID:{row['uid']}" in file
    assert str(UUID(row["uid"])) == row["uid"]


async def test_the_same_press_twice_is_one_booking(house: House) -> None:
    hours = await open_hours(house)
    same = wish()

    first, second = [await house.booking.book(same, hours.slot_ids[0]) for _ in range(2)]

    assert first.booking == second.booking
    assert len(await house.rows(Booking)) == 1


async def test_the_loser_gets_the_three_nearest_others(house: House) -> None:
    hours = [await open_hours(house, slots=1, after=timedelta(days=day)) for day in (1, 2, 3, 4, 9)]
    await book(house, hours[2])

    with pytest.raises(JustTaken) as refusal:
        await book(house, hours[2], 78)

    expected = [hours[each].slot_ids[0] for each in (1, 3, 0)]
    assert [each.slot_id for each in refusal.value.alternatives] == expected
    assert refusal.value.key == "book.just_taken"


async def test_two_upcoming_are_the_most_and_one_with_the_same_host(house: House) -> None:
    one, two, three = [await open_hours(house, after=timedelta(days=day)) for day in (1, 2, 3)]
    await book(house, one)
    with pytest.raises(LimitReached) as refusal:
        await book(house, one, place=1)
    assert refusal.value.key == "book.limit_with_one"
    assert not set(one.slot_ids) & set(await shown(house))

    await book(house, two)
    for act in (book(house, three), house.booking.slots_for(wish())):
        with pytest.raises(LimitReached) as refusal:
            await act
        assert refusal.value.key == "book.limit"


async def test_nobody_is_in_two_places_at_once(house: House) -> None:
    one, same = await open_hours(house), await open_hours(house)
    other = await open_hours(house, host=one.host, after=timedelta(days=1, minutes=10), slots=1)
    await book(house, one)

    with pytest.raises(Conflict) as refusal:
        await book(house, same)
    assert refusal.value.key == "book.overlap"
    with pytest.raises(Conflict) as refusal:
        await book(house, other, 78)
    assert refusal.value.key == "book.overlap"
    assert len(await house.rows(Booking)) == 1


async def test_three_no_shows_leave_the_same_day_for_a_while(house: House) -> None:
    today, tomorrow = await open_hours(house, after=3 * HOUR), await open_hours(house)
    for days in (50, 20):
        await missed(house, ASKER, days)
    assert set(tomorrow.slot_ids) <= set(await shown(house))

    await missed(house, ASKER, 1)
    choices = await house.booking.slots_for(wish())
    assert [each.slot_id for each in choices.slots] == list(today.slot_ids)
    assert choices.same_day_until == house.clock.now() + timedelta(days=29)
    with pytest.raises(LimitReached) as refusal:
        await book(house, tomorrow)
    assert refusal.value.key == "book.limit_same_day"

    house.clock.advance(timedelta(days=29))
    later = await open_hours(house)
    assert set(later.slot_ids) <= set(await shown(house))


async def test_what_was_excused_doesn_t_count(house: House) -> None:
    tomorrow = await open_hours(house)
    for days in (50, 20):
        await missed(house, ASKER, days)
    await missed(house, ASKER, 1, is_excused=True)

    assert set(tomorrow.slot_ids) <= set(await shown(house))


async def test_what_is_newly_free_is_for_first_timers_while_few_are_left(house: House) -> None:
    old = await open_hours(house, slots=1, after=timedelta(days=3))
    await book(house, old)
    hours = [await open_hours(house, slots=3, after=timedelta(days=each)) for each in range(4, 8)]
    async with house.database.begin() as work:
        for each in (slot_id for one in hours for slot_id in one.slot_ids):
            slot = await work.bookings.hold_slot(each)
            assert slot is not None
            slot.state, slot.open_since = "booked", house.clock.now()
        free = await work.bookings.hold_slot(hours[3].slot_ids[2])
        assert free is not None
        free.state = "open"

    assert await shown(house) == []
    assert await shown(house, 78) == [hours[3].slot_ids[2]]
    house.clock.advance(timedelta(hours=24))
    assert await shown(house) == [hours[3].slot_ids[2]]


@pytest.mark.parametrize("by", ["asker", "host"])
async def test_cancelling_frees_both_tells_both_and_cancels_the_file(house: House, by: str) -> None:
    hours = await open_hours(house, slots=1)
    booked = await book(house, hours)
    await house.settle()

    for _ in range(2):
        await house.booking.cancel(booked.booking.booking_id, ASKER if by == "asker" else hours.host.user_id)
    await house.settle()

    (row,) = await house.rows(Booking)
    assert (row["state"], row["cancelled_by"], row["sequence"], row["next_look_at"]) == ("cancelled", by, 1, None)
    assert await house.rows(Appointment) == []
    assert values(await house.rows(Slot), "state") == ["open" if by == "asker" else "cancelled"]
    assert len(await house.rows(Fact, type="unbooked")) == 1
    for user_id in (ASKER, hours.host.user_id):
        _, letter = said_to(house, user_id)
        file = file_of(letter)
        assert "METHOD:CANCEL" in file
        assert "SEQUENCE:1" in file
        assert f"UID:{row['uid']}" in file


async def test_the_slot_can_be_booked_again(house: House) -> None:
    hours = await open_hours(house, slots=1)
    booked = await book(house, hours)
    await house.booking.cancel(booked.booking.booking_id, ASKER)

    await book(house, hours, 78)

    assert values(await house.rows(Booking), "state") == ["cancelled", "booked"]


async def test_a_letter_about_a_booking_that_changed_meanwhile_is_not_sent(house: House) -> None:
    hours = await open_hours(house)
    booked = await book(house, hours)
    await house.booking.cancel(booked.booking.booking_id, ASKER)
    await house.settle()

    assert [each.content.booking.state for each in house.messenger.of("booking")] == ["cancelled"] * 2


async def test_from_three_hours_before_on_it_takes_a_word(house: House) -> None:
    hours = await open_hours(house)
    booking_id = (await book(house, hours)).booking.booking_id
    house.clock.advance(timedelta(hours=21, minutes=1))

    assert (await house.booking.view(booking_id, ASKER))[1]
    for note in ("", "  "):
        with pytest.raises(Invalid) as refusal:
            await house.booking.cancel(booking_id, ASKER, note)
        assert refusal.value.key == "book.needs_note"
    assert (await house.booking.cancel(booking_id, ASKER, "My train is late.")).state == "cancelled"
    await house.settle()

    last = said_to(house, hours.host.user_id)[-1]
    assert last.content.booking.note == "My train is late."


async def test_nothing_is_cancelled_that_has_begun_or_is_between_others(house: House) -> None:
    booking_id = (await book(house, await open_hours(house))).booking.booking_id
    await house.person(user_id=5)
    for user_id, expected in ((5, NotAllowed), (6, NotAllowed)):
        with pytest.raises(expected):
            await house.booking.cancel(booking_id, user_id)
    with pytest.raises(NotFound):
        await house.booking.cancel(10**9, ASKER)
    house.clock.advance(timedelta(days=1))
    with pytest.raises(Conflict) as refusal:
        await house.booking.cancel(booking_id, ASKER, "Sorry.")
    assert refusal.value.key == "book.begun"


async def test_a_question_books_in_its_thread_and_an_anonymous_one_is_tied_to_nothing(house: House) -> None:
    asker = await house.person(user_id=ASKER)
    hours = [await open_hours(house, after=timedelta(days=each)) for each in (1, 2)]
    async with house.database.begin() as work:
        public = await a_question(work, asker, thread_id=11)
        hidden = await a_question(work, asker, thread_id=12, visibility="anonymous")
    for question, one in zip((public, hidden), hours, strict=True):
        wanted = wish()
        choices = await house.booking.slots_for(type(wanted)(GUILD_ID, ASKER, new_id(), QUESTION, question.id))
        await house.booking.pick(choices.waiting_id, ASKER, one.slot_ids[0], new_id())

    rows = await house.rows(Booking)
    assert [(each["request_id"], each["thread_id"]) for each in rows] == [(public.id, 11), (None, None)]


async def test_a_pick_is_the_person_s_own_and_ends_their_looking(house: House) -> None:
    hours = await open_hours(house)
    choices = await house.booking.slots_for(wish())
    await house.person(user_id=5)

    with pytest.raises(NotAllowed):
        await house.booking.pick(choices.waiting_id, 5, hours.slot_ids[0], new_id())
    await house.booking.pick(choices.waiting_id, ASKER, hours.slot_ids[0], new_id())

    assert values(await house.rows(WaitlistPlace), "state") == ["booked"]


@pytest.mark.parametrize("question", ["", "Help?", "x" * 1_501])
async def test_a_question_that_is_none_keeps_nothing(house: House, question: str) -> None:
    before = await house.snapshot()

    with pytest.raises(Invalid):
        await house.booking.slots_for(wish(question=question))

    assert await house.snapshot() == before


async def test_what_isn_t_there_can_t_be_booked(house: House) -> None:
    hours = await open_hours(house)
    for slot_id in (10**9, 0):
        with pytest.raises(NotFound):
            await house.booking.book(wish(), slot_id)
    elsewhere = type(wish())(GUILD_ID + 1, ASKER, new_id(), QUESTION)
    with pytest.raises(NotFound):
        await house.booking.book(elsewhere, hours.slot_ids[0])
