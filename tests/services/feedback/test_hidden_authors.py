"""Authors who send a draft without their name: nothing gives them away, and nothing leads them where they can't go."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.rows import Row
from bot.errors import HouseError, NotFound
from bot.services.feedback.letters import guide_readers
from bot.services.feedback.seats import SeatState
from bot.services.ports import MailboxClosed, TryLater
from bot.services.requests.answering import count_answer
from bot.services.requests.revealing import Moderator
from bot.services.results import Answer, Letter
from bot.store.engine import Database
from bot.texts import say
from bot.ui import letters, render
from models import Draft, KeptAnswer
from tests.factories import GUILD_ID
from tests.fakes import House, new_id
from tests.services.errands import keep_draft
from tests.services.requests.test_anonymity import (
    SECRET,
    Anonymous,
    body,
    gives_away,
    only_the_people_s_own_table_knows,
)
from tests.services.scenes import MODERATORS_ID, Scene, elapse

REASON = "Somebody is threatened in here."


class Hidden(Anonymous):
    """One draft of `SECRET`'s that readers see without a name, and everything that was logged about it."""

    async def begin(self, helpers: int = 4) -> None:
        house, people = self.house, await self.house.helpers(helpers)
        draft_id = await keep_draft(house, SECRET)
        async with house.database.begin() as work:
            draft = await work.drafts.get(draft_id)
            assert draft is not None
            draft.visibility, draft.readers = Visibility.MATCHED_ANONYMOUS, 2
        self.scene = Scene(house, people, await house.posting.post(draft_id, SECRET))
        await house.settle()

    @property
    def thread_id(self) -> int:
        return self.scene.receipt.thread_id or 0

    async def send(self, place: int) -> None:
        """Let a reader say in private what they think, which counts as their answer."""
        house, now = self.house, self.house.clock.now()
        async with house.database.begin() as work:
            draft = await work.requests.hold(self.scene.id)
            reader = await work.members.get(self.scene.helpers[place].id)
            assert draft is not None
            assert reader is not None
            await work.lock(GUILD_ID)
            await count_answer(work, draft, reader, now, house.inviting.numbers, now)

    def to_author(self) -> list[Letter[Any]]:
        return [each for each in self.house.messenger.attempts if each.addressee_id == SECRET]

    def nothing_leads_the_author_in(self) -> None:
        """Make sure that no letter lets them in, or leads them to a thread that they can't open."""
        assert {(each.user_id, each.channel_id) for each in self.to_author()} <= {(SECRET, None)}
        assert {each.guest_user_id for each in self.house.messenger.attempts} <= {
            None, *(each.user_id for each in self.scene.helpers)
        }  # fmt: skip
        assert [each.kind for each in self.to_author() if str(self.thread_id) in json.dumps(body(each))] == []


@pytest.fixture
async def hidden(database: Database, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Hidden]:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    hidden = Hidden(house)
    with capture_logs() as structured, caplog.at_level(logging.INFO):
        await hidden.begin()
        yield hidden
        hidden.logged += [*structured, *(record.getMessage() for record in caplog.records)]
        hidden.nothing_is_given_away()
        hidden.nothing_leads_the_author_in()
        await only_the_people_s_own_table_knows(house)


async def seats(hidden: Hidden) -> list[tuple[SeatState, int | None]]:
    found = (await hidden.house.tracking.request(hidden.scene.id, SECRET)).draft
    assert found is not None
    return [(each.state, each.reader_user_id) for each in found.seats]


