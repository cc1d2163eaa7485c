"""What goes from Discord with a draft, or with its author: posts, titles and files, also what arrived unseen."""

from typing import Any

import pytest
from simcord.builders import ChannelHandle

from bot.domain.lifecycle import FOR_DRAFTS, Visibility
from bot.domain.policy import DEFAULT
from bot.services.people.erasing import Erasing
from bot.services.ports import TryLater
from bot.texts import say
from tests.cogs.conftest import World
from tests.cogs.scenes import choose
from tests.cogs.test_delivery import Interrupted
from tests.cogs.test_feedback import ABOUT, drafts, previewed

TITLE = ABOUT.splitlines()[0]


async def send(world: World, visibility: Visibility) -> None:
    preview = await previewed(world)
    await choose(world.asker, preview, "drafting1:visibility", FOR_DRAFTS.index(visibility))
    await world.asker.click(preview, label=say("feedback.confirm.button"))


def shown(thread: ChannelHandle) -> list[str]:
    """Return everything that says anything of a draft: its thread's title, and the bot's messages with their files."""
    messages: list[Any] = [*thread.history(), *_starter(thread)]
    said = [f"{each.content} {each.embeds and each.embeds[0].description} {each.attachments}" for each in messages]
    return [thread._channel.name or "", *said]


def _starter(thread: ChannelHandle) -> list[Any]:
    parent = ChannelHandle(thread._env, thread.guild, thread._env.backend.get_channel(thread._channel.parent_id or 0))
    return [each for each in parent.history() if each.embeds]


@pytest.mark.parametrize("is_archived", [False, True])
@pytest.mark.parametrize("visibility", FOR_DRAFTS)
async def test_what_an_erased_author_wrote_is_gone(world: World, visibility: Visibility, *, is_archived: bool) -> None:
    await send(world, visibility)
    thread = world.thread
    assert sum(TITLE in each for each in shown(thread)) >= 2
    assert any("draft" in each for each in shown(thread))
    if is_archived:
        metadata = thread._channel.thread_metadata
        assert metadata is not None
        metadata.archived = True

    database = world.app.database
    await Erasing(database.begin, database.read, world.app.use_cases.blocking.clock).erase(world.asker.id, DEFAULT)
    await world.pass_time(minutes=1)

    assert thread._channel.name == say("draft.withdrawn_title")
    assert not any(TITLE in each or "Attachment" in each for each in shown(thread))
    assert await drafts(world) == []


@pytest.mark.parametrize("visibility", FOR_DRAFTS)
async def test_a_thread_that_arrived_unseen_is_found_after_withdrawing(world: World, visibility: Visibility) -> None:
    delivering = world.app.use_cases.delivering
    delivering.messenger = Interrupted(delivering.messenger, "post", TryLater("somehow"), left=1)
    await send(world, visibility)
    (draft,) = await drafts(world)
    assert draft.thread_id is None

    await world.app.use_cases.withdrawing.withdraw(draft.id, world.asker.id)
    await world.pass_time(minutes=10)

    (thread,) = world.channel.threads
    assert thread._channel.name == say("draft.withdrawn_title")
    assert not any(TITLE in each for each in shown(thread))
