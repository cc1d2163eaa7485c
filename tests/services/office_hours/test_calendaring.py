"""What people's calendars are told about a booking."""

import pytest

from bot.services.office_hours.calendaring import calendar_of
from bot.store.engine import Database
from tests.factories import GUILD_ID, NOW
from tests.fakes import House
from tests.services.hours import ASKER, book, open_hours
from tests.services.scenes import said_to


@pytest.fixture
async def house(sqlite_database: Database) -> House:
    house = House(sqlite_database)
    await house.open()
    return house


@pytest.mark.parametrize("channel", [0, 77])
async def test_the_file_says_with_whom_and_where(house: House, channel: int) -> None:
    if channel:
        await house.setting_up.choose_meeting(GUILD_ID, channel)
    hours = await open_hours(house)
    await book(house, hours)
    await house.settle()

    for user_id, other in ((ASKER, hours.host.user_id), (hours.host.user_id, ASKER)):
        (letter,) = said_to(house, user_id)
        named = calendar_of(letter.content.booking, NOW, "Ada, of the lab").content.decode().replace("\r\n ", "")
        place = f"https://discord.com/channels/{GUILD_ID}" + (f"/{channel}" if channel else "")
        assert "SUMMARY:15 minutes with Ada\\, of the lab: " in named
        assert f"https://discord.com/users/{other}" in named
        assert f"LOCATION:{place}\r\n" in named
