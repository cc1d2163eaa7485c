"""Setting up: one channel, one panel, by anyone and however often."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.errors import Unavailable
from bot.services.community.setting_up import Chosen
from bot.services.ports import TryLater
from bot.store.engine import Database
from models import GuildSettings, OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import CHANNEL_ID, FakeMessenger, House, values


@dataclass
class BusyMessenger(FakeMessenger):
    """Discord when it doesn't say whether a message is there."""

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        reason = f"{channel_id}/{message_id}"
        raise TryLater(reason)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def settings(house: House) -> dict[str, object]:
    async with house.database.read() as work:
        found = await work.guilds.settings(GUILD_ID)
    assert isinstance(found, GuildSettings)
    return {"channel": found.help_channel_id, "panel": found.panel_message_id}


async def test_a_channel_is_chosen_and_gets_its_panel(house: House) -> None:
    assert await house.setting_up.help_channel(GUILD_ID) is None

    assert (await house.setting_up.choose(GUILD_ID, CHANNEL_ID)) == Chosen([], has_panel=False)
    assert house.nudges == 1
    await house.settle()

    (panel,) = house.messenger.of("panel")
    assert panel.channel_id == CHANNEL_ID
    assert await house.setting_up.help_channel(GUILD_ID) == CHANNEL_ID
    assert (await settings(house))["panel"] is not None


async def test_choosing_again_posts_nothing(house: House) -> None:
    for _ in range(3):
        await house.setting_up.choose(GUILD_ID, CHANNEL_ID)
        await house.settle()

    assert len(house.messenger.of("panel")) == 1


async def test_choosing_twice_at_once_posts_one_panel(house: House) -> None:
    both = [house.setting_up.choose(GUILD_ID, CHANNEL_ID) for _ in range(5)]

    assert await asyncio.gather(*both) == [Chosen([], has_panel=False)] * 5
    await house.settle()

    assert len(house.messenger.of("panel")) == 1


async def test_a_panel_that_waits_leaves_at_once_when_setup_runs_again(house: House) -> None:
    house.messenger.trouble(TryLater("403/50013"), kind="panel")
    await house.setting_up.choose(GUILD_ID, CHANNEL_ID)
    await house.settle()
    house.messenger.recover()
    assert await house.settle() == 0, "it would wait for a while"

    await house.setting_up.choose(GUILD_ID, CHANNEL_ID)
    await house.settle()

    assert len(house.messenger.of("panel")) == 1
    assert len(await house.rows(OutboxLetter, kind="panel")) == 1


async def test_missing_permissions_choose_the_channel_and_hold_the_panel_back(house: House) -> None:
    house.messenger.missing = ["send_messages", "embed_links"]

    missing = (await house.setting_up.choose(GUILD_ID, CHANNEL_ID)).missing

    assert missing == ["send_messages", "embed_links"]
    assert await settings(house) == {"channel": CHANNEL_ID, "panel": None}
    assert not await house.rows(OutboxLetter)


async def test_a_hidden_channel_changes_nothing(house: House) -> None:
    await house.setting_up.choose(GUILD_ID, CHANNEL_ID)
    before = await house.snapshot()
    house.messenger.missing = None

    with pytest.raises(Unavailable) as refusal:
        await house.setting_up.choose(GUILD_ID, CHANNEL_ID)

    assert (refusal.value.key, refusal.value.params) == ("setup.channel_hidden", {"channel": CHANNEL_ID})
    assert await house.snapshot() == before


async def test_a_panel_nobody_can_look_for_is_left_alone(house: House) -> None:
    await house.setting_up.choose(GUILD_ID, CHANNEL_ID)
    await house.settle()

    await House(house.database, BusyMessenger()).setting_up.choose(GUILD_ID, CHANNEL_ID)

    assert values(await house.rows(OutboxLetter), "kind") == ["panel"]


async def test_in_an_outage_no_channel_is_called_hidden(house: House) -> None:
    await house.setting_up.choose_meeting(GUILD_ID, CHANNEL_ID)
    house.messenger.outages.add(GUILD_ID)
    house.messenger.missing, house.messenger.is_forum = None, True
    using = house.setting_up
    for choosing in (
        using.choose(GUILD_ID, CHANNEL_ID),
        using.choose_private(GUILD_ID, CHANNEL_ID),
        using.choose_moderators(GUILD_ID, CHANNEL_ID),
        using.choose_rooms(GUILD_ID, are_wanted=True),
    ):
        with pytest.raises(Unavailable, match=r"setup\.outage"):
            await choosing
