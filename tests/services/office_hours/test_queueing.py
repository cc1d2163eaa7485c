"""Walk-in hours: the first in line comes first, and no one who was left begins again at the end."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.store.engine import Database
from models import Occurrence, QueuePlace
from tests.factories import GUILD_ID, NOW, a_member, a_series, an_occurrence
from tests.fakes import House, new_id, values
from tests.services.meetings import said
from tests.services.scenes import at_once

HOST, FIRST, SECOND, THIRD = 11, 31, 32, 33
QUESTION = "How do I find out whether the labels or the loss is wrong?"
MINUTE = timedelta(minutes=1)
START, WEEK = NOW + timedelta(days=1), timedelta(days=7)


@dataclass
class Scene:
    """A walk-in hour of `HOST`'s, and the same a week later."""

    house: House
    id: int
    next_id: int

    async def join(self, *user_ids: int) -> list[int]:
        """Let people join, a minute apart; return their places."""
        places = list[int]()
        for user_id in user_ids:
            self.house.clock.advance(MINUTE)
            found = await self.house.queueing.join(self.id, user_id, new_id(), QUESTION)
            places.append(found.place_id)
        return places

    async def turn(self) -> int | None:
        """Let the host press *Next*; return who is invited."""
        return (await self.house.queueing.invite_next(self.id, HOST)).user_id

    async def states(self, occurrence_id: int | None = None) -> list[object]:
        return values(await self.house.rows(QueuePlace, occurrence_id=occurrence_id or self.id), "state")

    async def at(self, minutes: float) -> list[tuple[str | None, int | None]]:
        """Look at so many minutes after the beginning; return what is said by that, and who reads it."""
        before = len(self.house.messenger.shown)
        self.house.clock.moment = START + minutes * MINUTE
        await self.house.queueing.sweep()
        await self.house.settle()
        return said(self.house.messenger.shown[before:])


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    return await walk_in(house)


async def walk_in(house: House, times: int = 2) -> Scene:
    async with house.database.begin() as work:
        host = await a_member(work, user_id=HOST)
        series = await a_series(work, host, is_walk_in=True)
        ids = [
            (
                await an_occurrence(
                    work,
                    series,
                    starts_at=START + number * WEEK,
                    ends_at=START + number * WEEK + 60 * MINUTE,
                    day=(START + number * WEEK).date(),
                )
            ).id
            for number in range(times)
        ]
    return Scene(house, ids[0], ids[-1])


async def test_whoever_came_first_is_invited_first_and_seen_when_the_next_one_is(scene: Scene) -> None:
    await scene.join(FIRST, SECOND)
    assert [await scene.turn(), await scene.turn(), await scene.turn()] == [FIRST, SECOND, None]
    assert await scene.states() == ["seen", "seen"]
    await scene.house.settle()
    assert said(scene.house.messenger.shown) == []


async def test_whoever_is_invited_is_told_where(scene: Scene) -> None:
    await scene.join(FIRST)
    scene.house.clock.moment = START
    await scene.turn()
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("check_in")
    assert (letter.content.text, letter.addressee_id, letter.content.host_user_id) == ("queue.turn", FIRST, HOST)


async def test_the_host_reads_the_question_and_how_many_wait(scene: Scene) -> None:
    places = await scene.join(FIRST, SECOND, THIRD)
    await scene.house.queueing.hold_place(places[2], THIRD)
    turn = await scene.house.queueing.invite_next(scene.id, HOST)
    assert (turn.user_id, turn.question, turn.waiting, turn.held) == (FIRST, QUESTION, 1, 1)


async def test_somebody_reads_how_many_come_before(scene: Scene) -> None:
    await scene.join(FIRST, SECOND)
    assert (await scene.house.queueing.join(scene.id, THIRD, new_id(), QUESTION)).ahead == 2
    await scene.turn()
    assert (await scene.house.queueing.join(scene.id, THIRD, new_id(), QUESTION)).ahead == 1


async def test_a_held_place_is_passed_over_and_comes_back_where_it_was(scene: Scene) -> None:
    places = await scene.join(FIRST, SECOND, THIRD)
    held = await scene.house.queueing.hold_place(places[0], FIRST)
    assert held.held_until == scene.house.clock.now() + 30 * MINUTE
    assert await scene.turn() == SECOND
    assert (await scene.house.queueing.come_back(places[0], FIRST)).state == "waiting"
    assert await scene.turn() == FIRST


async def test_a_place_is_held_for_half_an_hour_and_then_waits_again(scene: Scene) -> None:
    places = await scene.join(FIRST)
    await scene.at(0)
    await scene.house.queueing.hold_place(places[0], FIRST)
    assert await scene.at(29) == []
    assert await scene.at(30) == [("hold_over", FIRST)]
    assert await scene.at(31) == []
    assert await scene.states() == ["waiting"]


async def test_whoever_left_is_not_invited_and_may_come_again_at_the_end(scene: Scene) -> None:
    places = await scene.join(FIRST, SECOND)
    for _ in range(2):
        await scene.house.queueing.leave(places[0], FIRST)
    assert await scene.join(FIRST) == [places[0]]
    assert [await scene.turn(), await scene.turn()] == [SECOND, FIRST]


async def test_joining_twice_keeps_the_place(scene: Scene) -> None:
    await scene.join(FIRST, SECOND, FIRST)
    assert [await scene.turn(), await scene.turn(), await scene.turn()] == [FIRST, SECOND, None]


async def test_many_at_once_get_a_place_each(scene: Scene) -> None:
    people = range(100, 120)
    joins = [scene.house.queueing.join(scene.id, user_id, new_id(), QUESTION) for user_id in [*people, *people]]
    assert not await at_once(joins)
    assert await scene.states() == ["waiting"] * 20


