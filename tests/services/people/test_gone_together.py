"""Two people who go away at once, and channels that are deleted, whatever is under way."""

import itertools

import pytest
from structlog.testing import capture_logs

from bot import faults
from bot.domain.lifecycle import OPEN_STATES
from bot.services.ports import Undeliverable
from bot.store.engine import Database
from models import GuildSettings, Request
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.people.test_departing import days_go_by, expected_of, is_about, look_at_everything
from tests.services.underway import MATTERS, start

pytestmark = pytest.mark.both
TWOS = [(matter, two) for matter, each in MATTERS.items() for two in itertools.combinations(each.roles, 2)]
CHANNELS = ("help_channel_id", "panel_channel_id", "private_channel_id", "moderator_channel_id", "meeting_channel_id",
            "room_channel_id")  # fmt: skip


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


@pytest.mark.parametrize(("matter", "two"), TWOS, ids=str)
async def test_two_who_go_at_once_leave_nothing_that_waits_for_them(
    house: House, matter: str, two: tuple[str, str]
) -> None:
    roles = await start(house, matter)
    gone, before = [roles[each] for each in two], len(house.messenger.shown)
    for user_id in gone:
        house.membership.lose(user_id)

    await look_at_everything(house)
    for user_id in gone:
        await house.belonging.left(GUILD_ID, user_id)
    await days_go_by(house)

    said = house.messenger.shown[before:]
    assert [each.kind for each in said if any(is_about(each, user_id) for user_id in gone)] == []
    assert [await expected_of(house, user_id) for user_id in gone] == [{}, {}]


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
