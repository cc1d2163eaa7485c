"""An author who sends a draft without a name stays without one: in everything that is sent, shown and logged."""

import logging

import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage
from structlog.testing import capture_logs

from bot.domain.lifecycle import FOR_DRAFTS, Visibility
from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said, shown
from tests.cogs.reviews import reading
from tests.cogs.scenes import TAKE, choose, mine, moderators, own_duty, own_question, said_in, with_press
from tests.cogs.test_anonymous import attachments, others_look, public, shown_as_theirs, stranger, traces
from tests.cogs.test_feedback import ABOUT, DRAFT, WORDS
from tests.cogs.test_reader import choose as choose_reading

HIDDEN = list(FOR_DRAFTS).index(Visibility.MATCHED_ANONYMOUS)
REPLY = say("draft.reply.button")
ANSWER = "It starts at step three hundred."


async def reader(world: World, name: str) -> MemberActor:
    """Let someone in who also reads drafts."""
    actor = await world.helper(name, STATEMENT)
    await choose_reading(world, actor, "45")
    return actor


async def send_hidden(world: World, author: MemberActor) -> str:
    """Let a stranger send a draft without a name; return what they read."""
    opened = await author.slash(world.channel, "feedback")
    filled = {**DRAFT, "file": ("my-very-own-paper.md", WORDS)}
    preview = shown(await author.submit_modal(opened, filled))
    await choose(author, preview, "drafting1:visibility", HIDDEN)
    return said(await author.click(preview, label=say("feedback.confirm.button")))


async def reply(world: World, author: MemberActor, from_mine: ResponseMessage) -> str:
    form = await author.click(from_mine, label=REPLY)
    return said(await author.submit_modal(form, {"words": ANSWER}))


async def walk(world: World, author: MemberActor) -> None:
    """Go through what can happen to a draft without a name."""
    await moderators(world)
    readers = [await reader(world, name) for name in ("joaquim", "ines", "nadia")]
    receipt = await send_hidden(world, author)
    thread = world.thread
    assert str(thread.id) not in receipt
    assert say("receipt.outside") in receipt
    first, second, *_ = [each for each in readers if invitations(each)]
    await first.user.click(invitations(first)[-1], label=TAKE)
    await second.user.click(invitations(second)[-1], label=TAKE)
    await first.send(thread, "Where does the blank begin?")
    own = await own_question(world, author)
    assert str(thread.id) not in own.content
    assert await reply(world, author, own) == say("reply.done")
    assert say("draft.reply.said", words="") in "\n".join(said_in(thread))
    await others_look(world, readers)
    await own_duty(world, first)
    for hours in (13, 30, 30):
        await world.pass_time(hours=hours)
        await others_look(world, readers)
    assert str(thread.id) not in "\n".join(each.content for each in inbox(author))
    assert ABOUT.splitlines()[0] in (await mine(world, author)).content


async def test_nothing_that_is_sent_shown_or_logged_gives_the_author_away(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    author = stranger(world)
    with capture_logs() as lines, caplog.at_level(logging.INFO):
        await walk(world, author)

    assert traces(author, public(author, world.env.http_requests)) == []
    assert traces(author, [*lines, *(record.getMessage() for record in caplog.records), caplog.text]) == []
    assert author.id not in world.thread._channel.thread_members
    assert shown_as_theirs(world, author) == []
    assert attachments(world) == ["draft.txt"]


async def test_who_has_sent_theirs_answers_what_a_hidden_author_asks(world: World) -> None:
    read = await reading(world, "joaquim", visibility=Visibility.MATCHED_ANONYMOUS)
    (joaquim,) = read.readers
    await read.give(joaquim)
    await reply(world, read.author, await own_question(world, read.author))
    asked = with_press(world.thread, "reading1:respond")

    form = await joaquim.click(asked, label=say("feedback.respond.button"))
    assert said(await joaquim.submit_modal(form, {"words": "In figure 2."})) == say("feedback.respond.done")
    await world.pass_time(minutes=1)

    letter = inbox(read.author)[-1]
    assert joaquim.mention in letter.content
    assert str(world.thread.id) not in letter.content
    assert letter.embeds[0].description == "In figure 2."
    assert any(each.startswith("reply1:write") for each in custom_ids(letter.components))
