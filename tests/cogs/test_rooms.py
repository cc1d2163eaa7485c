"""Fifteen minutes in a private thread of their own, where a community wants that, and without where it can't be."""

from typing import Any

import pytest
from simcord.builders import ChannelHandle
from simcord.enums import ChannelType

from bot.domain.meeting import ROOM_BEFORE, ROOM_FOR
from bot.texts import say
from tests.cogs.conftest import World, said
from tests.cogs.scenes import close_mailbox, is_archived, pings, said_in, with_press
from tests.cogs.test_matched import members
from tests.cogs.test_meeting import HERE, Meeting, agreed, last
from tests.services.meetings import MINUTE

BEFORE, AFTER = -(ROOM_BEFORE / MINUTE), 15 + ROOM_FOR / MINUTE


async def choose(world: World, *, are_wanted: bool = True, **channels: ChannelHandle) -> str:
    """Let a moderator say whether threads are wanted; return what they read of it."""
    answer = await world.moderator.slash(world.channel, "setup", meeting_threads=are_wanted, **channels)
    return said(answer).splitlines()[-1]


@pytest.fixture
async def meeting(world: World) -> Meeting:
    await choose(world)
    return await agreed(world)


def rooms(world: World) -> list[ChannelHandle]:
    """Return the private threads there are."""
    return [each for each in world.channel.threads if each._channel.type == ChannelType.PRIVATE_THREAD]


def place(channel: ChannelHandle) -> str:
    return say("meeting.place", channel=f"<#{channel.id}>")


async def test_both_meet_where_nobody_else_reads(meeting: Meeting) -> None:
    world = meeting.world
    await meeting.at(BEFORE)
    (room,) = rooms(world)
    (opened,) = room.history()
    assert members(room) == set(pings(world, opened)) == {meeting.host.id, meeting.asker.id}
    assert room._channel.name == say("meeting.room.title", number=meeting.id)
    with pytest.raises(Exception, match="cannot read"):
        room.history(viewer=world.join("stranger"))
    await meeting.at(-10)
    assert all(place(room) in last(each) for each in (meeting.host, meeting.asker))
    await meeting.at(0)
    assert place(room) in said(await meeting.host.click(with_press(room, "meeting1:here"), label=HERE))


async def test_it_is_put_away_once_it_is_over_and_stays_theirs(meeting: Meeting) -> None:
    await meeting.at(BEFORE)
    await meeting.held()
    (room,) = rooms(meeting.world)
    assert not is_archived(room)
    await meeting.at(AFTER)
    assert is_archived(room)
    assert len(room.history(viewer=meeting.asker)) == 2


async def test_with_closed_messages_it_still_reaches_both(meeting: Meeting) -> None:
    for actor in (meeting.host, meeting.asker):
        close_mailbox(meeting.world, actor)
    await meeting.at(BEFORE)
    await meeting.at(0)
    (room,) = rooms(meeting.world)
    assert all(each.mention in said_in(room)[0] for each in (meeting.host, meeting.asker))
    await meeting.host.click(with_press(room, "meeting1:here"), label=HERE)
    await meeting.asker.click(with_press(room, "meeting1:here"), label=HERE)
    assert (await meeting.row()).state == "under_way"


@pytest.mark.parametrize("denied", ["create_private_threads", "send_messages_in_threads", "view_channel"])
async def test_without_permission_they_meet_all_the_same(meeting: Meeting, denied: str) -> None:
    world = meeting.world
    world.deny(world.channel, denied)
    await meeting.at(BEFORE)
    await meeting.at(-10)
    assert say("meeting.no_place") in last(meeting.asker)
    await meeting.held()
    assert (await meeting.row()).state == "held"
    complaint = said(await world.moderator.slash(world.guild.create_text_channel("elsewhere"), "doctor"))
    where = f"<#{world.channel.id}>"
    missing = say("doctor.permission_missing", channel=where, permission=say(f"permission.{denied}"))
    assert (say("doctor.room_channel_hidden", channel=where) if denied == "view_channel" else missing) in complaint


async def test_a_lost_answer_makes_no_second_thread(meeting: Meeting) -> None:
    create = meeting.world.env.backend.create_thread
    lost: list[object] = []

    def lose(*args: Any, **fields: Any) -> Any:  # noqa: ANN401 - as the one it stands in for
        made = create(*args, **fields)
        if not lost:
            lost.append(made)
            raise OSError
        return made

    meeting.world.env.backend.create_thread = lose  # type: ignore[method-assign]
    await meeting.at(BEFORE)
    await meeting.world.restart()
    await meeting.at(BEFORE + 1)
    (room,) = rooms(meeting.world)
    assert len(said_in(room)) == 1
    assert (await meeting.row()).room_id == room.id
    meeting.world.env.errors.clear()


@pytest.mark.parametrize("path", ["/channels/*/thread-members/*", "/channels/*/messages"])
async def test_what_discord_refuses_halfway_is_gone_on_with(meeting: Meeting, path: str) -> None:
    method = "PUT" if "members" in path else "POST"
    meeting.world.env.inject_error(method, path, status=503, code=0, times=2)
    await meeting.at(BEFORE)
    await meeting.at(BEFORE + 1)
    await meeting.at(BEFORE + 2)
    (room,) = rooms(meeting.world)
    assert members(room) == {meeting.host.id, meeting.asker.id}
    assert len(said_in(room)) == 1


async def test_whoever_would_rather_talk_is_told_where(world: World) -> None:
    voice = world.guild.create_voice_channel("office")
    where = f"<#{world.channel.id}>"
    assert await choose(world, meeting_channel=voice) == say("setup.rooms", channel=where)
    meeting = await agreed(world)
    await meeting.at(BEFORE)
    (room,) = rooms(world)
    assert say("meeting.room.also", channel=f"<#{voice.id}>") in said_in(room)[0]
    assert say("doctor.rooms_fine", channel=where) in said(await world.moderator.slash(world.channel, "doctor"))


async def test_a_forum_alone_has_no_room_for_them(world: World) -> None:
    forum = world.guild.create_forum_channel("questions")
    assert await choose(world, channel=forum) == say("setup.no_room_channel")
    assert len(world.env.errors) == 1
    assert await choose(world, meeting_channel=world.channel) == say("setup.rooms", channel=f"<#{world.channel.id}>")


async def test_it_can_be_turned_off_again(meeting: Meeting) -> None:
    assert await choose(meeting.world, are_wanted=False) == say("setup.no_rooms")
    await meeting.at(BEFORE)
    assert rooms(meeting.world) == []
