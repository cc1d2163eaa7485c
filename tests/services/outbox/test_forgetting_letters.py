"""Letters are forgotten a month after they are done with, and what they said keeps no id: the outbox doesn't grow."""

from datetime import timedelta

import pytest

from bot.services.outbox.delivering import FORGOTTEN_TOGETHER, KEPT_FOR
from bot.store.engine import Database
from models import OutboxLetter
from tests.factories import NOW, a_guild, a_letter
from tests.fakes import House
from tests.services.scenes import begin

pytestmark = pytest.mark.both


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


async def test_letters_are_forgotten_a_month_after_they_were_sent_or_given_up(house: House) -> None:
    async with house.database.begin() as work:
        await a_guild(work)
        post = await a_letter(work, key="post", due_at=None, sent_at=NOW, first_attempt_at=NOW)
        sent = await a_letter(work, key="sent", due_at=None, sent_at=NOW, first_attempt_at=NOW)
        await a_letter(work, key="given up", due_at=None, failure="moot", first_attempt_at=NOW, after_id=sent.id)
        await a_letter(work, key="waits", due_at=NOW + timedelta(days=90), after_id=post.id)
        await a_letter(work, key="new", due_at=None, sent_at=NOW, first_attempt_at=NOW + timedelta(days=1))
    house.clock.advance(KEPT_FOR)
    assert await house.delivering.forget_old() == 0

    house.clock.advance(timedelta(seconds=1))
    await house.delivering.forget_old()

    assert {row["key"] for row in await house.rows(OutboxLetter)} == {"post", "waits", "new"}


async def test_many_letters_are_forgotten_a_few_at_a_time(house: House) -> None:
    async with house.database.begin() as work:
        await a_guild(work)
        for _ in range(FORGOTTEN_TOGETHER + 1):
            await a_letter(work, due_at=None, sent_at=NOW, first_attempt_at=NOW)
    house.clock.advance(KEPT_FOR + timedelta(seconds=1))

    assert await house.delivering.forget_old() == FORGOTTEN_TOGETHER + 1
    assert await house.rows(OutboxLetter) == []


async def test_a_line_that_is_said_keeps_nobody_s_id(house: House) -> None:
    await house.open()
    scene = await begin(house, 2)
    await house.settle()
    await scene.take(0)
    await house.settle()

    (said,) = house.messenger.of("notice")
    assert said.content.params == {"helper": scene.helpers[0].user_id}
    (row,) = await house.rows(OutboxLetter, kind="notice")
    assert row["params"] == {}
