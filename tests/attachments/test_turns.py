"""Whose file is next: no one's files keep other people from theirs."""

import asyncio
from collections.abc import Callable

import pytest

from bot.attachments.turns import FileTurns
from bot.errors import Unavailable
from bot.tasks import spawn


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def comer(turns: FileTurns, let_in: list[int], over: asyncio.Event) -> Callable[[int], asyncio.Task[object]]:
    async def come(user_id: int) -> None:
        async with turns.of(user_id):
            let_in.append(user_id)
            await over.wait()

    return lambda user_id: spawn("turn", come(user_id))


async def test_many_files_of_one_person_leave_room_for_everyone_else() -> None:
    let_in, over = list[int](), asyncio.Event()
    come = comer(FileTurns(2, 10), let_in, over)
    tasks = [come(1) for _ in range(20)] + [come(2)]
    await settled()
    assert let_in == [1, 2]
    over.set()
    await asyncio.gather(*tasks)


async def test_people_are_let_in_as_they_came() -> None:
    let_in, over = list[int](), asyncio.Event()
    come = comer(FileTurns(1, 10), let_in, over)
    tasks = [come(each) for each in (1, 1, 2, 3)]
    await settled()
    over.set()
    await asyncio.gather(*tasks)
    assert let_in == [1, 2, 3, 1]


async def test_no_one_waits_for_ever_and_who_gave_up_keeps_no_turn() -> None:
    turns, let_in, over = FileTurns(1, 0.01), list[int](), asyncio.Event()
    first = comer(turns, let_in, over)(1)
    await settled()
    for user_id in (1, 2):
        with pytest.raises(Unavailable, match=r"file\.busy"):
            async with turns.of(user_id):
                pass
    over.set()
    await first
    for user_id in (1, 2):
        async with turns.of(user_id):
            pass
    assert not turns._own
