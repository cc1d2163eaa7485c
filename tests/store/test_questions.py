"""Questions and where they stand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Select

from bot.domain.lifecycle import ANSWERED_STATES, OPEN_STATES, RequestState
from bot.store.engine import Database
from bot.store.requests import ThreadToRead, Unanswered
from bot.store.unit_of_work import ReadingWork
from models import Question
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_part, a_question, a_statement, an_invitation

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def by_kind(moment: datetime) -> dict[str, datetime]:
    """Return a moment for questions, beside one of another kind that would let in every question."""
    return {"errand": NOW + 9 * DAY, "question": moment}


async def ids(work: ReadingWork, chosen: Select[int]) -> list[int]:
    return sorted(await work.requests._session.scalars(chosen))


async def test_a_question_comes_back_whole(database: Database) -> None:
    words = "Why — 为什么 — لماذا — \N{CLINKING GLASSES} does my loss become infinite?"
    async with database.begin() as work:
        asked = await a_question(work, await a_member(work), text=words, is_english=False, interaction_id=9)

    async with database.read() as work:
        question = await work.requests.get(asked.id)
        assert isinstance(question, Question)
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
        by_submission = await work.requests.find_submitted(GUILD_ID + 1)
        by_thread = await work.requests.find_in_thread(GUILD_ID + 2)
        assert by_submission is not None
        assert by_submission is by_thread
        assert by_submission.id == asked.id
        assert await work.requests.find_submitted(GUILD_ID + 2) is None
        assert await work.requests.find_in_thread(GUILD_ID + 1) is None
        assert await work.requests.get(asked.id + 100) is None


async def test_open_questions_are_those_nobody_has_answered(database: Database) -> None:
    async with database.begin() as work:
        asker, other = await a_member(work), await a_member(work)
        asked = {state: await a_question(work, asker, state=state) for state in reversed(RequestState)}
        await a_question(work, other)

    async with database.read() as work:
        found = [question.id for question in await work.requests.open_of(asker.id)]
    assert found == sorted(asked[state].id for state in OPEN_STATES)


async def test_threads_of_unanswered_questions_come_the_longest_waiting_first(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work, user_id=77)
        await a_question(work, asker, thread_id=1, waiting_since=NOW)
        await a_question(work, asker, thread_id=2, state="taken", waiting_since=NOW - DAY)
        await a_question(work, asker, thread_id=3, state="answered", waiting_since=NOW)
        await a_question(work, asker, waiting_since=NOW)

    async with database.begin() as work:
        found = await work.requests.unlooked(NOW - DAY, NOW, 10)
        assert [(each.thread_id, each.asker_user_id, each.since) for each in found] == [(2, 77, None), (1, 77, None)]
        assert not any(each.counts_all for each in found)
        assert await work.requests.unlooked(NOW - DAY, NOW, 1) == found[:1]
        await work.requests.note_look(found[0].request_id, NOW)
        assert await work.requests.unlooked(NOW, NOW, 10) == found[1:]
        assert await work.requests.unlooked(NOW + DAY, NOW, 10) == found
        await work.requests.forget_looks(NOW)
        assert await work.requests.unlooked(NOW, NOW, 10) == found


async def test_where_earlier_answers_were_not_it_another_is_waited_for_since_its_asker_said_so(
    database: Database,
) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work, user_id=77), thread_id=1)
        for days in (1, 2):
            await a_part(work, question, await a_helper(work), outcome="not_yet", outcome_at=NOW + days * DAY)

    async with database.read() as work:
        assert await work.requests.unlooked(NOW, NOW, 10) == [ThreadToRead(GUILD_ID, question.id, 1, 77, NOW + 2 * DAY)]


class TestDue:
    """Questions whose free places are to be looked at."""

    async def test_they_come_by_community_the_longest_due_first(self, database: Database) -> None:
        async with database.begin() as work:
            there, here = await a_member(work, GUILD_ID + 1), await a_member(work)
            elsewhere = await a_question(work, there, next_look_at=NOW - DAY)
            later, earlier, same = [await a_question(work, here, next_look_at=at) for at in (NOW, NOW - DAY, NOW)]
            await a_question(work, here, next_look_at=NOW + MOMENT)
            await a_question(work, here)

        async with database.read() as work:
            due = await work.requests.due(NOW, 10)
            assert due == [
                (GUILD_ID, earlier.id), (GUILD_ID, later.id), (GUILD_ID, same.id), (GUILD_ID + 1, elsewhere.id),
            ]  # fmt: skip
            assert await work.requests.due(NOW, 2) == due[:2]
            assert await work.requests.due(NOW - 2 * DAY, 10) == []

    @pytest.mark.parametrize("state", [state for state in RequestState if state is not RequestState.WAITING])
    async def test_what_does_not_wait_is_never_due(self, sqlite_database: Database, state: str) -> None:
        async with sqlite_database.begin() as work:
            await a_question(work, await a_member(work), state=state, next_look_at=NOW)
            assert await work.requests.due(NOW, 10) == []

    async def test_the_next_look_is_put_off_for_these_and_no_other(self, database: Database) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            first, second, other = [await a_question(work, asker, next_look_at=NOW) for _ in range(3)]
            await work.requests.look_at([first.id], NOW + DAY)
            await work.requests.look_at([second.id], None)
            await work.requests.look_at([], NOW)

        async with database.read() as work:
            assert await work.requests.due(NOW, 10) == [(GUILD_ID, other.id)]
            assert await work.requests.due(NOW + DAY, 10) == [(GUILD_ID, other.id), (GUILD_ID, first.id)]

    async def test_a_look_that_is_put_off_conflicts_with_nobody_s_press(self, database: Database) -> None:
        async with database.begin() as work:
            question = await a_question(work, await a_member(work))
        async with database.begin() as work:
            await work.requests.look_at([question.id], NOW)

        question.state = "taken"
        async with database.begin() as work:
            work.requests.add(question)
        async with database.read() as work:
            (kept,) = await work.requests.those([question.id])
            assert (kept.state, kept.next_look_at) == ("taken", NOW)


class TestWaiting:
    """Questions that no one has taken."""

    async def test_they_are_listed_once_they_have_waited_and_have_a_thread_the_longest_first(
        self, database: Database
    ) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            short, long, just = [
                await a_question(work, asker, thread_id=number, waiting_since=NOW - ago)
                for number, ago in enumerate((DAY, 2 * DAY, DAY - MOMENT), 1)
            ]
            hidden = await a_question(work, asker, thread_id=4, waiting_since=NOW - 3 * DAY, visibility="matched")
            nameless = await a_question(work, asker, thread_id=5, waiting_since=NOW - 4 * DAY, visibility="anonymous")
            await a_question(work, asker, waiting_since=NOW - 5 * DAY)
            await a_question(work, await a_member(work, GUILD_ID + 1), thread_id=6, waiting_since=NOW - 5 * DAY)
            for number, state in enumerate(set(RequestState) - {RequestState.WAITING}, 10):
                await a_question(work, asker, thread_id=number, waiting_since=NOW - 5 * DAY, state=state)

        async with database.read() as work:
            everybody = await work.requests.waiting(GUILD_ID, by_kind(NOW - DAY), is_public=True)
            assert [each.id for each in everybody] == [nameless.id, long.id, short.id]
            moderators = await work.requests.waiting(GUILD_ID, by_kind(NOW - DAY), is_public=False)
            assert [each.id for each in moderators] == [nameless.id, hidden.id, long.id, short.id]
            assert just.id in [each.id for each in await work.requests.waiting(GUILD_ID, by_kind(NOW), is_public=True)]

    async def test_they_are_seen_to_the_longest_first_in_whatever_community(self, database: Database) -> None:
        async with database.begin() as work:
            here, there = await a_member(work), await a_member(work, GUILD_ID + 1)
            newer = await a_question(work, here, waiting_since=NOW - 2 * DAY)
            older = await a_question(work, there, waiting_since=NOW - 3 * DAY)
            await a_question(work, here, waiting_since=NOW - DAY)
            await a_question(work, here, waiting_since=NOW - 3 * DAY, state="taken")
            await a_question(work, here)

        async with database.read() as work:
            since = NOW - 2 * DAY
            expected = [
                Unanswered(GUILD_ID + 1, older.id, "question", NOW - 3 * DAY),
                Unanswered(GUILD_ID, newer.id, "question", since),
            ]
            assert await work.requests.unanswered(by_kind(since), 10) == expected
            assert await work.requests.unanswered(by_kind(since), 1) == expected[:1]
            assert sorted(await work.requests.waiting_guilds(by_kind(since))) == [GUILD_ID, GUILD_ID + 1]
            assert await work.requests.waiting_guilds(by_kind(NOW - 3 * DAY)) == [GUILD_ID + 1]


async def test_several_are_held_and_read_in_their_order(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        first, second, third = [(await a_question(work, asker)).id for _ in range(3)]
    async with database.begin() as work:
        seen = await work.requests.get(second)
        await work.requests.look_at([second], NOW)

        held = await work.requests.hold_all({third, second, first + 99})

        assert [each.id for each in held] == [second, third]
        assert held[0] is seen
        assert held[0].next_look_at == NOW
        assert [each.id for each in await work.requests.those([third, first])] == [first, third]
        assert await work.requests.hold_all([]) == await work.requests.those([]) == []


async def test_a_member_s_own_questions_come_newest_first_whatever_became_of_them(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        asked = [(await a_question(work, asker, state=state)).id for state in RequestState]
        await a_question(work, await a_member(work))

    async with database.read() as work:
        assert [each.id for each in await work.requests.of(asker.id, 3)] == asked[:-4:-1]
        assert len(await work.requests.of(asker.id, 99)) == len(asked)


async def test_what_was_put_away_comes_with_when_it_was_last_and_not_for_ever(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        twice, once = [
            await a_question(work, asker, state="archived", thread_id=number, waiting_since=NOW - number * DAY)
            for number in (1, 2)
        ]
        for question, ago in ((twice, 3 * DAY), (once, 2 * DAY), (twice, DAY)):
            work.facts.add("archived", question, NOW - ago)
        work.facts.add("reopened", twice, NOW)
        await a_question(work, asker, state="archived")

    async with database.read() as work:
        put_away = await work.requests.unlooked(NOW, NOW - 2 * DAY, 10)
        assert [(each.thread_id, each.since) for each in put_away] == [(2, NOW - 2 * DAY), (1, NOW - DAY)]
        assert all(each.counts_all for each in put_away)
        assert await work.requests.unlooked(NOW, NOW - DAY, 10) == put_away[1:]


class TestSolved:
    """Questions that others may learn from: answered, where everyone may read."""

    async def test_those_that_were_answered_in_a_public_thread_oldest_first(self, database: Database) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            asked = {
                state: await a_question(work, asker, state=state, thread_id=number)
                for number, state in enumerate(RequestState, 1)
            }
            await a_question(work, asker, state="answered")
            await a_question(work, asker, state="answered", thread_id=99, visibility="matched")
            nameless = await a_question(work, asker, state="answered", thread_id=98, visibility="anonymous")
            elsewhere = await a_question(work, await a_member(work, GUILD_ID + 1), state="resolved", thread_id=100)
        expected = [*sorted(asked[state].id for state in ANSWERED_STATES), nameless.id]

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
        unposted = await a_question(work, asker, state="unposted")
        await a_question(work, await a_member(work, GUILD_ID + 1))

    async with database.read() as work:
        assert await ids(work, work.questions.latest_ids(GUILD_ID, 2)) == asked[1:]
        assert await ids(work, work.questions.latest_ids(GUILD_ID, 10)) == asked
        assert await ids(work, work.questions.ids(GUILD_ID)) == [*asked, unposted.id]


async def test_drafts_are_those_that_were_never_posted_and_old_enough(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        old = await a_question(work, asker, state="unposted", created_at=NOW - DAY)
        await a_question(work, asker, state="unposted", created_at=NOW)
        await a_question(work, asker, created_at=NOW - DAY)

    async with database.read() as work:
        assert list(await work.requests.unposted(by_kind(NOW))) == [old.id]
        assert list(await work.requests.unposted(by_kind(NOW - DAY))) == []


async def test_a_draft_goes_with_whatever_hangs_on_it_and_what_was_posted_meanwhile_stays(
    database: Database,
) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        gone, kept = await a_question(work, asker, state="unposted"), await a_question(work, asker)
        for question in (gone, kept):
            work.question_vectors.add(question.id, {"model": b"\0\0\0\0"})
        invitation = await an_invitation(work, gone, helper)
        learned = await a_statement(work, helper, "learned", source="learned", request_id=gone.id)

    async with database.begin() as work:
        await work.requests.delete_unposted([gone.id, kept.id, 999])
        await work.requests.delete_unposted([])

    async with database.read() as work:
        assert await work.requests.get(gone.id) is None
        assert await work.requests.get(kept.id) is not None
        assert await work.invitations.get(invitation.id) is None
        assert await work.statements.get(learned.id) is None
        assert list(await work.question_vectors.of([gone.id, kept.id])) == [kept.id]
