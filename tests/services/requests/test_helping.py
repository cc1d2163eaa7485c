"""Helping: taking and passing, the first answer, and how it went."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome, RequestState
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.ports import TryLater, Undeliverable
from bot.services.results import Answer, Receipt
from bot.store.engine import Database
from models import Fact, HelpInteraction, Invitation, Member, OutboxLetter, Request
from tests.fakes import House, new_id, values
from tests.services.scenes import counted

ASKER = 77
STRANGER = 5


@dataclass
class Scene:
    """One question of `ASKER`'s for which two of four helpers were asked."""

    house: House
    helpers: list[Member] = field(default_factory=list)
    invitations: list[int] = field(default_factory=list)
    receipt: Receipt = field(init=False)

    async def begin(self) -> None:
        await self.house.open()
        self.helpers = await self.house.helpers(4)
        self.receipt = await self.house.ask(ASKER)
        self.invitations = values(await self.house.rows(Invitation), "id")

    async def take(self, place: int) -> None:
        await self.house.helping.take(self.invitations[place], self.helpers[place].user_id)

    async def pass_on(self, place: int) -> None:
        await self.house.helping.pass_on(self.invitations[place], self.helpers[place].user_id)

    async def off_topic(self, place: int) -> None:
        await self.house.helping.off_topic(self.invitations[place], self.helpers[place].user_id)

    async def answer(self, user_id: int) -> bool:
        return await self.house.answer(self.receipt.thread_id, user_id)

    async def resolve(self, outcome: Outcome) -> int:
        return (await self.house.resolving.resolve(self.receipt.request_id, ASKER, outcome)).invited

    async def close(self) -> None:
        await self.house.asking.close(self.receipt.request_id, ASKER, is_moderator=False)

    @property
    def again(self) -> str:
        """Return the key of the letter that asks once more how it went."""
        return f"outcome_again:{self.receipt.request_id}"

    async def asked_how(self) -> list[tuple[object, object]]:
        """Return the key of each letter that asks how it went, and when it leaves."""
        rows = await self.house.rows(OutboxLetter, kind="outcome")
        return [(row["key"], row["due_at"]) for row in rows]

    async def first_part(self) -> str:
        """Return the key of the letter that asks how it went with the first answer."""
        part = (await self.house.rows(HelpInteraction))[0]
        return f"outcome:{part['id']}:{part['answered_at']}"

    async def state(self) -> object:
        return (await self.house.rows(Request))[0]["state"]

    async def facts(self, *kinds: str) -> list[object]:
        """Return the types of facts, in their order; without `kinds`, all but those of asking."""
        types = values(await self.house.rows(Fact), "type")
        return [each for each in types if (each in kinds if kinds else each not in {"asked", "routed", "invited"})]


@pytest.fixture
async def scene(database: Database) -> Scene:
    scene = Scene(House(database))
    await scene.begin()
    return scene


async def test_taking_says_so_in_the_thread_and_shows_the_way_there(scene: Scene) -> None:
    question = await scene.house.helping.take(scene.invitations[0], scene.helpers[0].user_id)
    assert (question.thread_id, question.state) == (scene.receipt.thread_id, RequestState.TAKEN)
    await scene.house.settle()
    (notice,) = scene.house.messenger.of("notice")
    assert (notice.content.text, notice.channel_id) == ("thread.taken", scene.receipt.thread_id)
    assert notice.content.params == {"helper": scene.helpers[0].user_id}
    (part,) = await scene.house.rows(HelpInteraction)
    assert (part["helper_id"], part["taken_at"]) == (scene.helpers[0].id, scene.house.clock.now())
    assert await scene.facts() == ["taken"]


async def test_taking_twice_is_once(scene: Scene) -> None:
    await scene.take(0)
    before = await scene.house.snapshot()
    await scene.take(0)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize(("verb", "fact"), [("pass_on", "passed"), ("off_topic", "off_topic")])
async def test_taking_after_a_pass_is_welcome(scene: Scene, verb: str, fact: str) -> None:
    await getattr(scene, verb)(0)
    await scene.take(0)
    assert await scene.facts() == [fact, "taken"]
    assert await scene.state() == "taken"


