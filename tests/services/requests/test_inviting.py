"""Inviting: wave by wave, the next after a pass, so many in all, and never anyone who may not be asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from bot.domain import policy
from bot.domain.lifecycle import Outcome, Urgency
from bot.domain.policy import Seats
from bot.errors import Conflict
from bot.routing.ports import Evidence, Role, Vectors
from bot.services.requests.inviting import MATCHES
from bot.services.requests.seating import LOOK_AGAIN
from bot.store.engine import Database
from models import Fact, Invitation, Member, Question, QuestionVector, Request
from tests.factories import NOW, a_member, a_question, an_invitation
from tests.fakes import EXPERTISE, QUESTION, House, a_new_question, new_id, values
from tests.hashing import HashingEmbedder, Polyglot

ASKER = 77
SECOND = timedelta(seconds=1)
AROUND_THE_CLOCK = {"begins": time(0), "ends": time(0)}
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


async def test_fifteen_are_asked_in_all(house: House) -> None:
    await house.helpers(18)
    request_id = (await house.ask()).request_id
    for _ in range(16):
        await pass_newest(house)
    assert len(await invited(house)) == policy.DEFAULT.most_invitations == 15
    assert await house.inviting.ask_more(request_id) == await house.inviting.sweep() == 0
    assert values(await house.rows(Request), "next_look_at") == [None]


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
    await house.settle()
    assert await house.inviting.sweep() == 0
    house.clock.advance(timedelta(hours=24))
    assert await house.inviting.sweep() == 1
    assert await invited(house) == [helper.id, helper.id]
    house.clock.advance(timedelta(minutes=1))
    assert await house.inviting.sweep() == 0


async def test_the_sweep_asks_somebody_who_just_offered_help(house: House) -> None:
    await house.ask()
    helper = await house.helper()
    house.clock.advance(LOOK_AGAIN - SECOND)
    assert await house.inviting.sweep() == 0
    house.clock.advance(SECOND)
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
    resolved = await house.resolving.resolve(receipt.request_id, ASKER, Outcome.NOT_YET)
    assert resolved.invited == 0


@pytest.mark.parametrize(
    ("asker", "helper", "is_asked"),
    [
        (["fr"], ["fr", "en"], True),
        (["fr", "sw"], ["sw"], True),
        (["fr"], ["en"], False),
        (["fr"], [], True),
        ([], ["en"], True),
        (["en-GB"], ["en_US"], True),
        (["pt_BR"], ["pt"], True),
        (["nb"], ["no"], True),
        (["pt-BR"], ["es-ES"], False),
    ],
)
async def test_people_are_asked_in_a_language_they_share_with_the_asker(
    house: House, asker: list[str], helper: list[str], *, is_asked: bool
) -> None:
    await house.person(user_id=ASKER, languages=asker)
    await house.helper(languages=helper)
    assert (await house.ask(ASKER)).invited == is_asked


async def test_behind_hundreds_of_sleepers_the_one_awake_is_found(house: House) -> None:
    await house.helpers(MATCHES - 1, QUESTION, zone=ASLEEP)
    awake = await house.helper(EXPERTISE)
    await house.ask()
    assert await invited(house) == [awake.id]


async def test_an_idle_person_comes_before_an_equal_busy_one(house: House) -> None:
    busy = await house.helper(rate="more")
    await house.ask()
    idle = await house.helper()
    await house.ask()
    assert await invited(house) == [busy.id, idle.id, busy.id]


class CountingEncoder(HashingEmbedder):
    """Remembers how many texts it was given."""

    def __init__(self) -> None:
        self.read = 0

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        self.read += len(texts)
        return await super().embed(texts, role)


@pytest.mark.parametrize("model_id", ["hashing-v1", "an older model"])
async def test_a_question_is_encoded_again_only_where_the_wanted_model_has_not_read_it(
    database: Database, model_id: str
) -> None:
    encoder = CountingEncoder()
    house = House(database, encoder=encoder)
    await house.open()
    request_id = (await house.ask()).request_id
    async with database.engine.begin() as connection:
        await connection.execute(update(QuestionVector).values(model_id=model_id))
    await house.helpers(2)
    encoder.read = 0

    assert await house.inviting.ask_more(request_id) == 2

    assert encoder.read == (model_id != encoder.model_id)


@pytest.mark.parametrize(("is_english", "is_read_again"), [(None, True), (True, False), (False, False)])
async def test_a_question_whose_language_is_unclear_is_read_again_once_somebody_can_tell(
    database: Database, *, is_english: bool | None, is_read_again: bool
) -> None:
    encoder = CountingEncoder()
    house = House(database, encoder=encoder, multilingual=Polyglot())
    await house.open()
    request_id = (await house.ask()).request_id
    async with database.engine.begin() as connection:
        await connection.execute(update(Question.__table__).values(is_english=is_english))  # type: ignore[arg-type]
    encoder.read = 0

    await house.inviting.ask_more(request_id)

    assert encoder.read == is_read_again


async def test_every_part_of_a_decision_is_kept(house: House) -> None:
    members = [await house.helper(text) for text in (QUESTION, EXPERTISE, "infinite patience", "Grant writing")]
    await house.reindexing.sweep()
    query = await house.router.read(QUESTION)
    matches = {each.member_id: each for each in await house.inviting.rank(members[0].guild_id, query, Urgency.TODAY)}

    await house.ask()

    for row in await house.rows(Invitation):
        match = matches[row["member_id"]]
        assert Evidence(row["dense"], row["profile"], row["bm25"], row["tfidf"]) == match.evidence
        assert (row["expertise"], row["availability"]) == (match.expertise, match.availability)
        assert row["statement_id"] == match.statement_id
    assert len({match.evidence.dense for match in matches.values()}) > 1


async def test_whoever_comes_for_somebody_who_passed_belongs_to_the_same_wave(house: House) -> None:
    await house.helpers(8)
    await house.ask()
    for _ in range(7):
        await pass_newest(house)
    assert values(await house.rows(Invitation), "wave") == [1] * 8


@pytest.mark.parametrize(
    ("urgency", "waits"),
    [
        (Urgency.TODAY, (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=2))),
        (Urgency.THIS_WEEK, (timedelta(hours=4), timedelta(hours=6), timedelta(hours=8))),
        (Urgency.WHENEVER, (timedelta(hours=4), timedelta(hours=6), timedelta(hours=8))),
    ],
)
async def test_silence_opens_wave_after_wave(house: House, urgency: Urgency, waits: tuple[timedelta, ...]) -> None:
    await house.helpers(7, **AROUND_THE_CLOCK)
    await house.asking.ask(replace(a_new_question(), urgency=urgency))
    await house.settle()
    for asked, wait in zip((2, 4, 7), waits, strict=True):
        rows = await house.rows(Invitation)
        assert len(rows) == asked
        assert {row["expires_at"] for row in rows if row["state"] == "asked"} == {house.clock.now() + wait}
        house.clock.advance(wait - SECOND)
        assert await house.inviting.sweep() == 0
        house.clock.advance(SECOND)
        assert await house.inviting.sweep() == min(asked, 7 - asked, 3)
        await house.settle()
    rows = await house.rows(Invitation)
    assert values(rows, "wave") == [1, 1, 2, 2, 3, 3, 3]
    assert values(rows, "state") == ["expired"] * 7
    assert values(await house.rows(Fact, type="expired"), "member_id") == values(rows, "member_id")


async def test_one_silence_beside_somebody_who_considers_opens_one_place_of_the_next_wave(house: House) -> None:
    early = await house.helper(QUESTION, **AROUND_THE_CLOCK)
    late = await house.helper(QUESTION, begins=time(12), ends=time(13))
    others = await house.helpers(3, "CTC loss", **AROUND_THE_CLOCK)
    await house.ask()
    assert await invited(house) == [early.id, late.id]
    await house.settle()

    house.clock.advance(timedelta(hours=4))
    assert await house.inviting.sweep() == 1

    assert await invited(house) == [early.id, late.id, others[0].id]
    rows = await house.rows(Invitation)
    assert values(rows, "wave") == [1, 1, 2]
    assert values(rows, "state") == ["expired", "asked", "asked"]


async def test_a_claim_that_ends_beside_people_who_consider_opens_a_place_of_the_next_wave(house: House) -> None:
    helpers = await house.helpers(4)
    async with house.database.begin() as work:
        question = await a_question(work, await a_member(work), text=QUESTION)
        await an_invitation(work, question, helpers[0], wave=2, state="taken", expires_at=NOW)
        for each in helpers[1:3]:
            await an_invitation(work, question, each, wave=2, expires_at=NOW + timedelta(days=1))
    await house.claiming.sweep()
    assert await house.inviting.sweep() == 1
    assert values(await house.rows(Invitation), "wave") == [2, 2, 2, 3]


async def waiting_question(house: House, *, is_exploratory: bool) -> int:
    """Ask until the draw keeps the first wave's last place for someone seldom asked, or doesn't."""
    while True:
        request_id = (await house.ask()).request_id
        if bool(policy.DEFAULT.exploratory_places(request_id, Seats(1, 2, 0), 2)) == is_exploratory:
            return request_id


async def asked_before(house: House, *members: Member) -> None:
    """Let people have been asked twice, longer ago than any budget looks back."""
    async with house.database.begin() as work:
        asker = await a_member(work)
        for _ in range(2):
            question = await a_question(work, asker, state="closed")
            for member in members:
                await an_invitation(work, question, member, created_at=NOW - timedelta(days=20), state="passed")


@pytest.mark.parametrize("is_exploratory", [True, False])
async def test_one_wave_in_five_keeps_a_place_for_somebody_seldom_asked(house: House, *, is_exploratory: bool) -> None:
    request_id = await waiting_question(house, is_exploratory=is_exploratory)
    best, second, newcomer = await house.helper(QUESTION), await house.helper(EXPERTISE), await house.helper("CTC loss")
    for text in ("Grant writing", "Peer review", "Diffusion models", "Teaching", "Statistics"):
        await house.helper(text)
    await asked_before(house, best, second)

    assert await house.inviting.ask_more(request_id) == 2

    rows = await house.rows(Invitation, request_id=request_id)
    assert values(rows, "member_id") == [best.id, newcomer.id if is_exploratory else second.id]
    assert values(rows, "is_exploratory") == [False, is_exploratory]
    assert values(rows, "wave") == [1, 1]


async def test_nobody_is_asked_only_to_give_them_a_turn(house: House) -> None:
    request_id = await waiting_question(house, is_exploratory=True)
    best, second = await house.helper(QUESTION), await house.helper(EXPERTISE)
    irrelevant = [await house.helper(text) for text in ("Grants, a few pages", "Peer review", "A few diffusion models")]
    await asked_before(house, best, second)
    ranked = await house.inviting.rank(best.guild_id, await house.router.read(QUESTION), Urgency.TODAY)
    expertise = {match.member_id: match.expertise for match in ranked}
    assert any(0 < expertise[each.id] < policy.RELEVANCE_FLOOR for each in irrelevant)

    await house.inviting.ask_more(request_id)

    rows = await house.rows(Invitation, request_id=request_id)
    assert values(rows, "member_id") == [best.id, second.id]
    assert values(rows, "is_exploratory") == [False, False]


async def test_every_invitation_is_a_fact(house: House) -> None:
    helpers: list[Member] = await house.helpers(2)
    await house.ask(new_id())
    assert values(await house.rows(Fact, type="invited"), "member_id") == [helper.id for helper in helpers]


async def test_a_pass_after_taking_frees_no_seat(house: House) -> None:
    helpers = await house.helpers(3)
    await house.ask()
    first, _second = await house.rows(Invitation)
    await house.helping.take(first["id"], helpers[0].user_id)
    with pytest.raises(Conflict, match=r"invitation\.taken_before"):
        await house.helping.pass_on(first["id"], helpers[0].user_id)
    assert len(await invited(house)) == 2
