"""Opening again what was put away."""

import pytest

from bot.domain.lifecycle import FOR_QUESTIONS, Visibility
from bot.errors import NotAllowed
from bot.store.engine import Database
from tests.fakes import House
from tests.services.scenes import STRANGER, begin


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.mark.parametrize("visibility", sorted(FOR_QUESTIONS))
async def test_only_who_may_read_it_opens_it_again(house: House, visibility: Visibility) -> None:
    scene = await begin(house, 0, visibility=visibility)
    await scene.put_away()

    if visibility.is_private:
        with pytest.raises(NotAllowed):
            await house.following_up.reopen(scene.id, STRANGER)
        assert await scene.state() == "archived"
    else:
        await house.following_up.reopen(scene.id, STRANGER)
        assert await scene.state() == "waiting"
