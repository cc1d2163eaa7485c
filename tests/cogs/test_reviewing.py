"""Feedback as readers write it and its author reads it: in forms, on private pages, and with a line in the thread."""

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.domain.lifecycle import Visibility
from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.presses import arrive, button, chosen, custom_id, filled
from tests.cogs.reviews import ADD, BEGIN, POINT, READ, REMARK, SEND, SUMMARY, TELL, Reading, reading
from tests.cogs.scenes import close_mailbox, pings, said_in, told, with_press

HIDDEN = Visibility.MATCHED_ANONYMOUS


def labels(message: discord.Message | ResponseMessage) -> list[str]:
    """Return what a message's buttons say."""
    source = message.message if isinstance(message, ResponseMessage) else message
    return [
        str(item.label) for line in source.components for item in line.children if isinstance(item, discord.Button)  # type: ignore[union-attr]
    ]  # fmt: skip


def text_of(message: discord.Message | ResponseMessage) -> str:
    """Return all that a message shows in words."""
    parts = [message.content]
    for each in message.embeds:
        parts += [str(each.description), *(f"{field.name}\n{field.value}" for field in each.fields)]
    return "\n".join(parts)


def sent_line(reader: MemberActor) -> str:
    return say("thread.feedback_sent", helper=reader.mention)


async def settled(read: Reading, letter: discord.Message, place: int = 0) -> discord.Message:
    """Let the author say in a letter what became of its first point, and return the letter as it is then."""
    result = await read.author.user.select(letter, [str(place)], custom_id=custom_id(letter, "point1:settle"))
    assert result.acknowledged
    return told(read.author, "point1:settle")


