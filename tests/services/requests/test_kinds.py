"""What is the same for every kind of request, tried with a made-up one beside an ordinary question."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.lifecycle import InvitationState, Outcome, Urgency
from bot.domain.policy import DEFAULT
from bot.services.requests.kinds import KINDS, with_kinds
from bot.store.engine import Database
from bot.ui.letters import letter
from models import Fact, Invitation, Request
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, values
from tests.services.errands import HURRIED, SAMPLES, Errand, Sample, ask_errand, laid_table
from tests.services.scenes import ASKER, Scene, ask, elapse, said_to, sweep

pytestmark = pytest.mark.both
OTHER = 78


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with laid_table(database.engine):
        house = House(database)
        await house.open()
        yield house


@pytest.fixture(params=SAMPLES, ids=[each.name for each in SAMPLES])
def sample(request: pytest.FixtureRequest) -> Sample:
    """Return how to ask for something of one kind."""
    found: Sample = request.param
    return found


async def begin(house: House, sample: Sample, helpers: int = 3) -> Scene:
    people = await house.helpers(helpers)
    return Scene(house, people, await sample.ask(house, ASKER))


def test_there_is_a_sample_of_every_kind() -> None:
    assert {each.name for each in SAMPLES} == KINDS.keys()


async def test_it_is_posted_and_people_are_asked(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await house.settle()
    (post,) = house.messenger.of("post")
    asked = house.messenger.of("invitation")
    assert scene.receipt.thread_id is not None
    assert (scene.receipt.invited, len(asked)) == (2, 2)
    assert [each.content.question.text for each in (post, *asked) if each.content.question is not None] == [
        QUESTION
    ] * 3
    assert all(letter(each).embed is not None for each in (post, *asked))


async def test_each_kind_asks_by_its_own_numbers(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    wait = (sample.kind.numbers or DEFAULT).wait(Urgency.THIS_WEEK, 1)
    rows = await house.rows(Invitation, request_id=scene.id)
    assert {row["expires_at"] - row["created_at"] for row in rows} == {wait}


def test_a_policy_is_handed_on_with_the_numbers_of_every_kind() -> None:
    given = with_kinds(replace(DEFAULT, most_invitations=3))
    assert [given.of(each.name).most_invitations for each in SAMPLES] == [3, HURRIED.most_invitations]
    assert given.of("question").waves == DEFAULT.waves
    assert given.of("errand").waves == HURRIED.waves


async def test_who_is_asked_takes_it(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await scene.take(0)
    assert await scene.state() == "taken"
    assert await scene.facts("taken") == ["taken"]


async def test_who_is_asked_learns_why(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    (told,) = await house.explaining.latest(GUILD_ID, scene.helpers[0].user_id)
    assert (told.request.text, told.request.type, told.wave) == (QUESTION, sample.name, 1)


async def test_both_find_it_among_their_own(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    (own,) = (await house.tracking.mine(GUILD_ID, ASKER)).questions
    (duty,) = (await house.tracking.mine(GUILD_ID, scene.helpers[0].user_id)).duties
    assert (own.request_id, own.text, duty.request.request_id) == (scene.id, QUESTION, scene.id)


async def test_the_first_answer_is_noticed_and_asked_about(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    assert await scene.answer(0)
    await house.settle()
    assert await scene.state() == "answered"
    assert [each.kind for each in said_to(house, ASKER)] == ["outcome"]
    await scene.resolve(Outcome.HELPED)
    assert await house.thanking.thank(scene.id, ASKER, "Thank you!") == 1


async def test_a_pause_passes_it(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await house.pausing.from_invitation(await scene.invitation_of(0), scene.helpers[0].user_id)
    assert await scene.invited() == {
        scene.helpers[0].id: InvitationState.PASSED,
        scene.helpers[1].id: InvitationState.ASKED,
        scene.helpers[2].id: InvitationState.ASKED,
    }


async def test_a_block_keeps_it_away(house: House, sample: Sample) -> None:
    people = await house.helpers(3)
    await house.blocking.block(GUILD_ID, people[0].user_id, ASKER)
    scene = Scene(house, people, await sample.ask(house, ASKER))
    await house.blocking.block(GUILD_ID, ASKER, people[1].user_id)
    await house.settle()
    assert {each.user_id for each in house.messenger.of("invitation")} == {people[2].user_id}
    assert people[0].id not in await scene.invited()


async def test_one_sweep_serves_all_kinds(house: House) -> None:
    people = await house.helpers(4, rate="more")
    errand, question = await ask_errand(house, ASKER), await ask(house, OTHER)
    taken = next(iter(await house.rows(Invitation, request_id=errand.request_id)))
    user_ids = {each.id: each.user_id for each in people}
    await house.helping.take(taken["id"], user_ids[taken["member_id"]])
    await elapse(house, days=2)
    for receipt in (errand, question):
        states = values(await house.rows(Invitation, request_id=receipt.request_id), "state")
        assert "expired" in states
        assert len(states) == 4
    assert "released" in values(await house.rows(Fact, request_id=errand.request_id), "type")


async def test_what_waits_is_listed_put_away_and_opened_again(house: House, sample: Sample) -> None:
    scene = await begin(house, sample, helpers=0)
    await elapse(house, days=2.5, step=12)
    assert [each.content.waiting[0].text for each in house.messenger.of("digest")[:1]] == [QUESTION]
    assert "choices" in {each.kind for each in said_to(house, ASKER)}
    await scene.put_away()
    assert await house.following_up.reopen(scene.id, ASKER) == scene.receipt.thread_id
    await sweep(house)
    assert await scene.state() == "waiting"


async def test_who_leaves_takes_it_along(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await house.belonging.left(GUILD_ID, ASKER)
    assert (await scene.request())["close_reason"] == "left"
    assert set((await scene.invited()).values()) <= {"withdrawn", "undelivered"}


async def test_nothing_is_learned_from_a_kind_that_teaches_nothing(house: House) -> None:
    (helper,) = await house.helpers(1)
    await house.profiling.set_learning(GUILD_ID, helper.user_id, learns_from_help=True)
    receipt = await ask_errand(house, ASKER)
    await house.answer(receipt.thread_id, helper.user_id)
    await house.helping.resolve(receipt.request_id, ASKER, Outcome.HELPED)
    assert len((await house.profiling.card(GUILD_ID, helper.user_id)).statements) == 1
    assert (await house.ask(OTHER)).similar == ()


async def test_each_comes_back_as_what_it_is(house: House) -> None:
    errand, question = await ask_errand(house, ASKER), await ask(house, OTHER)
    async with house.database.begin() as work:
        held = await work.requests.hold_all([errand.request_id, question.request_id])
        assert [type(each).__name__ for each in held] == ["Errand", "Question"]
        assert isinstance(held[0], Errand)
        assert held[0].what == QUESTION
        assert await work.questions.get(errand.request_id) is None
    assert values(await house.rows(Request), "type") == ["errand", "question"]
