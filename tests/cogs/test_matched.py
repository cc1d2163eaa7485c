"""A question for only those who are asked: a private thread that opens to its asker and to those who take it."""

from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.enums import ChannelType

from bot.texts import say
from bot.ui import render
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, inbox, invitations, said
from tests.cogs.presses import arrive, button, custom_id, filled
from tests.cogs.profiles import given_back
from tests.cogs.scenes import (
    ANSWER,
    TAKE,
    close_mailbox,
    duties,
    is_archived,
    mine,
    own_duty,
    pings,
    put_away,
    said_in,
    state,
    told,
    with_press,
)
from tests.hashing import HashingEmbedder

MATCHED: Any = {"visibility": ["matched"]}
REFUSED = say("ask.no_private_threads")


def members(thread: ChannelHandle) -> set[int]:
    """Return who was let into a thread, the bot apart."""
    return set(thread._channel.thread_members) - {thread._env.backend.bot_user.id}


def in_public(world: World) -> list[str]:
    """Return what everyone can read in the help channel, the panel and Discord's own lines apart."""
    return [message.content for message in world.channel.history() if not message.is_system() and not message.pinned]


async def asked(world: World) -> tuple[MemberActor, ChannelHandle]:
    """Ask only those who match, with one helper there; return them and the thread."""
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask(**MATCHED)
    return helper, world.thread


async def test_only_the_asker_is_let_in_and_nothing_is_said_in_public(world: World) -> None:
    helper, thread = await asked(world)

    assert thread._channel.type == ChannelType.PRIVATE_THREAD
    assert members(thread) == {world.asker.id}
    assert thread.history()[0].embeds[0].description == QUESTION
    assert in_public(world) == []
    with pytest.raises(Exception, match="cannot read"):
        thread.history(viewer=world.join("stranger"))
    with pytest.raises(Exception, match="cannot read"):
        thread.history(viewer=helper)
    assert [message.embeds for message in thread.history(viewer=world.asker)]


async def test_nothing_leads_into_the_thread_before_it_is_taken(world: World) -> None:
    helper, thread = await asked(world)
    inside = render.link(world.guild.id, thread.id)

    async def shown() -> list[str]:
        why_me = await helper.user.click(invitations(helper)[-1], label=say("why.button"))
        commands = [await helper.slash(world.channel, name) for name in ("mine", "why")]
        duty = (await own_duty(world, helper)).message.content
        return [*(said(each) for each in (why_me, *commands)), duty]

    assert not [each for each in await shown() if inside in each]
    await helper.click(await own_duty(world, helper), label=TAKE)
    assert said(await helper.slash(world.channel, "why")).count(inside) == 1
    assert said(await helper.slash(world.channel, "mine")).count(inside) == 1


async def test_whoever_takes_it_is_let_in_and_may_answer(world: World) -> None:
    helper, thread = await asked(world)

    answer = await helper.user.click(invitations(helper)[-1], label=TAKE)

    assert said(answer) == say("invitation.taken", thread=render.link(world.guild.id, thread.id))
    assert members(thread) == {world.asker.id, helper.id}
    assert said_in(thread)[-1] == say("thread.taken", helper=helper.mention)
    await helper.send(thread, ANSWER)
    assert await state(world) == "answered"
    assert "Someone answered" in told(world.asker, "outcome1:helped").content


@pytest.mark.parametrize("label", ["Pass", "Not my topic", "Pause me"])
async def test_whoever_passes_is_not_let_in(world: World, label: str) -> None:
    helper, thread = await asked(world)

    await helper.user.click(invitations(helper)[-1], label=label)

    assert members(thread) == {world.asker.id}


async def test_two_may_take_it(world: World) -> None:
    helpers = [await world.helper(name, STATEMENT) for name in ("joaquim", "nadia")]
    await world.ask(**MATCHED)

    theirs = [(each.user, invitations(each)[-1]) for each in helpers]
    await arrive(*(button(user, asked_by, custom_id(asked_by, "invitation1:take")) for user, asked_by in theirs))

    assert members(world.thread) == {world.asker.id, *(each.id for each in helpers)}


