"""Silences: what counts as one, what ends a row of them, and what three and five in a row do."""

import asyncio
from datetime import time, timedelta
from itertools import count
from typing import Any

import pytest

from bot.domain.lifecycle import Outcome
from bot.store.engine import Database
from models import Fact, Invitation, Member, OutboxLetter
from tests.fakes import House, values
from tests.services.scenes import Scene, ask, begin, elapse

ALWAYS: dict[str, Any] = {"begins": time(0), "ends": time(0)}
"""Awake around the clock."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PATIENCE = 4
"""Hours for which the first wave's places are kept."""


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


async def silences(house: House) -> list[object]:
    """Return the silences of everyone who opted in, in the order they did."""
    return values(await house.rows(Member, is_helper=True), "silences")


async def let_run_out(house: House, hours: float = PATIENCE) -> None:
    """Let every letter arrive, and so much time go by."""
    await house.settle()
    await elapse(house, hours=hours)


async def test_whoever_says_nothing_was_silent_once(house: House) -> None:
    scene = await begin(house, 2, **ALWAYS)
    await let_run_out(house, PATIENCE - 0.5)
    assert await silences(house) == [0, 0]
    await elapse(house, hours=0.5)
    assert await silences(house) == [1, 1]
    assert list((await scene.invited()).values()) == ["expired", "expired"]
    await elapse(house, days=1)
    assert await silences(house) == [1, 1]


async def test_whoever_reads_it_in_the_thread_was_asked_too(house: House) -> None:
    await begin(house, 1, direct_messages="closed", **ALWAYS)
    await let_run_out(house)
    assert await silences(house) == [1]


@pytest.mark.parametrize("end", ["taken", "answered", "resolved", "closed", "thread gone"])
async def test_where_no_answer_was_wanted_any_more_nobody_was_silent(house: House, end: str) -> None:
    scene = await begin(house, 2, **ALWAYS)
    await house.settle()
    if end == "taken":
        await scene.take(0)
    elif end == "answered":
        await scene.answer(0)
    elif end == "resolved":
        await scene.resolve(Outcome.HELPED)
    elif end == "closed":
        await scene.close()
    else:
        await scene.lose_thread()
    await elapse(house, hours=PATIENCE + 1)
    assert await silences(house) == [0, 0]
    assert list((await scene.invited()).values())[1] == "withdrawn"
    assert values(await house.rows(Fact, type="expired"), "id") == []


async def test_a_question_put_away_made_nobody_silent(house: House) -> None:
    await begin(house, 1, begins=time(12), ends=time(12, 30))
    await house.settle()
    await elapse(house, days=7, step=24)
    assert values(await house.rows(Invitation), "state") == ["withdrawn"]
    assert await silences(house) == [0]


async def test_a_claim_that_ends_is_no_silence(house: House) -> None:
    scene = await begin(house, 1, **ALWAYS)
    await house.settle()
    await scene.take(0)
    await elapse(house, days=2)
    assert list((await scene.invited()).values()) == ["released"]
    assert await silences(house) == [0]


async def test_taking_what_ran_out_is_welcome_and_ends_the_silences(house: House) -> None:
    scene = await begin(house, 1, **ALWAYS)
    await let_run_out(house)
    await scene.take(0)
    assert await scene.state() == "taken"
    assert await silences(house) == [0]


async def test_an_answer_to_what_ran_out_ends_the_silences(house: House) -> None:
    scene = await begin(house, 1, **ALWAYS)
    await let_run_out(house)
    await scene.answer(0)
    assert list((await scene.invited()).values()) == ["expired"]
    assert await silences(house) == [0]


async def test_any_word_begins_the_row_anew(house: House) -> None:
    scene = await begin(house, 1, silences=4, rate="more", **ALWAYS)
    await let_run_out(house, 1)
    await scene.pass_on(0)
    second = Scene(house, scene.helpers, await ask(house, 5))
    await let_run_out(house)
    assert list((await second.invited()).values()) == ["expired"]
    assert await silences(house) == [1]
    assert values(await house.rows(Member, is_helper=True), "paused_at") == [None]


