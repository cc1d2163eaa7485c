"""What an author may do with a draft whose date has passed, as they see it: wait longer, ask for less, take it back."""

from datetime import timedelta

import pytest
from simcord.actors import MemberActor

from bot.texts import say
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.scenes import told
from tests.cogs.test_feedback import ABOUT, previewed

TITLE = ABOUT.splitlines()[0]
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
    form = await world.asker.user.click(told(world.asker, "round1:new"), label="A new version")
    version = {"changes": "Shorter.", "link": "", "size": ["under_500"], "needed_by": date(world, 21)}
    assert said(await world.asker.user.submit_modal(form, version)) == say("feedback.still_read")