async def asked_without_messages(world: World) -> MemberActor:
    """Ask only those who match, with one helper there whose direct messages are closed."""
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    await world.ask(**MATCHED)
    return helper


async def test_with_closed_direct_messages_one_reads_only_that_there_is_something(world: World) -> None:
    helper = await asked_without_messages(world)

    assert members(world.thread) == {world.asker.id}
    assert len(said_in(world.thread)) == 1, "nothing but the question"
    (news,) = (message for message in world.channel.history() if helper.mention in message.content)
    assert in_public(world) == [news.content] == [say("news.elsewhere", member=helper.mention)]
    assert pings(world, news) == [helper.id]
    assert (news.embeds, news.components) == ([], [])


async def test_with_closed_direct_messages_it_is_taken_under_mine(world: World) -> None:
    helper = await asked_without_messages(world)

    private = await own_duty(world, helper)
    assert private.message.embeds[0].description == QUESTION
    answer = await helper.click(private, label=TAKE)

    assert said(answer) == say("invitation.taken", thread=render.link(world.guild.id, world.thread.id))
    assert members(world.thread) == {world.asker.id, helper.id}


@pytest.mark.parametrize("label", ["Pass", "Not my topic", "Pause me", None])
async def test_with_closed_direct_messages_nobody_learns_who_was_asked(world: World, label: str | None) -> None:
    helper = await asked_without_messages(world)

    if label is not None:
        await helper.click(await own_duty(world, helper), label=label)
    await world.pass_time(hours=30)

    assert await duties(world, helper) == 0
    assert members(world.thread) == {world.asker.id}
    assert not [each for each in said_in(world.thread) if helper.mention in each]


async def test_with_closed_direct_messages_the_asker_is_asked_in_the_thread(world: World) -> None:
    helper, thread = await asked(world)
    close_mailbox(world, world.asker)
    await helper.user.click(invitations(helper)[-1], label=TAKE)

    await helper.send(thread, ANSWER)

    buttons = with_press(thread, "outcome1:helped")
    assert said(await world.asker.click(buttons, label="It helped")) == say("outcome.helped")


async def test_a_forum_without_a_private_channel_gives_the_words_back(world: World) -> None:
    forum = world.guild.create_forum_channel("ask-here")
    await world.moderator.slash(world.channel, "setup", channel=forum)

    answer = await world.ask(**MATCHED)

    assert said(answer) == REFUSED
    assert QUESTION in await given_back(answer)
    assert not [thread for thread in forum.threads if thread.history()[0].embeds]
    assert say("mine.no_questions") in (await mine(world, world.asker)).content


async def test_a_forum_with_a_private_channel_sends_it_there(world: World) -> None:
    forum, quiet = world.guild.create_forum_channel("ask-here"), world.guild.create_text_channel("quiet")
    answer = await world.moderator.slash(world.channel, "setup", channel=forum, private_channel=quiet)
    assert say("setup.private", channel=f"<#{quiet.id}>") in said(answer).splitlines()

    receipt = await world.ask(**MATCHED)
    await world.ask()

    (thread,) = quiet.threads
    assert f"<#{thread.id}>" in said(receipt)
    assert members(thread) == {world.asker.id}
    assert len([each for each in forum.threads if each.history()[0].embeds]) == 1, "the other one is public"


@pytest.mark.parametrize("denied", ["create_private_threads", "send_messages_in_threads", "read_message_history"])
async def test_a_permission_that_is_missing_refuses_this_kind_only(world: World, denied: str) -> None:
    quiet = world.guild.create_text_channel("quiet")
    await world.moderator.slash(world.channel, "setup", private_channel=quiet)
    world.deny(quiet, denied)

    assert said(await world.ask(**MATCHED)) == REFUSED
    assert "Your question is here" in said(await world.ask())


@pytest.mark.parametrize("denied", ["view_channel", "create_private_threads"])
async def test_setup_refuses_a_place_that_takes_no_private_threads(world: World, denied: str) -> None:
    place = world.guild.create_text_channel("quiet")
    world.deny(place, denied)

    answer = await world.moderator.slash(world.channel, "setup", private_channel=place)

    key = "setup.channel_hidden" if denied == "view_channel" else "setup.no_private_threads"
    assert said(answer) == say(key, channel=f"<#{place.id}>")
    assert len(world.env.errors) == 1
    assert "Your question is here" in said(await world.ask(**MATCHED))