async def test_two_people_may_take_one_question(scene: Scene) -> None:
    await scene.take(0)
    await scene.take(1)
    await scene.house.settle()
    assert scene.house.messenger.texts() == ["thread.taken", "thread.taken"]
    assert len(await scene.house.rows(HelpInteraction)) == 2


@pytest.mark.parametrize("verb", ["take", "pass_on", "off_topic", "on_topic"])
async def test_an_invitation_is_its_addressee_s_alone(scene: Scene, verb: str) -> None:
    before = await scene.house.snapshot()
    for user_id in (STRANGER, ASKER, scene.helpers[1].user_id):
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await getattr(scene.house.helping, verb)(scene.invitations[0], user_id)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await getattr(scene.house.helping, verb)(scene.invitations[-1] + 1, STRANGER)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("verb", ["take", "pass_on", "off_topic"])
@pytest.mark.parametrize("end", ["close", "resolve"])
async def test_the_buttons_of_a_question_that_is_over_say_so(scene: Scene, verb: str, end: str) -> None:
    await (scene.close() if end == "close" else scene.resolve(Outcome.HELPED))
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await getattr(scene, verb)(0)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize(("verb", "fact"), [("pass_on", "passed"), ("off_topic", "off_topic")])
async def test_passing_twice_is_once_and_asks_one_person_more(scene: Scene, verb: str, fact: str) -> None:
    await getattr(scene, verb)(0)
    await getattr(scene, verb)(0)
    assert await scene.facts("passed", "off_topic") == [fact]
    assert values(await scene.house.rows(Invitation), "state") == [fact, "asked", "asked"]


@pytest.mark.parametrize("verb", ["pass_on", "off_topic"])
async def test_passing_is_silent(scene: Scene, verb: str) -> None:
    await getattr(scene, verb)(0)
    await scene.house.settle()
    assert scene.house.messenger.texts() == []
    assert await scene.house.rows(HelpInteraction) == []


@pytest.mark.parametrize("verb", ["pass_on", "off_topic"])
async def test_passing_after_taking_is_refused(scene: Scene, verb: str) -> None:
    await scene.take(0)
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"invitation\.taken_before"):
        await getattr(scene, verb)(0)
    assert await scene.house.snapshot() == before


async def test_a_first_answer_asks_the_asker_how_it_went(scene: Scene) -> None:
    await scene.take(0)
    assert await scene.answer(scene.helpers[0].user_id)
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("outcome")
    assert (letter.user_id, letter.addressee_id) == (ASKER, ASKER)
    assert await scene.state() == "answered"
    assert await scene.facts() == ["taken", "answered"]


async def test_anybody_may_answer_without_being_asked(scene: Scene) -> None:
    assert await scene.answer(STRANGER)
    (part,) = await scene.house.rows(HelpInteraction)
    assert (part["taken_at"], part["answered_at"]) == (None, scene.house.clock.now())
    async with scene.house.database.read() as work:
        member = await work.members.get(part["helper_id"])
    assert member is not None
    assert (member.user_id, member.is_helper) == (STRANGER, False)


async def test_the_asker_s_own_words_are_no_answer(scene: Scene) -> None:
    before = await scene.house.snapshot()
    assert not await scene.answer(ASKER)
    assert await scene.house.snapshot() == before


async def test_only_a_person_s_first_message_counts(scene: Scene) -> None:
    await scene.answer(STRANGER)
    before = await scene.house.snapshot()
    assert not await scene.answer(STRANGER)
    assert await scene.house.snapshot() == before


async def test_a_second_helper_is_remembered_and_the_asker_is_left_in_peace(scene: Scene) -> None:
    await scene.answer(STRANGER)
    assert await scene.answer(scene.helpers[0].user_id)
    assert len(await scene.house.rows(HelpInteraction)) == 2
    assert await scene.facts() == ["answered"]
    assert [key for key, _ in await scene.asked_how()] == [await scene.first_part(), scene.again]


async def test_words_in_any_other_thread_are_no_concern(scene: Scene) -> None:
    before = await scene.house.snapshot()
    assert not await scene.house.answer(new_id(), STRANGER)
    assert await scene.house.snapshot() == before