async def test_next_pressed_at_once_invites_each_once(scene: Scene) -> None:
    await scene.join(FIRST, SECOND, THIRD)
    assert not await at_once([scene.turn() for _ in range(3)])
    assert sorted(map(str, await scene.states())) == ["invited", "seen", "seen"]


async def test_the_host_gets_the_button_when_the_hour_begins_once(scene: Scene) -> None:
    assert await scene.at(-1) == []
    assert await scene.at(0) == [("begin", HOST)]
    assert await scene.at(1) == []


async def test_an_hour_that_was_slept_through_begins_for_nobody(scene: Scene) -> None:
    assert await scene.at(60) == []


async def test_whoever_was_left_comes_first_next_time(scene: Scene) -> None:
    await scene.join(FIRST, SECOND, THIRD)
    await scene.turn()
    await scene.at(0)
    assert await scene.at(60) == [("carried_over", SECOND), ("carried_over", THIRD)]
    assert await scene.at(61) == []
    assert await scene.states() == ["seen", "carried_over", "carried_over"]
    scene.house.clock.moment = START + 62 * MINUTE
    later = Scene(scene.house, scene.next_id, scene.next_id)
    await later.join(FIRST)
    assert [await later.turn(), await later.turn(), await later.turn()] == [SECOND, THIRD, FIRST]


async def test_whoever_joined_the_next_time_already_keeps_the_earlier_place(scene: Scene) -> None:
    await scene.join(FIRST)
    later = Scene(scene.house, scene.next_id, scene.next_id)
    await later.join(SECOND, FIRST)
    await scene.at(60)
    assert await later.turn() == FIRST


async def test_after_the_last_hour_everybody_is_told(house: House) -> None:
    scene = await walk_in(house, times=1)
    await scene.join(FIRST)
    assert await scene.at(60) == [("ended", FIRST)]
    assert await scene.states() == ["left"]


async def test_an_hour_that_is_called_off_carries_everybody_over(scene: Scene) -> None:
    await scene.join(FIRST)
    async with scene.house.database.begin() as work:
        occurrence = await work.office_hours.occurrence(scene.id)
        assert occurrence is not None
        occurrence.state = "cancelled"
    assert await scene.at(-60) == [("carried_over", FIRST)]
    assert await scene.states(scene.next_id) == ["waiting"]


async def test_whoever_had_left_the_next_queue_stands_in_it_again_where_they_are_carried_over(scene: Scene) -> None:
    queueing = scene.house.queueing
    (place,) = await scene.join(FIRST)
    scene.house.clock.advance(MINUTE)
    later = [(await queueing.join(scene.next_id, each, new_id(), QUESTION)).place_id for each in (SECOND, FIRST)]
    await queueing.leave(later[1], FIRST)

    assert await scene.at(60) == [("carried_over", FIRST)]

    assert await scene.states(scene.next_id) == ["waiting", "waiting"]
    assert (await queueing.invite_next(scene.next_id, HOST)).user_id == FIRST
    assert place not in later


async def test_what_can_t_be_joined_says_why(scene: Scene) -> None:
    queueing = scene.house.queueing
    with pytest.raises(Invalid, match=r"queue\.too_short"):
        await queueing.join(scene.id, FIRST, new_id(), "Help?")
    with pytest.raises(NotAllowed, match=r"queue\.own"):
        await queueing.join(scene.id, HOST, new_id(), QUESTION)
    with pytest.raises(NotFound, match=r"queue\.unknown"):
        await queueing.join(scene.next_id + 1, FIRST, new_id(), QUESTION)
    scene.house.clock.moment = START + 60 * MINUTE
    with pytest.raises(Conflict, match=r"queue\.over"):
        await queueing.join(scene.id, FIRST, new_id(), QUESTION)


async def test_hours_with_slots_have_no_queue(house: House) -> None:
    async with house.database.begin() as work:
        occurrence = await an_occurrence(work, await a_series(work, await a_member(work, user_id=HOST)))
    with pytest.raises(NotFound, match=r"queue\.unknown"):
        await house.queueing.join(occurrence.id, FIRST, new_id(), QUESTION)


async def test_whoever_is_kept_away_finds_no_queue(scene: Scene) -> None:
    async with scene.house.database.begin() as work:
        host = await work.members.ensure(GUILD_ID, HOST, NOW)
        other = await work.members.ensure(GUILD_ID, FIRST, NOW)
        await work.flush()
        await work.blocks.add(host.id, other.id, NOW)
    with pytest.raises(NotFound, match=r"queue\.unknown"):
        await scene.join(FIRST)


async def test_a_place_is_one_s_own(scene: Scene) -> None:
    (place,) = await scene.join(FIRST)
    for act in (scene.house.queueing.hold_place, scene.house.queueing.come_back, scene.house.queueing.leave):
        with pytest.raises(NotAllowed, match=r"queue\.not_yours"):
            await act(place, SECOND)
        with pytest.raises(NotFound, match=r"queue\.unknown"):
            await act(place + 1, FIRST)
    with pytest.raises(NotAllowed, match=r"queue\.not_host"):
        await scene.house.queueing.invite_next(scene.id, FIRST)


async def test_what_is_given_up_can_t_be_held(scene: Scene) -> None:
    (place,) = await scene.join(FIRST)
    await scene.house.queueing.leave(place, FIRST)
    with pytest.raises(Conflict, match=r"queue\.gone"):
        await scene.house.queueing.hold_place(place, FIRST)


async def test_the_rows_of_hours_are_left_alone(scene: Scene) -> None:
    await scene.join(FIRST)
    await scene.at(60)
    assert values(await scene.house.rows(Occurrence), "state") == ["planned", "planned"]
