"""Who helped, as an outcome remembers it."""

import pytest

from bot.domain.lifecycle import Outcome
from bot.store.engine import Database
from models import HelpInteraction
from tests.fakes import House
from tests.services.requests.test_helping import Scene


@pytest.fixture
async def scene(database: Database) -> Scene:
    scene = Scene(House(database))
    await scene.begin()
    return scene


async def test_an_outcome_is_about_those_who_answered_since_the_last_one(scene: Scene) -> None:
    first, second = scene.helpers[0], scene.helpers[1]
    await scene.answer(first.user_id)
    await scene.resolve(Outcome.NOT_YET)
    await scene.answer(second.user_id)
    await scene.resolve(Outcome.HELPED)

    parts = {row["helper_id"]: row["outcome"] for row in await scene.house.rows(HelpInteraction)}
    assert parts == {first.id: "not_yet", second.id: "helped"}


async def test_whoever_only_meant_to_answer_did_not_help(scene: Scene) -> None:
    await scene.take(0)
    await scene.answer(scene.helpers[1].user_id)
    await scene.resolve(Outcome.HELPED)

    parts = {row["helper_id"]: row["outcome"] for row in await scene.house.rows(HelpInteraction)}
    assert sorted(parts.values(), key=str) == [None, "helped"]