async def test_words_in_a_closed_question_s_thread_are_no_answer(scene: Scene) -> None:
    await scene.close()
    before = await scene.house.snapshot()
    assert not await scene.answer(STRANGER)
    assert not await scene.answer(scene.helpers[0].user_id)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("outcome", [Outcome.HELPED, Outcome.PARTLY])
async def test_an_outcome_settles_the_question(scene: Scene, outcome: Outcome) -> None:
    await scene.take(0)
    await scene.answer(scene.helpers[0].user_id)
    resolved = await scene.house.resolving.resolve(scene.receipt.request_id, ASKER, outcome)
    assert (resolved.outcome, resolved.invited, resolved.thread_id) == (outcome, 0, scene.receipt.thread_id)
    assert await scene.state() == "resolved"
    assert await scene.facts() == ["taken", "answered", outcome]
    assert values(await scene.house.rows(HelpInteraction), "outcome") == [outcome]
    assert values(await scene.house.rows(Invitation), "state") == ["taken", "undelivered"]


async def test_not_yet_asks_others_who_had_no_part_in_it(scene: Scene) -> None:
    await scene.pass_on(0)
    await scene.take(1)
    await scene.answer(scene.helpers[1].user_id)
    assert await scene.resolve(Outcome.NOT_YET) == 1
    assert await scene.state() == "waiting"
    asked = values(await scene.house.rows(Invitation), "member_id")
    assert asked == [helper.id for helper in scene.helpers]
    assert values(await scene.house.rows(HelpInteraction), "outcome") == ["not_yet"]


@pytest.mark.parametrize("outcome", Outcome)
async def test_an_outcome_twice_is_once(scene: Scene, outcome: Outcome) -> None:
    await scene.answer(STRANGER)
    await scene.resolve(outcome)
    before = await scene.house.snapshot()
    assert await scene.resolve(outcome) == 0
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("outcome", Outcome)
async def test_an_asker_may_change_their_mind(scene: Scene, outcome: Outcome) -> None:
    await scene.answer(STRANGER)
    for each in (*Outcome, *Outcome, outcome):
        await scene.resolve(each)
    assert await scene.state() == ("waiting" if outcome is Outcome.NOT_YET else "resolved")
    assert values(await scene.house.rows(HelpInteraction), "outcome") == [outcome]
    assert (await counted(scene.house, "question")).helped == (outcome is Outcome.HELPED)


@pytest.mark.parametrize("outcome", Outcome)
async def test_how_it_went_is_the_asker_s_to_say(scene: Scene, outcome: Outcome) -> None:
    await scene.answer(STRANGER)
    before = await scene.house.snapshot()
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"outcome\.not_yours"):
            await scene.house.resolving.resolve(scene.receipt.request_id, user_id, outcome)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await scene.house.resolving.resolve(scene.receipt.request_id + 1, ASKER, outcome)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("outcome", Outcome)
async def test_a_closed_question_takes_no_outcome(scene: Scene, outcome: Outcome) -> None:
    await scene.answer(STRANGER)
    await scene.close()
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await scene.resolve(outcome)
    assert await scene.house.snapshot() == before


async def test_an_outcome_before_any_answer_settles_the_question_without_a_helper(scene: Scene) -> None:
    await scene.resolve(Outcome.HELPED)
    assert await scene.state() == "resolved"
    assert await scene.facts() == ["helped"]
    assert await scene.house.rows(HelpInteraction) == []


async def test_not_yet_before_any_answer_changes_nothing(scene: Scene) -> None:
    before = await scene.house.snapshot()
    assert await scene.resolve(Outcome.NOT_YET) == 0
    after = await scene.house.snapshot()
    assert after["event"] == before["event"]
    assert await scene.state() == "waiting"


async def test_a_later_answer_asks_again_how_it_went(scene: Scene) -> None:
    await scene.answer(STRANGER)
    await scene.resolve(Outcome.NOT_YET)
    assert not await scene.answer(STRANGER)
    assert await scene.answer(scene.helpers[0].user_id)
    assert await scene.state() == "answered"
    assert await scene.facts() == ["answered", "not_yet", "answered"]
    assert len(await scene.asked_how()) == 3
    assert [key for key, _ in await scene.asked_how()].count(scene.again) == 1


