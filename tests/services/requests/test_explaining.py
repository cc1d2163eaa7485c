"""Explaining: what is kept of a choice is told to the person who was asked, and to no one else."""

import pytest

from bot.domain import policy
from bot.errors import NotAllowed, NotFound
from bot.routing.ports import Evidence
from bot.services.requests.explaining import LATEST
from bot.services.results import Explanation
from bot.store.engine import Database
from models import Invitation, Member
from tests.factories import GUILD_ID, NOW, a_question, a_statement, an_invitation
from tests.fakes import EXPERTISE, QUESTION, House, new_id, values

ASKER = 77


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


async def asked(house: House) -> tuple[Member, Member, int]:
    """Let two people be asked; return them, the better one first, and the better one's invitation."""
    better, worse = await house.helper(QUESTION), await house.helper(EXPERTISE)
    await house.helper("infinite patience")
    await house.reindexing.sweep()
    await house.ask(ASKER)
    first, second = await house.rows(Invitation)
    assert (first["member_id"], second["member_id"]) == (better.id, worse.id)
    return better, worse, first["id"]


async def test_everything_that_decided_is_told(house: House) -> None:
    better, _, invitation_id = await asked(house)
    (row,) = await house.rows(Invitation, id=invitation_id)

    told = await house.explaining.explain(invitation_id, better.user_id)

    assert (told.invitation_id, told.reason, told.is_learned) == (invitation_id, QUESTION, False)
    assert told.evidence == Evidence(row["dense"], row["profile"], row["bm25"], row["tfidf"])
    assert all(amount > 0 for amount in (told.evidence.dense, told.evidence.bm25, told.evidence.tfidf))
    assert (told.expertise, told.availability) == (row["expertise"], row["availability"])
    assert (told.freshness, told.wave, told.policy_version) == (1.0, 1, policy.VERSION)
    assert (told.asked_at, told.request.asker_user_id) == (NOW, ASKER)
    assert told.request.text == QUESTION


async def test_the_better_match_has_the_better_reasons(house: House) -> None:
    better, worse, invitation_id = await asked(house)
    first = await house.explaining.explain(invitation_id, better.user_id)
    second = await house.explaining.explain(invitation_id + 1, worse.user_id)
    assert second.reason == EXPERTISE
    assert first.expertise > second.expertise
    assert first.evidence.dense > second.evidence.dense


async def test_only_the_person_asked_is_told(house: House) -> None:
    _, worse, invitation_id = await asked(house)
    for user_id in (worse.user_id, ASKER, new_id()):
        with pytest.raises(NotAllowed, match=r"why\.not_yours"):
            await house.explaining.explain(invitation_id, user_id)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await house.explaining.explain(10**9, ASKER)


async def test_explaining_changes_nothing(house: House) -> None:
    better, _, invitation_id = await asked(house)
    before = await house.snapshot()
    await house.explaining.explain(invitation_id, better.user_id)
    await house.explaining.latest(GUILD_ID, better.user_id)
    assert await house.snapshot() == before


async def test_a_deleted_statement_leaves_the_numbers(house: House) -> None:
    better, _, invitation_id = await asked(house)
    before = await house.explaining.explain(invitation_id, better.user_id)
    (statement,) = (await house.profiling.card(GUILD_ID, better.user_id)).statements
    await house.profiling.delete(GUILD_ID, better.user_id, [statement.statement_id])

    after = await house.explaining.explain(invitation_id, better.user_id)

    assert (after.reason, after.is_learned) == (None, False)
    assert (after.evidence, after.expertise) == (before.evidence, before.expertise)


async def test_it_can_be_asked_before_and_after_every_decision(house: House) -> None:
    better, _, invitation_id = await asked(house)
    before = await house.explaining.explain(invitation_id, better.user_id)
    for act in (house.helping.pass_on, house.helping.off_topic, house.helping.take):
        await act(invitation_id, better.user_id)
        told = await house.explaining.explain(invitation_id, better.user_id)
        assert (told.reason, told.evidence, told.expertise) == (before.reason, before.evidence, before.expertise)


async def latest(house: House, member: Member) -> list[Explanation]:
    return list(await house.explaining.latest(member.guild_id, member.user_id))


async def test_the_last_three_newest_first(house: House) -> None:
    helper = await house.helper(rate="more")
    invitations = []
    for place in range(LATEST + 1):
        async with house.database.begin() as work:
            question = await a_question(work, helper, text=f"Question {place}")
            invitation = await an_invitation(work, question, helper, wave=place + 1, is_exploratory=place == LATEST)
            invitations.append(invitation.id)

    told = await latest(house, helper)

    assert [each.invitation_id for each in told] == invitations[:0:-1]
    assert [each.wave for each in told] == [4, 3, 2]
    assert [each.is_exploratory for each in told] == [True, False, False]


async def test_whoever_was_never_asked_has_nothing_to_be_told(house: House) -> None:
    helper, elsewhere = await house.helper(), await house.helper(guild_id=GUILD_ID + 1, user_id=5)
    assert not await house.explaining.latest(GUILD_ID, new_id())
    assert await latest(house, helper) == await latest(house, elsewhere) == []


async def test_another_community_s_invitations_stay_there(house: House) -> None:
    here, there = await house.helper(user_id=5), await house.helper(guild_id=GUILD_ID + 1, user_id=5)
    async with house.database.begin() as work:
        question = await a_question(work, there)
        await an_invitation(work, question, there)
    assert await latest(house, here) == []
    assert len(await latest(house, there)) == 1


async def test_a_learned_reason_is_told_from_one_s_own_words(house: House) -> None:
    helper = await house.helper()
    async with house.database.begin() as work:
        question = await a_question(work, helper)
        statement = await a_statement(work, helper, "What is a blank label?", source="learned")
        invitation = await an_invitation(work, question, helper, statement_id=statement.id)
    told = await house.explaining.explain(invitation.id, helper.user_id)
    assert (told.reason, told.is_learned) == ("What is a blank label?", True)


async def test_what_the_first_policy_kept_can_still_be_told(house: House) -> None:
    helper = await house.helper()
    async with house.database.begin() as work:
        question = await a_question(work, helper, thread_id=None)
        invitation = await an_invitation(work, question, helper, policy_version="1")
    told = await house.explaining.explain(invitation.id, helper.user_id)
    assert (told.evidence, told.wave, told.is_exploratory) == (Evidence(), 1, False)
    assert (told.policy_version, told.request.thread_id) == ("1", None)
    assert values(await house.rows(Invitation), "profile") == [0]
