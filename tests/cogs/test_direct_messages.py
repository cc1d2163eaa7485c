"""What works where only one person and the bot are: some commands, and a sentence for every message."""

from datetime import timedelta

import discord
import pytest
from discord.utils import format_dt
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said, shown
from tests.cogs.scenes import TAKE, choose, close_mailbox, options

BACK = say("pause.end.button")


async def known_twice(world: World, helper: MemberActor) -> tuple[MemberActor, ChannelHandle]:
    """Let a helper be known in a second server, where they have a pause without end."""
    guild = world.env.create_guild("Physics")
    there, channel = guild.add_member(helper.user), guild.create_text_channel("lobby")
    await there.slash(channel, "pause", length="open")
    return there, channel


def replied(message: discord.Message) -> dict[str, str]:
    """Return how a client says which message another one replies to."""
    return {"message_id": str(message.id), "channel_id": str(message.channel.id)}


def answers(actor: MemberActor) -> list[str]:
    """Return what the bot answered to direct messages."""
    return [each.content for each in inbox(actor) if each.author.bot and not each.components and not each.embeds]


async def test_a_message_under_an_invitation_gets_the_way_to_the_thread(world: World) -> None:
    helper, invitation = await world.waiting()

    await helper.user.send_dm("Look at the blank label first.", reference=replied(invitation))

    where = render.link(world.guild.id, world.thread.id)
    assert answers(helper) == [say("direct.meant", thread=where)]
    assert not world.thread.history(), "what was written to the bot is nobody else's"


async def test_under_a_private_question_it_says_what_lets_them_into_the_thread(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask(visibility=["matched"])

    await helper.user.send_dm("Look at the blank label first.")

    assert answers(helper)[-1].startswith(say("direct.meant_private", thread=""))


async def test_the_message_replied_to_says_which_question_is_meant(world: World) -> None:
    helper, first = await world.waiting()
    older = world.thread.id
    await world.ask("Which CTC loss is right for forced alignment, and why?", world.join("nadia"))

    await helper.user.send_dm("The first one", reference=replied(first))
    await world.env.advance_time(timedelta(minutes=3).total_seconds())
    await helper.user.send_dm("The newest")

    assert [str(older) in answers(helper)[0], str(world.thread.id) in answers(helper)[1]] == [True, True]


async def test_a_burst_is_answered_once(world: World) -> None:
    helper, _ = await world.waiting()

    for words in ("Look", "at the blank label", "first."):
        await helper.user.send_dm(words)

    assert len(answers(helper)) == 1


async def test_a_hidden_asker_gets_the_button_that_keeps_them_hidden(world: World) -> None:
    await world.ask(visibility=["anonymous"])

    await world.asker.user.send_dm("Thank you, that helped!")

    told = inbox(world.asker)[-1]
    assert told.content == say("direct.meant_hidden", thread=render.link(world.guild.id, world.thread.id))
    assert custom_ids(told.components) == ["reply1:write:1"]


async def test_a_stranger_reads_where_to_begin(world: World) -> None:
    stranger = world.join("stranger")

    await stranger.user.send_dm("Hello?")

    assert answers(stranger) == [say("direct.nothing")]


async def test_an_answer_that_discord_refuses_stops_nothing(world: World) -> None:
    helper, _ = await world.waiting()
    close_mailbox(world, helper)

    await helper.user.send_dm("Hello?")

    assert answers(helper) == []


@pytest.mark.parametrize("command", ["mine", "pause", "profile"])
async def test_a_stranger_is_sent_to_a_server(world: World, command: str) -> None:
    stranger = world.join("stranger")

    assert said(await stranger.user.slash(command)) == say("direct.stranger")
    assert len(world.env.errors) == 1


async def test_where_a_person_is_known_once_nothing_is_asked(world: World) -> None:
    helper, _ = await world.waiting()

    mine = shown(await helper.user.slash("mine"))
    duty = shown(await choose(helper.user, mine, "mine1:duty"))

    assert render.link(world.guild.id, world.thread.id) in mine.content
    assert said(await helper.user.click(duty, label=TAKE)).startswith("Thank you!")


async def test_a_pause_begins_and_ends(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    offered = shown(await helper.user.slash("pause"))

    answer = await choose(helper.user, offered, "pause1:choose")
    assert said(answer) == say("pause.until", when=format_dt(world.env.now() + timedelta(days=1), "F"))
    await world.ask()
    assert not invitations(helper)

    assert said(await helper.user.click(shown(answer), label=BACK)) == say("pause.ended")
    assert said(await helper.user.slash("pause", length="open")) == say("pause.open_end")


async def test_a_profile_is_changed(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    card = shown(await helper.user.slash("profile"))
    form = await helper.user.click(card, label=say("profile.edit.button"))

    answer = await helper.user.submit_modal(form, {"statements": "Grant writing", "rate": ["more"]})

    assert "Grant writing" in said(answer)
    assert "Grant writing" in said(await helper.slash(world.channel, "profile")), "it is the same profile"
    learning = await helper.user.click(shown(answer), label=say("profile.learn.button"))
    assert say("profile.learns_on") in said(learning)


@pytest.mark.parametrize("command", ["mine", "pause", "profile"])
async def test_where_a_person_is_known_twice_they_choose(world: World, command: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await known_twice(world, helper)

    asked = shown(await helper.user.slash(command))
    assert asked.content == say("direct.which")
    assert [each["label"] for each in options(asked, f"{command}1:home")] == ["Research", "Physics"]
    here = said(await choose(helper.user, asked, f"{command}1:home", 0))
    there = said(await choose(helper.user, asked, f"{command}1:home", 1))

    assert say("pause.open_end") not in here
    assert (say("pause.open_end") in there) == (command != "profile")


async def test_a_chosen_profile_is_changed_where_it_was_chosen(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    there, channel = await known_twice(world, helper)
    card = shown(await choose(helper.user, shown(await helper.user.slash("profile")), "profile1:home", 1))
    form = await helper.user.click(card, label=say("profile.begin.button"))

    await helper.user.submit_modal(form, {"statements": "Grant writing", "rate": ["more"]})

    assert "Grant writing" not in said(await helper.slash(world.channel, "profile"))
    assert "Grant writing" in said(await there.slash(channel, "profile"))
