"""A thread of their own for two who meet: made once, named in time, and nothing anyone has to wait for."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.meeting import ROOM_BEFORE, ROOM_FOR
from bot.errors import Unavailable
from bot.services.ports import TryLater, Undeliverable
from bot.services.results import Letter
from bot.store.engine import Database
from models import GuildSettings, OutboxLetter
from tests.factories import GUILD_ID, an_open_thread
from tests.fakes import CHANNEL_ID, House, part
from tests.services.meetings import ASKER, HOST, MINUTE, START, Scene, agreed, opened
from tests.services.scenes import at_once

VOICE_ID = 1_100_000_000_000_000_004
BEFORE, AFTER = -(ROOM_BEFORE / MINUTE), 15 + ROOM_FOR / MINUTE


@pytest.fixture
async def scene(database: Database) -> Scene:
    house = await opened(House(database))
    await house.setting_up.choose_rooms(GUILD_ID, are_wanted=True)
    return await agreed(house)


def rooms(scene: Scene) -> list[Letter[Any]]:
    return scene.house.messenger.of("room")


async def places(scene: Scene, minutes: float) -> set[object]:
    """Return where people are led who are written to so many minutes after the start."""
    before = len(scene.house.messenger.shown)
    await scene.at(minutes)
    told = [each for each in scene.house.messenger.shown[before:] if each.addressee_id is not None]
    return {each.content.place_id for each in told}


async def test_it_is_there_before_the_last_reminder_which_names_it(scene: Scene) -> None:
    await scene.at(BEFORE - 1)
    assert rooms(scene) == []
    await scene.at(BEFORE)
    (room,) = rooms(scene)
    assert (room.channel_id, room.user_id, room.content.booking is not None) == (CHANNEL_ID, None, True)
    room_id = (await scene.row())["room_id"]
    assert await places(scene, -10) == {room_id}
    assert await scene.at(0) == [("start", HOST), ("start", ASKER), ("start_thread", None)]
    assert scene.house.messenger.shown[-1].channel_id == room_id
    assert (await scene.house.meeting.here(scene.id, HOST)).place == room_id


async def test_it_is_put_away_afterwards(scene: Scene) -> None:
    await scene.at(BEFORE)
    await scene.at(AFTER - 1)
    assert scene.house.messenger.of("room_over") == []
    await scene.at(AFTER)
    (over,) = scene.house.messenger.of("room_over")
    assert over.channel_id == (await scene.row())["room_id"]


async def test_it_is_put_away_also_where_nobody_meets(scene: Scene) -> None:
    await scene.at(BEFORE)
    await scene.house.booking.cancel(scene.id, ASKER, "Something came up.")
    await scene.at(AFTER)
    assert len(scene.house.messenger.of("room_over")) == 1


async def test_looks_at_once_make_one(scene: Scene) -> None:
    scene.house.clock.moment = START + BEFORE * MINUTE
    assert not await at_once([scene.house.meeting.sweep() for _ in range(4)])
    assert not await at_once([scene.house.settle() for _ in range(4)])
    assert len(rooms(scene)) == len(await scene.house.rows(OutboxLetter, kind="room")) == 1


@pytest.mark.parametrize("error", [TryLater("403/50013"), Undeliverable("400/30033")])
async def test_without_it_everything_else_goes_on(scene: Scene, error: Exception) -> None:
    scene.house.messenger.trouble(error, kind="room")
    await scene.at(BEFORE)
    assert await places(scene, -10) == {CHANNEL_ID}
    scene.house.messenger.recover()
    assert await scene.at(0) == [("start", HOST), ("start", ASKER)]
    assert await scene.house.rows(OutboxLetter, kind="room", due_at=None)
    assert rooms(scene) == []


async def test_one_that_comes_late_is_named_from_then_on(scene: Scene) -> None:
    scene.house.messenger.trouble(TryLater("500/0"), kind="room")
    await scene.at(BEFORE)
    assert await places(scene, -10) == {CHANNEL_ID}
    scene.house.messenger.recover()
    await scene.at(-5)
    assert len(rooms(scene)) == 1
    assert await places(scene, 0) == {(await scene.row())["room_id"]}


async def test_what_is_booked_at_the_last_moment_has_one_at_once(database: Database) -> None:
    house = await opened(House(database))
    await house.setting_up.choose_rooms(GUILD_ID, are_wanted=True)
    scene = await agreed(house, house.clock.now() + 3 * MINUTE)
    await scene.look(house.clock.now())
    assert len(rooms(scene)) == 1


async def test_whoever_keeps_the_other_away_by_now_is_put_nowhere_with_them(scene: Scene) -> None:
    await scene.house.blocking.block(GUILD_ID, HOST, ASKER)
    assert [text for text, _ in await scene.at(BEFORE)] == ["", ""], "both read that it is off, and no more"
    assert rooms(scene) == []
    assert await scene.at(-10) == []
    assert (await scene.row())["state"] == "cancelled"


async def test_nothing_of_the_question_is_said_in_it(scene: Scene) -> None:
    """People who manage threads may read them, and aren't to learn who asked what."""
    await scene.at(BEFORE)
    (room,) = rooms(scene)
    assert (part(room, "question"), room.content.also_in) == (None, 0)


