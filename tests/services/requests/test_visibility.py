"""Who sees what: private threads and who is let in, and letters that are never said in public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.lifecycle import FOR_QUESTIONS, Outcome, Visibility
from bot.errors import Unavailable
from bot.services.ports import MailboxClosed
from bot.services.requests import letters
from bot.services.requests.about_question import QuestionLetter
from bot.services.results import Letter
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Member, OutboxLetter, Statement
from tests.factories import GUILD_ID, NOW, a_guild, a_letter, a_member, a_question, an_invitation
from tests.fakes import CHANNEL_ID, FakeMessenger, House, part, values
from tests.services.scenes import ASKER, MODERATORS_ID, STRANGER, Scene, ask, begin, elapse, said_to
from tests.services.written import LETTERS, PRIVATE, compose, may_be_public

PRIVATE_ID = 1_100_000_000_000_000_003
"""A text channel for private threads, beside a help channel that is a forum."""
ASKED_LATER = {"choices", "outcome"}


@dataclass
class ForumMessenger(FakeMessenger):
    """A community whose help channel is a forum, with a text channel beside it."""

    is_forum: bool = True

    def takes_private_threads(self, channel_id: int) -> bool:
        return channel_id == PRIVATE_ID


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    return house


@pytest.fixture
async def forum(database: Database) -> House:
    house = House(database, ForumMessenger())
    await house.open(private_channel_id=PRIVATE_ID)
    return house


async def closed(house: House, user_id: int) -> None:
    """Let someone's direct messages be closed, as is known by now."""
    async with house.database.begin() as work:
        member = await work.members.find(GUILD_ID, user_id)
        assert member is not None
        member.direct_messages = "closed"


def guests(house: House) -> list[tuple[str, str | None, int | None]]:
    """Return (kind, text, guest) of every message in a thread."""
    said = [letter for letter in house.messenger.shown if letter.user_id is None and letter.kind != "post"]
    return [(letter.kind, part(letter, "text"), letter.guest_user_id) for letter in said]


@pytest.mark.parametrize("visibility", FOR_QUESTIONS)
async def test_beside_a_forum_private_questions_open_in_their_own_channel(forum: House, visibility: Visibility) -> None:
    receipt = await ask(forum, ASKER, visibility)
    assert receipt.thread_id is not None
    (post,) = forum.messenger.of("post")
    assert post.channel_id == (PRIVATE_ID if visibility is Visibility.MATCHED else CHANNEL_ID)


async def test_in_a_text_channel_private_questions_open_there(house: House) -> None:
    await begin(house, 0, Visibility.MATCHED)
    (post,) = house.messenger.of("post")
    assert (post.channel_id, post.content.question and post.content.question.asker_user_id) == (CHANNEL_ID, ASKER)


async def test_where_no_private_thread_can_be_opened_nothing_private_is_kept(forum: House) -> None:
    await forum.open(private_channel_id=None)
    before = await forum.snapshot()
    with pytest.raises(Unavailable, match=r"ask\.no_private_threads"):
        await ask(forum, ASKER, Visibility.MATCHED)
    assert await forum.snapshot() == before
    assert (await ask(forum, ASKER, Visibility.ANONYMOUS)).thread_id is not None


async def test_a_private_draft_waits_where_no_private_thread_can_be_opened(forum: House) -> None:
    solved = await ask(forum, STRANGER)
    await forum.answer(solved.thread_id, 6)
    await forum.open(private_channel_id=None)
    with pytest.raises(Unavailable, match=r"ask\.no_private_threads"):
        await ask(forum, ASKER, Visibility.MATCHED)


async def test_helpers_are_let_in_as_they_come(house: House) -> None:
    scene = await begin(house, 2, Visibility.MATCHED)
    await house.settle()
    assert {letter.guest_user_id for letter in house.messenger.of("invitation")} == {None}
    for place in (0, 1):
        await scene.take(place)
    await house.settle()
    assert guests(house) == [("notice", "thread.taken", each.user_id) for each in scene.helpers]


@pytest.mark.parametrize("way", ["known", "found out"])
async def test_being_asked_lets_no_helper_with_closed_messages_in(house: House, way: str) -> None:
    scene = await begin(house, 1, Visibility.MATCHED, direct_messages="closed" if way == "known" else "open")
    house.messenger.trouble(MailboxClosed("50007"), user_id=scene.helpers[0].user_id)
    await house.settle()
    (letter,) = house.messenger.of("invitation")
    assert (letter.channel_id, letter.user_id, letter.guest_user_id) == (CHANNEL_ID, None, None)
    assert letter.addressee_id == scene.helpers[0].user_id
    await scene.take(0)
    await house.settle()
    assert guests(house)[-1] == ("notice", "thread.taken", scene.helpers[0].user_id)


