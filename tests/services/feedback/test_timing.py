"""The course of a draft until its deadline: claims, reminders, the second wave, and what its author chooses."""

from datetime import time, timedelta

import pytest

from bot.errors import Conflict
from bot.services.feedback import letters
from bot.ui.letters import letter
from models import Request
from tests.factories import GUILD_ID, WEEK
from tests.fakes import QUESTION, House
from tests.services.drafts import DraftScene, begin_draft
from tests.services.scenes import ASKER, MODERATORS_ID, elapse, said_to, sweep

pytestmark = pytest.mark.both
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHOSEN = ["round1:smaller", "round1:later", "round1:new", "book1:question", "round1:withdraw"]


async def let_pass(scene: DraftScene, share: float) -> None:
    """Let time go by until a share of what was left at the beginning is over, looking every hour."""
    request = await scene.request()
    began = request["waiting_since"]
    await elapse(
        scene.house, hours=((request["needed_by"] - began) * share + began - scene.house.clock.now()) / HOUR, step=4
    )


@pytest.mark.parametrize(("left", "claim"), [(30 * DAY, 72 * HOUR), (6 * DAY, 48 * HOUR), (6 * HOUR, 2 * HOUR)])
async def test_a_place_is_kept_for_72_hours_or_a_third_of_what_is_left(
    house: House, left: timedelta, claim: timedelta
) -> None:
    scene = await begin_draft(house, left=left)
    await scene.take(0)
    assert (await scene.claim(0))["expires_at"] == house.clock.now() + claim


async def test_a_reader_is_reminded_once_at_half_of_it_and_then_released_without_a_word(house: House) -> None:
    scene = await begin_draft(house, 2, left=6 * DAY, people={"begins": time(0), "ends": time(0)})
    await scene.take(0)
    reader = scene.helpers[0].user_id
    before = len(said_to(house, reader))
    await elapse(house, hours=23)
    assert len(said_to(house, reader)) == before
    await elapse(house, hours=1)
    assert [each.kind for each in said_to(house, reader)][before:] == ["nudge"]
    await elapse(house, hours=25)
    assert [each.kind for each in said_to(house, reader)][before:] == ["nudge"]
    assert (await scene.claim(0))["state"] == "released"


async def test_a_place_that_is_free_again_goes_to_who_would_have_taken_it_before(house: House) -> None:
    scene = await begin_draft(house, 4, left=6 * DAY, readers=1)
    (first,) = await scene.places("asked")
    await scene.pass_on(first)
    (second,) = await scene.places("asked")
    await scene.take(second)
    with pytest.raises(Conflict, match="places_taken"):
        await scene.take(first)
    assert await scene.places("alternate") == [first]
    house.clock.advance(48 * HOUR)
    await house.claiming.sweep()
    await house.settle()
    assert (await scene.places("released"), await scene.places("taken")) == ([second], [first])
    assert "draft.place_free" in house.messenger.texts()
    assert await scene.state() == "taken"


async def test_before_half_time_no_more_people_are_asked_than_are_to_read_it(house: House) -> None:
    scene = await begin_draft(house, 6, readers=3)
    assert len(await scene.places("asked")) == 3
    await scene.take((await scene.places("asked"))[0])
    await let_pass(scene, 0.49)
    invited = await scene.invited()
    assert sum(state in {"asked", "taken"} for state in invited.values()) <= 3


async def test_at_half_time_alternates_are_asked_though_all_who_were_asked_keep_silent(house: House) -> None:
    # Their days are over when they are asked next, so that no place of theirs has run out by half time.
    people: dict[str, object] = {"begins": time(12), "ends": time(12, 30), "zone": "UTC"}
    scene = await begin_draft(house, 6, left=4 * DAY, people=people)
    assert len(await scene.places("asked")) == 2
    (request,) = await house.rows(Request, id=scene.id)
    assert request["next_look_at"] == house.clock.now() + 2 * DAY
    house.clock.advance(2 * DAY)
    await house.inviting.sweep()
    assert len(await scene.places("asked")) == 4


async def test_at_half_time_a_draft_that_is_taken_disturbs_no_more_people(house: House) -> None:
    scene = await begin_draft(house, 6, left=6 * HOUR)
    for place in await scene.places("asked"):
        await scene.take(place)
        await scene.answer(place)
    await let_pass(scene, 1)
    assert sorted(await scene.states()) == ["", "", "", "", "taken", "taken"]


async def test_at_the_deadline_its_author_chooses_once(house: House) -> None:
    scene = await begin_draft(house, 0)
    await let_pass(scene, 0.99)
    assert house.messenger.of("choices") == []
    await let_pass(scene, 1.5)
    (offered,) = house.messenger.of("choices")
    shown = letter(offered)
    assert offered.addressee_id == ASKER
    assert [getattr(each, "custom_id", "").rpartition(":")[0] for each in shown.view.children] == CHOSEN  # type: ignore[union-attr]
    assert "No reader has sent feedback yet" in shown.content


async def test_where_one_of_two_has_read_it_the_author_reads_so_and_chooses(house: House) -> None:
    scene = await begin_draft(house, 3)
    (first, *_) = await scene.places("asked")
    await scene.answer(first)
    assert await scene.state() == "waiting"
    await let_pass(scene, 1.01)
    (offered,) = house.messenger.of("choices")
    assert "One reader has sent you feedback" in letter(offered).content


