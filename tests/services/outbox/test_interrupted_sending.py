"""A sender that ends before it hears of its letter: the letter is found where it arrived, and sent where it didn't."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from bot.services.ports import DeliveryError, TryLater, Undeliverable
from bot.services.results import Letter, Sent
from bot.store.engine import Database
from models import OutboxLetter, Request
from tests.factories import GUILD_ID
from tests.fakes import House, values
from tests.services.scenes import ASKER, begin


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def killed_after_sending(house: House, kind: str, sending: Awaitable[object] | None = None) -> None:
    """Let a letter arrive, and its sender end before it says so."""
    send = house.messenger.send

    async def cut(letter: Letter[Any]) -> Sent:
        sent = await send(letter)
        if letter.kind == kind:
            raise asyncio.CancelledError
        return sent

    house.messenger.send = cut  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await (sending or house.settle())
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


def let_looks_fail(house: House, monkeypatch: pytest.MonkeyPatch, error: DeliveryError | TimeoutError) -> None:
    async def find(_letter: Letter[Any]) -> Sent | None:
        raise error

    monkeypatch.setattr(house.messenger, "find", find)


@pytest.mark.parametrize("error", [TryLater("503/0"), TimeoutError()], ids=repr)
async def test_a_look_that_failed_is_taken_again(
    house: House, monkeypatch: pytest.MonkeyPatch, error: DeliveryError | TimeoutError
) -> None:
    scene = await begin(house, 1)
    await killed_after_sending(house, "invitation")
    await scene.take(0)
    await house.delivering.take_over()
    with monkeypatch.context() as failing:
        let_looks_fail(house, failing, error)
        await house.settle()
    (row,) = await house.rows(OutboxLetter, kind="invitation")
    assert (row["failure"], row["sent_at"], row["leased_until"]) == (None, None, None)

    house.clock.moment = row["due_at"]
    await house.settle()

    (row,) = await house.rows(OutboxLetter, kind="invitation")
    assert (row["failure"], row["sent_at"]) == (None, house.clock.now())
    assert len(house.messenger.of("invitation")) == 1


async def test_during_an_outage_nothing_counts_as_not_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await begin(house, 1)
    await killed_after_sending(house, "invitation")
    await scene.take(0)
    await house.delivering.take_over()
    house.messenger.outages.add(GUILD_ID)
    with monkeypatch.context() as failing:
        let_looks_fail(house, failing, TryLater("503/0"))
        for _ in range(30):
            house.clock.advance(timedelta(hours=1))
            await house.settle()
    house.messenger.outages.clear()
    house.clock.advance(timedelta(hours=1))
    await house.settle()

    (row,) = await house.rows(OutboxLetter, kind="invitation")
    assert (row["failure"], row["sent_at"]) == (None, house.clock.now())


@pytest.mark.parametrize(
    ("error", "elapsed"),
    [(Undeliverable("404/10003"), timedelta(0)), (TryLater("503/0"), timedelta(hours=25))],
    ids=repr,
)
async def test_what_is_nowhere_or_is_not_found_for_a_day_is_moot(
    house: House, monkeypatch: pytest.MonkeyPatch, error: DeliveryError, elapsed: timedelta
) -> None:
    scene = await begin(house, 1)
    await killed_after_sending(house, "invitation")
    await scene.take(0)
    await house.delivering.take_over()
    house.clock.advance(elapsed)
    let_looks_fail(house, monkeypatch, error)
    await house.settle()

    assert values(await house.rows(OutboxLetter, kind="invitation"), "failure") == ["moot"]


async def test_a_post_without_its_thread_takes_no_channel_for_one_and_goes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await killed_after_sending(house, "post", house.ask(ASKER))
    (question,) = await house.rows(Request)
    await house.asking.close(question["id"], ASKER, is_moderator=False)

    async def find(letter: Letter[Any]) -> Sent | None:
        return Sent(letter.channel_id or 0, 12)

    monkeypatch.setattr(house.messenger, "find", find)
    await house.delivering.take_over()
    await house.settle()

    (row,) = await house.rows(Request)
    assert (row["thread_id"], row["post_id"]) == (None, None)
    assert values(await house.rows(OutboxLetter, kind="post"), "failure") == ["moot"]
    assert house.messenger.removed == {12}