async def test_how_it_went_is_asked_once_more_after_a_day(scene: Scene) -> None:
    await scene.answer(STRANGER)
    now = scene.house.clock.now()
    assert await scene.asked_how() == [
        (await scene.first_part(), now),
        (scene.again, now + timedelta(hours=24)),
    ]


@pytest.mark.parametrize("verb", ["take", "pass_on", "off_topic", "answer", "refer"])
async def test_whatever_somebody_says_ends_their_silences(scene: Scene, verb: str) -> None:
    helper = scene.helpers[0]
    async with scene.house.database.begin() as work:
        held = await work.members.hold(helper.id)
        assert held is not None
        held.silences = 4
    if verb == "answer":
        await scene.answer(helper.user_id)
    elif verb == "refer":
        await scene.house.referring.refer(scene.invitations[0], helper.user_id, STRANGER)
    else:
        await getattr(scene, verb)(0)
    assert values(await scene.house.rows(Member, id=helper.id), "silences") == [0]


async def test_an_answer_nobody_asked_for_says_nothing_about_silences(scene: Scene) -> None:
    async with scene.house.database.begin() as work:
        held = await work.members.hold(scene.helpers[3].id)
        assert held is not None
        held.silences = 4
    await scene.answer(scene.helpers[3].user_id)
    assert values(await scene.house.rows(Member, id=scene.helpers[3].id), "silences") == [4]


async def test_whoever_answers_without_pressing_has_taken_it(scene: Scene) -> None:
    await scene.answer(scene.helpers[0].user_id)
    first, second = await scene.house.rows(Invitation)
    assert (first["state"], first["expires_at"]) == ("taken", None)
    assert first["decided_at"] == scene.house.clock.now()
    assert second["state"] == "asked"


async def test_an_answer_given_while_the_bot_was_away_is_noticed_once(scene: Scene) -> None:
    thread_id = scene.receipt.thread_id
    assert thread_id is not None
    scene.house.messenger.answers[thread_id] = Answer(thread_id, STRANGER, scene.house.clock.now())
    assert await scene.house.catching_up.after_gap() == 1
    assert await scene.house.catching_up.after_gap() == 0
    assert await scene.facts() == ["answered"]


async def test_a_thread_out_of_reach_does_not_hide_the_others(scene: Scene) -> None:
    threads = [scene.receipt.thread_id, (await scene.house.ask()).thread_id, (await scene.house.ask()).thread_id]
    oldest, middle, newest = (thread_id for thread_id in threads if thread_id is not None)
    scene.house.messenger.answers[newest] = TryLater("503")
    scene.house.messenger.answers[middle] = Undeliverable("404")
    scene.house.messenger.answers[oldest] = Answer(oldest, STRANGER, scene.house.clock.now())
    assert await scene.house.catching_up.after_gap() == 1
    assert values(await scene.house.rows(Request), "state") == ["answered", "closed", "waiting"]
    assert values(await scene.house.rows(Request), "close_reason") == [None, "thread_gone", None]


async def test_a_deleted_thread_closes_its_question_and_takes_back_invitations(scene: Scene) -> None:
    assert scene.receipt.thread_id is not None
    await scene.house.watching.thread_gone(scene.receipt.thread_id)
    await scene.house.watching.thread_gone(scene.receipt.thread_id)
    await scene.house.watching.thread_gone(new_id())
    assert await scene.facts() == ["closed"]
    assert values(await scene.house.rows(Invitation), "state") == ["undelivered", "undelivered"]
    assert values(await scene.house.rows(Request), "thread_id") == [None]


async def test_a_settled_question_stays_settled_without_its_thread(scene: Scene) -> None:
    await scene.resolve(Outcome.HELPED)
    assert scene.receipt.thread_id is not None
    await scene.house.watching.thread_gone(scene.receipt.thread_id)
    assert await scene.state() == "resolved"
