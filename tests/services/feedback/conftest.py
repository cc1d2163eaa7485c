"""The house in which drafts are read."""

import pytest

from bot.store.engine import Database
from tests.fakes import House
from tests.services.scenes import MODERATORS_ID


@pytest.fixture
async def house(database: Database) -> House:
    """Open a community whose moderators have a channel of their own."""
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    return house
