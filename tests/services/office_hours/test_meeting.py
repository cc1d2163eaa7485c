"""Fifteen minutes: reminded in time, awaited for as long as makes sense, and never held against anyone by mistake."""

from datetime import timedelta

import pytest

from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.requests.revealing import Moderator
from bot.store.engine import Database
from models import Booking, OutboxLetter, WaitlistPlace
from tests.factories import GUILD_ID, a_question
from tests.fakes import CHANNEL_ID, House, values
from tests.services.meetings import (
    ASKER,
    HOST,
    MINUTE,
    START,
    Scene,
    agreed,
    missed,
    opened,
    said,
)
from tests.services.scenes import STRANGER, at_once

DAY = timedelta(days=1)
MODERATOR = Moderator(GUILD_ID, 5, is_moderator=True)
THREAD_ID = 1_300_000_000_000_000_003


@pytest.fixture
async def house(database: Database) -> House:
    return await opened(House(database))


@pytest.fixture
async def scene(house: House) -> Scene:
    return await agreed(house)


def both(text: str) -> list[tuple[str, int]]:
    return [(text, HOST), (text, ASKER)]


async def test_the_whole_course_of_a_good_meeting(scene: Scene) -> None:
    assert await scene.at(-24 * 60 - 1) == []
    assert await scene.at(-24 * 60) == both("tomorrow")
    assert await scene.at(-11) == []
    assert await scene.at(-10) == both("soon")
    assert await scene.at(0) == both("start")
    assert not await scene.here(HOST)
    assert await scene.here(ASKER)
    assert await scene.state() == ("under_way", None)
    assert await scene.at(5) == await scene.at(10) == []
    assert await scene.appointments() == 2
    assert await scene.at(15) == both("check")
    assert await scene.state() == ("held", None)
    assert await scene.appointments() == 0
    assert await scene.facts() == ["held"]
    assert (await scene.row())["next_look_at"] is None
    assert await scene.at(100) == []


async def test_letters_know_the_booking_and_the_place(scene: Scene) -> None:
    await scene.at(0)
    letter = scene.house.messenger.of("check_in")[0]
    assert (letter.content.booking.booking_id, letter.content.booking.side, letter.content.booking.other_user_id) == (
        scene.id,
        "host",
        ASKER,
    )
    assert letter.content.place_id == CHANNEL_ID


async def test_a_second_look_at_the_same_moment_says_nothing_new(scene: Scene) -> None:
    for minutes in (-24 * 60, -10, 0, 5, 10, 15):
        await scene.at(minutes)
        assert await scene.at(minutes) == []


async def test_looks_at_once_are_one(scene: Scene) -> None:
    scene.house.clock.moment = START
    assert not await at_once([scene.house.meeting.sweep() for _ in range(5)])
    assert await scene.settle() == both("start")
    assert len(await scene.house.rows(OutboxLetter, kind="check_in")) == 2


@pytest.mark.parametrize(
    ("minutes", "texts"), [(-5, ["soon"]), (3, ["start"]), (12, ["start"]), (15, ["unsure"]), (10_000, ["unsure"])]
)
async def test_after_a_long_sleep_nobody_is_told_what_is_over(scene: Scene, minutes: int, texts: list[str]) -> None:
    assert await scene.at(minutes) == [each for text in texts for each in both(text)]


async def test_a_reminder_that_left_too_late_isn_t_sent(scene: Scene) -> None:
    scene.house.clock.moment = START - 10 * MINUTE
    await scene.house.meeting.sweep()
    scene.house.clock.moment = START
    assert await scene.settle() == []


async def test_what_was_cancelled_reminds_nobody(scene: Scene) -> None:
    scene.house.clock.moment = START - DAY
    await scene.house.meeting.sweep()
    async with scene.house.database.begin() as work:
        booking = await work.bookings.hold(scene.id)
        assert booking is not None
        booking.state = "cancelled"
    assert await scene.settle() == await scene.at(0) == []


@pytest.mark.parametrize(("here", "missing"), [(HOST, ASKER), (ASKER, HOST)])
async def test_whoever_is_late_is_pinged_once_and_the_other_may_say_so(scene: Scene, here: int, missing: int) -> None:
    await scene.at(0)
    await scene.here(here)
    assert await scene.at(5) == [("ping", missing)]
    assert await scene.at(6) == []
    assert await scene.at(10) == [("missing", here)]


async def test_where_somebody_comes_after_five_minutes_the_other_is_pinged_at_once(scene: Scene) -> None:
    await scene.at(5)
    await scene.here(HOST)
    await scene.here(HOST)
    assert await scene.settle() == [("ping", ASKER)]


async def test_that_somebody_is_there_can_be_said_from_ten_minutes_before_until_the_end(scene: Scene) -> None:
    scene.house.clock.moment = START - 11 * MINUTE
    with pytest.raises(Conflict, match=r"meeting\.too_early"):
        await scene.here(HOST)
    scene.house.clock.moment = START - 10 * MINUTE
    assert not await scene.here(HOST)
    await scene.at(15)
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.here(ASKER)


async def test_a_press_twice_is_once(scene: Scene) -> None:
    await scene.at(0)
    await scene.here(HOST)
    at = (await scene.row())["host_here_at"]
    await scene.at(3)
    await scene.here(HOST)
    assert (await scene.row())["host_here_at"] == at


async def test_both_at_once_are_both_there(scene: Scene) -> None:
    await scene.at(0)
    assert not await at_once([scene.here(user_id) for user_id in (HOST, ASKER, HOST, ASKER)])
    assert await scene.state() == ("under_way", None)


