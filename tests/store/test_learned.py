"""What happened to invitations, counted for the statements that were their reason."""

from datetime import timedelta

import pytest

from bot.domain.learning import Labels, declared_weight, learned_weight
from bot.domain.lifecycle import Outcome
from bot.store.engine import Database
from bot.store.statements import LEARNED
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Member, Statement
from tests.factories import (
    GUILD_ID,
    NOW,
    a_helper,
    a_member,
    a_part,
    a_question,
    a_statement,
    an_invitation,
)

HOUR = timedelta(hours=1)


async def happened(
    work: UnitOfWork, statement: Statement, state: str, outcome: str | None = None, **chosen: object
) -> Invitation:
    """Let a statement be the reason for an invitation, and say what became of it."""
    helper = await work.members.get(statement.member_id)
    assert helper is not None
    question = await a_question(work, await a_member(work))
    if outcome is not None:
        await a_part(work, question, helper, answered_at=NOW, outcome=outcome)
    return await an_invitation(
        work, question, helper, **{"statement_id": statement.id, "state": state, "decided_at": NOW, **chosen}
    )


async def weights(database: Database, member: Member) -> list[float]:
    """Return a member's weights, oldest statement first, whichever way they are asked for."""
    async with database.read() as work:
        own = [each.weight for each in await work.statements.weighed(member.id)]
        assert [each.weight for each in await work.statements.searchable(GUILD_ID, member.id)] == own
        assert [each.weight for each in await work.statements.searchable(GUILD_ID)] == own
    return own


def declared(*, consents: bool = True, **labels: int) -> float:
    return declared_weight(Labels(**labels), learns_from_help=consents)


async def test_nothing_happened_is_as_written(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work, learns_from_help=True)
        statement = await a_statement(work, helper)
        for state in ("asked", "undelivered", "withdrawn", "expired", "referred"):
            await happened(work, statement, state)

    assert await weights(database, helper) == [1]


@pytest.mark.parametrize("consents", [True, False])
async def test_each_answer_counts_for_the_statement_that_was_the_reason(database: Database, *, consents: bool) -> None:
    async with database.begin() as work:
        helper = await a_helper(work, learns_from_help=consents)
        first, second = await a_statement(work, helper, "first"), await a_statement(work, helper, "second")
        await a_statement(work, helper, "third")
        await happened(work, first, "off_topic")
        for _ in range(3):
            await happened(work, first, "passed")
        await happened(work, second, "taken")
        await happened(work, second, "taken", "partly")
        await happened(work, second, "taken", "helped")

    assert await weights(database, helper) == [
        declared(consents=consents, off_topic=1, passed=3),
        declared(consents=consents, taken=3, helped=1),
        1,
    ]


async def test_somebody_else_s_help_with_the_same_question_is_theirs(database: Database) -> None:
    async with database.begin() as work:
        helper, other = await a_helper(work, learns_from_help=True), await a_member(work, learns_from_help=True)
        statement = await a_statement(work, helper)
        invitation = await happened(work, statement, "taken")
        question = await work.requests.get(invitation.request_id)
        assert question is not None
        await a_part(work, question, other, answered_at=NOW, outcome="helped")

    assert await weights(database, helper) == [declared(taken=1)]


async def test_an_invitation_whose_reason_was_deleted_counts_for_nothing(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work, learns_from_help=True)
        gone, _ = await a_statement(work, helper, "gone"), await a_statement(work, helper, "kept")
        await happened(work, gone, "off_topic")

    async with database.begin() as work:
        await work.statements.delete([gone.id])

    assert await weights(database, helper) == [1]


