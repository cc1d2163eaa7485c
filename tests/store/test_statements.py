"""What people can help with."""

from collections.abc import Sequence

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from bot.store.statements import LEARNED, Weighed
from bot.store.unit_of_work import ReadingWork
from models import Statement
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_question, a_statement, an_invitation

LONGEST_QUESTION = "Why? " * 300


def texts(statements: Sequence[Statement]) -> list[str]:
    return [statement.text for statement in statements]


def words(weighed: Sequence[Weighed]) -> list[str]:
    return texts([each.statement for each in weighed])


async def searched(work: ReadingWork, guild_id: int, member_id: int | None = None) -> list[str]:
    """Return what questions are compared with, having seen that the query for their ids says the same."""
    found = await work.statements.searchable(guild_id, member_id)
    by_query = await work.statements._session.scalars(work.statements.searchable_ids(guild_id, member_id))
    assert sorted(by_query) == [each.id for each in found]
    return [each.text for each in found]


async def test_a_member_s_statements_are_listed_oldest_first(database: Database) -> None:
    async with database.begin() as work:
        member, other = await a_helper(work), await a_helper(work)
        for text in ("causal inference", "baselines"):
            await a_statement(work, member, text)
        await a_statement(work, other, "tokenisers")

    async with database.read() as work:
        assert texts(await work.statements.of(member.id)) == ["causal inference", "baselines"]


