"""What fifteen minutes helped with is settled: as by the button in the question's thread, and only by its asker."""

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.services.office_hours.looking_back import Helped
from bot.store.engine import Database
from models import Event, HelpInteraction, Request
from tests.factories import a_question
from tests.fakes import House, values
from tests.services.meetings import ASKER, HOST, Scene, agreed, held, opened
from tests.services.scenes import at_once


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await agreed(await opened(House(database)))


async def asked(scene: Scene, **chosen: object) -> int:
    """Let the fifteen minutes have come from a question of the asker's, and be over; return the question."""
    async with scene.house.database.begin() as work:
        question = await a_question(work, scene.asker, **chosen)
        booking = await work.bookings.hold(scene.id)
        assert booking is not None
        booking.request_id = question.id
    await held(scene)
    return question.id


async def state(scene: Scene) -> object:
    return values(await scene.house.rows(Request), "state")[0]


async def say(scene: Scene, user_id: int = ASKER, helped: Helped = "helped") -> bool:
    return await scene.house.looking_back.impression(scene.id, user_id, helped)


async def test_what_helped_its_asker_settles_their_question_and_the_host_has_a_part_in_it(scene: Scene) -> None:
    await asked(scene)
    assert [letter.params["settles"] for letter in scene.house.messenger.of("check")] == [0, 1]
    assert await say(scene)
    assert await state(scene) == "resolved"
    (part,) = await scene.house.rows(HelpInteraction)
    assert (part["helper_id"], part["outcome"]) == (scene.host.id, "helped")
    assert not await say(scene)
    assert len(await scene.house.rows(Event, type="helped")) == 1


@pytest.mark.parametrize(("user_id", "helped"), [(HOST, "helped"), (ASKER, "partly"), (ASKER, "not_yet")])
async def test_nothing_else_settles_it(scene: Scene, user_id: int, helped: Helped) -> None:
    await asked(scene)
    assert not await say(scene, user_id, helped)
    assert await state(scene) == "waiting"


async def test_a_question_without_a_name_is_tied_to_nothing(scene: Scene) -> None:
    await asked(scene, visibility=Visibility.ANONYMOUS)
    assert [letter.params["settles"] for letter in scene.house.messenger.of("check")] == [0, 0]
    assert not await say(scene)
    assert (await state(scene), await scene.house.rows(HelpInteraction)) == ("waiting", [])


@pytest.mark.parametrize("over", ["closed", "resolved"])
async def test_what_is_over_stays_as_it_is(scene: Scene, over: str) -> None:
    await asked(scene, state=over)
    assert not await say(scene)
    assert (await state(scene), await scene.house.rows(HelpInteraction)) == (over, [])


async def test_both_buttons_at_once_settle_it_once(scene: Scene) -> None:
    request_id = await asked(scene)
    resolve = scene.house.helping.resolve
    presses = [each for _ in range(4) for each in (say(scene), resolve(request_id, ASKER, Outcome.HELPED))]
    assert not await at_once(presses)
    assert await state(scene) == "resolved"
    assert len(await scene.house.rows(Event, type="helped")) == 1
