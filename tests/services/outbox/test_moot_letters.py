"""Letters that have nothing to say any more when they are to leave."""

from datetime import timedelta

import pytest

from bot.domain.lifecycle import InvitationState, RequestState
from bot.domain.policy import DEFAULT
from bot.services.requests import letters
from bot.services.results import Exchange
from bot.store.engine import Database
from models import KeptAnswer
from tests.factories import NOW, a_guild, a_kept_answer, a_letter, a_reveal, an_invitation, having
from tests.services.written import HOUR, MODERATORS_ID, THREAD_ID, a_list, a_scene, compose, composed, invite, newest


@pytest.mark.parametrize("state", [state for state in InvitationState if state is not InvitationState.ASKED])
async def test_an_invitation_that_is_decided_is_moot(database: Database, state: str) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        invitation.state = state
        assert await compose(work, letter, NOW) is None


@pytest.mark.parametrize("kind", ["post", "outcome"])
async def test_a_closed_question_makes_its_letters_moot(database: Database, kind: str) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="closed")
        letter = await a_letter(work, kind=kind, request_id=question.id, member_id=helper.id)
        assert await compose(work, letter, NOW) is None


async def test_a_thread_that_was_deleted_is_told_nothing(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None, state="closed")
        await letters.tell_thread(work, question, "thread.taken", "5", NOW, helper=88)
        assert await compose(work, await newest(work, "thread.taken:5"), NOW) is None


@pytest.mark.parametrize(
    ("invitation_state", "claimed_ago", "question_state", "is_wanted"),
    [
        ("taken", 12 * HOUR, "taken", True),
        ("taken", 12 * HOUR, "waiting", True),
        ("taken", 11 * HOUR, "taken", False),
        ("taken", None, "taken", False),
        ("passed", 12 * HOUR, "waiting", False),
        ("released", 12 * HOUR, "waiting", False),
        ("taken", 12 * HOUR, "answered", False),
        ("taken", 12 * HOUR, "archived", False),
    ],
)
async def test_a_reminder_of_a_claim_leaves_while_the_claim_stands_and_nobody_has_answered(
    sqlite_database: Database,
    invitation_state: str,
    claimed_ago: timedelta | None,
    question_state: str,
    *,
    is_wanted: bool,
) -> None:
    async with sqlite_database.begin() as work:
        question, helper = await a_scene(work, state=question_state)
        since = None if claimed_ago is None else NOW - claimed_ago
        claim = {"decided_at": since, "expires_at": since and since + DEFAULT.claimed_for}
        invitation = await an_invitation(work, question, helper, state=invitation_state, **claim)
        await letters.nudge_claim(work, question, invitation, NOW)
        made = await compose(work, await newest(work, f"nudge:{invitation.id}:{NOW:%Y%m%d%H%M%S}"), NOW)
    assert (made is not None) is is_wanted
    assert made is None or (made.kind, made.user_id, made.channel_id) == ("nudge", 88, None)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("outcome", "outcome.again", {"answered"}),
        ("outcome", None, {"waiting", "taken", "answered", "archived"}),
        ("choices", None, {"waiting"}),
        ("archive", None, {"archived"}),
        ("post", None, {"unposted", "waiting", "taken", "answered", "archived"}),
    ],
)
async def test_what_a_question_has_moved_on_from_is_moot(
    sqlite_database: Database, kind: str, text: str | None, wanted: set[str]
) -> None:
    left = set()
    async with sqlite_database.begin() as work:
        question, _ = await a_scene(work)
        letter = await a_letter(work, kind=kind, text=text, request_id=question.id, member_id=question.asker_id)
        for state in RequestState:
            question.state = state
            left |= {state.value} if await compose(work, letter, NOW) else set()
    assert left >= wanted
    assert left - {"unposted"} == wanted - {"unposted"}


async def test_what_was_put_away_without_a_thread_is_told_nowhere(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, state="archived", thread_id=None)
        await letters.archive(work, question, NOW)
        assert await compose(work, await newest(work, f"archive:{question.id}:{NOW:%Y%m%d%H%M%S}"), NOW) is None


@pytest.mark.parametrize("kind", ["digest", "moderator_digest"])
async def test_an_empty_list_is_not_posted(database: Database, kind: str) -> None:
    async with database.begin() as work:
        await a_scene(work, waiting_since=NOW)
        assert await a_list(work, kind) is None


async def test_moderators_hear_of_a_wish_to_know_who_asked_until_two_know(database: Database) -> None:
    async with database.begin() as work:
        question, moderator = await a_scene(work, visibility="anonymous")
        await a_guild(work, moderator_channel_id=MODERATORS_ID)
        reveal = await a_reveal(work, question, moderator)
        await letters.ask_second_moderator(work, question, reveal.id, NOW)
        letter = await newest(work, f"reveal:{reveal.id}")
        made = await composed(work, letter)
        reveal.revealed_at = NOW
        assert await compose(work, letter, NOW) is None
    assert (made.channel_id, made.user_id, made.content.reveal_id) == (MODERATORS_ID, None, reveal.id)


async def test_whoever_is_there_again_reads_nothing_of_silences(database: Database) -> None:
    async with database.begin() as work:
        _, helper = await a_scene(work)
        helper.paused_at = NOW
        letters.note_silence(work, helper, 5, NOW)
        letter = await newest(work, "silence:5")
        made = await composed(work, letter)
        helper.paused_at = None
        assert await compose(work, letter, NOW) is None
    assert (made.kind, made.user_id, made.content.member_id) == ("silence", 88, helper.id)


@pytest.mark.parametrize("chosen", [{}, {"helper_agreed_at": NOW}, {"declined_at": NOW}], ids=str)
async def test_two_people_are_asked_about_the_words_as_they_are_now(
    database: Database, chosen: dict[str, object]
) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="resolved")
        kept = await a_kept_answer(work, question, helper)
        await letters.ask_to_keep(work, question, helper.id, NOW)
        letter = await newest(work, letters.keep_key(question.id, helper.id))
        having(kept, chosen)
        await work.flush()
        made = await compose(work, letter, NOW)
    assert (made is None) is bool(chosen)
    assert made is None or made.content.exchange == Exchange(
        question.id, kept.question, kept.answer, THREAD_ID, kept.id
    )


async def test_whoever_is_asked_reads_the_words_as_they_are_when_it_leaves(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="resolved")
        kept = await a_kept_answer(work, question, helper)
        await letters.ask_to_keep(work, question, helper.id, NOW)
        letter = await newest(work, letters.keep_key(question.id, helper.id))
        newer = KeptAnswer(
            request_id=question.id, helper_id=helper.id, question=kept.question, answer="Other words.", created_at=NOW
        )
        await work.kept_answers.replace(kept, newer)
        await letters.ask_to_keep(work, question, helper.id, NOW)
        made = await compose(work, letter, NOW)
    assert made is not None
    assert made.content.exchange.answer == "Other words."