async def test_the_same_idea_twice_is_refused(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        await a_statement(work, member, "CTC loss")

    with pytest.raises(Conflict):
        async with database.begin() as work:
            await a_statement(work, member, "ctc  LOSS")


async def test_only_unmuted_statements_of_this_community_s_helpers_are_searched(database: Database) -> None:
    async with database.begin() as work:
        helper, second = await a_helper(work), await a_helper(work)
        await a_statement(work, helper, "searched")
        await a_statement(work, helper, "muted", is_muted=True)
        await a_statement(work, second, "searched too")
        await a_statement(work, await a_member(work), "of somebody who opted out")
        await a_statement(work, await a_helper(work, GUILD_ID + 1), "of another community")

    async with database.read() as work:
        assert await searched(work, GUILD_ID) == ["searched", "searched too"]
        assert await searched(work, GUILD_ID, second.id) == ["searched too"]
        assert await searched(work, GUILD_ID + 1, second.id) == []
        assert await searched(work, GUILD_ID + 2) == []


@pytest.mark.parametrize("consents", [True, False])
async def test_what_was_learned_is_searched_with_consent_only(database: Database, *, consents: bool) -> None:
    async with database.begin() as work:
        helper = await a_helper(work, learns_from_help=consents)
        await a_statement(work, helper, "declared")
        await a_statement(work, helper, "learned", source=LEARNED)
        await a_statement(work, helper, "learned and muted", source=LEARNED, is_muted=True)

    async with database.read() as work:
        assert await searched(work, GUILD_ID) == ["declared", "learned"][: 1 + consents]
        assert await searched(work, GUILD_ID, helper.id) == ["declared", "learned"][: 1 + consents]


async def test_a_member_s_own_list_holds_what_is_not_searched_too(database: Database) -> None:
    async with database.begin() as work:
        shy = await a_member(work)
        await a_statement(work, shy, "muted", is_muted=True)
        await a_statement(work, shy, "learned", source=LEARNED)
        await a_statement(work, await a_member(work), "of somebody else")

    async with database.read() as work:
        assert words(await work.statements.weighed(shy.id)) == ["muted", "learned"]
        assert await searched(work, GUILD_ID) == []


async def test_every_statement_of_a_community_is_counted(database: Database) -> None:
    async with database.begin() as work:
        shy = await a_member(work)
        mine = [await a_statement(work, shy, text, is_muted=text == "b") for text in "ab"]
        await a_statement(work, await a_helper(work, GUILD_ID + 1))

    async with database.read() as work:
        ids = await work.statements._session.scalars(work.statements.ids(GUILD_ID))
        assert sorted(ids) == [each.id for each in mine]


async def test_a_forgotten_statement_leaves_its_invitation_without_words(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        statement = await a_statement(work, helper)
        kept = await a_statement(work, helper, "baselines")
        invitation = await an_invitation(
            work, await a_question(work, await a_member(work)), helper, statement_id=statement.id
        )

    async with database.begin() as work:
        await work.statements.delete([statement.id])

    async with database.read() as work:
        assert await work.statements.get(statement.id) is None
        assert await work.statements.get(kept.id) is not None
        found = await work.invitations.get(invitation.id)
        assert found is not None
        assert found.statement_id is None


@pytest.mark.parametrize("chosen", [[], [0], [1, 2], [0, 1, 2]])
async def test_muting_says_exactly_which(database: Database, chosen: list[int]) -> None:
    async with database.begin() as work:
        member, other = await a_helper(work), await a_helper(work)
        mine = [await a_statement(work, member, text, is_muted=text == "b") for text in "abc"]
        theirs = await a_statement(work, other, is_muted=True)

    async with database.begin() as work:
        await work.statements.set_muted(member.id, [mine[each].id for each in chosen])

    async with database.read() as work:
        muted = [position for position, each in enumerate(await work.statements.of(member.id)) if each.is_muted]
        assert muted == chosen
        untouched = await work.statements.get(theirs.id)
        assert untouched is not None
        assert untouched.is_muted


async def test_muting_one_s_own_never_mutes_somebody_else_s(database: Database) -> None:
    async with database.begin() as work:
        theirs = await a_statement(work, await a_helper(work))
        await work.statements.set_muted((await a_helper(work)).id, [theirs.id])

    async with database.read() as work:
        found = await work.statements.get(theirs.id)
        assert found is not None
        assert not found.is_muted


async def test_muting_leaves_what_was_learned_alone(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        declared = await a_statement(work, member, "declared")
        learned = await a_statement(work, member, "learned", source=LEARNED)
        muted = await a_statement(work, member, "learned and muted", source=LEARNED, is_muted=True)

    for chosen in ([declared.id, learned.id], []):
        async with database.begin() as work:
            await work.statements.set_muted(member.id, chosen)
        async with database.read() as work:
            now = {each.id: each.is_muted for each in await work.statements.of(member.id)}
        assert now == {declared.id: bool(chosen), learned.id: False, muted.id: True}


async def test_a_whole_question_can_be_learned(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        question = await a_question(work, await a_member(work), text=LONGEST_QUESTION)
        learned = await a_statement(work, helper, LONGEST_QUESTION, source=LEARNED, request_id=question.id)

    async with database.read() as work:
        kept = await work.statements.get(learned.id)
        assert kept is not None
        assert (kept.text, kept.request_id, kept.labels_since) == (LONGEST_QUESTION, question.id, None)


async def test_a_question_is_learned_once_by_each_of_its_helpers(database: Database) -> None:
    async with database.begin() as work:
        first, second = await a_helper(work), await a_helper(work)
        question = await a_question(work, await a_member(work))
        for helper in (first, second):
            await a_statement(work, helper, "learned", source=LEARNED, request_id=question.id)

    with pytest.raises(Conflict):
        async with database.begin() as work:
            await a_statement(work, first, "learned again", source=LEARNED, request_id=question.id)


async def test_added_statements_are_kept(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        work.statements.add_all(
            Statement(member_id=member.id, text=text, text_hash=text, added_at=NOW) for text in ("one", "two")
        )

    async with database.read() as work:
        kept = await work.statements.of(member.id)
        assert [(each.text, each.source, each.is_muted, each.request_id) for each in kept] == [
            ("one", "declared", False, None),
            ("two", "declared", False, None),
        ]


async def test_which_of_some_statements_are_still_there(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        first, second = await a_statement(work, member, "one"), await a_statement(work, member, "two")
        await work.statements.delete([first.id])
        assert await work.statements.there([first.id, second.id]) == {second.id}
        assert await work.statements.there([]) == set()
