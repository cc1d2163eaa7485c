"""People who ask without a name: no letter, no log and no table but the people's own gives them away."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.lifecycle import Outcome, Visibility
from bot.errors import Conflict, HouseError
from bot.services.office_hours.agreeing import NewBooking
from bot.services.ports import MailboxClosed, TryLater
from bot.services.requests.asking import APART_FROM
from bot.services.requests.revealing import Moderator
from bot.services.results import Answer, Letter
from bot.store.engine import Database
from bot.ui import letters
from bot.ui.items import custom_ids
from bot.ui.render import Rendered
from models import Invitation, Member, OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, a_new_question, new_id, part
from tests.services.hours import open_hours
from tests.services.scenes import MODERATORS_ID, Scene, ask, at_once, elapse

BETTER = "Why do proofs by induction over trees need a hypothesis for every subtree?"
SECRET = 555_666_777_888_999_000
"""The asker's user id; no other number looks like it."""


def gives_away(found: object) -> bool:
    """Tell whether the asker's user id is anywhere in a value, be it within a word."""
    return str(SECRET) in json.dumps(found, default=str)


def leaks(letter: Letter[Any]) -> bool:
    """Tell whether a letter names the asker; only one to their own direct messages is addressed to them."""
    content = asdict(letter)
    if letter.channel_id is None and letter.user_id == SECRET:
        del content["user_id"], content["addressee_id"]
    return gives_away(content)


@dataclass
class Anonymous:
    """One anonymous question of `SECRET`'s, and everything that was logged about it."""

    house: House
    scene: Scene = field(init=False)
    logged: list[object] = field(default_factory=list)

    async def begin(self, helpers: int = 4) -> None:
        people = await self.house.helpers(helpers)
        self.scene = Scene(self.house, people, await ask(self.house, SECRET, Visibility.ANONYMOUS))
        await self.house.settle()

    async def resolve(self, outcome: Outcome) -> None:
        await self.house.resolving.resolve(self.scene.id, SECRET, outcome)

    async def reply(self, words: str = "It starts at step 300.") -> None:
        await self.house.replying.reply(self.scene.id, SECRET, new_id(), words)

    def nothing_is_given_away(self, *kinds: str) -> None:
        """Make sure of it, and that letters of all these kinds were looked at."""
        attempts = self.house.messenger.attempts
        assert {letter.kind for letter in attempts} >= set(kinds)
        assert [letter.kind for letter in attempts if leaks(letter)] == []
        assert not gives_away(self.logged)


@pytest.fixture
async def anonymous(database: Database, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Anonymous]:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    anonymous = Anonymous(house)
    with capture_logs() as structured, caplog.at_level(logging.INFO):
        await anonymous.begin()
        yield anonymous
        anonymous.logged += [*structured, *(record.getMessage() for record in caplog.records)]
        anonymous.nothing_is_given_away()
        await only_the_people_s_own_table_knows(house)


async def only_the_people_s_own_table_knows(house: House) -> None:
    tables: dict[str, list[Any]] = {**await house.snapshot()}
    assert sum(map(gives_away, tables.pop("member"))) == 1
    # Where a direct message went is called after its receiver in these tests alone.
    tables["outbox"] = [{**row, "channel_id": None} for row in await house.rows(OutboxLetter)]
    assert [name for name, rows in tables.items() if gives_away(rows)] == []


