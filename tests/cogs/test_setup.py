"""`/setup`: a help channel picked or made, and one panel in it."""

import asyncio

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.texts import say
from bot.ui import render
from tests.cogs.conftest import World, posts, said

PANEL = say("panel.text")


def mention(channel: ChannelHandle) -> str:
    return f"<#{channel.id}>"


def panels(channel: ChannelHandle) -> int:
    """Count the panels in a channel, or those that are posts of a forum."""
    places = [channel, *channel.threads]
    return sum(message.content == PANEL for place in places for message in place.history())


def find(world: World, name: str) -> ChannelHandle:
    """Return a channel by its name; there is exactly one."""
    backend = world.env.backend
    (channel,) = (each for each in backend.channels.values() if each.name == name)
    return ChannelHandle(world.env, world.guild, channel)


def let_bot(world: World, **permissions: bool) -> None:
    """Change what the bot may do everywhere."""
    backend = world.env.backend
    (role,) = (each for each in backend.get_guild(world.guild.id).roles.values() if each.managed)
    allowed = discord.Permissions(role.permissions)
    allowed.update(**permissions)
    backend.edit_role(world.guild.id, role.id, {"permissions": allowed.value})


async def setup(world: World, **options: ChannelHandle) -> str:
    return said(await world.moderator.slash(world.channel, "setup", **options))


async def test_a_given_text_channel_gets_the_panel_pinned(fresh: World) -> None:
    answer = await setup(fresh, channel=fresh.channel)

    assert answer == say("setup.done", channel=mention(fresh.channel))
    (panel,) = fresh.channel.pinned_messages()
    assert panel.content == PANEL
    await fresh.ask()
    assert len(fresh.channel.threads) == 1


async def test_a_given_forum_gets_the_panel_as_a_pinned_post(fresh: World) -> None:
    forum = fresh.guild.create_forum_channel("questions")

    answer = await setup(fresh, channel=forum)

    assert answer == say("setup.done", channel=mention(forum))
    (post,) = forum.threads
    assert post.history()[0].content == PANEL
    assert (await fresh.asker.click(post.history()[0], label=say("panel.ask.button"))).modal is not None


async def test_without_a_channel_one_is_made(fresh: World) -> None:
    answer = await setup(fresh)

    made = find(fresh, say("setup.channel.name"))
    assert answer == say("setup.created", channel=mention(made))
    assert made._channel.type == discord.ChannelType.text.value
    assert panels(made) == 1


async def test_in_a_community_server_it_is_a_forum(fresh: World) -> None:
    guild = fresh.app.client.get_guild(fresh.guild.id)
    assert guild is not None
    guild.features.append("COMMUNITY")

    answer = await setup(fresh)

    made = find(fresh, say("setup.channel.name"))
    assert answer == say("setup.created", channel=mention(made))
    assert made._channel.type == discord.ChannelType.forum.value
    assert panels(made) == 1


async def test_once_set_up_the_same_channel_stays(world: World) -> None:
    answer = await setup(world)

    assert answer == say("setup.unchanged", channel=mention(world.channel))
    assert panels(world.channel) == 1


async def test_a_deleted_channel_is_made_anew(world: World) -> None:
    world.env.backend.delete_channel(world.channel.id)
    elsewhere = world.guild.create_text_channel("elsewhere")

    answer = said(await world.moderator.slash(elsewhere, "setup"))

    assert answer == say("setup.created", channel=mention(find(world, say("setup.channel.name"))))


async def test_without_manage_channels_it_says_what_to_do(fresh: World) -> None:
    let_bot(fresh, manage_channels=False)

    answer = await setup(fresh)

    assert answer == say("setup.cannot_create")
    assert len(fresh.env.errors) == 1
    assert await setup(fresh, channel=fresh.channel) == say("setup.done", channel=mention(fresh.channel))


async def test_a_channel_out_of_sight_is_refused_and_nothing_changes(world: World) -> None:
    hidden = world.guild.create_text_channel("hidden")
    world.deny(hidden, "view_channel")

    answer = await setup(world, channel=hidden)

    assert answer == say("setup.channel_hidden", channel=mention(hidden))
    assert len(world.env.errors) == 1
    await world.ask()
    assert len(world.channel.threads) == 1


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        ("send_messages", ["send_messages", "embed_links"]),
        ("send_messages_in_threads", ["send_messages_in_threads"]),
        ("create_public_threads", ["create_public_threads"]),
        ("read_message_history", ["read_message_history"]),
        ("embed_links", ["embed_links"]),
    ],
)
async def test_missing_permissions_are_named_and_the_panel_waits(fresh: World, denied: str, missing: list[str]) -> None:
    fresh.deny(fresh.channel, denied)

    answer = await setup(fresh, channel=fresh.channel)
    assert answer == say("setup.missing", channel=mention(fresh.channel), permissions=render.permissions(missing, "en"))
    assert panels(fresh.channel) == 0

    fresh.deny(fresh.channel)
    assert await setup(fresh) == say("setup.done", channel=mention(fresh.channel))
    assert panels(fresh.channel) == 1


async def test_a_forum_needs_no_public_threads_to_open_posts(fresh: World) -> None:
    forum = fresh.guild.create_forum_channel("questions")
    fresh.deny(forum, "create_public_threads")

    assert await setup(fresh, channel=forum) == say("setup.done", channel=mention(forum))
    await fresh.ask()
    assert len(forum.threads) == 2


async def test_permissions_lost_later_are_named_and_the_panel_stays_one(world: World) -> None:
    world.deny(world.channel, "read_message_history")

    answer = await setup(world)
    world.deny(world.channel)
    await setup(world)

    names = render.permissions(["read_message_history"], "en")
    assert answer == say("setup.missing_beside_panel", channel=mention(world.channel), permissions=names)
    assert panels(world.channel) == 1


