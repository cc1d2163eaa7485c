"""Composing: what a letter says is decided when it leaves, and some have nothing to say any more."""

from datetime import timedelta

import pytest

from bot.services import letters
from bot.services.composing import compose
from bot.services.results import Letter
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Member, OutboxLetter, Question
from tests.factories import NOW, a_guild, a_letter, a_member, a_part, a_question, a_statement, an_invitation
from tests.fakes import CHANNEL_ID

THREAD_ID = 700


async def a_scene(work: UnitOfWork, **chosen: object) -> tuple[Question, Member]:
    """Make a question with a thread, and somebody who could help."""
    await a_guild(work, help_channel_id=CHANNEL_ID)
    question = await a_question(work, await a_member(work, user_id=77), **{"thread_id": THREAD_ID, **chosen})
    return question, await a_member(work, user_id=88)


async def newest(work: UnitOfWork, key: str) -> OutboxLetter:
    letter = await work.outbox.find(key)
    assert letter is not None
    return letter


async def composed(work: UnitOfWork, letter: OutboxLetter) -> Letter:
    made = await compose(work, letter, NOW)
    assert made is not None
    assert (made.letter_id, made.nonce, made.guild_id) == (letter.id, letter.nonce, letter.guild_id)
    return made


async def posted(work: UnitOfWork, question: Question) -> OutboxLetter:
    letters.post_question(work, question, NOW)
    return await newest(work, letters.post_key(question.id))


async def invite(
    work: UnitOfWork, question: Question, helper: Member, source: str = "declared"
) -> tuple[Invitation, OutboxLetter]:
    statement = await a_statement(work, helper, "CTC loss, forced alignment", source=source)
    invitation = await an_invitation(work, question, helper, statement_id=statement.id)
    await letters.invite(work, question, [invitation], NOW)
    return invitation, await newest(work, f"invitation:{invitation.id}")


async def test_a_post_goes_to_the_help_channel_with_the_question(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None, tried="a smaller rate")
        made = await composed(work, await posted(work, question))
    assert (made.kind, made.channel_id, made.user_id, made.addressee_id) == ("post", CHANNEL_ID, None, None)
    assert made.question is not None
    assert (made.question.text, made.question.tried) == (question.text, "a smaller rate")
    assert (made.question.asker_user_id, made.question.thread_id) == (77, None)


async def test_a_post_without_a_help_channel_has_nowhere_to_go_yet(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None)
        await a_guild(work, help_channel_id=None)
        made = await composed(work, await posted(work, question))
    assert (made.channel_id, made.user_id) == (None, None)


async def test_an_invitation_gives_the_reason_in_the_helper_s_own_words(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        made = await composed(work, letter)
    assert (made.kind, made.user_id, made.channel_id, made.addressee_id) == ("invitation", 88, None, 88)
    assert (made.invitation_id, made.member_id) == (invitation.id, helper.id)
    assert (made.reason, made.is_learned) == ("CTC loss, forced alignment", False)
    assert not made.tells_closed


async def test_a_reason_that_was_learned_is_no_word_of_the_helper_s(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        _, letter = await invite(work, question, helper, source="learned")
        made = await composed(work, letter)
    assert (made.reason, made.is_learned) == ("CTC loss, forced alignment", True)


async def test_a_statement_deleted_meanwhile_leaves_no_reason(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        assert invitation.statement_id is not None
        await work.statements.delete([invitation.statement_id])
    async with database.begin() as work:
        kept = await work.outbox.get(letter.id)
        assert kept is not None
        assert (await composed(work, kept)).reason is None


@pytest.mark.parametrize("state", ["taken", "passed", "off_topic", "withdrawn", "undelivered", "expired", "referred"])
async def test_an_invitation_that_is_decided_is_moot(database: Database, state: str) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        invitation.state = state
        assert await compose(work, letter, NOW) is None


async def test_an_outcome_is_asked_of_the_asker_alone(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="answered")
        part = await a_part(work, question, helper)
        letters.ask_outcome(work, question, part, NOW)
        made = await composed(work, await newest(work, f"outcome:{part.id}"))
    assert (made.kind, made.user_id, made.channel_id, made.addressee_id) == ("outcome", 77, None, 77)


@pytest.mark.parametrize("kind", ["post", "outcome"])
async def test_a_closed_question_makes_its_letters_moot(database: Database, kind: str) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="closed")
        letter = await a_letter(work, kind=kind, request_id=question.id, member_id=helper.id)
        assert await compose(work, letter, NOW) is None


async def test_the_end_of_a_question_is_still_told(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, state="closed")
        await letters.tell_thread(work, question, "thread.closed_by_asker", "1", NOW)
        letters.tell_member(work, question, question.asker_id, "thread.not_posted", NOW)
        in_thread = await composed(work, await newest(work, "thread.closed_by_asker:1"))
        in_person = await composed(work, await newest(work, f"thread.not_posted:{question.id}"))
    assert (in_thread.text, in_thread.channel_id, in_thread.user_id) == ("thread.closed_by_asker", THREAD_ID, None)
    assert (in_person.text, in_person.channel_id, in_person.user_id) == ("thread.not_posted", None, 77)


async def test_a_thread_is_told_one_thing_once_with_what_fills_it(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work)
        for _ in range(2):
            await letters.tell_thread(work, question, "thread.taken", "5", NOW, helper=88)
        made = await composed(work, await newest(work, "thread.taken:5"))
    assert (made.text, made.params) == ("thread.taken", {"helper": 88})


async def test_a_thread_that_was_deleted_is_told_nothing(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None, state="closed")
        await letters.tell_thread(work, question, "thread.taken", "5", NOW, helper=88)
        assert await compose(work, await newest(work, "thread.taken:5"), NOW) is None


async def test_a_test_message_and_a_panel_need_no_question(database: Database) -> None:
    async with database.begin() as work:
        _, helper = await a_scene(work)
        await letters.check_messages(work, helper, NOW)
        await letters.post_panel(work, helper.guild_id, NOW)
        check, panel = [await composed(work, each) for each in await work.outbox.claim(NOW, timedelta(minutes=1), 9)]
    assert (check.kind, check.user_id, check.channel_id) == ("direct_message_check", 88, None)
    assert (panel.kind, panel.user_id, panel.channel_id) == ("panel", None, CHANNEL_ID)
    assert check.question is panel.question is None


@pytest.mark.parametrize("how", ["closed before", "closed just now"])
async def test_whoever_takes_no_messages_is_addressed_in_the_thread(database: Database, how: str) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        _, letter = await invite(work, question, helper)
        helper.direct_messages = "closed" if how == "closed before" else "unknown"
        letter.is_public = how == "closed just now"
        made, again = await composed(work, letter), await composed(work, letter)
    assert (made.user_id, made.channel_id, made.addressee_id) == (None, THREAD_ID, 88)
    assert (made.tells_closed, again.tells_closed) == (True, False)
    assert helper.told_closed_at == NOW


async def test_without_a_thread_a_direct_message_is_tried_all_the_same(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, thread_id=None)
        helper.direct_messages = "closed"
        _, letter = await invite(work, question, helper)
        made = await composed(work, letter)
    assert (made.user_id, made.channel_id, made.tells_closed) == (88, None, False)


async def test_an_attempt_knows_when_the_first_one_was(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work)
        letter = await posted(work, question)
        assert (await composed(work, letter)).first_attempt_at == NOW
        letter.attempts, letter.first_attempt_at = 3, NOW - timedelta(hours=1)
        made = await composed(work, letter)
    assert (made.attempts, made.first_attempt_at) == (3, NOW - timedelta(hours=1))
