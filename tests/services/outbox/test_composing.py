"""Composing: what a letter says is decided when it leaves, and some have nothing to say any more."""

from datetime import timedelta

import pytest

from bot.domain.policy import DEFAULT
from bot.services.community.letters import Panel, post_panel
from bot.services.people.letters import MessageCheck, check_messages
from bot.services.requests import letters
from bot.services.results import QuestionView
from bot.store.engine import Database
from tests.factories import NOW, a_guild, a_letter, a_member, a_part, a_question
from tests.fakes import CHANNEL_ID
from tests.services.written import (
    HOUR,
    MODERATORS_ID,
    PANEL_ID,
    PRIVATE,
    PRIVATE_ID,
    THREAD_ID,
    a_list,
    a_scene,
    composed,
    invite,
    may_be_public,
    newest,
    posted,
)


async def test_a_post_goes_to_the_help_channel_with_the_question(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None, tried="a smaller rate")
        made = await composed(work, await posted(work, question))
    assert (made.kind, made.channel_id, made.user_id, made.addressee_id) == ("post", CHANNEL_ID, None, None)
    assert isinstance(made.content.question, QuestionView)
    assert (made.content.question.text, made.content.question.tried) == (question.text, "a smaller rate")
    assert (made.content.question.asker_user_id, made.content.question.thread_id) == (77, None)


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
    assert (made.content.invitation_id, made.addressee_id) == (invitation.id, helper.user_id)
    assert (made.content.reason, made.content.is_learned) == ("CTC loss, forced alignment", False)
    assert not made.tells_closed


async def test_a_reason_that_was_learned_is_no_word_of_the_helper_s(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        _, letter = await invite(work, question, helper, source="learned")
        made = await composed(work, letter)
    assert (made.content.reason, made.content.is_learned) == ("CTC loss, forced alignment", True)


async def test_a_statement_deleted_meanwhile_leaves_no_reason(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        assert invitation.statement_id is not None
        await work.statements.delete([invitation.statement_id])
    async with database.begin() as work:
        kept = await work.outbox.get(letter.id)
        assert kept is not None
        assert (await composed(work, kept)).content.reason is None


async def test_an_outcome_is_asked_of_the_asker_alone(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, state="answered")
        part = await a_part(work, question, helper)
        await letters.ask_outcome(work, question, part, DEFAULT, NOW)
        made = await composed(work, await newest(work, letters.outcome_key(part)))
    assert (made.kind, made.user_id, made.channel_id, made.addressee_id) == ("outcome", 77, None, 77)


async def test_the_end_of_a_question_is_still_told(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, state="closed")
        await letters.tell_thread(work, question, "thread.closed_by_asker", "1", NOW)
        await letters.tell_member(work, question, question.asker_id, "thread.not_posted", NOW)
        in_thread = await composed(work, await newest(work, "thread.closed_by_asker:1"))
        in_person = await composed(work, await newest(work, f"thread.not_posted:{question.id}"))
    assert (in_thread.content.text, in_thread.channel_id, in_thread.user_id) == (
        "thread.closed_by_asker",
        THREAD_ID,
        None,
    )
    assert (in_person.content.text, in_person.channel_id, in_person.user_id) == ("thread.not_posted", None, 77)


async def test_a_thread_is_told_one_thing_once_with_what_fills_it(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work)
        for _ in range(2):
            await letters.tell_thread(work, question, "thread.taken", "5", NOW, helper=88)
        made = await composed(work, await newest(work, "thread.taken:5"))
    assert (made.content.text, made.content.params) == ("thread.taken", {"helper": 88})


async def test_a_test_message_and_a_panel_need_no_question(database: Database) -> None:
    async with database.begin() as work:
        _, helper = await a_scene(work)
        await check_messages(work, helper, NOW)
        await post_panel(work, helper.guild_id, NOW)
        claimed = await work.outbox.claim(NOW, timedelta(minutes=1), 9)
        check, panel = [await composed(work, each) for each in await work.outbox.those(claimed)]
    assert (check.kind, check.user_id, check.channel_id) == ("direct_message_check", 88, None)
    assert (panel.kind, panel.user_id, panel.channel_id) == ("panel", None, CHANNEL_ID)
    assert (check.content, panel.content) == (MessageCheck(helper.id), Panel())


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


async def test_whoever_is_asked_in_somebody_s_name_reads_whose(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work)
        invitation, letter = await invite(work, question, helper)
        assert (await composed(work, letter)).content.referrer_user_id is None
        invitation.referrer_id = (await a_member(work, user_id=99)).id
        assert (await composed(work, letter)).content.referrer_user_id == 99


async def test_a_list_shows_the_five_that_wait_longest_and_how_many_more(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work, help_channel_id=CHANNEL_ID, moderator_channel_id=MODERATORS_ID)
        asker = await a_member(work)
        for hours in (1, 24, 25, 26, 48, 49, 50, 51):
            since = NOW - hours * HOUR
            await a_question(work, asker, thread_id=hours, waiting_since=since, text=f"after {hours}")
        await a_question(work, asker, thread_id=90, waiting_since=NOW - 90 * HOUR, visibility="matched")
        await a_question(work, asker, thread_id=91, waiting_since=NOW - 91 * HOUR, state="taken")
        await a_question(work, asker, waiting_since=NOW - 92 * HOUR)
        public, moderators = await a_list(work, "digest"), await a_list(work, "moderator_digest")
    assert public is not None
    assert moderators is not None
    assert [each.thread_id for each in public.content.waiting] == [51, 50, 49, 48, 26]
    assert (public.content.more, public.channel_id) == (2, CHANNEL_ID)
    assert (public.content.waiting[0].text, public.content.waiting[0].since) == ("after 51", NOW - 51 * HOUR)
    assert [each.thread_id for each in moderators.content.waiting] == [90, 51, 50, 49, 48]
    assert [each.text for each in moderators.content.waiting][:2] == [None, "after 51"]
    assert (moderators.content.more, moderators.channel_id) == (0, MODERATORS_ID)


async def test_in_a_forum_the_list_goes_into_the_panel_s_post(database: Database) -> None:
    async with database.begin() as work:
        await a_scene(work, waiting_since=NOW - 24 * HOUR)
        await a_guild(work, panel_channel_id=PANEL_ID)
        made = await a_list(work, "digest")
    assert made is not None
    assert made.channel_id == PANEL_ID


@pytest.mark.parametrize(
    ("visibility", "private", "expected"),
    [
        ("matched", PRIVATE_ID, PRIVATE_ID),
        ("matched", None, CHANNEL_ID),
        ("public", PRIVATE_ID, CHANNEL_ID),
        ("anonymous", PRIVATE_ID, CHANNEL_ID),
    ],
)
async def test_what_only_those_asked_may_read_is_posted_where_private_threads_are(
    database: Database, visibility: str, private: int | None, expected: int
) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work, thread_id=None, visibility=visibility)
        await a_guild(work, private_channel_id=private)
        assert (await composed(work, await posted(work, question))).channel_id == expected


@pytest.mark.parametrize("visibility", ["public", "matched"])
async def test_whoever_a_line_in_a_private_thread_is_about_is_let_in_and_no_one_who_is_asked(
    database: Database, visibility: str
) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, visibility=visibility)
        await a_guild(work, help_channel_id=CHANNEL_ID)
        _, letter = await invite(work, question, helper)
        assert (await composed(work, letter)).guest_user_id is None
        helper.direct_messages = "closed"
        addressed = await composed(work, letter)
        await letters.tell_thread(work, question, "thread.taken", "5", NOW, helper=88)
        about = await composed(work, await newest(work, "thread.taken:5"))
        await letters.tell_thread(work, question, "thread.talk_wanted", "5", NOW)
        about_nobody = await composed(work, await newest(work, "thread.talk_wanted:5"))
    is_matched = visibility == "matched"
    assert (addressed.guest_user_id, about.guest_user_id) == (None, 88 if is_matched else None)
    assert addressed.channel_id == (CHANNEL_ID if is_matched else question.thread_id)
    assert about_nobody.guest_user_id is None


