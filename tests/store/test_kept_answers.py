"""What two people agreed to keep for others."""

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from models import KeptAnswer, Member, Question
from tests.factories import NOW, a_helper, a_kept_answer, a_member, a_question


async def test_what_is_to_be_kept_is_found_by_its_request(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        kept = await a_kept_answer(work, question, helper)

    async with database.read() as work:
        found = await work.kept_answers.find(question.id)
        assert found is not None
        assert (found.id, found.helper_id, found.question) == (kept.id, helper.id, question.text)
        assert (found.answer, found.created_at) == (kept.answer, NOW)
        assert (found.asker_agreed_at, found.helper_agreed_at, found.declined_at) == (None, None, None)
        assert await work.kept_answers.find(question.id + 1) is None


async def test_one_exchange_of_a_request_is_kept(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        await a_kept_answer(work, question, helper)
    with pytest.raises(Conflict):
        async with database.begin() as work:
            await a_kept_answer(work, question, await a_helper(work))


@pytest.mark.parametrize(
    ("chosen", "is_agreed"),
    [
        ({}, False),
        ({"asker_agreed_at": NOW}, False),
        ({"helper_agreed_at": NOW}, False),
        ({"asker_agreed_at": NOW, "helper_agreed_at": NOW}, True),
        ({"declined_at": NOW}, False),
    ],
)
async def test_only_what_both_agreed_to_is_for_others(
    database: Database, chosen: dict[str, object], *, is_agreed: bool
) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        kept = await a_kept_answer(work, question, await a_helper(work), **chosen)

        found = await work.kept_answers.agreed([question.id])

    assert found == ({question.id: kept} if is_agreed else {})


async def test_only_these_requests_are_looked_at(database: Database) -> None:
    both = {"asker_agreed_at": NOW, "helper_agreed_at": NOW}
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        questions = [await a_question(work, asker) for _ in range(3)]
        for question in questions:
            await a_kept_answer(work, question, helper, **both)
        ids = [question.id for question in questions]

        assert set(await work.kept_answers.agreed(ids[:2])) == set(ids[:2])
        assert await work.kept_answers.agreed([]) == {}


async def test_other_words_are_another_proposal_in_the_place_of_the_first(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        first = await work.kept_answers.replace(None, proposal(question, helper, "Clip the gradient."))
        second = await work.kept_answers.replace(first, proposal(question, helper, "Other words."))
        first_id, second_id = first.id, second.id

    async with database.read() as work:
        assert second_id > first_id
        assert await work.kept_answers.request_of(first_id) is None
        assert await work.kept_answers.request_of(second_id) == question.id
        found = await work.kept_answers.find(question.id)
        assert found is not None
        assert found.answer == "Other words."


def proposal(question: Question, helper: Member, answer: str) -> KeptAnswer:
    return KeptAnswer(
        request_id=question.id, helper_id=helper.id, question=question.text, answer=answer, created_at=NOW
    )


async def test_two_who_change_the_words_at_once_conflict(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        kept = await a_kept_answer(work, question, await a_helper(work))
    async with database.begin() as work:
        again = await work.kept_answers.find(question.id)
        assert again is not None
        again.answer = "Other words."

    kept.answer = "Words of before."
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.kept_answers.add(kept)


@pytest.mark.parametrize("gone", ["question", "helper"])
async def test_the_words_go_with_the_question_and_with_whoever_wrote_them(database: Database, gone: str) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        await a_kept_answer(work, question, helper)
        await work.members._session.delete(question if gone == "question" else helper)

    async with database.read() as work:
        assert await work.kept_answers.find(question.id) is None
