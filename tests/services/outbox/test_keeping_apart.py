"""`/block` holds both ways in every place where one person is put before another, and no one reads that it does."""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.services.office_hours.booking import NewBooking
from bot.services.outbox.arriving import puts_together
from bot.services.outbox.describing import no_pairs
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Member, OutboxLetter, QueuePlace, WaitlistPlace
from tests.factories import (
    GUILD_ID,
    NOW,
    a_draft_with_feedback,
    a_kept_answer,
    a_letter,
    a_member,
    a_question,
    a_series,
    a_slot,
    an_invitation,
    an_occurrence,
)
from tests.fakes import QUESTION, House, new_id, values
from tests.services.meetings import a_booking
from tests.services.scenes import ASKER, Scene, begin, elapse
from tests.services.written import LETTERS as DESCRIPTIONS

pytestmark = pytest.mark.both
Made = Callable[[UnitOfWork, Member, Member], Awaitable[OutboxLetter]]


async def _invitation(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    question = await a_question(work, other)
    invitation = await an_invitation(work, question, one)
    return await a_letter(
        work, kind="invitation", invitation_id=invitation.id, request_id=question.id, member_id=one.id
    )


async def _referral(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    question = await a_question(work, await a_member(work))
    invitation = await an_invitation(work, question, one, referrer_id=other.id)
    return await a_letter(
        work, kind="invitation", invitation_id=invitation.id, request_id=question.id, member_id=one.id
    )


async def _nudge(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    letter = await _invitation(work, one, other)
    letter.kind = "nudge"
    return letter


async def _thanks(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    question = await a_question(work, one)
    return await a_letter(work, kind="thanks", request_id=question.id, member_id=other.id)


async def _returned(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    question = await a_question(work, one)
    params = {"helper": other.user_id, "words": "Thank you."}
    return await a_letter(
        work, kind="thanks", request_id=question.id, member_id=one.id, text="thanks.returned", params=params
    )


async def _keep(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    question = await a_question(work, one)
    await a_kept_answer(work, question, other)
    return await a_letter(work, kind="keep", request_id=question.id, member_id=other.id)


def _meeting(kind: str, text: str) -> Made:
    async def made(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
        booking = a_booking(await a_slot(work, await an_occurrence(work, await a_series(work, one))), other, NOW)
        work.bookings.add(booking)
        await work.flush()
        return await a_letter(work, kind=kind, booking_id=booking.id, member_id=other.id, text=text)

    return made


async def _queue(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    hour = await an_occurrence(work, await a_series(work, one, is_walk_in=True))
    return await a_letter(work, kind="check_in", occurrence_id=hour.id, member_id=other.id, text="queue.turn")


async def _slot_offer(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    slot = await a_slot(work, await an_occurrence(work, await a_series(work, one)))
    return await a_letter(work, kind="slot_offer", member_id=other.id, params={"slot": slot.id})


async def _feedback(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    draft = await a_draft_with_feedback(work, one, other)
    (feedback,) = await work.feedback.of_reader(draft.id, other.id)
    about = {"feedback": feedback.id}
    return await a_letter(work, kind="feedback", request_id=draft.id, member_id=one.id, params=about)


async def _became(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    letter = await _feedback(work, one, other)
    letter.kind, letter.member_id = "became", other.id
    return letter


async def _joint(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    draft = await a_draft_with_feedback(work, one, other)
    about = {"round": 1, "writer": other.id}
    return await a_letter(work, kind="joint", request_id=draft.id, member_id=one.id, params=about)


async def _answer(work: UnitOfWork, one: Member, other: Member) -> OutboxLetter:
    draft = await a_draft_with_feedback(work, one, other)
    about = {"words": "Yes", "helper": other.user_id}
    return await a_letter(work, kind="answer", request_id=draft.id, member_id=one.id, params=about)


LETTERS: Mapping[str, Made] = {
    "invitation": _invitation,
    "invitation, referred": _referral,
    "nudge": _nudge,
    "thanks": _thanks,
    "thanks, returned": _returned,
    "keep": _keep,
    "feedback": _feedback,
    "became": _became,
    "joint": _joint,
    "answer": _answer,
    "reminder": _meeting("reminder", "meeting.soon"),
    "check_in": _meeting("check_in", "meeting.start"),
    "check_in, of a queue": _queue,
    "check": _meeting("check", "meeting.check"),
    "room": _meeting("room", "meeting.room.opened"),
    "slot_offer": _slot_offer,
}


def test_every_kind_of_letter_is_for_one_alone_or_puts_two_together() -> None:
    together = {kind for kind, each in DESCRIPTIONS.items() if type(each).pairs is not no_pairs}
    assert {name.partition(",")[0] for name in LETTERS} == together


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("is_first", [True, False])
async def test_no_letter_puts_two_before_each_other_who_are_apart(
    database: Database, kind: str, *, is_first: bool
) -> None:
    async with database.begin() as work:
        one, other, third = [await a_member(work) for _ in range(3)]
        letter = await LETTERS[kind](work, one, other)
        await work.blocks.add(one.id, third.id, NOW)
        await work.blocks.add(third.id, other.id, NOW)
        await work.flush()
        assert not await puts_together(DESCRIPTIONS[letter.kind], work, letter)

        await work.blocks.add(*((one.id, other.id) if is_first else (other.id, one.id)), NOW)
        await work.flush()
        assert await puts_together(DESCRIPTIONS[letter.kind], work, letter)


async def helped(house: House) -> tuple[Scene, int]:
    scene = await begin(house, 1)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    await house.settle()
    return scene, scene.helpers[0].user_id


async def block(house: House, who: int, whom: int) -> None:
    await house.blocking.block(GUILD_ID, who, whom)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.mark.parametrize("is_helper", [True, False])
async def test_thanks_and_wishes_to_keep_read_as_ever_and_reach_nobody_who_is_apart(
    house: House, *, is_helper: bool
) -> None:
    scene, helper = await helped(house)
    await block(house, *((helper, ASKER) if is_helper else (ASKER, helper)))

    assert await house.thanking.thank(scene.id, ASKER, "Thank you so much!") == 1
    assert await house.thanking.keep(scene.id, ASKER, "When does a loss become infinite?", "Clip it.") is False
    await house.settle()

    assert house.messenger.of("thanks") == house.messenger.of("keep") == []
    kept = await house.rows(OutboxLetter)
    assert [row["failure"] for row in kept if row["kind"] in {"thanks", "keep"}] == ["moot", "moot"]
    assert "Thank you so much!" not in repr(kept)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.ANONYMOUS])
@pytest.mark.parametrize("is_helper", [True, False])
async def test_nobody_is_reminded_to_help_who_is_apart_but_a_block_tells_nobody_who_asked(
    house: House, visibility: Visibility, *, is_helper: bool
) -> None:
    scene = await begin(house, 1, visibility=visibility)
    await scene.take(0)
    helper = scene.helpers[0].user_id
    await block(house, *((helper, ASKER) if is_helper else (ASKER, helper)))

    await elapse(house, hours=21)

    is_told = visibility is Visibility.ANONYMOUS and is_helper
    assert len(house.messenger.of("nudge")) == is_told


@pytest.mark.parametrize("is_host", [True, False])
async def test_what_was_booked_is_called_off_as_whenever_one_cannot_come(house: House, *, is_host: bool) -> None:
    async with house.database.begin() as work:
        host, asker = await a_member(work, user_id=11), await a_member(work, user_id=22)
        slot = await a_slot(work, await an_occurrence(work, await a_series(work, host)), state="booked")
        work.bookings.add(a_booking(slot, asker, NOW))
    nudges = house.nudges

    await block(house, *((11, 22) if is_host else (22, 11)))

    (row,) = await house.rows(Booking)
    assert (row["state"], row["cancelled_by"]) == ("cancelled", "host" if is_host else "asker")
    assert house.nudges > nudges, "nobody waits for the next sweep to hear of it"
    await house.settle()
    assert [letter.user_id for letter in house.messenger.shown] == [11, 22]


async def test_the_next_in_a_queue_is_nobody_who_is_apart_from_its_host(house: House) -> None:
    async with house.database.begin() as work:
        host, first, second = [await a_member(work, user_id=each) for each in (11, 22, 33)]
        hour = await an_occurrence(work, await a_series(work, host, is_walk_in=True))
        for member in (first, second):
            work.queue_places.add(QueuePlace(occurrence_id=hour.id, member_id=member.id, question=QUESTION, since=NOW))
        await work.blocks.add(first.id, host.id, NOW)

    turn = await house.queueing.invite_next(hour.id, 11)

    assert (turn.user_id, turn.waiting) == (33, 0)


async def test_what_was_offered_of_the_others_time_goes_on_to_the_next(house: House) -> None:
    async with house.database.begin() as work:
        host, asker = await a_member(work, user_id=11), await a_member(work, user_id=22)
        slot = await a_slot(work, await an_occurrence(work, await a_series(work, host)), state="promised")
        waiting = WaitlistPlace(
            guild_id=GUILD_ID, member_id=asker.id, interaction_id=None, question=QUESTION, since=NOW, request_id=None,
            state="offered", slot_id=slot.id, offer_ends_at=slot.starts_at,
        )  # fmt: skip
        work.waitlist.add(waiting)

    await block(house, 11, 22)

    assert values(await house.rows(WaitlistPlace), "state") == ["waiting"]
    assert values(await house.rows(WaitlistPlace), "slot_id") == [None]


@pytest.mark.parametrize("is_host", [True, False])
async def test_nothing_of_the_others_is_listed(house: House, *, is_host: bool) -> None:
    async with house.database.begin() as work:
        host, asker = await a_member(work, user_id=11), await a_member(work, user_id=22)
        await a_slot(work, await an_occurrence(work, await a_series(work, host)))
        await a_question(work, host, text=QUESTION, state="resolved", thread_id=5)
        assert asker.id
    wish = NewBooking(GUILD_ID, 22, new_id(), QUESTION)
    assert len((await house.booking.slots_for(wish)).slots) == len((await house.browsing.page(GUILD_ID, 22)).hours) == 1

    await block(house, *((11, 22) if is_host else (22, 11)))

    assert (await house.booking.slots_for(wish)).slots == ()
    assert (await house.browsing.page(GUILD_ID, 22)).hours == ()