async def test_a_deleted_panel_is_posted_again(world: World) -> None:
    await world.moderator.delete(world.channel.pinned_messages()[0])

    await setup(world)
    await setup(world)

    assert panels(world.channel) == 1


async def test_another_channel_gets_a_panel_of_its_own(world: World) -> None:
    other = world.guild.create_text_channel("other")

    await setup(world, channel=other)
    await world.ask()

    assert panels(other) == 1
    assert len(other.threads) == 1
    assert not world.channel.threads


async def test_a_panel_that_cannot_be_pinned_is_posted_all_the_same(fresh: World) -> None:
    fresh.env.inject_error("PUT", "/channels/*/messages/pins/*", status=403, code=50013)

    answer = await setup(fresh, channel=fresh.channel)

    assert answer == say("setup.done", channel=mention(fresh.channel))
    assert panels(fresh.channel) == 1
    assert not fresh.channel.pinned_messages()
    await setup(fresh)
    assert panels(fresh.channel) == 1


async def test_a_panel_discord_refuses_follows_later_and_only_once(fresh: World) -> None:
    fresh.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=1)

    await setup(fresh, channel=fresh.channel)
    assert panels(fresh.channel) == 0
    await setup(fresh)
    assert panels(fresh.channel) == 1

    await fresh.pass_time(hours=2)
    assert panels(fresh.channel) == 1


async def test_when_discord_cannot_say_whether_the_panel_is_there_no_second_one_is_posted(world: World) -> None:
    world.env.inject_error("GET", "/channels/*/messages/*", status=403, code=50013)

    assert await setup(world) == say("setup.unchanged", channel=mention(world.channel))
    assert panels(world.channel) == 1


async def test_two_moderators_at_once_post_one_panel(fresh: World) -> None:
    with fresh.env._bot_scope():
        choose = fresh.app.use_cases.setting_up.choose
        await asyncio.gather(*(choose(fresh.guild.id, fresh.channel.id) for _ in range(2)))
    await fresh.env.settle()

    assert panels(fresh.channel) == 1


async def test_a_channel_discord_will_not_make_is_said(fresh: World) -> None:
    fresh.env.inject_error("POST", "/guilds/*/channels")

    answer = await setup(fresh)

    assert answer.startswith("Something broke")
    assert len(fresh.env.errors) == 1
    assert await setup(fresh) == say("setup.created", channel=mention(find(fresh, say("setup.channel.name"))))


@pytest.mark.parametrize("label", ["panel.ask.button", "panel.profile.button", "panel.mine.button"])
async def test_the_panel_works_for_everybody_also_after_a_restart(world: World, label: str) -> None:
    (panel,) = world.channel.pinned_messages()
    await world.restart()

    shown = await world.asker.click(panel, label=say(label))

    expected = say("profile.empty") if "profile" in label else say("mine.no_questions")
    assert shown.modal is not None or expected in said(shown)
    assert not posts(world)


async def test_only_those_who_manage_the_server_see_it(world: World) -> None:
    assert "setup" in world.moderator.available_commands(world.channel)
    assert "setup" not in helper_of(world).available_commands(world.channel)
    assert "setup" not in world.moderator.user.available_commands()


def helper_of(world: World) -> MemberActor:
    """Return a moderator of messages, who doesn't manage the server."""
    role = world.guild.create_role("Helpers", permissions=discord.Permissions(manage_messages=True))
    return world.guild.add_member(world.env.create_user("nadia"), roles=[role])


async def test_moderators_get_a_channel_and_the_help_channel_stays(world: World) -> None:
    place = world.guild.create_text_channel("moderators")

    first, second = (await setup(world, moderator_channel=place)).splitlines()

    assert first == say("setup.unchanged", channel=mention(world.channel))
    assert second == say("setup.moderators", channel=mention(place))
    assert panels(world.channel) == 1
    assert panels(place) == 0


async def test_a_moderators_channel_where_the_bot_may_not_speak_is_named(world: World) -> None:
    place = world.guild.create_text_channel("moderators")
    world.deny(place, "send_messages", "create_public_threads")

    answer = await setup(world, moderator_channel=place)

    names = render.permissions(["send_messages"], "en")
    assert say("setup.moderators_missing", channel=mention(place), permissions=names) in answer.splitlines()


async def test_a_moderators_channel_out_of_sight_is_refused(world: World) -> None:
    place = world.guild.create_text_channel("moderators")
    world.deny(place, "view_channel")

    assert await setup(world, moderator_channel=place) == say("setup.channel_hidden", channel=mention(place))
    assert len(world.env.errors) == 1


async def test_all_three_at_once(fresh: World) -> None:
    forum, quiet = fresh.guild.create_forum_channel("questions"), fresh.guild.create_text_channel("quiet")
    place = fresh.guild.create_text_channel("moderators")

    answer = await setup(fresh, channel=forum, private_channel=quiet, moderator_channel=place)

    assert answer.splitlines() == [
        say("setup.done", channel=mention(forum)),
        say("setup.private", channel=mention(quiet)),
        say("setup.moderators", channel=mention(place)),
    ]


@pytest.mark.parametrize("option", ["channel", "private_channel", "moderator_channel"])
async def test_other_kinds_of_channels_are_not_offered(world: World, option: str) -> None:
    other = world.guild.create_voice_channel("voice") if option == "channel" else world.guild.create_forum_channel("x")

    with pytest.raises(Exception, match="channel type"):
        await world.moderator.slash(world.channel, "setup", **{option: other})