async def test_nobody_has_one_who_wants_none(scene: Scene) -> None:
    assert await scene.house.setting_up.choose_rooms(GUILD_ID, are_wanted=False) is None
    await scene.at(BEFORE)
    assert await places(scene, -10) == {CHANNEL_ID}
    assert rooms(scene) == []


@pytest.mark.parametrize("voice_id", [None, VOICE_ID])
async def test_threads_are_opened_where_there_can_be_some(database: Database, voice_id: int | None) -> None:
    house = House(database)
    await house.open(meeting_channel_id=voice_id)
    assert await house.setting_up.choose_rooms(GUILD_ID, are_wanted=True) == CHANNEL_ID
    scene = await agreed(house)
    await scene.at(BEFORE)
    assert rooms(scene)[0].content.also_in == (voice_id or 0)


async def test_where_people_meet_from_now_on_are_their_threads_too(scene: Scene) -> None:
    async with scene.house.database.begin() as work:
        settings = await work.guilds.settings(GUILD_ID)
        assert settings is not None
        settings.room_channel_id = VOICE_ID
    await scene.house.setting_up.choose_meeting(GUILD_ID, VOICE_ID)
    await scene.house.setting_up.choose_meeting(GUILD_ID, CHANNEL_ID)
    (row,) = await scene.house.rows(GuildSettings)
    assert row["room_channel_id"] == CHANNEL_ID


async def test_where_no_channel_takes_them_nothing_changes(database: Database) -> None:
    house = House(database)
    await house.open(meeting_channel_id=VOICE_ID)
    house.messenger.is_forum = True
    with pytest.raises(Unavailable, match=r"setup\.no_room_channel"):
        await house.setting_up.choose_rooms(GUILD_ID, are_wanted=True)
    (row,) = await house.rows(GuildSettings)
    assert row["room_channel_id"] is None


@pytest.mark.parametrize("way", ["deleted", "locked"])
async def test_a_room_that_is_gone_leads_nobody_there(scene: Scene, way: str) -> None:
    await scene.at(BEFORE)
    room_id = (await scene.row())["room_id"]
    if way == "deleted":
        await scene.house.watching.thread_gone(room_id)
    else:
        await scene.house.watching.thread_changed(replace(an_open_thread(room_id), is_locked=True))

    assert await places(scene, -10) == {CHANNEL_ID}
    assert await scene.at(0) == [("start", HOST), ("start", ASKER)]
    await scene.at(AFTER)
    assert scene.house.messenger.of("room_over") == []
