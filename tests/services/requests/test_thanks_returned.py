"""A note of thanks that reaches no one comes back to its writer, in private, or isn't said at all."""

import pytest

from bot.domain.lifecycle import FOR_QUESTIONS, Visibility
from bot.services.ports import MailboxClosed
from bot.store.engine import Database
from tests.fakes import House
from tests.services.scenes import ASKER, elapse, helped

THANKS = "The blank token was it. Thank you!"


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.mark.parametrize("visibility", FOR_QUESTIONS)
async def test_a_note_that_reaches_neither_is_said_to_nobody(house: House, visibility: Visibility) -> None:
    scene = await helped(house, visibility=visibility)
    for user_id in (scene.helpers[0].user_id, ASKER):
        house.messenger.trouble(MailboxClosed("50007"), user_id=user_id)
    await house.thanking.thank(scene.id, ASKER, THANKS)
    await elapse(house, hours=3)
    attempts = [letter for letter in house.messenger.attempts if letter.kind == "thanks"]
    assert [(letter.user_id, letter.channel_id) for letter in attempts] == [
        (scene.helpers[0].user_id, None), (ASKER, None),
    ]  # fmt: skip
    assert house.messenger.of("thanks") == []
    assert THANKS not in repr(await house.snapshot())


async def test_only_what_reached_nobody_comes_back(house: House) -> None:
    scene = await helped(house, 0, 1)
    house.messenger.trouble(MailboxClosed("50007"), user_id=scene.helpers[1].user_id)
    await house.thanking.thank(scene.id, ASKER, THANKS)
    await elapse(house, hours=3)
    assert [letter.user_id for letter in house.messenger.of("thanks")] == [scene.helpers[0].user_id, ASKER]
