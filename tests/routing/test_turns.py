"""One text of each person at a time, a share of the encoder's time, a short wait."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from bot.routing import turns as turns_module
from bot.routing.turns import AT_ONCE, Turns

LONG, SHORT = 30.0, 0.02


class Work:
    """Texts that are being read until the gate opens."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.under_way = self.most = self.begun = 0

    def read(self, answer: str) -> Callable[[], Coroutine[object, object, str]]:
        async def reading() -> str:
            self.begun += 1
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await self.gate.wait()
            self.under_way -= 1
            return answer

        return reading


async def test_one_text_of_a_person_is_read_at_a_time_and_the_others_wait() -> None:
    turns, work = Turns(), Work()
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(turns.take(1, 1, work.read(str(place)), LONG)) for place in range(5)]
        await asyncio.sleep(0)
        work.gate.set()
    assert [each.result() for each in waiting] == list("01234")
    assert work.most == 1


async def test_people_do_not_wait_for_each_other() -> None:
    turns, work = Turns(), Work()
    async with asyncio.TaskGroup() as group:
        for person in (1, 2, 3, None, None):
            group.create_task(turns.take(person, 1, work.read("read"), LONG))
        await asyncio.sleep(0.01)
        work.gate.set()
    assert work.most == 5


@pytest.mark.parametrize("person", [1, None])
async def test_a_wait_is_short_and_the_text_under_way_keeps_its_turn(person: int | None) -> None:
    turns, work = Turns(), Work()
    assert await turns.take(person, 1, work.read("late"), SHORT) is None
    if person:
        assert await turns.take(person, 1, work.read("later"), SHORT) is None
        assert work.begun == 1
    work.gate.set()
    assert await turns.take(person, 1, work.read("now"), LONG) == "now"


async def test_a_caller_who_leaves_frees_no_turn() -> None:
    turns, work = Turns(), Work()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SHORT):
            await turns.take(1, 1, work.read("left"), LONG)
    assert await turns.take(1, 1, work.read("again"), SHORT) is None
    assert work.most == 1
    work.gate.set()


async def test_whoever_has_had_their_share_waits_until_some_is_earned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns, work = Turns(), Work()
    work.gate.set()
    assert await turns.take(1, AT_ONCE + 1, work.read("much"), LONG) == "much"
    assert await turns.take(1, 1, work.read("more"), SHORT) is None
    assert await turns.take(2, 1, work.read("another's"), LONG) == "another's"
    monkeypatch.setattr(turns_module, "A_SECOND", 1e9)
    assert await turns.take(1, 1, work.read("rested"), LONG) == "rested"


async def test_what_somebody_submits_without_pause_is_bounded_by_what_they_earn() -> None:
    turns, work = Turns(), Work()
    work.gate.set()
    read = await asyncio.gather(*(turns.take(1, 512, work.read("costly"), SHORT) for _ in range(100)))
    assert read.count("costly") <= AT_ONCE / 512 + 1


async def test_whoever_submits_without_pause_waits_each_time() -> None:
    turns, work = Turns(), Work()
    work.gate.set()
    await turns.take(1, 2 * AT_ONCE, work.read("much"), LONG)
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(turns.take(1, 1, work.read("more"), 0.2) for _ in range(8)))
    assert asyncio.get_running_loop().time() - begun >= 0.2


async def test_people_who_may_have_everything_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "_MOST_PEOPLE", 10)
    turns, work = Turns(), Work()
    work.gate.set()
    await turns.take(0, 2 * AT_ONCE, work.read("much"), LONG)
    for person in range(1, 100):
        await turns.take(person, 0, work.read("little"), LONG)
    assert len(turns._people) <= 11
    assert await turns.take(0, 1, work.read("more"), SHORT) is None


async def test_an_error_nobody_foresaw_reaches_the_caller() -> None:
    async def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Turns().take(1, 1, broken, LONG)