async def test_from_the_guide_to_the_authors_inbox(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    joaquim, mei = read.readers
    page = await read.begin(joaquim)
    assert (SUMMARY in text_of(page), labels(page)) == (True, [SEND, ADD, say("feedback.change_rest.button")])
    assert inbox(read.author) == []

    page = await read.point(joaquim, page)
    assert REMARK in text_of(page)
    sent = shown(await joaquim.click(page, label=SEND))

    assert sent.content.startswith(say("feedback.page.sent"))
    letter = inbox(read.author)[-1]
    assert letter.content.startswith(say("feedback.page.received", reader=joaquim.mention))
    assert (SUMMARY in text_of(letter), REMARK in text_of(letter), "Section 4" in text_of(letter)) == (True, True, True)
    lines = said_in(world.thread)
    assert lines.count(sent_line(joaquim)) == 1
    assert not [each for each in lines if SUMMARY in each or REMARK in each]
    assert inbox(mei) == []


async def test_points_are_changed_and_removed_on_the_page(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    page = await read.point(reader, await read.begin(reader))

    form = await reader.click(page, label=say("feedback.change_point.button", number=1))
    page = shown(await reader.submit_modal(form, {**POINT, "remark": "It is newer than I thought."}))
    assert ("It is newer" in text_of(page), REMARK in text_of(page)) == (True, False)

    form = await reader.click(page, label=say("feedback.change_rest.button"))
    page = shown(await reader.submit_modal(form, {"summary": "It says more.", "model": ["yes"]}))
    assert ("It says more." in text_of(page), say("feedback.form.model_said") in page.content) == (True, True)

    page = shown(await reader.click(page, label=say("feedback.remove_point.button", number=1)))
    assert "It is newer" not in text_of(page)


async def test_a_vague_point_gets_a_hint_once_and_may_be_sent_as_it_is(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers

    page = await read.point(reader, await read.begin(reader), location="", suggestion="")

    assert say("feedback.missing.both") in page.content
    await reader.click(page, label=say("feedback.send_as_it_is.button"))
    assert len(await read.feedback()) == 1


async def test_three_points_are_the_most(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    page = await read.begin(reader)
    add = custom_id(page, "feedback1:point")
    for number in range(3):
        page = await read.point(reader, page, remark=f"{number}: {REMARK}")
    assert ADD not in labels(page)

    (refused,) = await arrive(
        filled(reader, world.channel, add.replace("point", "add"), {"remark": REMARK, "location": "", "suggestion": ""})
    )
    assert said(refused) == say("feedback.too_many_points", most=3)


async def test_what_was_begun_is_there_again_after_a_restart(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    page = await read.begin(reader)
    await world.restart()

    again = shown(await reader.click(read.guide, label=BEGIN))
    assert SUMMARY in text_of(again)
    page = await read.point(reader, page)
    assert REMARK in text_of(page)
    await reader.click(page, label=SEND)
    await world.pass_time(seconds=5)

    assert SUMMARY in text_of(told(read.author, "point1:settle"))


async def test_a_double_click_sends_once(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    page = await read.point(reader, await read.begin(reader))
    press = custom_id(page, "feedback1:send")

    await arrive(*(button(reader, page.message, press) for _ in range(3)))

    assert len(inbox(read.author)) == 2, "the feedback, and the question how it went"
    assert said_in(world.thread).count(sent_line(reader)) == 1


async def test_who_may_not_reads_why(world: World) -> None:
    read = await reading(world, visibility=Visibility.PUBLIC)
    own = await read.author.click(read.guide, label=BEGIN)
    assert said(own) == say("feedback.own_draft")

    page = await read.begin(read.readers[0])
    stranger = world.join("stranger")
    (refused,) = await arrive(button(stranger, read.guide, custom_id(page, "feedback1:send")))
    assert said(refused) == say("feedback.not_reader")


async def test_someone_who_comes_by_may_say_something_about_a_public_draft(world: World) -> None:
    read = await reading(world, visibility=Visibility.PUBLIC)
    passer_by = world.join("bo")

    await read.give(passer_by)

    assert sent_line(passer_by) in said_in(world.thread)
    assert SUMMARY in text_of(inbox(read.author)[0])


async def test_a_draft_that_closes_while_the_form_is_open_says_so(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    page = await read.begin(read.readers[0])
    form = await read.readers[1].click(read.guide, label=BEGIN)
    await world.app.use_cases.asking.close(read.id, read.author.id, is_moderator=False)

    late = await read.readers[1].submit_modal(form, {"summary": SUMMARY, "model": ["no"]})
    assert said(late) == say("feedback.over")
    assert said(await read.readers[0].click(page, label=SEND)) == say("feedback.over")


async def test_the_others_points_are_there_once_ones_own_are_sent(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    joaquim, mei = read.readers
    others = say("feedback.others.button")
    await read.give(joaquim)
    assert said(await joaquim.click(read.guide, label=others)) == say("feedback.no_others")
    assert said(await mei.click(read.guide, label=others)) == say("feedback.own_first")

    await read.give(mei)

    seen = shown(await mei.click(read.guide, label=others))
    assert seen.content == say("feedback.page.other", reader=joaquim.mention)
    assert REMARK in text_of(seen)


async def test_a_closed_mailbox_leads_to_a_private_look_in_the_thread(world: World) -> None:
    read = await reading(world)
    close_mailbox(world, read.author)

    await read.give(read.readers[0])

    line = with_press(world.thread, "reading1:read")
    assert line.content == say("feedback.came", author=read.author.mention, reader=read.readers[0].mention)
    assert pings(world, line) == [read.author.id]
    assert REMARK not in text_of(line)
    assert said(await read.readers[0].click(line, label=READ)) == say("feedback.not_yours")
    page = shown(await read.author.click(line, label=READ))
    assert REMARK in text_of(page)


async def test_the_author_says_what_became_of_a_point_and_the_reader_hears_of_it(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    await read.give(reader)
    letter = await settled(read, told(read.author, "point1:settle"))
    assert say("feedback.page.settled") in letter.content

    form = await read.author.user.click(letter, label=say("feedback.word.button", number=1))
    await read.author.user.submit_modal(form, {"outcome": ["partly"], "words": "Half of it."})
    letter = told(read.author, "point1:settle")
    press = custom_id(letter, "point1:settle")
    told_now = await read.author.user.click(letter, label=TELL)

    assert said(told_now) == say("feedback.told")
    heard = inbox(reader)[-1]
    assert heard.content.startswith(say("feedback.loop.intro", draft="")[:20])
    outcome = say("feedback.became.partly")
    line = say("feedback.loop.point_noted", remark=inline(REMARK), outcome=outcome, note=inline("Half of it."))
    assert heard.embeds[0].description == line
    (late,) = await arrive(chosen(read.author.user, letter, press, 0))
    assert said(late) == say("feedback.told_before")


async def test_a_reader_with_a_closed_mailbox_looks_in_the_thread(world: World) -> None:
    read = await reading(world)
    (reader,) = read.readers
    await read.give(reader)
    close_mailbox(world, reader)
    letter = await settled(read, told(read.author, "point1:settle"))

    await read.author.user.click(letter, label=TELL)

    line = with_press(world.thread, "feedback1:look")
    assert line.content == say("feedback.became_in_thread", reader=reader.mention)
    page = shown(await reader.click(line, label=say("feedback.look.button")))
    assert say("feedback.became.changed") in text_of(page)
    assert said(await read.author.click(line, label=say("feedback.look.button"))) == say("feedback.not_reader")


async def test_an_author_without_feedback_reads_that_there_is_none(world: World) -> None:
    read = await reading(world)
    press = custom_id(read.guide, "reading1:write").replace("write", "read")
    (nothing,) = await arrive(button(read.author, read.guide, press))
    assert said(nothing) == say("feedback.nothing_yet")


async def test_a_hidden_author_is_named_nowhere_and_led_nowhere(world: World) -> None:
    read = await reading(world, visibility=HIDDEN)
    (reader,) = read.readers
    await read.give(reader)
    letter = await settled(read, told(read.author, "point1:settle"))
    await read.author.user.click(letter, label=TELL)

    everything = [text_of(each) for each in [*world.thread.history(), *world.channel.history(), *inbox(reader)]]
    assert not [each for each in everything if str(read.author.id) in each or read.author.user.name in each]
    assert read.author.id not in world.thread._channel.thread_members
    for each in (letter, inbox(read.author)[-1]):
        assert say("draft.reply.hint_outside") in each.content
        assert str(world.thread.id) not in each.content, "they aren't in it"
        assert custom_id(each, "reply1:write").endswith(str(read.id))


async def test_a_hidden_author_with_a_closed_mailbox_gets_no_line_in_the_thread(world: World) -> None:
    read = await reading(world, visibility=HIDDEN)
    close_mailbox(world, read.author)

    await read.give(read.readers[0])

    assert not [each for each in world.thread.history() if "reading1:read" in str(custom_ids(each.components))]
    assert read.author.mention not in "\n".join(said_in(world.thread))


@pytest.mark.parametrize("visibility", [Visibility.MATCHED, HIDDEN])
async def test_thanks_and_outcome_speak_of_a_draft(world: World, visibility: Visibility) -> None:
    read = await reading(world, visibility=visibility)
    (reader,) = read.readers
    await read.give(reader)
    asked = told(read.author, "outcome1:helped")
    assert say("draft.outcome.ask") in asked.content

    private = shown(await read.author.user.click(asked, label=say("outcome.yes.button")))

    assert private.content == say("draft.outcome.helped")
    assert labels(private) == [say("thanks.write.button")]
    form = await read.author.user.click(private, label=say("thanks.write.button"))
    await read.author.user.submit_modal(form, {"words": "Thank you."})
    is_hidden = visibility is HIDDEN
    intro = say("draft.thanks.anonymous") if is_hidden else say("draft.thanks.from", asker=read.author.mention)
    assert inbox(reader)[-1].content.startswith(intro)
