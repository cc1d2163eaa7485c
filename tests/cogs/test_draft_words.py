"""The words around a draft, where a newcomer could be misled: each says what is so, and leads on."""

import re

import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import Stage
from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import World, inbox, invitations, said, shown
from tests.cogs.presses import custom_id
from tests.cogs.reviews import reading
from tests.cogs.scenes import choose, told
from tests.cogs.test_feedback import draft, previewed
from tests.cogs.test_rounds import date, late, posted, reader

REVIEW = "I review a paper on aligning speech with CTC, and I'd like my tone to be kind."


async def reviewed(world: World) -> ResponseMessage:
    """Hand in a review with its words."""
    preview = await previewed(world, file=None, about=REVIEW, needed_by=date(world, 3))
    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.REVIEW))
    form = await world.asker.click(preview, label=say("feedback.review_form.button"))
    await world.asker.submit_modal(
        form, {"words": "The baseline is old, and you could train it again.", "allowed": ["yes"]}
    )
    return preview


async def test_a_review_without_its_words_asks_for_them_and_for_no_length(world: World) -> None:
    preview = await previewed(world, file=None, about=REVIEW)
    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.REVIEW))

    assert say("feedback.preview.no_review") in preview.content
    assert say("feedback.preview.no_length") not in preview.content
    assert say("feedback.preview.nothing") not in preview.content
    result = await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert said(result) == say("feedback.review_too_short")


@pytest.mark.parametrize("size", DraftSize)
async def test_a_picked_length_reads_as_it_was_picked(world: World, size: DraftSize) -> None:
    preview = await previewed(world, file=None, link="https://example.org/draft")
    await choose(world.asker, preview, "drafting1:size", list(DraftSize).index(size))

    assert f"{say(f'draft.size.{size}')}: about" in preview.content
    assert f"\n{size.words}" not in preview.content


async def test_an_author_who_gave_nothing_to_read_is_told_at_once(world: World) -> None:
    preview = shown(await draft(world))
    assert say("feedback.preview.nothing") in preview.content
    assert say("feedback.preview.no_length") not in preview.content

    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.IDEA))
    assert say("feedback.preview.nothing") not in preview.content
    assert say("feedback.preview.no_length") not in preview.content, "what was typed is all there is to read"


async def test_a_review_is_called_one_where_it_is_read_and_where_people_are_asked(world: World) -> None:
    helper = await reader(world)
    await world.asker.click(await reviewed(world), label=say("feedback.confirm.button"))

    post, name = world.thread.history()[0], world.asker.mention
    assert post.content.startswith(say("review.post.by", asker=name))
    assert invitations(helper)[-1].content.startswith(say("review.invitation.intro", asker=name))


async def test_the_author_of_a_review_is_offered_no_smaller_piece(world: World) -> None:
    await world.asker.click(await reviewed(world), label=say("feedback.confirm.button"))
    await world.pass_time(days=4)

    letter = told(world.asker, "round1:later")
    assert letter.content.startswith(say("review.choices.intro", thread="").partition("\n")[0].rstrip())
    assert not [each for each in custom_ids(letter.components) if each.startswith("round1:smaller")]


async def test_fifteen_minutes_can_be_looked_for_once_the_date_has_passed(world: World) -> None:
    await late(world)
    form = await world.asker.user.click(told(world.asker, "round1:later"), label=say("choices.talk.button"))
    assert form.modal is not None
    filled = {each["component"]["custom_id"]: each["component"].get("value") for each in form.modal["components"]}

    result = await world.asker.user.submit_modal(form, {"question": str(filled["question"])})

    assert say("book.nothing_free") in said(result)


async def test_why_me_of_a_private_draft_says_which_one_instead_of_leading_nowhere(world: World) -> None:
    helper = await reader(world)
    await posted(world)

    why = said(await helper.user.click(invitations(helper)[-1], label=say("why.button")))

    assert "Aligning speech with CTC" in why
    assert "discord.com" not in why


async def test_the_button_below_the_guide_shows_an_author_what_came(world: World) -> None:
    read = await reading(world)
    nothing = await read.author.click(read.guide, label=say("feedback.others.button"))
    assert said(nothing) == say("feedback.nothing_yet")
    await read.give(read.readers[0])

    came = shown(await read.author.click(read.guide, label=say("feedback.others.button")))

    assert say("feedback.page.received", reader=read.readers[0].mention) in came.content
    assert custom_id(came, "point1:settle")


async def test_an_author_is_asked_whether_it_helped_after_the_last_reader_sent_theirs(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    joaquim, mei = read.readers
    await mei.send(world.thread, "I'll read it tonight.")
    await read.give(joaquim)
    assert not _asked(read.author)

    await read.give(mei)

    assert len(_asked(read.author)) == 1


async def test_readers_who_only_write_in_the_thread_count_a_day_later(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    for each in read.readers:
        await each.send(world.thread, "The figures are clear, and section 4 needs a baseline.")
    assert not _asked(read.author)

    await world.pass_time(days=1, minutes=1)

    assert len(_asked(read.author)) == 1


@pytest.mark.parametrize("typed", ["1 Jan 2020 AoE", "<t:1577836800:F>"])
async def test_a_date_that_has_passed_is_answered_with_what_works(world: World, typed: str) -> None:
    refused = said(await draft(world, needed_by=typed))
    assert "still ahead" in refused
    for example in re.findall(r"`([^`]+)`", refused):
        assert custom_id(await previewed(world, needed_by=example), "drafting1:post"), example


def _asked(author: MemberActor) -> list[str]:
    return [each.content for each in inbox(author) if say("draft.outcome.ask") in each.content]