async def test_a_question_its_invitations_and_whoever_takes_it(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    await scene.pass_on(1)
    await house.helping.off_topic(await scene.invitation_of(2), scene.helpers[2].user_id)
    await scene.take(0)
    await elapse(house, hours=25, step=4)
    await scene.take(0)
    await scene.give_back(0)
    await house.settle()
    anonymous.nothing_is_given_away("post", "invitation", "notice", "nudge")
    assert {"thread.taken", "asker.asking_others"} <= set(house.messenger.texts())


async def test_a_conversation_to_its_happy_end(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    await scene.take(0)
    await anonymous.reply()
    await scene.write(SECRET)
    await scene.answer(0)
    await elapse(house, hours=30, step=6)
    await anonymous.resolve(Outcome.NOT_YET)
    await scene.write(5)
    await anonymous.resolve(Outcome.HELPED)
    assert await house.thanking.thank(scene.id, SECRET, "The blank token was it. Thank you!") == 1
    await house.thanking.keep(scene.id, SECRET, "When does a CTC loss become infinite?", "Give the blank its own.")
    await house.settle()
    await house.thanking.keep(scene.id, 5, "When does a CTC loss become infinite?", "Give the blank its own index.")
    await house.settle()
    assert await house.agree(SECRET)
    await house.settle()
    anonymous.nothing_is_given_away("reply", "outcome", "thanks", "keep")
    found = (await house.asking.ask(a_new_question(6))).similar
    assert len(found) == 1
    assert not gives_away(asdict(found[0]))


def body(letter: Letter[Any]) -> list[object]:
    """Return what people see of a letter."""
    shown = letters.letter(letter)
    return [shown.content, shown.title, shown.embed.to_dict() if shown.embed else None, custom_ids_of(shown)]


def custom_ids_of(shown: Rendered) -> list[str]:
    return custom_ids(shown.view.children) if shown.view else []


@pytest.mark.both
@pytest.mark.parametrize("way", ["helped", "not yet", "closed", "nobody"])
async def test_from_being_asked_to_what_was_booked_of_it_others_read_no_name(database: Database, way: str) -> None:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    anonymous = Anonymous(house)
    await anonymous.begin()
    scene = anonymous.scene
    await lead(anonymous, way)
    hours = await open_hours(house)
    wish = NewBooking(GUILD_ID, SECRET, new_id(), QUESTION, scene.id)
    place = (await house.booking.slots_for(wish)).waiting_id
    await house.waitlisting.join(place, SECRET)
    await house.booking.book(wish, hours.slot_ids[0])
    for _ in range(30):
        await elapse(house, hours=1)
        await house.meeting.sweep()
    await house.settle()
    hosts = {hours.host.user_id}
    others = [each for each in house.messenger.attempts if each.addressee_id != SECRET and each.kind != "event"]
    named = [each for each in others if gives_away(body(each))]
    # A person who has 15 minutes with someone knows their name, and nothing ties that to the question.
    assert {each.addressee_id for each in named} == hosts
    assert {part(each, "question") for each in named} == {None}
    assert not [each for each in named if str(scene.receipt.thread_id) in json.dumps(body(each), default=str)]
    assert not [each.kind for each in others if part(each, "question") is not None and leaks(each)]
    assert not gives_away(asdict(await house.counting.at_once(GUILD_ID, 4)))


async def lead(anonymous: Anonymous, way: str) -> None:
    """Let a question go so far, its asker typing into the thread by themselves and wanting to reveal someone."""
    scene, house = anonymous.scene, anonymous.house
    asker, thread_id = Moderator(GUILD_ID, SECRET, is_moderator=True), scene.receipt.thread_id or 0
    with pytest.raises(Conflict):
        await house.revealing.want(asker, thread_id, "Somebody is threatened in here.")
    await house.revealing.want(replace(asker, user_id=31), thread_id, "Somebody is threatened in here.")
    if way == "nobody":
        await elapse(house, days=3, step=12)
        return
    await scene.take(0)
    await anonymous.reply()
    await scene.write(SECRET)
    await scene.answer(0)
    await house.settle()
    if way == "closed":
        await house.asking.close(scene.id, SECRET, is_moderator=False)
        return
    await anonymous.resolve(Outcome.HELPED if way == "helped" else Outcome.NOT_YET)
    if way == "helped":
        await house.thanking.thank(scene.id, SECRET, "The blank token was it. Thank you!")
        await house.thanking.keep(scene.id, SECRET, "When does a loss become infinite?", "Give the blank its own.")
    await house.settle()


async def test_weeks_in_which_nobody_answers(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    await elapse(house, days=7, step=12)
    await house.following_up.wish_to_talk(scene.id, SECRET)
    await house.following_up.reopen(scene.id, 5)
    await house.following_up.ask_more(scene.id, SECRET)
    await elapse(house, days=7, step=12)
    await anonymous.reply()
    await house.settle()
    await house.asking.close(scene.id, SECRET, is_moderator=False)
    await house.settle()
    await house.following_up.reopen(scene.id, SECRET)
    await house.settle()
    anonymous.nothing_is_given_away("choices", "archive", "digest", "moderator_digest", "reply")
    assert {"thread.reopened", "thread.talk_wanted", "thread.closed_by_asker"} <= set(house.messenger.texts())


async def test_put_better_it_stays_without_a_name(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    await house.asking.ask(replace(a_new_question(SECRET, BETTER), replaces=scene.id, visibility=Visibility.ANONYMOUS))
    await elapse(house, hours=13, step=1)
    anonymous.nothing_is_given_away("post", "notice")


@pytest.mark.parametrize("before", [Visibility.PUBLIC, Visibility.MATCHED, Visibility.ANONYMOUS])
@pytest.mark.parametrize("after", [Visibility.PUBLIC, Visibility.MATCHED, Visibility.ANONYMOUS])
async def test_nothing_public_ties_what_was_put_better_to_what_was_asked_without_a_name(
    database: Database, before: Visibility, after: Visibility
) -> None:
    house = House(database)
    await house.open()
    scene = Scene(house, [], await ask(house, SECRET, before))
    await house.settle()
    thread_id, told_at = scene.receipt.thread_id, house.clock.now()
    await house.asking.ask(replace(a_new_question(SECRET, BETTER), replaces=scene.id, visibility=after))
    await house.settle()
    assert await scene.state() == "closed"
    if Visibility.ANONYMOUS not in {before, after}:
        assert house.messenger.texts() == ["thread.rephrased"]
        return
    assert [letter.kind for letter in house.messenger.shown if letter.channel_id == thread_id] == []
    while not house.messenger.texts():
        house.clock.advance(timedelta(minutes=30))
        await house.settle()
    assert house.messenger.texts() == ["thread.closed_by_asker"]
    assert APART_FROM <= house.clock.now() - told_at <= 2 * APART_FROM + timedelta(minutes=30)


async def test_what_was_opened_again_meanwhile_is_not_called_closed(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    await house.asking.ask(replace(a_new_question(SECRET, BETTER), replaces=scene.id, visibility=Visibility.ANONYMOUS))
    await house.following_up.reopen(scene.id, SECRET)
    await elapse(house, hours=13, step=1)
    assert "thread.closed_by_asker" not in house.messenger.texts()


@pytest.mark.parametrize("way", ["known", "found out"])
async def test_closed_direct_messages_make_nothing_public(anonymous: Anonymous, way: str) -> None:
    scene, house = anonymous.scene, anonymous.house
    async with house.database.begin() as work:
        asker = await work.members.find(GUILD_ID, SECRET)
        assert asker is not None
        asker.direct_messages = "closed" if way == "known" else "open"
    house.messenger.trouble(MailboxClosed("50007"), user_id=SECRET)
    await elapse(house, days=3, step=12)
    await scene.take(0)
    await elapse(house, hours=25, step=5)
    await scene.answer(1)
    await elapse(house, hours=25, step=5)
    to_asker = [letter for letter in house.messenger.attempts if letter.addressee_id == SECRET]
    assert {letter.kind for letter in to_asker} == {"choices", "notice", "outcome"}
    assert {(letter.user_id, letter.channel_id) for letter in to_asker} == {(SECRET, None)}
    assert not [letter for letter in house.messenger.shown if letter.addressee_id == SECRET]


async def test_failing_letters_log_nobody(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    house.messenger.trouble(TryLater("503"), times=4)
    house.messenger.trouble(RuntimeError(f"a library that quotes {SECRET}"), kind="outcome", times=3)
    await scene.answer(0)
    await anonymous.reply()
    await elapse(house, hours=2, step=0.2)
    anonymous.nothing_is_given_away("outcome", "reply")


async def test_a_post_that_never_arrives_is_told_to_the_asker_alone(anonymous: Anonymous) -> None:
    house = anonymous.house
    house.messenger.trouble(TryLater("no_channel"), kind="post")
    await ask(house, SECRET, Visibility.ANONYMOUS, "Why do proofs by induction over trees need two hypotheses?")
    await elapse(house, hours=27, step=1)
    (told,) = [letter for letter in house.messenger.of("notice") if letter.content.text == "thread.not_posted"]
    assert (told.user_id, told.channel_id) == (SECRET, None)


async def test_an_answer_found_after_a_restart_gives_nobody_away(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    thread_id = scene.receipt.thread_id or 0
    written = [Answer(thread_id, user_id, house.clock.now()) for user_id in (SECRET, 5)]
    house.messenger.answers[thread_id] = written
    assert await house.catching_up.after_gap() == 1
    await house.settle()


async def test_nothing_that_helpers_and_moderators_are_shown_says_who_asked(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    helper, invitation = scene.helpers[0], await scene.invitation_of(0)
    moderator = Moderator(GUILD_ID, 31, is_moderator=True)
    wish = await house.revealing.want(moderator, scene.receipt.thread_id or 0, "Somebody is threatened in here.")
    shown: list[Any] = [
        await house.explaining.explain(invitation, helper.user_id),
        *await house.explaining.latest(GUILD_ID, helper.user_id),
        await house.helping.take(invitation, helper.user_id),
        await house.tracking.mine(GUILD_ID, helper.user_id),
        await house.tracking.duty(invitation, GUILD_ID, helper.user_id),
        await house.profiling.card(GUILD_ID, helper.user_id),
        await house.counting.at_once(GUILD_ID, 4),
        wish,
        await house.revealing.look_at(Moderator(GUILD_ID, 32, is_moderator=True), wish.reveal_id),
    ]
    assert not gives_away([asdict(each) for each in shown])


async def test_no_refusal_says_who_asked(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    helper, invitation = scene.helpers[0].user_id, await scene.invitation_of(0)
    for act in (
        house.replying.reply(scene.id, helper, new_id(), "Me?"),
        house.replying.require_asker(scene.id, helper),
        house.following_up.ask_more(scene.id, helper),
        house.following_up.wish_to_talk(scene.id, 5),
        house.tracking.request(scene.id, helper),
        house.asking.close(scene.id, helper, is_moderator=False),
        house.asking.written(scene.id, helper),
        house.thanking.thank(scene.id, helper, "Thanks!"),
        house.thanking.exchange(scene.id, helper),
        house.resolving.resolve(scene.id, helper, Outcome.HELPED),
        house.helping.take(invitation, 5),
        house.referring.refer(invitation, helper, helper),
    ):
        with pytest.raises(HouseError) as refusal:
            await act
        assert not gives_away([str(refusal.value), refusal.value.params])


async def test_a_friend_asked_in_somebody_s_name_reads_of_them_alone(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    friend = await house.helper("كتابة الأبحاث")
    await house.referring.refer(await scene.invitation_of(0), scene.helpers[0].user_id, friend.user_id)
    await house.referring.refer(await scene.invitation_of(1), scene.helpers[1].user_id, SECRET)
    await house.settle()
    assert [letter for letter in house.messenger.shown if letter.user_id == SECRET] == []
    assert await house.rows(Invitation, member_id=(await house.rows(Member, user_id=SECRET))[0]["id"]) == []


async def test_blocks_keep_an_unknown_asker_away_without_a_word(anonymous: Anonymous) -> None:
    house = anonymous.house
    away = await house.helper()
    await house.blocking.block(GUILD_ID, SECRET, away.user_id)
    await elapse(house, days=2, step=6)
    assert [letter for letter in house.messenger.shown if letter.addressee_id == away.user_id] == []


async def test_everybody_at_once_gives_nobody_away(anonymous: Anonymous) -> None:
    scene, house = anonymous.scene, anonymous.house
    house.clock.advance(timedelta(days=7))
    acts = [
        *(anonymous.reply() for _ in range(3)),
        house.following_up.sweep(),
        house.following_up.reopen(scene.id, 5),
        scene.answer(0),
        scene.write(SECRET),
        house.inviting.sweep(),
    ]
    assert await at_once(acts) == {}
    await house.settle()