@pytest.mark.parametrize(
    ("rate", "before", "expected"),
    [
        ("one_a_day", 2, [1, 1, 1, 0, 0, 0, 0]),
        ("one_a_day", 3, [1, 0, 1, 0, 1, 0, 0]),
        ("more", 2, [3, 3, 3, 1, 0, 0, 0]),
        ("more", 3, [3, 0, 3, 0, 3, 0, 1]),
        ("one_a_week", 4, [1, 0, 0, 0, 0, 0, 0]),
    ],
)
async def test_after_three_silences_somebody_is_asked_half_as_often(
    house: House, rate: str, before: int, expected: list[int]
) -> None:
    # Awake for half an hour a day, so that no place ends within a week, and no silence joins in.
    await house.helper(rate=rate, silences=before, begins=time(12), ends=time(12, 30))
    askers, days = count(1000), list[int]()
    for _ in expected:
        days.append(sum([(await ask(house, next(askers))).invited for _ in range(4)]))
        await house.settle()
        house.clock.advance(DAY)
    assert days == expected


async def test_five_silences_in_a_row_pause_and_say_so_once(house: House) -> None:
    await house.helper(rate="more", **ALWAYS)
    for day in range(8):
        await ask(house, 1000 + day)
        await house.settle()
        await elapse(house, hours=24, step=4)
        (paused_at,) = values(await house.rows(Member, is_helper=True), "paused_at")
        assert await silences(house) == [min(day + 1, 5)]
        assert (paused_at is not None) is (day >= 4)
    assert len(await house.rows(Invitation)) == 5
    assert len(house.messenger.of("silence")) == 1


async def test_several_that_run_out_together_count_each(house: House) -> None:
    scene = await begin(house, 1, rate="more", silences=1, **ALWAYS)
    for user_id in (1001, 1002):
        await ask(house, user_id)
    await let_run_out(house)
    assert await silences(house) == [4]
    assert len(await house.rows(Invitation, member_id=scene.helpers[0].id)) == 3
    assert house.messenger.of("silence") == []


async def test_several_that_run_out_together_after_four_are_one_word(house: House) -> None:
    (helper,) = (await begin(house, 1, rate="more", silences=3, **ALWAYS)).helpers
    for user_id in (1001, 1002):
        await ask(house, user_id)
    await let_run_out(house)
    assert await silences(house) == [6]
    (said,) = house.messenger.of("silence")
    newest = values(await house.rows(Invitation), "id")[-1]
    assert (said.user_id, said.content.member_id) == (helper.user_id, helper.id)
    assert values(await house.rows(OutboxLetter, kind="silence"), "key") == [f"silence:{newest}"]


async def test_of_two_people_who_are_silent_together_each_has_their_own_row(house: House) -> None:
    first, second = (await begin(house, 2, **ALWAYS)).helpers
    async with house.database.begin() as work:
        held = await work.members.hold(first.id)
        assert held is not None
        held.silences = 4
    await let_run_out(house)
    rows = {row["id"]: row for row in await house.rows(Member, is_helper=True)}
    assert (rows[first.id]["silences"], rows[second.id]["silences"]) == (5, 1)
    assert (rows[first.id]["paused_at"], rows[second.id]["paused_at"]) == (house.clock.now(), None)


async def test_whoever_is_paused_after_silences_keeps_what_they_took(house: House) -> None:
    scene = await begin(house, 1, rate="more", silences=4, **ALWAYS)
    await house.settle()
    await scene.take(0)
    async with house.database.begin() as work:
        held = await work.members.hold(scene.helpers[0].id)
        assert held is not None
        held.silences = 4
    other = Scene(house, scene.helpers, await ask(house, 1001))
    await let_run_out(house)
    assert list((await other.invited()).values()) == ["expired"]
    assert list((await scene.invited()).values()) == ["taken"]
    assert (await house.pausing.state(scene.helpers[0].guild_id, scene.helpers[0].user_id)).is_after_silences


async def test_many_sweeps_at_once_note_a_silence_once(database: Database) -> None:
    house = House(database)
    await house.open()
    await begin(house, 2, silences=4, **ALWAYS)
    await house.settle()
    house.clock.advance(PATIENCE * HOUR)
    await asyncio.gather(*(house.inviting.sweep() for _ in range(5)))
    await house.settle()
    assert await silences(house) == [5, 5]
    assert len(house.messenger.of("silence")) == 2
    assert len(await house.rows(Fact, type="expired")) == 2
