"""What an author may do with a draft whose date has passed, as they see it: wait longer, ask for less, take it back."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.reviews import REMARK, Reading, reading
from tests.cogs.scenes import choose, told
from tests.cogs.test_feedback import ABOUT, WORDS, previewed

TITLE = ABOUT.splitlines()[0]
CHANGES = "The comparison is fair now."
NEW, MINE = say("draft.choices.new.button"), say("feedback.carried.button")
BECAME = say("feedback.loop.intro", draft="\0").partition("\0")[0]
READS = "Aligning speech with CTC, losses, blanks, Luganda"


def date(world: World, days: int) -> str:
    """Write a date so many days from now as Discord's clients do."""
    return f"<t:{int((world.env.now() + timedelta(days=days)).timestamp())}:F>"


async def reader(world: World, name: str = "joaquim") -> MemberActor:
    """Let a person in who reads drafts."""
    actor = await world.helper(name, READS)
    card = await actor.slash(world.channel, "profile")
    assert card.response is not None
    form = await actor.click(card.response, label=say("profile.reads.button"))
    await actor.submit_modal(form, {"longest": ["45"], "areas": []})
    return actor


async def posted(world: World) -> None:
    """Post a draft with its file."""
    await world.asker.click(await previewed(world, needed_by=date(world, 3)), label="Ask for feedback")


async def late(world: World) -> None:
    """Let the date of a draft pass, and its author be asked how to go on."""
    await posted(world)
    await world.pass_time(days=5)


async def withdraw(world: World) -> str:
    """Take the draft back, after a look at what that means."""
    sure = shown(await world.asker.user.click(told(world.asker, "round1:withdraw"), label="Withdraw the draft"))
    assert sure.content == say("feedback.withdrawn.sure")
    return said(await world.asker.user.click(sure, label="Take it back for good"))


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_draft_that_is_taken_back_is_gone_from_every_message(world: World, is_archived: bool) -> None:  # noqa: FBT001
    helper = await reader(world)
    await late(world)
    assert any(TITLE in str(each.embeds) or each.embeds for each in inbox(helper))
    if is_archived:
        metadata = world.thread._channel.thread_metadata
        assert metadata is not None
        metadata.archived = True
    assert await withdraw(world) == say("feedback.withdrawn.author")
    await world.pass_time(minutes=10)
    (post, *others) = [each for each in world.thread.history() if each.author.bot]
    assert (post.content, post.embeds) == (say("draft.withdrawn"), [])
    assert not any(each.attachments or each.embeds for each in others)
    assert world.thread._channel.name == say("draft.withdrawn_title")
    assert not any(each.embeds for each in inbox(helper))


async def test_a_later_date_lets_it_wait_again(world: World) -> None:
    await late(world)
    form = await world.asker.user.click(told(world.asker, "round1:later"), label="A later date")
    assert said(await world.asker.user.submit_modal(form, {"needed_by": date(world, 14)})) == say("feedback.asked_none")


async def test_a_smaller_piece_and_a_new_version_have_forms(world: World) -> None:
    await late(world)
    form = await world.asker.user.click(told(world.asker, "round1:smaller"), label="A smaller piece")
    filled = {"part": "Section 3", "size": ["under_500"], "needed_by": date(world, 14)}
    assert said(await world.asker.user.submit_modal(form, filled)) == say("feedback.asked_none")
    refused = await world.asker.user.click(told(world.asker, "round1:new"), label="A new version")
    assert said(refused) == say("feedback.still_read"), "it waits for readers again"


async def test_a_form_that_was_open_when_readers_were_asked_again_begins_nothing(world: World) -> None:
    await late(world)
    form = await world.asker.user.click(told(world.asker, "round1:new"), label="A new version")
    other = await world.asker.user.click(told(world.asker, "round1:later"), label="A later date")
    await world.asker.user.submit_modal(other, {"needed_by": date(world, 14)})
    version = {"changes": "Shorter.", "link": "", "size": ["under_500"], "needed_by": date(world, 21)}
    assert said(await world.asker.user.submit_modal(form, version)) == say("feedback.still_read")


async def read_through(world: World, *names: str, **chosen: Any) -> Reading:  # noqa: ANN401
    """Let everyone who took a draft have sent feedback with one point, and its author have read it."""
    read = await reading(world, *names, **chosen)
    for each in read.readers:
        await read.give(each)
    await world.pass_time(seconds=5)
    return read