class TestLearned:
    """A statement that was learned from a question counts by how that exchange went."""

    @pytest.mark.parametrize("outcome", [None, *Outcome])
    async def test_by_what_its_asker_said(self, database: Database, outcome: Outcome | None) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            question = await a_question(work, await a_member(work))
            await a_part(work, question, helper, answered_at=NOW, outcome=outcome)
            await a_part(work, question, await a_member(work), answered_at=NOW, outcome="not_yet")
            await a_statement(work, helper, "learned", source=LEARNED, request_id=question.id)

        assert await weights(database, helper) == [learned_weight(Labels(), outcome)]

    async def test_and_by_what_happened_since(self, database: Database) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            question = await a_question(work, await a_member(work))
            await a_part(work, question, helper, answered_at=NOW, outcome="helped")
            learned = await a_statement(work, helper, "learned", source=LEARNED, request_id=question.id)
            await happened(work, learned, "off_topic")
            await happened(work, learned, "taken", "helped")

        labels = Labels(off_topic=1, taken=1, helped=1)
        assert await weights(database, helper) == [learned_weight(labels, Outcome.HELPED)]

    async def test_with_less_than_a_whole_weight_where_nobody_knows_how_it_went(self, database: Database) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            await a_statement(work, helper, "of a part that is gone", source=LEARNED)

        assert await weights(database, helper) == [learned_weight(Labels(), None)]


class TestUnlearn:
    """A member who says forget is asked as they wrote it, and learns again from then on."""

    async def test_what_was_learned_is_deleted_and_what_was_declared_counts_as_written(
        self, database: Database
    ) -> None:
        async with database.begin() as work:
            helper, other = await a_helper(work, learns_from_help=True), await a_member(work)
            statement = await a_statement(work, helper, "declared")
            await a_statement(work, helper, "learned", source=LEARNED)
            theirs = await a_statement(work, other, "learned", source=LEARNED)
            for state in ("off_topic", "passed", "taken"):
                await happened(work, statement, state)

        async with database.begin() as work:
            await work.statements.unlearn(helper.id, NOW + HOUR)

        assert await weights(database, helper) == [1]
        async with database.read() as work:
            assert [each.text for each in await work.statements.of(helper.id)] == ["declared"]
            assert [each.labels_since for each in await work.statements.of(helper.id)] == [NOW + HOUR]
            assert [(each.id, each.labels_since) for each in await work.statements.of(other.id)] == [(theirs.id, None)]

    async def test_what_happens_later_counts_again(self, database: Database) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            statement = await a_statement(work, helper)
            await happened(work, statement, "off_topic")
            await work.statements.unlearn(helper.id, NOW + HOUR)
            await happened(work, statement, "passed", decided_at=NOW + 2 * HOUR)

        assert await weights(database, helper) == [declared(passed=1)]

    async def test_an_invitation_from_before_counts_once_it_is_answered(self, database: Database) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            statement = await a_statement(work, helper)
            await happened(work, statement, "off_topic", created_at=NOW, decided_at=NOW + 2 * HOUR)
            await happened(work, statement, "off_topic", created_at=NOW, decided_at=None)
            await work.statements.unlearn(helper.id, NOW + HOUR)

        assert await weights(database, helper) == [declared(off_topic=1)]

    async def test_statements_declared_afterwards_are_left_alone(self, database: Database) -> None:
        async with database.begin() as work:
            helper = await a_helper(work, learns_from_help=True)
            await a_statement(work, helper, "first")
            await work.statements.unlearn(helper.id, NOW + HOUR)
            second = await a_statement(work, helper, "second")
            await happened(work, second, "off_topic")

        assert await weights(database, helper) == [1, declared(off_topic=1)]


async def test_owners_are_named_once_with_their_community(database: Database) -> None:
    async with database.begin() as work:
        here, there = await a_helper(work), await a_member(work, GUILD_ID + 1)
        mine = [await a_statement(work, here, text) for text in "ab"]
        theirs = await a_statement(work, there, is_muted=True)
        await a_statement(work, await a_helper(work), "not asked about")

    async with database.read() as work:
        owners = await work.statements.owners([each.id for each in (*mine, theirs)])
        assert sorted(owners) == [(GUILD_ID, here.id), (GUILD_ID + 1, there.id)]
        assert await work.statements.owners([]) == []
        assert await work.statements.owners([999]) == []
