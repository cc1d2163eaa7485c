"""What arrived although its sender never heard of it, and what is gone although nobody said so."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import Conflict
from bot.services.ports import Undeliverable
from bot.services.requests import asking
from bot.services.results import Letter, Sent
from bot.store.engine import Database
from bot.tasks import spawn
from models import OutboxLetter
from tests.fakes import House, values
from tests.services.scenes import ASKER, ask, begin


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def killed_after_sending(house: House, kind: str) -> None:
    """Let a letter arrive, and its sender end before it says so."""
    send = house.messenger.send

    async def cut(letter: Letter) -> Sent:
        sent = await send(letter)
        if letter.kind == kind:
            raise asyncio.CancelledError
        return sent

    house.messenger.send = cut  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await house.settle()
    house.messenger.send = send  # type: ignore[method-assign]


async def test_a_letter_that_arrived_is_noted_as_sent_though_it_is_moot_by_now(house: House) -> None:
    scene = await begin(house, 1)
    await killed_after_sending(house, "invitation")
    await scene.take(0)
    await house.delivering.take_over()
    await house.settle()

    (row,) = await house.rows(OutboxLetter, kind="invitation")
    assert (row["failure"], row["sent_at"]) == (None, house.clock.now())
    assert len(house.messenger.of("invitation")) == 1


async def test_a_letter_that_never_arrived_is_moot(house: House) -> None:
    scene = await begin(house, 1)
    house.messenger.trouble(asyncio.CancelledError(), kind="invitation", times=1)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await house.settle()
    await scene.take(0)
    await house.delivering.take_over()
    await house.settle()

    assert values(await house.rows(OutboxLetter, kind="invitation"), "failure") == ["moot"]
    assert not house.messenger.of("invitation")


async def test_a_receipt_waits_for_a_thread_that_is_being_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LOOK", 0.01)
    deliver = house.delivering.deliver

    async def overtaken(key: str) -> Sent | None:
        house.clock.advance(timedelta(seconds=1))
        run = spawn("run", house.settle())
        await asyncio.sleep(0.05)
        sent = await deliver(key)
        await run
        return sent

    object.__setattr__(house.asking, "deliver", overtaken)
    assert (await ask(house, ASKER)).thread_id is not None


async def test_nobody_is_led_to_a_thread_that_is_gone(house: House) -> None:
    scene = await begin(house, 1)
    await house.settle()
    house.messenger.answers[scene.receipt.thread_id or 0] = Undeliverable("404/10003")
    with pytest.raises(Conflict):
        await scene.take(0)
    assert await scene.state() == "closed"
