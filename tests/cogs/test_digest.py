"""Questions that no one takes are listed once a day: for everyone without pings, and for moderators."""

import discord
from simcord.builders import ChannelHandle

from bot.texts import say
from bot.ui import render
from tests.cogs.conftest import QUESTION, World, posts
from tests.cogs.scenes import (
    moderators,
    pings,
)

OTHER = "Which optimiser do people use for small transformers, and why that one?"


def where(world: World) -> str:
    return render.link(world.guild.id, world.thread.id)


def digests(channel: ChannelHandle, key: str = "digest.intro") -> list[discord.Message]:
    """Return the lists in a channel or post, oldest first."""
    return [message for message in channel.history() if message.content.startswith((say(key), say(f"{key}_one")))]


async def test_after_a_day_it_is_listed_without_pinging_anybody(world: World) -> None:
    await world.ask(f"@everyone {QUESTION} <@{world.moderator.id}>")
    await world.pass_time(hours=23)
    assert not digests(world.channel)

    await world.pass_time(hours=3)

    (digest,) = digests(world.channel)
    assert where(world) in digest.content
    assert pings(world, digest) == []
    assert not digest.mention_everyone


async def test_one_list_a_day(world: World) -> None:
    await world.ask()
    await world.pass_time(hours=26)
    for _ in range(3):
        await world.pass_time(hours=3)
    assert len(digests(world.channel)) == 1

    await world.pass_time(hours=24)

    assert len(digests(world.channel)) == 2


async def test_the_five_that_wait_longest_are_listed(world: World) -> None:
    for number in range(7):
        await world.ask(f"{number}: {QUESTION}", world.join(f"asker{number}"))
        await world.pass_time(minutes=1)

    await world.pass_time(hours=26)

    intro, *lines, more = digests(world.channel)[-1].content.splitlines()
    assert intro == say("digest.intro")
    assert [line.split("\u2068")[1][0] for line in lines] == ["0", "1", "2", "3", "4"]
    assert more == say("digest.more", count=2)


async def test_what_is_taken_or_over_or_for_a_few_eyes_is_not_listed(world: World) -> None:
    helper, invitation = await world.waiting()
    await helper.user.click(invitation, label="I'll take it")
    await world.ask(OTHER, world.join("nadia"), visibility=["matched"])
    await world.ask(OTHER, world.join("chen"))
    await world.moderator.submit_modal(await world.moderator.click(posts(world)[-1], label="Close this question"), {})

    await world.pass_time(hours=23)
    await world.pass_time(minutes=40)

    assert not digests(world.channel)


async def test_in_a_forum_it_is_said_in_the_panels_post(world: World) -> None:
    forum = world.guild.create_forum_channel("ask-here")
    # The simulated Discord knows no pinned posts; one that can't be pinned is a panel all the same.
    world.env.inject_error("PATCH", "/channels/*", status=403, code=50013)
    await world.moderator.slash(world.channel, "setup", channel=forum)
    await world.ask()

    await world.pass_time(hours=26)

    panel, _ = forum.threads
    assert len(digests(panel)) == 1
    assert len(forum.threads) == 2
    assert render.link(world.guild.id, forum.threads[-1].id) in digests(panel)[0].content


async def test_after_two_days_moderators_read_it_in_their_channel(world: World) -> None:
    channel, _ = await moderators(world)
    await world.ask()
    await world.ask(OTHER, world.join("nadia"), visibility=["matched"])
    await world.pass_time(hours=47)
    assert not digests(channel, "digest.moderators")

    await world.pass_time(hours=3)

    (digest,) = digests(channel, "digest.moderators")
    assert digest.content.count("https://discord.com") == 2, "moderators see what only a few were asked, too"
    assert pings(world, digest) == []


async def test_without_a_moderators_channel_nobody_is_told_twice(world: World) -> None:
    await world.ask()

    await world.pass_time(hours=50)

    assert not digests(world.channel, "digest.moderators")


async def test_a_list_discord_refuses_follows_later_and_only_once(world: World) -> None:
    await world.ask()
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503)
    await world.pass_time(hours=26)
    assert not digests(world.channel)

    await world.pass_time(minutes=5)
    await world.pass_time(minutes=5)

    assert len(digests(world.channel)) == 1
