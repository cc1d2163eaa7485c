"""What is the same for every kind of request, tried with a made-up one beside an ordinary question."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.hours import next_awake
from bot.domain.lifecycle import InvitationState, Outcome, Urgency
from bot.domain.policy import DEFAULT, NEVER
from bot.services.requests.kinds import KINDS, with_kinds
from bot.store.engine import Database
from bot.ui.letters import letter
from models import Fact, Invitation, Request
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, values
from tests.services.errands import HURRIED, SAMPLES, Errand, Sample, ask_errand, keep_errand, laid_table
from tests.services.scenes import ASKER, MODERATORS_ID, Scene, ask, elapse, said_to, sweep

pytestmark = pytest.mark.both
OTHER = 78
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with laid_table(database.engine):
        house = House(database)
        await house.open(moderator_channel_id=MODERATORS_ID)
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
    first = sample.asked_at_first()
    assert (scene.receipt.invited, len(asked)) == (first, first)
    assert [each.content.question.text for each in (post, *asked) if each.content.question is not None] == [
        QUESTION
    ] * (1 + first)
    assert all(letter(each).embed is not None for each in (post, *asked))


async def test_each_kind_asks_by_its_own_numbers(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    wait = sample.numbers.wait(Urgency.THIS_WEEK, 1)
    rows = await house.rows(Invitation, request_id=scene.id)
    assert {row["expires_at"] - row["created_at"] for row in rows} == {wait}


def test_a_policy_is_handed_on_with_the_numbers_of_every_kind() -> None:
    given = with_kinds(replace(DEFAULT, most_invitations=3))
    own = [each.numbers.most_invitations for each in SAMPLES[1:]]
    assert [given.of(each.name).most_invitations for each in SAMPLES] == [3, *own]
    assert given.of("question").waves == DEFAULT.waves
    assert given.of("errand").waves == HURRIED.waves


def test_the_made_up_kind_has_each_number_of_its_own() -> None:
    same = {"most_invitations", "alternates", "floor", "exploratory_percent", "freshness", "kinds"}
    """Seating reads these together with the waves."""
    equal = {each.name for each in fields(HURRIED) if getattr(HURRIED, each.name) == getattr(DEFAULT, each.name)}
    assert equal == same


async def test_a_helper_is_reminded_when_the_kind_says(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    (helper, *_), taken_at = scene.helpers, house.clock.now()
    await scene.take(0)
    at = next_awake(taken_at + sample.numbers.nudged_after, helper.zone, helper.begins, helper.ends)
    house.clock.moment = at - MINUTE
    await house.settle()
    assert house.messenger.of("nudge") == []
    house.clock.moment = at
    await house.settle()
    assert [each.user_id for each in house.messenger.of("nudge")] == [helper.user_id]


async def test_a_claim_lasts_as_long_as_the_kind_says(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await scene.take(0)
    house.clock.advance(sample.numbers.claimed_for - MINUTE)
    await house.claiming.sweep()
    assert await scene.facts("released") == []
    house.clock.advance(MINUTE)
    await house.claiming.sweep()
    assert await scene.facts("released") == ["released"]


async def test_a_claim_begins_over_when_the_answer_is_gone(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await scene.take(0)
    answered_at = house.clock.now()
    await scene.answer(0)
    house.clock.advance(MINUTE)
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [answered_at])
    (claim,) = await house.rows(Invitation, id=await scene.invitation_of(0))
    assert claim["expires_at"] == house.clock.now() + sample.numbers.claimed_for


async def test_the_outcome_is_asked_again_when_the_kind_says(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await scene.answer(0)
    house.clock.advance(sample.numbers.outcome_again_after - MINUTE)
    await house.settle()
    assert len(house.messenger.of("outcome")) == 1
    house.clock.advance(MINUTE)
    await house.settle()
    assert len(house.messenger.of("outcome")) == 2


async def test_each_kind_is_listed_for_everyone_when_its_numbers_say(house: House) -> None:
    errand, question = await ask_errand(house, ASKER), await ask(house, OTHER)
    house.clock.advance(HURRIED.listed_after - MINUTE)
    await sweep(house)
    assert listed(house, "digest") == []
    house.clock.advance(MINUTE)
    await sweep(house)
    assert listed(house, "digest") == [[errand.thread_id]]
    house.clock.advance(DEFAULT.listed_after)
    await sweep(house)
    assert listed(house, "digest") == [[errand.thread_id], [errand.thread_id, question.thread_id]]


async def test_each_kind_is_listed_for_moderators_when_its_numbers_say(house: House) -> None:
    errand, question = await ask_errand(house, ASKER), await ask(house, OTHER)
    house.clock.advance(HURRIED.moderators_after - MINUTE)
    await sweep(house)
    assert listed(house, "moderator_digest") == []
    house.clock.advance(MINUTE)
    await sweep(house)
    assert listed(house, "moderator_digest") == [[errand.thread_id]]
    house.clock.advance(DEFAULT.moderators_after - HURRIED.moderators_after)
    await sweep(house)
    assert listed(house, "moderator_digest")[1:] == [[errand.thread_id, question.thread_id]]


def listed(house: House, kind: str) -> list[list[int]]:
    """Return the threads that each list of this kind leads to."""
    return [[each.thread_id for each in letter.content.waiting] for letter in house.messenger.of(kind)]


async def test_choices_are_offered_when_the_kind_says(house: House, sample: Sample) -> None:
    await begin(house, sample, helpers=0)
    house.clock.advance(sample.numbers.choices_after - MINUTE)
    await sweep(house)
    assert house.messenger.of("choices") == []
    house.clock.advance(MINUTE)
    await sweep(house)
    assert [each.addressee_id for each in house.messenger.of("choices")] == [ASKER]


async def test_it_is_put_away_when_the_kind_says(house: House, sample: Sample) -> None:
    scene = await begin(house, sample, helpers=0)
    house.clock.advance(sample.numbers.archived_after - MINUTE)
    await sweep(house)
    assert await scene.state() == "waiting"
    house.clock.advance(MINUTE)
    await sweep(house)
    assert await scene.state() == "archived"


async def test_what_was_never_posted_is_forgotten_when_the_kind_says(house: House) -> None:
    question = await house.ask(ASKER, "Hello everybody, can I ask a question please?")
    assert question.hint is not None
    errand_id, began = await keep_errand(house, ASKER), house.clock.now()
    assert await forgotten(house, began + HURRIED.unposted_for) == set()
    assert await forgotten(house, began + HURRIED.unposted_for + MINUTE) == {errand_id}
    assert await forgotten(house, began + DEFAULT.unposted_for) == set()
    assert await forgotten(house, began + DEFAULT.unposted_for + MINUTE) == {question.request_id}


async def forgotten(house: House, at: datetime) -> set[object]:
    """Return what is forgotten at a moment."""
    house.clock.moment, before = at, values(await house.rows(Request), "id")
    await house.asking.forget_unposted()
    return set(before) - set(values(await house.rows(Request), "id"))


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
    asked = [InvitationState.PASSED, *[InvitationState.ASKED] * sample.asked_at_first()]
    assert list((await scene.invited()).values()) == asked


async def test_a_block_keeps_it_away(house: House, sample: Sample) -> None:
    people = await house.helpers(3)
    await house.blocking.block(GUILD_ID, people[0].user_id, ASKER)
    scene = Scene(house, people, await sample.ask(house, ASKER))
    await house.blocking.block(GUILD_ID, ASKER, people[1].user_id)
    await house.settle()
    await sweep(house)
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
    house.clock.advance(max(sample.numbers.choices_after - DEFAULT.choices_after, timedelta()))
    await elapse(house, days=2.5, step=12)
    listed_first = [each.content.waiting[0].text for each in house.messenger.of("digest")[:1]]
    assert listed_first == [QUESTION] * (sample.numbers.listed_after < NEVER)
    assert "choices" in {each.kind for each in said_to(house, ASKER)}
    await scene.put_away()
    assert await house.following_up.reopen(scene.id, ASKER) == scene.receipt.thread_id
    await sweep(house)
    assert await scene.state() == "waiting"


async def test_who_leaves_takes_it_along(house: House, sample: Sample) -> None:
    scene = await begin(house, sample)
    await house.belonging.left(GUILD_ID, ASKER)
    assert (await scene.request())["close_reason"] == sample.left
    assert set((await scene.invited()).values()) <= {"withdrawn", "undelivered"}


async def test_nothing_is_learned_from_a_kind_that_teaches_nothing(house: House) -> None:
    (helper,) = await house.helpers(1)
    await house.profiling.set_learning(GUILD_ID, helper.user_id, learns_from_help=True)
    receipt = await ask_errand(house, ASKER)
    await house.answer(receipt.thread_id, helper.user_id)
    await house.resolving.resolve(receipt.request_id, ASKER, Outcome.HELPED)
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
