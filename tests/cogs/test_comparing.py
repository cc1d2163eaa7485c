"""Readers together, as they see it: a time in the thread, another reader who agrees, and one note for the author."""

from datetime import timedelta

import pytest
from simcord.actors import MemberActor

from bot.domain.lifecycle import FOR_DRAFTS, Visibility
from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.reviews import READ, Reading, reading
from tests.cogs.scenes import close_mailbox, own_question, pings, said_in, with_press

COMPARE, NOTE, AGREE = say("feedback.compare.button"), say("feedback.note.button"), say("feedback.agree.button")
WORDS = "We both stumbled over section 4."


async def both(world: World, visibility: Visibility = Visibility.MATCHED) -> Reading:
    """Let two readers have sent their feedback."""
    read = await reading(world, "joaquim", "mei", visibility=visibility)
    for each in read.readers:
        await read.give(each)
    return read


async def propose(read: Reading, reader: MemberActor) -> int:
    """Let a reader propose a time from the page of what they sent; return it."""
    page = shown(await reader.click(read.guide, label=say("feedback.begin.button")))
    form = await reader.click(page, label=COMPARE)
    at = int((read.world.env.now() + timedelta(days=1)).timestamp()) // 60 * 60
    assert said(await reader.submit_modal(form, {"when": f"<t:{at}:F>"})) == say("feedback.compare.sent", at=at)
    return at


async def write(read: Reading, reader: MemberActor, words: str = WORDS) -> None:
    """Let a reader write a joint note from the page of what they sent, and let it leave."""
    page = shown(await reader.click(read.guide, label=say("feedback.begin.button")))
    form = await reader.click(page, label=NOTE)
    assert said(await reader.submit_modal(form, {"words": words})) == say("feedback.note.kept")
    await read.world.pass_time(minutes=6)


@pytest.mark.parametrize("visibility", FOR_DRAFTS)
async def test_from_a_proposal_to_the_joint_note(world: World, visibility: Visibility) -> None:
    read = await both(world, visibility)
    joaquim, mei = read.readers
    at = await propose(read, joaquim)
    line = with_press(world.thread, "reading1:agree")
    assert line.content == say("feedback.compare.proposed", readers=mei.mention, reader=joaquim.mention, at=at)
    assert pings(world, line) == [mei.id]

    assert said(await mei.click(line, label=AGREE)) == say("feedback.compare.done", at=at)
    assert said(await mei.click(line, label=AGREE)) == say("feedback.compare.done", at=at)
    await world.pass_time(days=1)

    begins = with_press(world.thread, "reading1:note")
    assert begins.content == say("feedback.compare.begins", readers=f"{joaquim.mention} {mei.mention}")
    form = await mei.click(begins, label=NOTE)
    assert said(await mei.submit_modal(form, {"words": WORDS})) == say("feedback.note.kept")
    await world.pass_time(minutes=6)
    letter = inbox(read.author)[-1]
    assert say("feedback.note.to_author", writer=mei.mention) in letter.content
    assert WORDS in str(letter.embeds[0].description)
    assert say("feedback.note.to_reader", writer=mei.mention) in inbox(joaquim)[-1].content
    assert not any(WORDS in str(each.embeds) for each in world.thread.history())
    if visibility.shuts_out:
        assert str(world.thread.id) not in letter.content


async def test_one_s_own_time_is_another_s_to_agree_to(world: World) -> None:
    read = await both(world)
    joaquim, mei = read.readers
    await propose(read, joaquim)
    line = with_press(world.thread, "reading1:agree")

    assert said(await joaquim.click(line, label=AGREE)) == say("feedback.own_time")
    form = await mei.click(line, label=say("feedback.another_time.button"))

    later = int((world.env.now() + timedelta(days=2)).timestamp()) // 60 * 60
    assert said(await mei.submit_modal(form, {"when": f"<t:{later}:F>"})) == say("feedback.compare.sent", at=later)
    assert sum("reading1:agree" in str(custom_ids(each.components)) for each in world.thread.history()) == 2


