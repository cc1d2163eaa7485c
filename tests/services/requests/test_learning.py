"""Learning: what people press and answer moves what they are asked about: bounded, with consent, undone by asking."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome, Urgency
from bot.routing.ports import Match
from bot.services.results import Receipt, StatementLine
from bot.store.engine import Database
from models import Invitation, Member, Statement, StatementVector
from tests.factories import GUILD_ID
from tests.fakes import EXPERTISE, QUESTION, House, new_id, values

ASKER = 77
HALF = 0.5
"""What *Not my topic* multiplies a weight by."""
A_PASS, A_TAKE, A_HELP = 0.97, 1.02, 1.1
UNHEARD = 0.7
"""What a learned statement counts before anyone said how it went."""


@dataclass
class Scene:
    """A helper who was asked."""

    house: House
    helper: Member
    receipt: Receipt
    invitation: int

    async def press(self, verb: str) -> object:
        return await getattr(self.house.helping, verb)(self.invitation, self.helper.user_id)

    async def answer(self) -> bool:
        return await self.house.answer(self.receipt.thread_id, self.helper.user_id)

    async def resolve(self, outcome: Outcome) -> None:
        await self.house.resolving.resolve(self.receipt.request_id, ASKER, outcome)

    async def learn(self, *, consents: bool = True) -> None:
        await self.house.profiling.set_learning(GUILD_ID, self.helper.user_id, learns_from_help=consents)

    async def unlearn(self) -> None:
        await self.house.profiling.unlearn(GUILD_ID, self.helper.user_id)

    async def lines(self) -> list[StatementLine]:
        return list((await self.house.profiling.card(GUILD_ID, self.helper.user_id)).statements)

    async def weight(self) -> float:
        """Return what the helper's own line counts, as they see it and as routing knows it."""
        first = (await self.lines())[0]
        community = await self.house.community(GUILD_ID)
        (stored,) = [each for each in community.statements if each.id == first.statement_id]
        assert stored.weight == first.weight
        return first.weight

    async def found(self, text: str = QUESTION) -> Match | None:
        """Return how the next question finds the helper; None where nothing speaks for them."""
        query = await self.house.router.read(text)
        matches = await self.house.inviting.rank(GUILD_ID, query, Urgency.TODAY)
        return next((each for each in matches if each.member_id == self.helper.id and each.expertise > 0), None)


@pytest.fixture
async def scene(sqlite_database: Database) -> Scene:
    house = House(sqlite_database)
    await house.open()
    helper = await house.helper(rate="more")
    receipt = await house.ask(ASKER)
    (invitation,) = values(await house.rows(Invitation), "id")
    return Scene(house, helper, receipt, invitation)


async def learned(scene: Scene, text: str = QUESTION) -> StatementLine:
    """Let the helper answer a question no one invited them to, with consent; return what is learned."""
    await scene.learn()
    receipt = await scene.house.ask(new_id(), text)
    await scene.house.answer(receipt.thread_id, scene.helper.user_id)
    return (await scene.lines())[-1]


async def test_not_my_topic_says_which_line_counts_less(scene: Scene) -> None:
    assert await scene.press("off_topic") == EXPERTISE
    assert await scene.press("off_topic") == EXPERTISE
    assert await scene.weight() == HALF


async def test_taken_back_it_was_a_pass_like_any_other(scene: Scene) -> None:
    await scene.press("off_topic")
    for _ in range(2):
        await scene.press("on_topic")
    assert values(await scene.house.rows(Invitation), "state") == ["passed"]
    assert await scene.weight() == 1
    await scene.press("off_topic")
    assert await scene.weight() == HALF


@pytest.mark.parametrize("before", [None, "pass_on", "take"])
async def test_taking_back_what_was_never_said_is_nothing(scene: Scene, before: str | None) -> None:
    if before:
        await scene.press(before)
    rows = await scene.house.snapshot()
    await scene.press("on_topic")
    assert await scene.house.snapshot() == rows


async def test_it_can_be_taken_back_when_the_question_is_over(scene: Scene) -> None:
    await scene.press("off_topic")
    await scene.house.asking.close(scene.receipt.request_id, ASKER, is_moderator=False)
    await scene.press("on_topic")
    assert await scene.weight() == 1


async def test_a_pass_first_and_not_my_topic_after_is_not_my_topic(scene: Scene) -> None:
    for verb in ("pass_on", "off_topic", "pass_on"):
        await scene.press(verb)
    assert values(await scene.house.rows(Invitation), "state") == ["off_topic"]
    assert await scene.weight() == HALF


async def test_taking_it_after_all_takes_it_back(scene: Scene) -> None:
    await scene.press("off_topic")
    await scene.press("take")
    assert await scene.weight() == 1


