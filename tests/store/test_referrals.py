"""Wishes that someone be asked in another's name."""

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from tests.factories import a_helper, a_member, a_question, a_referral


async def test_the_referrals_to_several_requests_come_oldest_first(database: Database) -> None:
    async with database.begin() as work:
        asker, referrer, one, two = (
            await a_member(work),
            await a_helper(work),
            await a_helper(work),
            await a_member(work),
        )
        first, second, third = [await a_question(work, asker) for _ in range(3)]
        wishes = [
            (await a_referral(work, question, member, referrer)).id
            for question, member in ((first, two), (first, one), (third, one))
        ]

        found = await work.referrals.of([first.id, second.id])

    assert {request_id: [each.id for each in some] for request_id, some in found.items()} == {
        first.id: wishes[:2],
        second.id: [],
    }
    assert [(each.member_id, each.referrer_id) for each in found[first.id]] == [
        (two.id, referrer.id), (one.id, referrer.id),
    ]  # fmt: skip


async def test_somebody_waits_once_for_one_request(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        one, two, named = [await a_helper(work) for _ in range(3)]
        await a_referral(work, question, named, one)
    with pytest.raises(Conflict):
        async with database.begin() as work:
            await a_referral(work, question, named, two)


async def test_what_is_done_is_forgotten(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        referrer, one, two = [await a_helper(work) for _ in range(3)]
        done, waiting = [await a_referral(work, question, each, referrer) for each in (one, two)]
    async with database.begin() as work:
        await work.referrals.delete([done.id])
        await work.referrals.delete([])
        await work.referrals.delete([done.id])

    async with database.read() as work:
        found = await work.referrals.of([question.id])
    assert [each.id for each in found[question.id]] == [waiting.id]


@pytest.mark.parametrize("gone", ["question", "named", "referrer"])
async def test_a_wish_goes_with_everybody_in_it(database: Database, gone: str) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        referrer, named = await a_helper(work), await a_helper(work)
        await a_referral(work, question, named, referrer)
        rows = {"question": question, "named": named, "referrer": referrer}
        await work.members._session.delete(rows[gone])

    async with database.read() as work:
        assert await work.referrals.of([question.id]) == {question.id: []}
