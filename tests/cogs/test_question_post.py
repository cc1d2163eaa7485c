"""The message that opened a question: it says how the question stands, and has buttons only while they do something."""

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, posts, said
from tests.cogs.presses import arrive, button
from tests.cogs.scenes import HELPED, own_question, said_in

BY = say("post.by", asker="{asker}")
FOOTER = {"kind": say("kind.stuck"), "urgency": say("urgency.today")}


async def place(world: World, where: str) -> ChannelHandle:
    """Return the channel that a question of this kind goes to."""
    if where != "forum":
        return world.channel
    forum = world.guild.create_forum_channel("ask-here")
    await world.moderator.slash(world.channel, "setup", channel=forum)
    return forum


def opening(channel: ChannelHandle) -> discord.Message:
    """Return the message that opened the newest question, in its channel or in its thread."""
    seen = [*channel.history(), *channel.threads[-1].history()]
    return next(message for message in seen if message.embeds)


async def asked(world: World, where: str) -> ChannelHandle:
    """Ask one question of a kind; return the channel it went to."""
    channel = await place(world, where)
    visibility = {"private": "matched", "anonymous": "anonymous"}.get(where, "public")
    await world.helper("joaquim", STATEMENT)
    await world.ask(visibility=[visibility])
    return channel


def begins(world: World, where: str, mark: str = "") -> str:
    by = say("post.anonymous") if where == "anonymous" else BY.format(asker=world.asker.mention)
    return f"{mark} {by}".strip()


@pytest.mark.parametrize("where", ["public", "forum", "private", "anonymous"])
async def test_closed_from_anywhere_it_says_so_and_opened_again_it_does_not(world: World, where: str) -> None:
    channel = await asked(world, where)
    before = opening(channel)
    assert before.content == begins(world, where)

    private = await own_question(world, world.asker)
    await world.asker.click(private, label=say("choices.close.button"))
    assert opening(channel).content == begins(world, where, say("post.closed"))
    (said_before,), (said_after,) = before.embeds, opening(channel).embeds
    assert said_after.to_dict() | {"footer": None} == said_before.to_dict() | {"footer": None}
    assert said_before.footer.text == say("post.footer", **FOOTER)
    assert said_after.footer.text == say("post.footer_over", **FOOTER)
    assert not custom_ids(opening(channel).components)

    await world.asker.click(await own_question(world, world.asker), label=say("reopen.button"))
    assert opening(channel).content == begins(world, where)
    assert opening(channel).embeds == before.embeds
    assert custom_ids(opening(channel).components) == custom_ids(before.components)


async def test_settled_it_says_so_until_other_people_are_asked(world: World) -> None:
    _, buttons = await world.answered()
    *_, not_yet = custom_ids(buttons.components)
    await world.asker.user.click(buttons, label=HELPED)
    assert posts(world)[-1].content == begins(world, "public", say("post.settled"))
    assert not custom_ids(posts(world)[-1].components)

    await arrive(button(world.asker.user, buttons, not_yet))
    assert posts(world)[-1].content == begins(world, "public")
    assert custom_ids(posts(world)[-1].components) == ["question1:close:1"]


async def test_in_an_archived_thread_it_is_opened_for_it_and_put_back(world: World) -> None:
    channel = await asked(world, "private")
    thread = channel.threads[-1]
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})

    await world.asker.click(await own_question(world, world.asker), label=say("choices.close.button"))

    assert opening(channel).content == begins(world, "private", say("post.closed"))


async def test_a_post_that_was_deleted_stops_nothing(world: World) -> None:
    channel = await asked(world, "public")
    world.env.inject_error(
        "PATCH", f"/channels/{channel.id}/messages/{posts(world)[-1].id}", status=404, code=10008, times=None
    )

    answer = await world.asker.click(await own_question(world, world.asker), label=say("choices.close.button"))

    assert said(answer) == say("close.done")
    assert said_in(world.thread)[-1] == say("thread.closed_by_asker")