async def test_an_invitation_taken_back_meanwhile_still_has_its_say(scene: Scene) -> None:
    await scene.resolve(Outcome.HELPED)
    await scene.resolve(Outcome.NOT_YET)
    assert values(await scene.house.rows(Invitation), "state") == ["undelivered"]
    assert await scene.press("off_topic") == EXPERTISE
    assert await scene.weight() == HALF


async def test_where_the_line_is_gone_it_is_only_a_pass(scene: Scene) -> None:
    (line,) = await scene.lines()
    await scene.house.profiling.delete(GUILD_ID, scene.helper.user_id, [line.statement_id])
    assert await scene.press("off_topic") is None
    assert await scene.press("on_topic") is None


async def test_whoever_said_not_my_topic_comes_after_an_equal(scene: Scene) -> None:
    equal = await scene.house.helper()
    await scene.house.helper("Grant writing")
    query = await scene.house.router.read(QUESTION)
    before = await scene.house.inviting.rank(GUILD_ID, query, Urgency.TODAY)
    await scene.press("off_topic")
    after = await scene.house.inviting.rank(GUILD_ID, query, Urgency.TODAY)
    assert [match.member_id for match in before][:2] == [scene.helper.id, equal.id]
    assert [match.member_id for match in after][:2] == [equal.id, scene.helper.id]


async def passed(scene: Scene) -> None:
    await scene.press("pass_on")


async def taken(scene: Scene) -> None:
    await scene.press("take")


async def answered(scene: Scene) -> None:
    await scene.answer()


async def helped(scene: Scene) -> None:
    await scene.answer()
    await scene.resolve(Outcome.HELPED)


async def off_topic(scene: Scene) -> None:
    await scene.press("off_topic")


@pytest.mark.parametrize(
    ("act", "with_consent", "without"),
    [
        (passed, A_PASS, 1),
        (taken, A_TAKE, 1),
        (answered, A_TAKE, 1),
        (helped, A_TAKE * A_HELP, 1),
        (off_topic, HALF, HALF),
    ],
)
@pytest.mark.parametrize("is_asked_before", [True, False])
async def test_all_but_not_my_topic_counts_with_consent_alone(
    scene: Scene, act: Callable[[Scene], Awaitable[None]], with_consent: float, without: float, *, is_asked_before: bool
) -> None:
    if is_asked_before:
        await scene.learn()
    await act(scene)
    assert await scene.weight() == pytest.approx(with_consent if is_asked_before else without)

    await scene.learn(consents=not is_asked_before)
    assert await scene.weight() == pytest.approx(without if is_asked_before else with_consent)


async def test_a_first_answer_is_learned_with_consent(scene: Scene) -> None:
    await scene.learn()
    for _ in range(2):
        await scene.answer()
    own, new = await scene.lines()
    assert (own.text, own.is_learned) == (EXPERTISE, False)
    assert (new.text, new.is_learned, new.weight) == (QUESTION, True, UNHEARD)
    (row,) = await scene.house.rows(Statement, source="learned")
    assert (row["request_id"], row["added_at"]) == (scene.receipt.request_id, scene.house.clock.now())


async def test_without_consent_nothing_is_learned_also_later(scene: Scene) -> None:
    await scene.answer()
    await scene.resolve(Outcome.HELPED)
    await scene.learn()
    assert len(await scene.lines()) == 1


@pytest.mark.parametrize("visibility", ["matched", "anonymous"])
async def test_what_not_everybody_may_read_is_not_learned(scene: Scene, visibility: str) -> None:
    await scene.learn()
    async with scene.house.database.begin() as work:
        question = await work.requests.get(scene.receipt.request_id)
        assert question is not None
        question.visibility = visibility
    await scene.answer()
    assert len(await scene.lines()) == 1


@pytest.mark.parametrize("text", [QUESTION, QUESTION.upper()])
async def test_the_same_words_are_learned_once(scene: Scene, text: str) -> None:
    again = await scene.house.ask(new_id(), text)
    await learned(scene)
    await scene.house.answer(again.thread_id, scene.helper.user_id)
    await scene.answer()
    assert len(await scene.lines()) == 2


@pytest.mark.parametrize(("outcome", "weight"), [(Outcome.HELPED, 1), (Outcome.PARTLY, 0.8), (Outcome.NOT_YET, 0)])
async def test_how_it_went_decides_what_it_counts(scene: Scene, outcome: Outcome, weight: float) -> None:
    await scene.learn()
    await scene.answer()
    for each in (*Outcome, outcome):
        await scene.resolve(each)
        community = await scene.house.community(GUILD_ID)
        kept = {line.statement_id: line.weight for line in await scene.lines()}
        assert {each.id: each.weight for each in community.statements} == kept
    assert (await scene.lines())[-1].weight == weight