async def test_where_all_have_read_it_there_is_nothing_to_choose(house: House) -> None:
    scene = await begin_draft(house, 3)
    for place in await scene.places("asked"):
        await scene.answer(place)
    assert await scene.state() == "answered"
    await let_pass(scene, 2.5)
    assert (house.messenger.of("choices"), await scene.state()) == ([], "answered")


async def test_after_the_deadline_no_one_is_asked_and_no_silence_counts(house: House) -> None:
    scene = await begin_draft(house, 3, left=4 * HOUR, people={"begins": time(12), "ends": time(13), "zone": "UTC"})
    await let_pass(scene, 1)
    await house.helpers(3)
    await elapse(house, days=2)
    invited = await scene.invited()
    assert set(invited.values()) == {"withdrawn"}
    assert len(invited) == 2
    assert (await scene.request())["next_look_at"] is None
    with pytest.raises(Conflict, match=r"draft\.too_late"):
        await scene.take(0)


async def test_no_place_is_given_to_an_alternate_after_the_deadline(house: House) -> None:
    scene = await begin_draft(house, 3, left=3 * HOUR, readers=1)
    (first,) = await scene.places("asked")
    await scene.pass_on(first)
    (second,) = await scene.places("asked")
    await scene.take(second)
    with pytest.raises(Conflict):
        await scene.take(first)
    house.clock.advance(4 * HOUR)
    await sweep(house)
    assert await scene.places("alternate") == [first]
    assert "draft.place_free" not in house.messenger.texts()


async def test_a_week_after_the_deadline_it_is_put_away(house: House) -> None:
    scene = await begin_draft(house, 2)
    await let_pass(scene, 1)
    await elapse(house, days=6.9)
    assert await scene.state() == "waiting"
    await elapse(house, days=0.2)
    assert await scene.state() == "archived"
    (line,) = house.messenger.of("archive")
    assert letter(line).content.startswith("The date for this draft has passed")


@pytest.mark.parametrize("away_for", [WEEK + HOUR, 3 * WEEK])
async def test_a_bot_that_was_away_catches_up_once_and_asks_readers_nothing_of_the_past(
    house: House, away_for: timedelta
) -> None:
    scene = await begin_draft(house, 4)
    await house.settle()
    await scene.take(0)
    await house.settle()
    before = {each.user_id: len(said_to(house, each.user_id)) for each in scene.helpers}
    house.clock.advance(away_for)
    await house.settle()
    await sweep(house)
    await sweep(house)
    assert {each.user_id: len(said_to(house, each.user_id)) for each in scene.helpers} == before
    is_stale = away_for > 2 * WEEK
    assert len(house.messenger.of("choices")) == (not is_stale)
    assert await scene.state() == ("archived" if is_stale else "waiting")
    assert await scene.facts("released", "archived") == ["released", *(["archived"] if is_stale else [])]


async def test_moderators_hear_once_at_three_quarters_where_it_is_and_nothing_else(house: House) -> None:
    scene = await begin_draft(house, 0)
    await let_pass(scene, 0.74)
    assert house.messenger.of("unread") == []
    await let_pass(scene, 0.99)
    (told,) = house.messenger.of("unread")
    assert told.channel_id == MODERATORS_ID
    shown = letter(told)
    assert (str(scene.receipt.thread_id) in shown.content, shown.embed) == (True, None)
    assert QUESTION not in shown.content


async def test_moderators_hear_nothing_of_a_draft_whose_places_are_taken_or_whose_date_has_passed(house: House) -> None:
    scene = await begin_draft(house, 2)
    for place in await scene.places("asked"):
        await scene.answer(place)
    await begin_draft(house, 0)
    house.clock.advance(WEEK)
    await sweep(house)
    assert house.messenger.of("unread") == []


async def test_the_text_of_a_review_goes_two_weeks_after_its_date_also_from_the_thread(house: House) -> None:
    scene = await begin_draft(house, 0, stage="review")
    async with house.database.begin() as work:
        draft = await work.drafts.get(scene.id)
        assert draft is not None
        draft.review_text = "The paper claims too much."
        await letters.guide_readers(work, draft, house.clock.now())
    await house.settle()
    (guide,) = house.messenger.of("guide")
    await elapse(house, days=20.9, step=12)
    assert (await scene.draft())["review_text"] is not None
    await elapse(house, days=0.3, step=1)
    assert (await scene.draft())["review_text"] is None
    assert guide not in house.messenger.visible()


async def test_a_draft_goes_with_its_author_and_a_place_with_its_reader(house: House) -> None:
    scene = await begin_draft(house, 2)
    first, second = await scene.places("asked")
    await scene.take(first)
    await scene.take(second)
    await house.belonging.left(GUILD_ID, scene.helpers[first].user_id)
    assert (await scene.state(), (await scene.states())[first]) == ("waiting", "released")
    await house.belonging.left(GUILD_ID, ASKER)
    await house.settle()
    assert ((await scene.draft())["about"], (await scene.request())["close_reason"]) == ("", "withdrawn")
    assert "feedback.withdrawn.reader" in house.messenger.texts()


async def test_an_invitation_that_has_not_left_stays_unsaid_to_those_who_read_no_drafts_any_more(house: House) -> None:
    scene = await begin_draft(house, 2)
    assert await scene.places("asked") == [0, 1]
    await house.profiling.read_drafts(GUILD_ID, scene.helpers[0].user_id, None, ())
    await house.settle()
    assert [each.addressee_id for each in house.messenger.of("invitation")] == [scene.helpers[1].user_id]
    assert "undelivered" in await scene.states()
