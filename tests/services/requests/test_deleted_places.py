"""Channels and threads that are deleted, with anything under way."""

import pytest
from structlog.testing import capture_logs

from bot import faults
from bot.domain.lifecycle import OPEN_STATES
from bot.errors import Conflict
from bot.services.ports import Undeliverable
from bot.store.engine import Database
from models import GuildSettings, Request
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.people.test_departing import days_go_by
from tests.services.scenes import begin
from tests.services.underway import MATTERS, start

pytestmark = pytest.mark.both
CHANNELS = ("help_channel_id", "panel_channel_id", "private_channel_id", "moderator_channel_id", "meeting_channel_id",
            "room_channel_id")  # fmt: skip


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


@pytest.mark.parametrize("matter", MATTERS)
async def test_deleted_channels_break_nothing_and_no_question_waits_in_them(house: House, matter: str) -> None:
    await start(house, matter)
    await house.settle()
    (settings,) = await house.rows(GuildSettings)
    for thread_id in [each["thread_id"] for each in await house.rows(Request) if each["thread_id"]]:
        house.messenger.answers[thread_id] = Undeliverable("404/10003")

    with capture_logs() as logs:
        for channel_id in sorted({settings[each] for each in CHANNELS} - {None}):
            await house.noticing.channel_gone(GUILD_ID, channel_id)
        await days_go_by(house)

    assert [each for each in logs if each["log_level"] == "error"] == []
    assert faults.known() == []
    waiting = {each["state"] for each in await house.rows(Request) if each["post_id"]} & set(OPEN_STATES)
    assert waiting == set()


@pytest.mark.parametrize("matter", ["slot booked", "reminder due"])
async def test_two_who_meet_are_reminded_though_every_channel_is_deleted(house: House, matter: str) -> None:
    await start(house, matter)
    (settings,) = await house.rows(GuildSettings)
    for channel_id in sorted({settings[each] for each in CHANNELS} - {None}):
        await house.noticing.channel_gone(GUILD_ID, channel_id)

    await days_go_by(house)

    assert {each.user_id for each in house.messenger.of("reminder")} >= {
        each.user_id for each in house.messenger.of("booking")
    }
    assert house.messenger.of("reminder")


async def test_nobody_is_led_to_a_thread_that_is_gone(house: House) -> None:
    await house.open()
    scene = await begin(house, 1)
    await house.settle()
    house.messenger.answers[scene.receipt.thread_id or 0] = Undeliverable("404/10003")
    with pytest.raises(Conflict):
        await scene.take(0)
    assert await scene.state() == "closed"