@pytest.mark.parametrize("act", ["here", "not_here", "five_more", "keep_note", "own_note", "impression", "appeal"])
async def test_others_have_no_part_in_it(scene: Scene, act: str) -> None:
    await scene.house.person(user_id=STRANGER)
    more = {"keep_note": ["mine"], "impression": ["helped"]}.get(act, [])
    use_cases = scene.house.meeting if act in {"here", "not_here", "five_more"} else scene.house.looking_back
    with pytest.raises(NotAllowed, match=r"meeting\.not_yours"):
        await getattr(use_cases, act)(scene.id, STRANGER, *more)
    with pytest.raises(NotFound, match=r"meeting\.unknown"):
        await getattr(use_cases, act)(scene.id + 1, HOST, *more)


async def test_an_asker_who_waited_comes_first_on_the_waitlist(scene: Scene) -> None:
    await scene.at(0)
    await scene.here(ASKER)
    scene.house.clock.moment = START + 9 * MINUTE
    with pytest.raises(Conflict, match=r"meeting\.too_early_to_tell"):
        await scene.house.meeting.not_here(scene.id, ASKER)
    scene.house.clock.moment = START + 10 * MINUTE
    assert await scene.house.meeting.not_here(scene.id, ASKER)
    assert await scene.house.meeting.not_here(scene.id, ASKER)
    assert await scene.state() == ("not_found", "host")
    (waiting,) = await scene.house.rows(WaitlistPlace)
    assert (waiting["member_id"], waiting["is_first"], waiting["state"]) == (scene.asker.id, True, "waiting")
    assert await scene.settle() == [("missed_host", HOST)]
    assert (await scene.facts()).count("not_found") == 1
    assert await scene.appointments() == 0
    assert await scene.at(15) == []


async def test_a_host_who_waited_is_thanked_and_the_other_told_kindly(scene: Scene) -> None:
    await scene.at(11)
    assert not await scene.house.meeting.not_here(scene.id, HOST)
    assert await scene.state() == ("not_found", "asker")
    assert await scene.house.rows(WaitlistPlace) == []
    assert ("missed_asker", ASKER) in await scene.settle()


async def test_nobody_can_be_missing_who_is_there(scene: Scene) -> None:
    await scene.at(0)
    await scene.here(HOST)
    await scene.at(11)
    await scene.here(ASKER)
    with pytest.raises(Conflict, match=r"meeting\.they_are_here"):
        await scene.house.meeting.not_here(scene.id, HOST)


async def test_that_the_other_didn_t_come_can_still_be_said_after_the_end_for_a_day(scene: Scene) -> None:
    await scene.at(0)
    await scene.here(HOST)
    await scene.at(15)
    assert await scene.state() == ("held", None)
    assert scene.house.messenger.of("check")[0].content.was_alone is True
    scene.house.clock.moment = START + DAY
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.meeting.not_here(scene.id, HOST)
    scene.house.clock.moment = START + DAY - MINUTE
    await scene.house.meeting.not_here(scene.id, HOST)
    assert await scene.state() == ("not_found", "asker")


async def test_only_one_of_both_can_say_that_the_other_was_missing(scene: Scene) -> None:
    await scene.at(11)
    await scene.house.meeting.not_here(scene.id, HOST)
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.meeting.not_here(scene.id, ASKER)


async def test_where_neither_says_a_word_nobody_is_to_blame_and_they_may_have_met(scene: Scene) -> None:
    assert await scene.at(15) == both("unsure")
    assert await scene.state() == ("not_found", "both")
    await scene.house.looking_back.impression(scene.id, ASKER, "helped")
    assert await scene.state() == ("held", None)
    assert await scene.facts() == ["not_found", "held"]


@pytest.mark.parametrize(("before", "is_told"), [(1, False), (2, True), (3, False)])
async def test_the_third_time_and_only_then_somebody_is_told_what_follows(
    scene: Scene, before: int, *, is_told: bool
) -> None:
    await missed(scene, before)
    await scene.at(11)
    await scene.house.meeting.not_here(scene.id, HOST)
    assert (("no_shows", ASKER) in await scene.settle()) is is_told


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.ANONYMOUS])
async def test_a_thread_reminds_too_unless_it_would_tell_who_asked(house: House, visibility: Visibility) -> None:
    scene = await agreed(house)
    async with house.database.begin() as work:
        question = await a_question(work, scene.asker, thread_id=THREAD_ID, visibility=visibility)
        booking = await work.bookings.hold(scene.id)
        assert booking is not None
        booking.request_id, booking.thread_id = question.id, THREAD_ID
    for minutes, text in ((-24 * 60, "tomorrow"), (-10, "soon"), (0, "start")):
        public = [] if visibility is Visibility.ANONYMOUS else [(f"{text}_thread", None)]
        assert await scene.at(minutes) == both(text) + public
    threads = {letter.channel_id for letter in house.messenger.shown if letter.addressee_id is None}
    assert threads <= {THREAD_ID}


async def test_what_one_community_misses_holds_up_no_other(house: House) -> None:
    scene = await agreed(house)
    house.clock.moment = START
    assert await house.meeting.sweep() == 1
    assert await house.meeting.sweep() == 0
    assert said(house.messenger.shown) == []
    assert values(await house.rows(Booking), "next_look_at") == [START + 5 * MINUTE]
    assert await scene.settle() == both("start")