@pytest.mark.parametrize("way", ["passed", "off topic", "expired", "withdrawn", "put away", "named another"])
async def test_a_helper_who_does_not_take_it_is_never_let_in(house: House, way: str) -> None:
    scene = await begin(house, 1, Visibility.MATCHED, direct_messages="closed")
    friend = await house.helper(direct_messages="closed")
    await house.settle()
    await leave_it(scene, way, friend.user_id)
    await elapse(house, days=8, step=12)
    helpers = {scene.helpers[0].user_id, friend.user_id}
    assert not helpers & {letter.guest_user_id for letter in house.messenger.attempts}
    assert not [each for each in house.messenger.shown if each.addressee_id in helpers and each.kind != "invitation"]


async def leave_it(scene: Scene, way: str, friend: int) -> None:
    helping, asked = scene.house.helping, (await scene.invitation_of(0), scene.helpers[0].user_id)
    match way:
        case "passed":
            await helping.pass_on(*asked)
        case "off topic":
            await helping.off_topic(*asked)
        case "withdrawn":
            await scene.close()
        case "put away":
            await scene.put_away()
        case "named another":
            await scene.house.referring.refer(*asked, friend)


async def test_an_asker_who_is_told_in_the_private_thread_is_let_in_again(house: House) -> None:
    scene = await begin(house, 1, Visibility.MATCHED)
    await closed(house, ASKER)
    await elapse(house, days=2, step=12)
    await scene.write(STRANGER)
    await house.settle()
    to_asker = [letter for letter in said_to(house, ASKER) if letter.kind in ASKED_LATER]
    assert [letter.kind for letter in to_asker] == ["choices", "outcome"]
    assert {(letter.channel_id, letter.guest_user_id) for letter in to_asker} == {(scene.receipt.thread_id, ASKER)}


async def test_lines_about_nobody_let_nobody_in(house: House) -> None:
    scene = await begin(house, 1, Visibility.MATCHED)
    await house.following_up.wish_to_talk(scene.id, ASKER)
    await house.following_up.wish_to_talk(scene.id, scene.helpers[0].user_id)
    await scene.put_away()
    await house.following_up.reopen(scene.id, ASKER)
    await scene.close()
    await house.settle()
    said = [each for each in guests(house) if each[0] in {"notice", "archive"}]
    assert said == [
        ("notice", "thread.talk_wanted", None),
        ("notice", "thread.talk_offered", scene.helpers[0].user_id),
        ("archive", None, None),
        ("notice", "thread.reopened", None),
        ("notice", "thread.closed_by_asker", None),
    ]


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.ANONYMOUS])
async def test_into_what_everybody_may_read_nobody_has_to_be_let(house: House, visibility: Visibility) -> None:
    scene = await begin(house, 2, visibility, direct_messages="closed")
    await closed(house, ASKER)
    await scene.take(0)
    await elapse(house, days=3, step=6)
    await scene.answer(1)
    await house.settle()
    assert {letter.guest_user_id for letter in house.messenger.shown} == {None}


async def test_what_only_those_saw_who_were_asked_teaches_nobody(house: House) -> None:
    scene = await begin(house, 1, Visibility.MATCHED, learns_from_help=True)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    assert await house.rows(Statement, source="learned") == []
    assert (await house.ask(STRANGER)).similar == ()


ABOUT_QUESTIONS = {kind for kind, each in LETTERS.items() if isinstance(each, QuestionLetter)}


async def public_of(work: UnitOfWork, rows: Mapping[str, OutboxLetter]) -> set[str]:
    """Return the kinds of those of these letters that may be said in public."""
    return {kind for kind, row in rows.items() if await may_be_public(work, row)}


@pytest.mark.parametrize("visibility", Visibility)
async def test_what_may_be_said_in_public(database: Database, visibility: Visibility) -> None:
    async with database.begin() as work:
        await a_guild(work)
        asker, other = await a_member(work), await a_member(work)
        question = await a_question(work, asker, visibility=visibility)
        about = {"request_id": question.id}
        told = {kind: await a_letter(work, kind=kind, member_id=asker.id, **about) for kind in LETTERS}
        others = {kind: await a_letter(work, kind=kind, member_id=other.id, **about) for kind in LETTERS}
        said_to_asker, said_to_others = await public_of(work, told), await public_of(work, others)
        for row in (*told.values(), *others.values()):
            row.request_id = None
        without = [await public_of(work, rows) for rows in (told, others)]
    public = {kind for kind in ABOUT_QUESTIONS if kind not in PRIVATE} | {"booking"}
    # Of a booking, and of what became of a reader's points, others only read that there is news.
    always = {"booking", "became"}
    # In a private thread only its asker is spoken to, and of being asked others read the same news.
    news = always | {"invitation"} if visibility.is_private else always
    assert said_to_others == (news if visibility.is_private else public)
    assert said_to_asker == (news if visibility.is_hidden else public)
    assert without == [always, always]


def test_what_is_for_one_person_s_eyes() -> None:
    assert sorted(PRIVATE) == ["direct_message_check", "keep", "nudge", "silence", "thanks", "which_clock"]


async def private_letters(house: House) -> Scene:
    """Let everything be said that is for one person's eyes."""
    scene = await begin(house, 3, direct_messages="closed")
    await scene.take(0)
    await house.settle()
    await elapse(house, hours=21, step=3)
    await scene.answer(1)
    await scene.resolve(Outcome.HELPED)
    await house.thanking.thank(scene.id, ASKER, "Thank you!")
    await house.thanking.keep(scene.id, ASKER, "When does a CTC loss become infinite?", "Give the blank its own index.")
    await house.settle()
    return scene