@pytest.mark.parametrize("kind", sorted(PRIVATE))
async def test_what_is_private_is_never_said_in_a_thread(sqlite_database: Database, kind: str) -> None:
    async with sqlite_database.begin() as work:
        question, helper = await a_scene(work)
        letter = await a_letter(work, kind=kind, request_id=question.id, member_id=helper.id)
        assert not await may_be_public(work, letter)


@pytest.mark.parametrize("visibility", ["public", "anonymous"])
async def test_an_asker_nobody_is_to_know_is_addressed_nowhere_but_in_private(
    database: Database, visibility: str
) -> None:
    async with database.begin() as work:
        question, helper = await a_scene(work, visibility=visibility, state="answered")
        asker = await work.members.get(question.asker_id)
        assert asker is not None
        asker.direct_messages = helper.direct_messages = "closed"
        part = await a_part(work, question, helper)
        await letters.ask_outcome(work, question, part, DEFAULT, NOW)
        outcome = await composed(work, await newest(work, letters.outcome_key(part)))
        _, letter = await invite(work, question, helper)
        invitation = await composed(work, letter)
    assert outcome.content.question is not None
    assert outcome.content.question.asker_user_id == (77 if visibility == "public" else None)
    assert (outcome.user_id, outcome.channel_id) == ((None, THREAD_ID) if visibility == "public" else (77, None))
    assert (invitation.user_id, invitation.channel_id) == (None, THREAD_ID)


async def test_an_attempt_knows_when_the_first_one_was(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work)
        letter = await posted(work, question)
        assert (await composed(work, letter)).first_attempt_at == NOW
        letter.attempts, letter.first_attempt_at = 3, NOW - timedelta(hours=1)
        made = await composed(work, letter)
    assert (made.attempts, made.first_attempt_at) == (3, NOW - timedelta(hours=1))


async def test_a_later_attempt_knows_which_messages_are_other_letters(database: Database) -> None:
    async with database.begin() as work:
        question, _ = await a_scene(work)
        for message_id, ago in ((1, 2 * HOUR), (2, HOUR), (3, timedelta(0))):
            await a_letter(work, message_id=message_id, sent_at=NOW - ago, due_at=None)
        letter = await posted(work, question)
        letter.attempts, letter.first_attempt_at = 1, NOW - HOUR
        assert (await composed(work, letter)).others == frozenset()
        letter.attempts = 2
        assert (await composed(work, letter)).others == {2, 3}
