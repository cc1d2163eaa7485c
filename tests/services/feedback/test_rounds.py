"""Rounds: the same readers are asked first, once and within the one budget; and what follows a date that passed."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.draft_reading import DraftSize
from bot.errors import Conflict, Invalid, NotAllowed
from bot.services.feedback.versions import NewVersion
from bot.ui.letters import letter
from models import Feedback, FeedbackPoint, Invitation
from tests.factories import NOW
from tests.fakes import House, values
from tests.services.drafts import DraftScene, begin_draft
from tests.services.scenes import ASKER, STRANGER, at_once, elapse, said_to

pytestmark = pytest.mark.both
VERSION = NewVersion("in 6 days", "The comparison is fair now.", "https://example.org/second")
ALWAYS: dict[str, object] = {"rate": "more", "begins": time(0), "ends": time(0), "zone": "UTC"}


async def read_once(house: House, helpers: int = 4, people: dict[str, object] | None = None) -> DraftScene:
    """Let two people read a draft."""
    scene = await begin_draft(house, helpers, people={**ALWAYS, **(people or {})})
    await house.settle()
    for place in await scene.places("asked"):
        await scene.take(place)
        await scene.answer(place)
    await house.settle()
    assert await scene.state() == "answered"
    return scene


async def next_round(scene: DraftScene, version: NewVersion = VERSION) -> int:
    return await scene.house.rounds.next(scene.id, ASKER, version)


async def asked_in(scene: DraftScene, number: int) -> list[int]:
    """Return who was asked for a round, in their order."""
    return values(await scene.house.rows(Invitation, request_id=scene.id, round=number), "member_id")


def end_of_day(house: House, days: int) -> datetime:
    """Return the end of the day so many days from now."""
    return datetime.combine((house.clock.now() + timedelta(days=days + 1)).date(), time(), UTC)


async def test_the_same_readers_are_asked_first_and_once(house: House) -> None:
    scene = await read_once(house)
    before = await asked_in(scene, 1)
    house.clock.advance(timedelta(days=1))
    assert await next_round(scene) == 2
    assert await asked_in(scene, 2) == before
    await house.settle()
    for each in before:
        (user_id,) = [helper.user_id for helper in scene.helpers if helper.id == each]
        (again,) = [found for found in said_to(house, user_id) if found.kind == "invitation"][1:]
        assert letter(again).content.startswith("You've read an earlier version of this draft.")
    draft = await scene.draft()
    assert (draft["round"], draft["link"], draft["round_at"]) == (2, VERSION.link, house.clock.now())
    assert (await scene.request())["needed_by"] == end_of_day(house, 6)
    assert [each.content.question.round for each in house.messenger.of("guide")][-1:] == [2]
    assert "feedback.new_round" in house.messenger.texts()


async def test_one_version_begins_one_round_however_often_it_is_sent(house: House) -> None:
    scene = await read_once(house)
    house.clock.advance(timedelta(seconds=1))

    refused = await at_once(next_round(scene) for _ in range(3))

    assert refused == {Conflict: 2}
    assert (await scene.draft())["round"] == 2
    with pytest.raises(Conflict):
        await next_round(scene)


async def test_a_reader_who_passes_makes_room_for_another(house: House) -> None:
    scene = await read_once(house)
    house.clock.advance(timedelta(days=1))
    await next_round(scene)
    first, second = [row["id"] for row in await house.rows(Invitation, request_id=scene.id, round=2)]
    owner = {each.id: each.user_id for each in scene.helpers}
    rows = {row["id"]: row["member_id"] for row in await house.rows(Invitation)}
    await house.helping.pass_on(first, owner[rows[first]])
    await house.helping.take(second, owner[rows[second]])
    now = await asked_in(scene, 2)
    assert len(now) == 3
    assert now[2] not in await asked_in(scene, 1)


async def test_the_button_of_an_earlier_round_takes_the_one_place_of_this_round(house: House) -> None:
    scene = await read_once(house)
    house.clock.advance(timedelta(days=1))
    await next_round(scene)
    (old, *_), (new, *_) = [await house.rows(Invitation, request_id=scene.id, round=number) for number in (1, 2)]
    (user_id,) = [each.user_id for each in scene.helpers if each.id == new["member_id"] == old["member_id"]]
    await house.helping.take(old["id"], user_id)
    await house.helping.take(new["id"], user_id)
    claims = [row for row in await house.rows(Invitation, request_id=scene.id) if row["expires_at"]]
    assert [(row["id"], row["state"]) for row in claims if row["state"] == "taken"] == [(new["id"], "taken")]


async def test_asking_again_costs_as_much_and_never_goes_over_the_budget(house: House) -> None:
    scene = await read_once(house, 2, {"rate": "one_a_week"})
    house.clock.advance(timedelta(days=1))
    assert await next_round(scene, NewVersion("in 3 weeks", "More.")) == 0
    # A place is kept for each of them until half of the time is over.
    await house.helpers(2, **ALWAYS)
    await elapse(house, days=7, step=6)
    again = [each for each in await asked_in(scene, 2) if each in await asked_in(scene, 1)]
    assert len(again) <= 2
    counted = (await house.tracking.mine(scene.helpers[0].guild_id, scene.helpers[0].user_id)).asked_last_week
    assert counted <= 1


async def test_a_reader_who_sleeps_is_waited_for(house: House) -> None:
    scene = await read_once(house, 2, {"begins": time(12), "ends": time(14)})
    await house.helpers(4, **ALWAYS)
    house.clock.advance(timedelta(hours=10))
    assert await next_round(scene) == 0
    await elapse(house, hours=15)
    assert await asked_in(scene, 2) == await asked_in(scene, 1)


async def test_a_blocked_reader_is_not_asked_again(house: House) -> None:
    scene = await read_once(house)
    first, second = await asked_in(scene, 1)
    (user_id,) = [each.user_id for each in scene.helpers if each.id == first]
    await house.blocking.block(scene.helpers[0].guild_id, user_id, ASKER)
    house.clock.advance(timedelta(days=1))
    await next_round(scene)
    asked = await asked_in(scene, 2)
    assert (asked[0], len(asked)) == (second, 2)
    assert first not in asked


async def test_a_round_that_goes_on_is_not_cut_short(house: House) -> None:
    scene = await begin_draft(house, 2)
    with pytest.raises(Conflict, match="still_read"):
        await next_round(scene)
    await scene.take(0)
    with pytest.raises(Conflict, match="still_read"):
        await next_round(scene)


async def test_open_points_are_carried_over(house: House) -> None:
    scene = await read_once(house)
    reader = scene.helpers[0].id
    async with house.database.begin() as work:
        session = work.members._session
        said = Feedback(draft_id=scene.id, reader_id=reader, round=1, created_at=NOW, sent_at=NOW)
        session.add(said)
        await work.flush()
        for ordinal, outcome in enumerate((None, "changed", "partly", "not_now", "differently"), start=1):
            session.add(FeedbackPoint(feedback_id=said.id, ordinal=ordinal, remark="Shorter", outcome=outcome))
    await next_round(scene)
    rows = await house.rows(FeedbackPoint)
    assert [row["is_carried"] for row in rows] == [True, False, True, True, False]


async def test_an_answer_of_the_next_round_counts_for_it_alone(house: House) -> None:
    scene = await read_once(house, 2)
    house.clock.advance(timedelta(days=1))
    await next_round(scene)
    assert await scene.state() == "waiting"
    for row in await house.rows(Invitation, request_id=scene.id, round=2):
        (helper,) = [each for each in scene.helpers if each.id == row["member_id"]]
        await house.helping.take(row["id"], helper.user_id)
        await scene.write(helper.user_id)
    assert await scene.state() == "answered"


async def test_a_later_date_lets_it_wait_again(house: House) -> None:
    scene = await begin_draft(house, 0)
    with pytest.raises(Conflict, match="still_read"):
        await house.rounds.later(scene.id, ASKER, "in 2 weeks")
    await elapse(house, days=8, step=24)
    helpers = await house.helpers(2, **ALWAYS)
    assert await house.rounds.later(scene.id, ASKER, "in 2 weeks") == 2
    assert (await scene.request())["needed_by"] == end_of_day(house, 14)
    assert set(await scene.invited()) == {each.id for each in helpers}
    await elapse(house, days=15, step=24)
    assert len(house.messenger.of("choices")) == 2


async def test_a_smaller_piece_is_for_people_who_read_less(house: House) -> None:
    scene = await begin_draft(house, 0, words=5_000)
    await elapse(house, days=8, step=24)
    await house.helpers(2, **ALWAYS, longest_read=15)
    assert await house.rounds.later(scene.id, ASKER, "in 2 days") == 0
    await elapse(house, days=3, step=24)
    assert await house.rounds.smaller(scene.id, ASKER, "Section 3", DraftSize.UNDER_500, "in 2 weeks") == 2
    await house.settle()
    (first, *_) = house.messenger.of("invitation")
    assert "Section 3" in repr(letter(first).embed.to_dict())  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["", "yesterday", "in 3 years", "soon"])
async def test_a_date_that_is_none_changes_nothing(house: House, typed: str) -> None:
    scene = await begin_draft(house, 0)
    await elapse(house, days=8, step=24)
    before = await house.snapshot()
    with pytest.raises(Invalid):
        await house.rounds.later(scene.id, ASKER, typed)
    assert await house.snapshot() == before


async def test_only_its_author_goes_on_with_it(house: House) -> None:
    scene = await read_once(house)
    with pytest.raises(NotAllowed):
        await house.rounds.next(scene.id, STRANGER, VERSION)
    with pytest.raises(NotAllowed):
        await house.rounds.later(scene.id, STRANGER, "in 2 weeks")
    await house.withdrawing.withdraw(scene.id, ASKER)
    with pytest.raises(Conflict):
        await next_round(scene)