async def test_what_is_no_time_comes_back_with_a_sentence(world: World) -> None:
    read = await both(world)
    (joaquim, _) = read.readers
    page = shown(await joaquim.click(read.guide, label=say("feedback.begin.button")))
    form = await joaquim.click(page, label=COMPARE)

    answer = said(await joaquim.submit_modal(form, {"when": "when it suits"}))

    assert "when it suits" in answer
    assert not any("reading1:agree" in str(custom_ids(each.components)) for each in world.thread.history())


@pytest.mark.parametrize("verb", ["compare", "note", "agree"])
async def test_others_have_no_part_in_it(world: World, verb: str) -> None:
    read = await both(world)
    await propose(read, read.readers[0])
    stranger = world.join("stranger")

    for person, refusal in ((stranger, "feedback.no_place"), (read.author, "feedback.own_draft")):
        (answer,) = await arrive(button(person, read.guide, f"reading1:{verb}:{read.id}"))
        assert said(answer) == say(refusal)


async def test_the_first_to_send_has_no_one_to_compare_with_yet(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    (joaquim, _) = read.readers
    page = shown(await read.give(joaquim))
    assert COMPARE not in str(page.components)

    (answer,) = await arrive(button(joaquim, read.guide, f"reading1:compare:{read.id}"))

    assert said(answer) == say("feedback.no_others")


async def test_the_last_words_count_and_outlive_a_restart(world: World) -> None:
    read = await both(world)
    joaquim, mei = read.readers
    await write(read, joaquim)
    await world.restart()

    page = shown(await mei.click(read.guide, label=say("feedback.begin.button")))
    form = await mei.click(page, label=NOTE)
    assert form.modal is not None
    field = form.modal["components"][0]["component"]
    assert field["value"] == WORDS
    late = await joaquim.click(shown(await joaquim.click(read.guide, label=say("feedback.begin.button"))), label=NOTE)
    await mei.submit_modal(form, {field["custom_id"]: "Section 4 comes too late."})
    refused = await joaquim.submit_modal(late, {field["custom_id"]: "Section 4 comes soon enough."})
    assert said(refused) == say("feedback.note_changed")
    await world.pass_time(minutes=6)

    assert "Section 4 comes too late." in str(inbox(read.author)[-1].embeds[0].description)


async def test_closed_direct_messages_lead_to_the_note_all_the_same(world: World) -> None:
    read = await both(world)
    joaquim, mei = read.readers
    for each in (read.author, mei):
        close_mailbox(world, each)
    await write(read, joaquim)

    lines = said_in(world.thread)
    assert say("feedback.note.in_thread", member=read.author.mention) in lines
    page = await own_question(world, read.author)
    result = await read.author.click(page, label=READ)
    assert said(result) == say("feedback.note.said")
    assert WORDS in str(shown(result).message.embeds[0].description)


async def test_a_hidden_author_reads_the_note_under_mine(world: World) -> None:
    close_mailbox(world, world.asker)
    read = await both(world, Visibility.MATCHED_ANONYMOUS)
    await write(read, read.readers[0])

    result = await read.author.click(await own_question(world, read.author), label=READ)

    assert WORDS in str(shown(result).message.embeds[0].description)
    assert read.author.mention not in "\n".join(said_in(world.thread))


async def test_a_draft_that_was_taken_back_takes_the_note_along(world: World) -> None:
    read = await both(world)
    joaquim, mei = read.readers
    await propose(read, joaquim)
    await write(read, joaquim)
    page = shown(await mei.click(read.guide, label=say("feedback.begin.button")))
    await world.app.use_cases.withdrawing.withdraw(read.id, read.author.id)
    await world.pass_time(minutes=1)

    assert said(await mei.click(page, label=NOTE)) == say("feedback.over")
    for person in (read.author, joaquim, mei):
        assert not any(WORDS in str(each.embeds and each.embeds[0].description) for each in inbox(person))
