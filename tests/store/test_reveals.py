"""Two moderators who had a reason to know who asked: the audit."""

from datetime import timedelta

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from tests.factories import NOW, a_member, a_question, a_reveal


async def test_a_wish_comes_back_with_its_reason(database: Database) -> None:
    async with database.begin() as work:
        question, moderator = await a_question(work, await a_member(work)), await a_member(work)
        reveal = await a_reveal(work, question, moderator, reason="A threat — 威胁.")

    async with database.read() as work:
        found = await work.reveals.get(reveal.id)
        assert found is not None
        assert (found.reason, found.created_at, found.moderator_id) == ("A threat — 威胁.", NOW, moderator.id)
        assert (found.second_moderator_id, found.revealed_at) == (None, None)
        assert await work.reveals.get(reveal.id + 1) is None


async def test_all_wishes_are_there_granted_or_not(database: Database) -> None:
    async with database.begin() as work:
        asker, moderator = await a_member(work), await a_member(work)
        question, other = await a_question(work, asker), await a_question(work, asker)
        first = await a_reveal(work, question, moderator, revealed_at=NOW + timedelta(days=9))
        last = await a_reveal(work, question, moderator)
        await a_reveal(work, other, moderator)

        assert [each.id for each in await work.reveals.of(question.id)] == [first.id, last.id]
        assert await work.reveals.of(other.id + 1) == []


async def test_the_audit_outlives_the_moderators_and_goes_with_the_question(database: Database) -> None:
    async with database.begin() as work:
        question, first, second = (
            await a_question(work, await a_member(work)),
            await a_member(work),
            await a_member(work),
        )
        reveal = await a_reveal(work, question, first, second_moderator_id=second.id, revealed_at=NOW)
    for moderator in (first, second):
        async with database.begin() as work:
            await work.members._session.delete(moderator)

    async with database.begin() as work:
        found = await work.reveals.get(reveal.id)
        assert found is not None
        assert (found.moderator_id, found.second_moderator_id) == (None, None)
        assert (found.reason, found.revealed_at) == ("A threat.", NOW)
        kept = await work.requests.get(question.id)
        await work.members._session.delete(kept)

    async with database.read() as work:
        assert await work.reveals.get(reveal.id) is None


async def test_two_second_moderators_at_once_conflict(database: Database) -> None:
    async with database.begin() as work:
        question, moderator = await a_question(work, await a_member(work)), await a_member(work)
        reveal = await a_reveal(work, question, moderator)
    async with database.begin() as work:
        granted = await work.reveals.get(reveal.id)
        assert granted is not None
        granted.revealed_at = NOW

    reveal.revealed_at = NOW + timedelta(hours=1)
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.reveals.add(reveal)
