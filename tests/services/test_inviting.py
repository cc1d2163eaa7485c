"""Inviting: two at once, the next after a pass, seven in all, and never anybody who may not be asked."""

from datetime import timedelta

import pytest

from bot.domain import policy
from bot.domain.lifecycle import Outcome
from bot.errors import Conflict
from bot.services.inviting import SHORTLIST
from bot.store.engine import Database
from models import Event, Invitation, Member, Question
from tests.fakes import EXPERTISE, QUESTION, House, new_id, values

ASKER = 77
ASLEEP = "Pacific/Auckland"
"""Where it is one in the night at the tests' noon."""


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def invited(house: House) -> list[object]:
    """Return the members who were asked, in that order."""
    return values(await house.rows(Invitation), "member_id")


async def pass_newest(house: House) -> None:
    """Let the person who was asked last pass."""
    invitation = (await house.rows(Invitation))[-1]
    async with house.database.read() as work:
        member = await work.members.get(invitation["member_id"])
    assert member is not None
    await house.helping.pass_on(invitation["id"], member.user_id)


async def test_two_people_are_asked_with_every_reason_kept(house: House) -> None:
    better = await house.helper(QUESTION)
    worse = await house.helper(EXPERTISE)
    third = await house.helper("infinite patience")
    await house.ask()
    first, second = await house.rows(Invitation)
    assert (first["member_id"], second["member_id"]) == (better.id, worse.id)
    assert third.id not in await invited(house)
    async with house.database.read() as work:
        (statement,) = await work.statements.of(better.id)
    assert first["statement_id"] == statement.id
    assert first["policy_version"] == policy.VERSION
    assert first["availability"] == first["freshness"] == 1
    assert first["expertise"] > second["expertise"] > 0


async def test_a_pass_asks_the_next_person_at_once(house: House) -> None:
    helpers = await house.helpers(4)
    await house.ask()
    await pass_newest(house)
    assert await invited(house) == [helper.id for helper in helpers[:3]]
    assert values(await house.rows(Invitation), "state") == ["asked", "passed", "asked"]


async def test_seven_are_asked_in_all(house: House) -> None:
    await house.helpers(10)
    request_id = (await house.ask()).request_id
    for _ in range(8):
        await pass_newest(house)
    assert len(await invited(house)) == policy.MOST_INVITATIONS == 7
    assert await house.inviting.ask_more(request_id) == await house.inviting.sweep() == 0


async def test_a_taken_question_asks_nobody_else(house: House) -> None:
    helpers = await house.helpers(4)
    receipt = await house.ask()
    first, _second = await house.rows(Invitation)
    await house.helping.take(first["id"], helpers[0].user_id)
    await pass_newest(house)
    assert await house.inviting.ask_more(receipt.request_id) == 0
    assert len(await invited(house)) == 2


async def test_asking_more_twice_fills_no_seat_twice(house: House) -> None:
    await house.helpers(5)
    request_id = (await house.ask()).request_id
    assert await house.inviting.ask_more(request_id) == 0
    assert await house.inviting.ask_more(request_id + 1) == 0
    assert len(await invited(house)) == 2


async def test_the_sweep_asks_somebody_who_woke_up(house: House) -> None:
    sleeper = await house.helper(zone=ASLEEP)
    await house.ask()
    assert await house.inviting.sweep() == 0
    house.clock.advance(timedelta(hours=8))
    assert await house.inviting.sweep() == 1
    assert await invited(house) == [sleeper.id]
    assert house.nudges == 2


async def test_the_sweep_asks_somebody_who_has_budget_again(house: House) -> None:
    helper = await house.helper()
    await house.ask()
    await house.ask()
    assert await house.inviting.sweep() == 0
    house.clock.advance(timedelta(hours=24))
    assert await house.inviting.sweep() == 1
    assert await invited(house) == [helper.id, helper.id]
    house.clock.advance(timedelta(minutes=1))
    assert await house.inviting.sweep() == 0