async def begin_next(read: Reading, opened: InteractionResult, *, in_server: bool = False, **filled: object) -> str:
    """Let the author fill in the form of a new version; return what they read."""
    world, form = read.world, {"changes": CHANGES, "size": ["same"], "needed_by": date(read.world, 6), **filled}
    person = world.asker if in_server else world.asker.user
    answer = said(await person.submit_modal(opened, form))
    await world.pass_time(seconds=5)
    return answer


def offers(message: discord.Message) -> bool:
    return any(each.startswith("round1:new:") for each in custom_ids(message.components))


async def test_once_everyone_has_sent_theirs_a_new_version_with_a_file_is_one_press_away(world: World) -> None:
    read = await read_through(world, "joaquim", "mei")
    (asked,) = [each for each in inbox(read.author) if offers(each)]
    opened = await read.author.user.click(asked, label=NEW)

    assert await begin_next(read, opened, file=("second.md", WORDS)) == say("feedback.asked_none")

    guide = world.thread.history()[-1]
    assert [each.filename for each in guide.attachments] == ["second.md"]
    assert guide.embeds[0].description == CHANGES
    assert say("feedback.guide.carried") in guide.content
    (told_of,) = [each for each in inbox(read.readers[0]) if each.content.startswith(BECAME)]
    assert say("feedback.loop.carried", remark=inline(REMARK)) in str(told_of.embeds[0].description)


async def test_a_reader_finds_their_open_points_and_an_outsider_none(world: World) -> None:
    read = await read_through(world, "joaquim", "mei")
    (asked,) = [each for each in inbox(read.author) if offers(each)]
    await world.restart()
    await begin_next(read, await read.author.user.click(asked, label=NEW))
    guide = world.thread.history()[-1]

    shown_points = said(await read.readers[0].click(guide, label=MINE))
    assert shown_points == "\n".join(
        [say("feedback.carried.intro"), say("feedback.carried.point", remark=inline(REMARK))]
    )
    assert said(await read.author.click(guide, label=MINE)) == say("feedback.own_draft")
    page = await read.begin(read.readers[0])
    assert say("feedback.page.carried") in page.content


async def test_a_new_version_begins_in_mine_also_when_it_is_settled(world: World) -> None:
    read = await read_through(world, "joaquim")
    (asked,) = [each for each in inbox(read.author) if offers(each)]
    await read.author.user.click(asked, label=say("outcome.yes.button"))
    listed = shown(await read.author.slash(world.channel, "mine"))
    chosen = shown(await choose(read.author, listed, "mine1:question", 0))
    opened = await read.author.click(chosen, label=NEW)
    answer = await begin_next(read, opened, in_server=True, link="https://example.org/second")
    assert answer == say("feedback.asked_none")
    assert "https://example.org/second" in world.thread.history()[-1].content
    again = await read.author.click(chosen, label=NEW)
    assert said(again) == say("feedback.still_read")


async def test_a_review_s_new_version_has_room_for_its_words_alone(world: World) -> None:
    read = await read_through(world, "joaquim", stage="review", review_text="It is thin.", may_show=True)
    (asked,) = [each for each in inbox(read.author) if offers(each)]
    opened = await read.author.user.click(asked, label=NEW)
    assert opened.modal is not None
    assert [each["component"]["custom_id"] for each in opened.modal["components"]] == ["changes", "review", "needed_by"]
    filled = {"changes": CHANGES, "review": "It is thin, for two reasons.", "needed_by": date(world, 6)}
    assert said(await read.author.user.submit_modal(opened, filled)) == say("feedback.asked_none")
    await world.pass_time(seconds=5)
    assert "for two reasons" in str(world.thread.history()[-1].embeds[0].description)


async def test_what_can_t_be_read_is_said_and_begins_nothing(world: World) -> None:
    read = await read_through(world, "joaquim")
    (asked,) = [each for each in inbox(read.author) if offers(each)]
    opened = await read.author.user.click(asked, label=NEW)
    assert await begin_next(read, opened, file=("second.pdf", b"\x00\x01")) == say("file.foreign")
    opened = await read.author.user.click(asked, label=NEW)
    assert await begin_next(read, opened, file=("a.md", WORDS), link="https://example.org/a") == say(
        "feedback.one_source"
    )
    async with world.app.database.read() as work:
        draft = await work.drafts.get(read.id)
        assert draft is not None
        assert draft.round == 1