@pytest.mark.both
async def test_from_being_asked_to_feedback_no_one_reads_who_wrote_it(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    await scene.take(0)
    await hidden.reply()
    await scene.take(1)
    await elapse(house, hours=60, step=6)
    await hidden.send(0)
    await scene.give_back(1)
    await elapse(house, hours=12, step=4)
    for place in (2, 3):
        if (await scene.invited()).get(scene.helpers[place].id) == "asked":
            await scene.take(place)
            await hidden.send(place)
    await elapse(house, days=2, step=12)
    await hidden.resolve(Outcome.HELPED)
    assert await house.thanking.thank(scene.id, SECRET, "The third point was it. Thank you!") > 0
    await house.settle()
    hidden.nothing_is_given_away("post", "invitation", "notice", "nudge", "reply", "outcome", "thanks")


async def test_the_receipt_leads_to_no_thread(hidden: Hidden) -> None:
    words = render.receipt(hidden.scene.receipt, 7, "en", kind="draft")
    assert say("receipt.outside") in words
    assert str(hidden.thread_id) not in words
    assert say("receipt.hidden") not in words


async def test_the_guide_says_that_the_author_reads_only_what_is_sent(hidden: Hidden) -> None:
    async with hidden.house.database.begin() as work:
        draft = await work.drafts.get(hidden.scene.id)
        assert draft is not None
        await guide_readers(work, draft, hidden.house.clock.now())
    await hidden.house.settle()
    (guide,) = hidden.house.messenger.of("guide")
    assert say("feedback.guide.outside") in letters.letter(guide).content


async def test_what_was_said_about_a_draft_is_kept_for_no_one(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    await hidden.send(0)
    await hidden.resolve(Outcome.HELPED)
    with pytest.raises(NotFound):
        await house.thanking.keep(scene.id, SECRET, "What do you think of my paper?", "It is fine.")
    assert await house.rows(KeptAnswer) == []


async def test_the_post_says_no_name_and_no_one_is_in_the_thread_but_readers(hidden: Hidden) -> None:
    (post,) = hidden.house.messenger.of("post")
    shown = letters.letter(post)
    assert (shown.is_private, shown.members, shown.pings) == (True, (), ())
    assert say("draft.post.anonymous") in shown.content
    assert not any("reply" in each for each in map(str, body(post))), "who isn't there can't press it there"


async def test_what_readers_type_in_the_thread_is_no_answer_to_one_who_cannot_read_it(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    await scene.take(0)
    assert not await scene.answer(0)
    house.messenger.answers[hidden.thread_id] = [Answer(hidden.thread_id, scene.helpers[0].user_id, house.clock.now())]
    await house.catching_up.after_gap()
    assert await scene.state() == "waiting"
    assert await scene.facts() == ["taken"]
    await house.settle()
    assert hidden.to_author() == []
    await hidden.send(0)
    assert await scene.facts() == ["taken", "answered"]


async def test_an_author_who_types_there_all_the_same_is_told_alone_and_changes_nothing(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    before = await scene.request()
    await scene.write(SECRET)
    await house.settle()
    assert await scene.request() == before
    assert await scene.facts() == []
    (told,) = hidden.to_author()
    assert (told.user_id, told.content.text) == (SECRET, "asker.wrote")


async def test_put_away_it_comes_back_the_same_for_every_writer(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    for writer in (SECRET, scene.helpers[0].user_id, 5):
        async with house.database.begin() as work:
            draft = await work.requests.hold(scene.id)
            assert draft is not None
            draft.state = "archived"
        await scene.write(writer)
        assert await scene.state() == "waiting"
    assert await scene.facts() == ["reopened"] * 3
    await house.settle()


async def test_an_author_reads_places_and_names_only_of_those_who_sent_anything(hidden: Hidden) -> None:
    scene = hidden.scene
    assert await seats(hidden) == [(SeatState.ASKED, None)] * 2
    await scene.take(0)
    assert await seats(hidden) == [(SeatState.TAKEN, None), (SeatState.ASKED, None)]
    await scene.pass_on(1)
    await hidden.send(0)
    found = await seats(hidden)
    assert found[0] == (SeatState.WROTE, scene.helpers[0].user_id)
    assert {reader for _, reader in found[1:]} == {None}


async def test_closed_direct_messages_make_nothing_public(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    house.messenger.trouble(MailboxClosed("50007"), user_id=SECRET)
    await scene.take(0)
    await scene.give_back(0)
    await elapse(house, hours=30, step=6)
    await hidden.send(1)
    await hidden.send(2)
    await elapse(house, hours=30, step=6)
    assert hidden.to_author()
    assert not [each for each in house.messenger.shown if each.addressee_id == SECRET]


async def test_failing_letters_log_no_name(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    house.messenger.trouble(TryLater("503"), times=4)
    house.messenger.trouble(RuntimeError(f"a library that quotes {SECRET}"), kind="outcome", times=3)
    await scene.take(0)
    await hidden.reply()
    await hidden.send(0)
    await hidden.send(1)
    await elapse(house, hours=2, step=0.2)


async def test_nothing_that_readers_and_moderators_are_shown_says_who_wrote_it(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    reader, invitation = scene.helpers[0], await scene.invitation_of(0)
    shown: list[Any] = [
        await house.explaining.explain(invitation, reader.user_id),
        await house.helping.take(invitation, reader.user_id),
        await house.tracking.mine(GUILD_ID, reader.user_id),
        await house.tracking.duty(invitation, GUILD_ID, reader.user_id),
        await house.counting.at_once(GUILD_ID, 4),
        await house.recognising.meant(reader.user_id, [(Row.INVITATION, invitation)]),
    ]
    assert not gives_away([asdict(each) for each in shown])
    assert not gives_away([asdict(each) for each in await house.diagnosing.examine(GUILD_ID)])


async def test_no_refusal_says_who_wrote_it(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    reader, invitation = scene.helpers[0].user_id, await scene.invitation_of(0)
    for act in (
        house.replying.reply(scene.id, reader, new_id(), "Me?"),
        house.tracking.request(scene.id, reader),
        house.asking.close(scene.id, reader, is_moderator=False),
        house.asking.written(scene.id, reader),
        house.asking.written(scene.id, SECRET),
        house.thanking.thank(scene.id, reader, "Thanks!"),
        house.thanking.exchange(scene.id, SECRET),
        house.thanking.keep(scene.id, SECRET, "What do you think of my paper?", "It is fine."),
        house.resolving.resolve(scene.id, reader, Outcome.HELPED),
        house.helping.take(invitation, 5),
    ):
        with pytest.raises(HouseError) as refusal:
            await act
        assert not gives_away([str(refusal.value), refusal.value.params])


async def test_a_direct_message_leads_its_author_to_no_thread(hidden: Hidden) -> None:
    for rows in ([], [(Row.QUESTION, hidden.scene.id)]):
        meant = await hidden.house.recognising.meant(SECRET, rows)
        assert meant is not None
        assert (meant.thread_id, meant.is_hidden_asker) == (None, True)


async def test_an_author_named_as_a_friend_is_not_asked(hidden: Hidden) -> None:
    scene, house = hidden.scene, hidden.house
    await house.referring.refer(await scene.invitation_of(0), scene.helpers[0].user_id, SECRET)
    await elapse(house, hours=3)
    assert hidden.to_author() == []


async def test_two_moderators_together_learn_who_wrote_it_and_the_author_reads_why(database: Database) -> None:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    hidden = Hidden(house)
    await hidden.begin()
    first, second = (Moderator(GUILD_ID, user_id, is_moderator=True) for user_id in (31, 32))
    wish = await house.revealing.want(first, hidden.thread_id, REASON)
    assert not gives_away(asdict(wish))
    await house.settle()
    found = await house.revealing.agree(second, wish.reveal_id)
    assert found.asker_user_id == SECRET
    await house.settle()
    (told,) = hidden.to_author()
    assert (told.user_id, told.content.text, told.content.params) == (SECRET, "asker.revealed", {"reason": REASON})
    hidden.nothing_leads_the_author_in()
    own = await house.tracking.request(hidden.scene.id, SECRET)
    assert (own.revealed_because, own.led_to) == ((REASON,), None)
    assert (await house.rows(Draft, id=hidden.scene.id))[0]["link"] is None
