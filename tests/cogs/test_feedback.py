"""Asking for feedback on a draft, from the form to the thread, as an author sees it."""

from typing import Any

import discord
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from tests.cogs.conftest import World, said, shown

ABOUT = "Aligning speech with CTC\nWe compare two losses on 100 hours of Luganda, and find that blanks matter most."
WORDS = b"# Aligning speech\n" + b"The blank symbol comes late. " * 100
DRAFT = {"about": ABOUT, "questions": "Is section 4 fair?\nWhat is missing?", "needed_by": "15 Jan AoE"}
MENU = "Ask for feedback"


async def draft(world: World, **filled: object) -> InteractionResult:
    """Fill in the form of `/feedback`."""
    opened = await world.asker.slash(world.channel, "feedback")
    form: dict[str, Any] = {**DRAFT, **filled}
    return await world.asker.submit_modal(opened, form)


async def previewed(world: World, **filled: object) -> ResponseMessage:
    """Fill in the form, and return what its author sees before anything is sent."""
    return shown(await draft(world, **{"file": ("draft.md", WORDS), **filled}))


async def test_a_draft_gets_a_private_thread_with_its_file_and_a_guide(world: World) -> None:
    preview = await previewed(world)
    assert say("feedback.preview.understood") in preview.content
    assert not world.channel.threads

    result = await world.asker.click(preview, label="Ask for feedback")

    assert f"<#{world.thread.id}>" in said(result)
    assert world.thread._channel.type == discord.ChannelType.private_thread.value
    first, guide = world.thread.history()
    assert ABOUT.splitlines()[0] in str(first.embeds[0].description)
    assert say("feedback.guide.drafts") in guide.content
    (file,) = guide.attachments
    assert file.filename == "draft.md"
    assert await file.read() == WORDS
