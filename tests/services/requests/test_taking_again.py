"""Taking a question again: a helper who did their part may, while an answer is still wanted, and it counts again."""

from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome
from bot.domain.policy import DEFAULT
from bot.services.results import Answer
from bot.store.engine import Database
from models import HelpInteraction, Invitation
from tests.fakes import House, values
from tests.services.scenes import ASKER, Scene, begin, elapse

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def scene(database: Database) -> Scene:
    house = House(database)
    await house.open()
    return await begin(house)


async def claim(scene: Scene) -> dict[str, object]:
    (row,) = await scene.house.rows(Invitation, id=await scene.invitation_of(0))
    return row


@pytest.mark.parametrize("way", ["not yet", "closed and opened again"])
async def test_whoever_did_their_part_may_take_it_again_for_another_day(scene: Scene, way: str) -> None:
    await scene.answer(0)
    if way == "not yet":
        await scene.resolve(Outcome.NOT_YET)
    else:
        await scene.close()
        await scene.house.following_up.reopen(scene.id, ASKER)
    await elapse(scene.house, hours=2)
    await scene.take(0)
    before = await scene.house.snapshot()
    await scene.take(0)
    assert await scene.house.snapshot() == before
    assert (await claim(scene))["expires_at"] == scene.house.clock.now() + DEFAULT.claimed_for
    assert await scene.state() == "taken"
    await elapse(scene.house, hours=24, step=4)
    assert ((await claim(scene))["state"], await scene.state()) == ("released", "waiting")
    assert len(scene.house.messenger.of("nudge")) == 1


async def test_what_they_write_after_taking_it_again_is_another_answer(scene: Scene) -> None:
    await scene.take(0)
    await scene.answer(0)
    await scene.house.settle()
    scene.house.clock.advance(MINUTE)
    await scene.resolve(Outcome.NOT_YET)
    assert not await scene.answer(0)
    await scene.take(0)
    assert await scene.answer(0)
    assert not await scene.answer(0)
    await scene.house.settle()
    assert (await claim(scene))["expires_at"] is None
    assert await scene.facts("taken", "answered", "not_yet") == ["taken", "answered", "not_yet", "taken", "answered"]
    assert values(await scene.house.rows(HelpInteraction), "outcome") == [None]
    assert len(scene.house.messenger.of("outcome")) == 2
    assert scene.house.messenger.texts().count("thread.taken") == 2
    await scene.resolve(Outcome.HELPED)
    assert values(await scene.house.rows(HelpInteraction), "outcome") == ["helped"]


async def test_an_answer_from_before_they_took_it_again_is_not_taken_for_another(scene: Scene) -> None:
    thread_id, user_id = scene.receipt.thread_id or 0, scene.helpers[0].user_id
    scene.house.messenger.answers[thread_id] = Answer(thread_id, user_id, scene.house.clock.now())
    assert await scene.house.catching_up.after_gap() == 1
    await scene.resolve(Outcome.NOT_YET)
    scene.house.clock.advance(MINUTE)
    await scene.take(0)
    assert await scene.house.catching_up.after_gap() == 0
    assert await scene.state() == "taken"


@pytest.mark.parametrize("is_pressed", [True, False])
async def test_while_no_answer_is_wanted_whoever_answered_has_nothing_to_take(
    scene: Scene, *, is_pressed: bool
) -> None:
    if is_pressed:
        await scene.take(0)
    await scene.answer(0)
    before = await scene.house.snapshot()
    await scene.take(0)
    assert await scene.house.snapshot() == before