@pytest.mark.parametrize("is_refused", [True, False])
async def test_what_is_private_is_tried_in_private_alone(house: House, *, is_refused: bool) -> None:
    if is_refused:
        for kind in ("nudge", "thanks", "keep"):
            house.messenger.trouble(MailboxClosed("50007"), kind=kind)
    await private_letters(house)
    tried = [letter for letter in house.messenger.attempts if letter.kind in PRIVATE]
    assert {letter.kind for letter in tried} == {"nudge", "thanks", "keep"}
    assert {(letter.channel_id, letter.user_id == letter.addressee_id) for letter in tried} == {(None, True)}
    rows = [row for row in await house.rows(OutboxLetter) if row["kind"] in PRIVATE]
    assert set(values(rows, "failure")) == {"closed" if is_refused else None}
    assert [row["params"] for row in rows if row["params"]] == []


async def test_a_public_asker_with_closed_messages_is_told_in_the_thread(house: House) -> None:
    scene = await begin(house, 2)
    house.messenger.trouble(MailboxClosed("50007"), user_id=ASKER)
    await elapse(house, days=2, step=12)
    await scene.answer(0)
    await house.settle()
    told = said_to(house, ASKER)
    assert [letter.kind for letter in told] == ["choices", "outcome"]
    assert {(letter.user_id, letter.channel_id) for letter in told} == {(None, scene.receipt.thread_id)}
    assert [letter.tells_closed for letter in told] == [True, False]


async def test_moderators_letters_go_to_their_channel_and_a_public_list_to_the_help_channel(house: House) -> None:
    await begin(house, 0, Visibility.ANONYMOUS)
    await elapse(house, days=2, step=12)
    places = {letter.kind: letter.channel_id for letter in house.messenger.shown if letter.user_id is None}
    assert (places["digest"], places["moderator_digest"]) == (CHANNEL_ID, MODERATORS_ID)


async def composed(house: House, row: OutboxLetter) -> Letter[Any] | None:
    async with house.database.begin() as work:
        kept = await work.outbox.get(row.id)
        assert kept is not None
        return await compose(work, kept, NOW + timedelta(hours=13))


@pytest.mark.parametrize(
    ("state", "question_state", "is_said"),
    [
        ("taken", "taken", True),
        ("taken", "waiting", True),
        ("taken", "answered", False),
        ("taken", "resolved", False),
        ("taken", "closed", False),
        ("released", "waiting", False),
        ("passed", "taken", False),
    ],
)
async def test_a_reminder_is_for_whoever_still_has_what_nobody_answered(
    house: House, state: str, question_state: str, *, is_said: bool
) -> None:
    async with house.database.begin() as work:
        asker, helper = await a_member(work), await a_member(work, user_id=STRANGER)
        question = await a_question(work, asker, state=question_state, thread_id=700)
        is_taken = {"expires_at": NOW + timedelta(hours=24), "decided_at": NOW} if state == "taken" else {}
        invitation = await an_invitation(work, question, helper, state=state, **is_taken)
        row = await a_letter(
            work, kind="nudge", request_id=question.id, invitation_id=invitation.id, member_id=helper.id
        )
    assert (await composed(house, row) is not None) == is_said


async def test_a_word_about_a_pause_that_is_over_is_moot(house: House) -> None:
    async with house.database.begin() as work:
        paused = await a_member(work, paused_at=NOW)
        row = await a_letter(work, kind="silence", member_id=paused.id)
        back = await a_letter(work, kind="silence", member_id=(await a_member(work)).id)
    letter = await composed(house, row)
    assert letter is not None
    assert (letter.user_id, letter.content.member_id) == (paused.user_id, paused.id)
    assert await composed(house, back) is None


@pytest.mark.parametrize("visibility", FOR_QUESTIONS)
async def test_an_invitation_names_the_asker_only_where_everybody_may_know(
    house: House, visibility: Visibility
) -> None:
    await begin(house, 1, visibility)
    await house.settle()
    (letter,) = house.messenger.of("invitation")
    assert letter.content.question is not None
    assert letter.content.question.asker_user_id == (None if visibility is Visibility.ANONYMOUS else ASKER)
    assert letter.content.question.visibility == visibility


async def test_asking_to_keep_is_one_occasion_whatever_the_words(house: House) -> None:
    scene = await begin(house, 1)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    await house.thanking.keep(scene.id, ASKER, "When does a CTC loss become infinite?", "One.")
    await house.thanking.keep(scene.id, ASKER, "When does a CTC loss become infinite?", "Two.")
    async with house.database.read() as work:
        kept = await work.kept_answers.find(scene.id)
        assert kept is not None
        key = letters.keep_key(kept.request_id, scene.helpers[0].id)
    assert values(await house.rows(OutboxLetter, kind="keep"), "key") == [key]
    assert len(await house.rows(Member, user_id=ASKER)) == 1
