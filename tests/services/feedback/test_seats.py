"""The readers' places at a draft as its author sees them, round by round."""

from datetime import timedelta

import pytest

from bot.services.feedback.seats import SeatState
from bot.services.feedback.versions import NewVersion
from models import Invitation
from tests.fakes import House
from tests.services.drafts import DraftScene, begin_draft
from tests.services.feedback.reviews import WRITTEN
from tests.services.feedback.test_rounds import ALWAYS, read_once
from tests.services.scenes import ASKER, elapse

pytestmark = pytest.mark.both
NEW = NewVersion("in 6 days", "The comparison is fair now.")
OPEN, ASKED, TAKEN, READING, WROTE = SeatState


async def seats(scene: DraftScene) -> list[SeatState]:
    draft = (await scene.house.tracking.request(scene.id, ASKER)).draft
    assert draft is not None
    return [each.state for each in draft.seats]


async def second_round(house: House, helpers: int = 4) -> DraftScene:
    """Let the second round of a draft begin that two people have read."""
    scene = await read_once(house, helpers)
    assert await seats(scene) == [WROTE, WROTE]
    house.clock.advance(timedelta(days=1))
    await house.rounds.next(scene.id, ASKER, NEW)
    return scene


async def take(scene: DraftScene, place: int) -> int:
    """Let a person who was asked for the second round take it, counted from 0; return their user id."""
    row = (await scene.house.rows(Invitation, request_id=scene.id, round=2))[place]
    (reader,) = [each for each in scene.helpers if each.id == row["member_id"]]
    await scene.house.helping.take(row["id"], reader.user_id)
    return reader.user_id


async def test_a_new_round_begins_with_empty_places(house: House) -> None:
    scene = await second_round(house)
    assert await seats(scene) == [ASKED, ASKED]
    draft = (await house.tracking.request(scene.id, ASKER)).draft
    assert draft is not None
    assert draft.round == 2


async def test_who_wrote_before_is_named_again_only_once_they_have_written_again(house: House) -> None:
    scene = await second_round(house)
    user_id = await take(scene, 0)
    assert await seats(scene) == [TAKEN, ASKED]
    house.clock.advance(timedelta(hours=1))
    await scene.write(user_id)
    draft = (await house.tracking.request(scene.id, ASKER)).draft
    assert draft is not None
    assert [(each.state, each.reader_user_id) for each in draft.seats] == [(WROTE, user_id), (ASKED, None)]


async def test_what_was_begun_in_a_round_before_is_no_reading_in_this_one(house: House) -> None:
    scene = await begin_draft(house, 4, people=dict(ALWAYS))
    await house.settle()
    for place in await scene.places("asked"):
        await scene.take(place)
    reader = (await scene.places("taken"))[0]
    await house.reviewing.keep(scene.id, scene.helpers[reader].user_id, WRITTEN)
    assert await seats(scene) == [READING, TAKEN]
    await elapse(house, days=8, step=24)
    await house.rounds.next(scene.id, ASKER, NEW)
    assert READING not in await seats(scene)


async def test_a_place_that_was_taken_when_its_round_ended_is_free_in_the_next(house: House) -> None:
    scene = await begin_draft(house, 4, people=dict(ALWAYS))
    await house.settle()
    (first, _) = await scene.places("asked")
    await elapse(house, days=6, step=24)
    await scene.take(first)
    house.clock.advance(timedelta(days=2))
    await house.rounds.next(scene.id, ASKER, NEW)
    assert TAKEN not in await seats(scene)
    assert len(await seats(scene)) == 2


async def test_with_no_one_left_to_ask_both_places_are_open(house: House) -> None:
    scene = await second_round(house, 2)
    for place in (1, 0):
        row = (await house.rows(Invitation, request_id=scene.id, round=2))[place]
        (reader,) = [each for each in scene.helpers if each.id == row["member_id"]]
        await house.helping.pass_on(row["id"], reader.user_id)
    assert await seats(scene) == [OPEN, OPEN]