async def test_nobody_learns_of_it_later(world: World) -> None:
    await world.restart(HashingEmbedder())
    helper, thread = await asked(world)
    await helper.user.click(invitations(helper)[-1], label=TAKE)
    await helper.send(thread, ANSWER)
    await world.asker.user.click(told(world.asker, "outcome1:helped"), label="It helped")

    receipt = await world.ask(actor=world.join("nadia"))

    assert "Your question is here" in said(receipt), "what only a few could read is shown to nobody else"


async def test_what_nobody_takes_is_put_away_in_its_own_thread(world: World) -> None:
    message = await put_away(world, **MATCHED)

    assert is_archived(world.thread)
    assert in_public(world) == []
    assert said(await world.asker.click(message, label=say("reopen.button"))) == say("reopen.done")


async def test_an_asker_who_closes_it_does_so_in_the_thread(world: World) -> None:
    _, thread = await asked(world)

    answer = await world.asker.click(with_press(thread, "question1:close"), label="Close this question")

    assert said(answer) == say("close.done")
    assert said_in(thread)[-1] == say("thread.closed_by_asker")


@pytest.mark.parametrize(("status", "code"), [(503, 0), (403, 50013), (429, 0)])
async def test_a_thread_discord_refuses_follows_later(world: World, status: int, code: int) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/threads", status=status, code=code)

    receipt = await world.ask(**MATCHED)
    assert f"on its way to <#{world.channel.id}>" in said(receipt)
    assert not invitations(helper)
    await world.pass_time(seconds=30)

    assert len(world.channel.threads) == 1
    assert len(invitations(helper)) == 1


async def test_a_thread_whose_words_were_refused_is_used_again(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=503)

    await world.ask(**MATCHED)
    await world.pass_time(seconds=30)

    (thread,) = world.channel.threads
    assert [message.embeds[0].description for message in thread.history() if message.embeds] == [QUESTION]
    assert members(thread) == {world.asker.id}


async def test_a_form_that_arrives_twice_opens_one_thread(world: World) -> None:
    sent = filled(world.asker, world.channel, "ask1:send:0", {"question": QUESTION}, visibility="matched")

    await arrive(sent, sent)

    assert len(world.channel.threads) == 1


async def test_after_a_restart_whoever_takes_it_is_let_in(world: World) -> None:
    helper, thread = await asked(world)
    await world.restart()

    await helper.user.click(invitations(helper)[-1], label=TAKE)

    assert members(thread) == {world.asker.id, helper.id}


async def test_a_helper_discord_does_not_let_in_yet_is_let_in_later(world: World) -> None:
    helper, thread = await asked(world)
    world.env.inject_error("PUT", f"/channels/{thread.id}/thread-members/{helper.id}", status=503)

    answer = await helper.user.click(invitations(helper)[-1], label=TAKE)
    assert members(thread) == {world.asker.id}
    await world.pass_time(seconds=30)

    assert "Thank you!" in said(answer)
    assert members(thread) == {world.asker.id, helper.id}
    assert said_in(thread).count(say("thread.taken", helper=helper.mention)) == 1


async def test_somebody_who_is_named_and_takes_it_is_let_in(world: World) -> None:
    helper, thread = await asked(world)
    named = await world.helper("nadia", "Grant writing")
    private = (await helper.user.click(invitations(helper)[-1], label=say("referral.button"))).response
    assert private is not None
    await helper.user.select(private, [named.user])

    await named.user.click(invitations(named)[-1], label=TAKE)

    assert members(thread) == {world.asker.id, named.id}


async def test_the_database_is_down_and_the_words_come_back(world: World) -> None:
    shown = await world.asker.slash(world.channel, "ask")
    await world.break_database()

    answer = await world.asker.submit_modal(shown, {**ASKED, **MATCHED})

    assert said(answer) == say("error.database")
    assert QUESTION in await given_back(answer)
    assert not inbox(world.asker)
