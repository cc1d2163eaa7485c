"""Drafts go only to people they fit, the best fit first; questions go to those who come first, as before."""

from dataclasses import replace

import pytest

from bot.domain.lifecycle import Urgency
from bot.routing.router import Router
from bot.services.requests import inviting
from bot.services.requests.draft import DRAFT, LEAST_FIT
from bot.store.engine import Database
from models import Invitation, Member, Request
from tests.factories import GUILD_ID
from tests.fakes import EXPERTISE, QUESTION, House, values
from tests.services.errands import ask_draft
from tests.services.scenes import ASKER, elapse

FAR, NEAR = "Gardening in winter", QUESTION


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def asked(house: House) -> list[int]:
    """Return who was asked, by member id and oldest first."""
    return values(await house.rows(Invitation), "member_id")


def ids(*members: Member) -> list[int]:
    return [each.id for each in members]


async def test_a_person_the_draft_fits_too_little_is_never_asked(house: House) -> None:
    far = await house.helper(FAR)
    assert (await house.router.fits(GUILD_ID, await house.router.read(QUESTION)))[far.id] < LEAST_FIT
    assert (await ask_draft(house, ASKER)).invited == 0
    await elapse(house, days=2, step=12)
    assert await asked(house) == []

    near = await house.helper(EXPERTISE)
    await elapse(house, hours=2)
    assert await asked(house) == ids(near)


async def test_a_question_asks_them_all_the_same(house: House) -> None:
    far = await house.helper(FAR)
    await house.ask(ASKER)
    assert await asked(house) == ids(far)


async def test_only_questions_count_among_what_questions_have_in_common(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[int] = []
    monkeypatch.setattr(Router, "note_question", lambda _router, guild_id, _query: noted.append(guild_id))
    await ask_draft(house, ASKER)
    assert noted == []
    await house.ask(ASKER)
    assert noted == [GUILD_ID]


async def test_people_it_fits_come_in_the_order_of_how_well(house: House) -> None:
    members = [await house.helper(words) for words in (EXPERTISE, NEAR, FAR)]
    query = await house.router.read(QUESTION)
    fits = await house.router.fits(GUILD_ID, query)
    ranked = await house.inviting.rank(GUILD_ID, query, Urgency.THIS_WEEK, DRAFT.name)
    assert [each.member_id for each in ranked] == ids(members[1], members[0])
    assert {each.member_id: each.expertise for each in ranked} == {
        member_id: fit for member_id, fit in fits.items() if fit >= LEAST_FIT
    }
    await ask_draft(house, ASKER)
    (invitation,) = await house.rows(Invitation)
    assert (invitation["member_id"], invitation["expertise"]) == (members[1].id, fits[members[1].id])


async def test_what_a_member_wrote_is_said_as_it_is(house: House) -> None:
    await house.helper(FAR, NEAR)
    await ask_draft(house, ASKER)
    await house.settle()
    (invitation,) = house.messenger.of("invitation")
    assert invitation.content.reason == NEAR


async def test_a_reader_is_found_however_many_members_stand_before_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "MATCHES", 2)
    await house.helpers(3, NEAR, longest_read=None)
    reader = await house.helper(EXPERTISE)
    await ask_draft(house, ASKER)
    assert await asked(house) == ids(reader)


async def test_a_person_who_is_named_reads_drafts_too(house: House) -> None:
    first = await house.helper()
    unwilling, willing = await house.person(is_helper=True), await house.person(is_helper=True, longest_read=15)
    await ask_draft(house, ASKER)
    (invitation,) = await house.rows(Invitation)
    await house.referring.refer(invitation["id"], first.user_id, unwilling.user_id)
    await house.referring.refer(invitation["id"], first.user_id, willing.user_id)
    await elapse(house, hours=3)
    assert await asked(house) == ids(first, willing)


async def test_a_bot_without_a_model_goes_by_any_words_in_common(house: House) -> None:
    router = Router(None, None, house.community)
    bare = replace(house.inviting, router=router)
    await house.helpers(2, "Batches of CTC")
    far = await house.helper("Gardening")
    query = await router.read(QUESTION)
    ranked = await bare.rank(GUILD_ID, query, Urgency.THIS_WEEK, DRAFT.name)
    assert len(ranked) == 2
    assert far.id not in {each.member_id for each in ranked}
    assert all(each.expertise > 0 for each in ranked)


async def test_a_line_that_was_not_their_topic_is_soon_no_reason_to_ask_them_to_read(house: House) -> None:
    helper, other = await house.helper(EXPERTISE), await house.helper(EXPERTISE)
    presses = 0
    while presses < 20 and helper.id in await asked_for_one_more(house):
        (invitation,) = await house.rows(Invitation, member_id=helper.id, state="asked")
        await house.helping.off_topic(invitation["id"], helper.user_id)
        presses += 1
    assert 1 <= presses <= 3
    assert other.id in await asked_for_one_more(house)


async def asked_for_one_more(house: House) -> list[int]:
    """Let one more draft be sent, days after the last one, and return who is asked to read it."""
    for each in await house.rows(Request):
        await house.withdrawing.withdraw(each["id"], ASKER)
    await elapse(house, days=8, step=24 * 8)
    receipt = await ask_draft(house, ASKER)
    return values(await house.rows(Invitation, request_id=receipt.request_id), "member_id")