async def test_the_next_question_is_asked_for_what_was_learned(scene: Scene) -> None:
    newcomer = await scene.house.helper("Grant writing", learns_from_help=True, rate="more")
    scene = Scene(scene.house, newcomer, scene.receipt, 0)
    assert await scene.found() is None
    await scene.answer()
    new = (await scene.lines())[-1]

    asker = new_id()
    await scene.house.posting.post((await scene.house.ask(asker)).request_id, asker)
    await scene.house.settle()

    (invitation,) = await scene.house.rows(Invitation, member_id=newcomer.id)
    assert invitation["statement_id"] == new.statement_id
    (letter,) = [each for each in scene.house.messenger.of("invitation") if each.user_id == newcomer.user_id]
    assert (letter.content.reason, letter.content.is_learned) == (QUESTION, True)


async def test_what_was_learned_is_set_aside_when_consent_ends(scene: Scene) -> None:
    new = await learned(scene, "How do people choose a learning rate for small transformers?")
    assert await scene.found(new.text) is not None

    await scene.learn(consents=False)

    assert (await scene.lines())[-1] == new
    offered = [each.id for each in (await scene.house.community(GUILD_ID)).statements]
    assert new.statement_id not in offered
    found = await scene.found(new.text)
    assert found is None or found.statement_id != new.statement_id

    await scene.learn()
    again = await scene.found(new.text)
    assert again is not None
    assert again.statement_id == new.statement_id


async def test_what_was_learned_is_deleted_by_its_owner_alone(scene: Scene) -> None:
    new = await learned(scene)
    stranger = await scene.house.helper()
    await scene.house.profiling.delete(GUILD_ID, stranger.user_id, [new.statement_id])
    assert new in await scene.lines()

    card = await scene.house.profiling.delete(GUILD_ID, scene.helper.user_id, [new.statement_id])

    assert ([line.text for line in card.statements], card.is_helper) == ([EXPERTISE], True)


async def test_without_a_line_of_their_own_nobody_is_asked_for_what_was_learned(scene: Scene) -> None:
    await learned(scene)
    own = (await scene.lines())[0]
    card = await scene.house.profiling.delete(GUILD_ID, scene.helper.user_id, [own.statement_id])
    assert ([line.is_learned for line in card.statements], card.is_helper) == ([True], False)
    assert await scene.found() is None


async def test_what_was_learned_is_never_muted_with_the_rest(scene: Scene) -> None:
    new = await learned(scene)
    own = (await scene.lines())[0]
    card = await scene.house.profiling.mute(GUILD_ID, scene.helper.user_id, [own.statement_id, new.statement_id])
    assert [line.is_muted for line in card.statements] == [True, False]


async def test_all_that_was_learned_can_be_forgotten(scene: Scene) -> None:
    await learned(scene)
    await scene.press("off_topic")
    scene.house.clock.advance(timedelta(seconds=1))
    for _ in range(2):
        await scene.unlearn()
    (line,) = await scene.lines()
    assert (line.text, line.weight) == (EXPERTISE, 1)
    found = await scene.found()
    assert found is not None
    assert found.statement_id == line.statement_id

    await scene.press("on_topic")
    await scene.press("off_topic")
    assert await scene.weight() == HALF


async def test_forgetting_is_one_person_s(scene: Scene) -> None:
    other = await scene.house.helper(learns_from_help=True)
    await scene.house.answer(scene.receipt.thread_id, other.user_id)
    await scene.press("off_topic")
    scene.house.clock.advance(timedelta(seconds=1))

    await scene.house.profiling.unlearn(GUILD_ID, other.user_id)
    await scene.house.profiling.unlearn(GUILD_ID, new_id())

    assert await scene.weight() == HALF
    assert not await scene.house.rows(Statement, source="learned")


async def test_what_was_learned_is_read_by_the_sweep(scene: Scene) -> None:
    new = await learned(scene)
    assert not await scene.house.rows(StatementVector, statement_id=new.statement_id)
    await scene.house.reindexing.sweep()
    assert len(await scene.house.rows(StatementVector, statement_id=new.statement_id)) == 1


async def test_another_process_counts_the_same(scene: Scene) -> None:
    await learned(scene)
    await scene.press("off_topic")
    again = Scene(House(scene.house.database, clock=scene.house.clock), scene.helper, scene.receipt, scene.invitation)
    assert await again.lines() == await scene.lines()
    assert await again.found() == await scene.found()
