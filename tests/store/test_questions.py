"""Questions and where they stand."""

from datetime import timedelta

import pytest
from sqlalchemy import Select

from bot.domain.lifecycle import ANSWERED_STATES, OPEN_STATES, RequestState
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_question, a_statement, an_invitation

WAVE, MOST = 2, 7
DAY = timedelta(days=1)


async def ids(work: UnitOfWork, chosen: Select[int]) -> list[int]:
    return sorted(await work.questions._session.scalars(chosen))


async def test_a_question_comes_back_whole(database: Database) -> None:
    words = "Why — 为什么 — لماذا — \N{CLINKING GLASSES} does my loss become infinite?"
    async with database.begin() as work:
        asked = await a_question(work, await a_member(work), text=words, is_english=False, interaction_id=9)

    async with database.read() as work:
        question = await work.questions.get(asked.id)
        assert question is not None
        assert (question.text, question.tried, question.kind, question.is_english) == (words, None, "concept", False)
        assert (question.type, question.state, question.urgency) == ("question", "waiting", "this_week")
        assert (question.visibility, question.close_reason, question.thread_id) == ("public", None, None)
        assert question.created_at == NOW


async def test_a_question_is_found_by_its_submission_and_by_its_thread(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        asked = await a_question(work, asker, interaction_id=GUILD_ID + 1, thread_id=GUILD_ID + 2)
        await a_question(work, asker)

    async with database.read() as work:
        by_submission = await work.questions.find_submitted(GUILD_ID + 1)
        by_thread = await work.questions.find_in_thread(GUILD_ID + 2)
        assert by_submission is not None
        assert by_submission is by_thread
        assert by_submission.id == asked.id
        assert await work.questions.find_submitted(GUILD_ID + 2) is None
        assert await work.questions.find_in_thread(GUILD_ID + 1) is None
        assert await work.questions.get(asked.id + 100) is None


async def test_open_questions_are_those_nobody_has_answered(database: Database) -> None:
    async with database.begin() as work:
        asker, other = await a_member(work), await a_member(work)
        asked = {state: await a_question(work, asker, state=state) for state in reversed(RequestState)}
        await a_question(work, other)

    async with database.read() as work:
        found = [question.id for question in await work.questions.open_of(asker.id)]
    assert found == sorted(asked[state].id for state in OPEN_STATES)


async def test_threads_of_unanswered_questions_come_newest_first(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work, user_id=77)
        await a_question(work, asker, thread_id=1)
        await a_question(work, asker, thread_id=2, state="taken")
        await a_question(work, asker, thread_id=3, state="answered")
        await a_question(work, asker)

    async with database.read() as work:
        assert await work.questions.open_in_threads(10) == [(2, 77), (1, 77)]
        assert await work.questions.open_in_threads(1) == [(2, 77)]


async def test_a_question_nobody_was_asked_about_is_underinvited(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        first, second = await a_question(work, asker), await a_question(work, asker)

    async with database.read() as work:
        assert await work.questions.underinvited(WAVE, MOST, 10) == [first.id, second.id]
        assert await work.questions.underinvited(WAVE, MOST, 1) == [first.id]


@pytest.mark.parametrize("state", [state for state in RequestState if state is not RequestState.WAITING])
async def test_a_question_that_does_not_wait_is_not_underinvited(database: Database, state: str) -> None:
    async with database.begin() as work:
        await a_question(work, await a_member(work), state=state)
        assert await work.questions.underinvited(WAVE, MOST, 10) == []


@pytest.mark.parametrize(
    ("states", "is_underinvited"),
    [
        (["asked"], True),
        (["asked", "asked"], False),
        (["asked", "passed"], True),
        (["passed"] * 6, True),
        (["passed"] * 7, False),
        (["passed"] * 6 + ["asked"], False),
        (["passed"] * 5 + ["asked"], True),
    ],
)
async def test_a_question_is_underinvited_while_seats_are_free(
    sqlite_database: Database, states: list[str], *, is_underinvited: bool
) -> None:
    async with sqlite_database.begin() as work:
        question = await a_question(work, await a_member(work))
        for state in states:
            await an_invitation(work, question, await a_helper(work), state=state)

        assert (question.id in await work.questions.underinvited(WAVE, MOST, 10)) is is_underinvited


class TestSolved:
    """Questions that others may learn from: answered, where everybody may read."""

    async def test_those_that_were_answered_in_a_public_thread_oldest_first(self, database: Database) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            asked = {
                state: await a_question(work, asker, state=state, thread_id=number)
                for number, state in enumerate(RequestState, 1)
            }
            await a_question(work, asker, state="answered")
            await a_question(work, asker, state="answered", thread_id=99, visibility="matched")
            elsewhere = await a_question(work, await a_member(work, GUILD_ID + 1), state="resolved", thread_id=100)
        expected = sorted(asked[state].id for state in ANSWERED_STATES)

        async with database.read() as work:
            assert [each.id for each in await work.questions.solved(GUILD_ID)] == expected
            assert await ids(work, work.questions.solved_ids(GUILD_ID)) == expected
            assert [each.id for each in await work.questions.solved(GUILD_ID + 1)] == [elsewhere.id]

    async def test_among_some_ids_only(self, database: Database) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            first, second = [await a_question(work, asker, state="answered", thread_id=number) for number in (1, 2)]
            waiting = await a_question(work, asker, thread_id=3)

        async with database.read() as work:
            for among, expected in (([second.id, waiting.id], [second.id]), ([], []), ([first.id, 999], [first.id])):
                assert [each.id for each in await work.questions.solved(GUILD_ID, among)] == expected


async def test_the_latest_questions_of_a_community_are_counted_back_from_the_newest_posted(
    database: Database,
) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        asked = [(await a_question(work, asker, state=state)).id for state in ("closed", "waiting", "resolved")]
        draft = await a_question(work, asker, state="draft")
        await a_question(work, await a_member(work, GUILD_ID + 1))

    async with database.read() as work:
        assert await ids(work, work.questions.latest_ids(GUILD_ID, 2)) == asked[1:]
        assert await ids(work, work.questions.latest_ids(GUILD_ID, 10)) == asked
        assert await ids(work, work.questions.ids(GUILD_ID)) == [*asked, draft.id]


async def test_drafts_are_those_that_were_never_posted_and_old_enough(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        old = await a_question(work, asker, state="draft", created_at=NOW - DAY)
        await a_question(work, asker, state="draft", created_at=NOW)
        await a_question(work, asker, created_at=NOW - DAY)

    async with database.read() as work:
        assert list(await work.questions.drafts(NOW)) == [old.id]
        assert list(await work.questions.drafts(NOW - DAY)) == []


async def test_a_draft_goes_with_whatever_hangs_on_it_and_what_was_posted_meanwhile_stays(
    database: Database,
) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        gone, kept = await a_question(work, asker, state="draft"), await a_question(work, asker)
        for question in (gone, kept):
            work.question_vectors.add(question.id, {"model": b"\0\0\0\0"})
        invitation = await an_invitation(work, gone, helper)
        learned = await a_statement(work, helper, "learned", source="learned", request_id=gone.id)

    async with database.begin() as work:
        await work.questions.delete_drafts([gone.id, kept.id, 999])
        await work.questions.delete_drafts([])

    async with database.read() as work:
        assert await work.questions.get(gone.id) is None
        assert await work.questions.get(kept.id) is not None
        assert await work.invitations.get(invitation.id) is None
        assert await work.statements.get(learned.id) is None
        assert list(await work.question_vectors.of([gone.id, kept.id])) == [kept.id]