async def test_the_sweep_asks_somebody_who_just_offered_help(house: House) -> None:
    await house.ask()
    helper = await house.helper()
    assert await house.inviting.sweep() == 1
    assert await invited(house) == [helper.id]


async def test_nobody_is_asked_who_did_not_opt_in_or_asks_themselves(house: House) -> None:
    asker = await house.helper(user_id=ASKER)
    await house.helper(is_helper=False)
    await house.helper(rate="never")
    await house.helper(guild_id=5)
    await house.ask(asker.user_id)
    house.clock.advance(timedelta(days=7))
    assert await house.inviting.sweep() == 0
    assert await invited(house) == []


async def test_nobody_is_asked_where_nothing_matches(house: House) -> None:
    await house.helper("كتابة الأبحاث")
    await house.ask()
    assert await invited(house) == []


async def test_nobody_is_asked_twice_for_one_question(house: House) -> None:
    helper = await house.helper(rate="more")
    await house.ask()
    await pass_newest(house)
    for _ in range(5):
        house.clock.advance(timedelta(days=2))
        assert await house.inviting.sweep() == 0
    assert await invited(house) == [helper.id]


async def test_whoever_answered_unasked_is_not_asked_any_more(house: House) -> None:
    receipt = await house.ask(ASKER)
    volunteer = await house.helper()
    await house.answer(receipt.thread_id, volunteer.user_id)
    resolved = await house.helping.resolve(receipt.request_id, ASKER, Outcome.NOT_YET)
    assert resolved.invited == 0


@pytest.mark.parametrize(
    ("asker", "helper", "is_asked"),
    [
        (["fr"], ["fr", "en"], True),
        (["fr", "sw"], ["sw"], True),
        (["fr"], ["en"], False),
        (["fr"], [], True),
        ([], ["en"], True),
    ],
)
async def test_people_are_asked_in_a_language_they_share_with_the_asker(
    house: House, asker: list[str], helper: list[str], *, is_asked: bool
) -> None:
    await house.person(user_id=ASKER, languages=asker)
    await house.helper(languages=helper)
    assert (await house.ask(ASKER)).invited == is_asked


async def test_behind_a_shortlist_of_sleepers_the_one_awake_is_found(house: House) -> None:
    await house.helpers(SHORTLIST + 10, QUESTION, zone=ASLEEP)
    awake = await house.helper(EXPERTISE)
    await house.ask()
    assert await invited(house) == [awake.id]


async def test_an_idle_person_comes_before_an_equal_busy_one(house: House) -> None:
    busy = await house.helper(rate="more")
    await house.ask()
    idle = await house.helper()
    await house.ask()
    assert await invited(house) == [busy.id, idle.id, busy.id]


async def test_a_question_kept_in_another_model_s_space_is_encoded_again(house: House) -> None:
    request_id = (await house.ask()).request_id
    async with house.database.begin() as work:
        question = await work.questions.get(request_id)
        assert question is not None
        question.model_id, question.vector = "an older model", b"\0" * 8
    await house.helper()
    assert await house.inviting.ask_more(request_id) == 1
    assert values(await house.rows(Question), "model_id") == ["hashing-v1"]


async def test_every_invitation_is_a_fact(house: House) -> None:
    helpers: list[Member] = await house.helpers(2)
    await house.ask(new_id())
    assert values(await house.rows(Event, type="invited"), "member_id") == [helper.id for helper in helpers]


async def test_a_pass_after_taking_frees_no_seat(house: House) -> None:
    helpers = await house.helpers(3)
    await house.ask()
    first, _second = await house.rows(Invitation)
    await house.helping.take(first["id"], helpers[0].user_id)
    with pytest.raises(Conflict, match=r"invitation\.taken_before"):
        await house.helping.pass_on(first["id"], helpers[0].user_id)
    assert len(await invited(house)) == 2
