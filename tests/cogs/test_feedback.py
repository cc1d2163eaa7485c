"""Asking for feedback on a draft, from the form to the thread, as an author sees it."""

from typing import Any

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.drafts import Stage
from bot.domain.lifecycle import FOR_DRAFTS, Visibility
from bot.texts import say
from models import Draft
from tests.cogs.conftest import World, posts, said, shown
from tests.cogs.presses import BUTTON, PRESS, Sent, arrive, custom_id
from tests.cogs.presses import filled as filled_form
from tests.cogs.scenes import choose, close_mailbox, options

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
    """Fill in the form, with a file unless it is None, and return what its author sees before anything is sent."""
    given = {"file": ("draft.md", WORDS), **filled}
    return shown(await draft(world, **{name: each for name, each in given.items() if each is not None}))


async def drafts(world: World) -> list[Draft]:
    """Return the drafts there are."""
    async with world.app.database.read() as work:
        return [each for each in await work.requests.those(range(1, 100)) if isinstance(each, Draft)]


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


async def test_choices_are_kept_in_the_same_message_and_outlive_a_restart(world: World) -> None:
    preview = await previewed(world)

    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.TALK))
    await world.restart()
    changed = await choose(world.asker, preview, "drafting1:visibility", FOR_DRAFTS.index(Visibility.PUBLIC))

    assert not changed.followups
    assert [each["default"] for each in options(preview, "drafting1:visibility")] == [False, False, True]
    await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert world.thread._channel.type == discord.ChannelType.public_thread.value
    embed = posts(world)[-1].embeds[0]
    assert say("draft.stage.talk") in str(embed.footer.text)


async def test_more_choices_are_one_press_away(world: World) -> None:
    preview = await previewed(world)
    friend = world.join("friend")

    await world.asker.click(preview, label=say("feedback.more.button"))
    await world.asker.select(preview, [friend], custom_id=custom_id(preview, "drafting1:co_authors"))
    await choose(world.asker, preview, "drafting1:readers", 2)

    assert f"<@{friend.id}>" in preview.content
    await world.asker.click(preview, label=say("feedback.back.button"))
    await world.asker.click(preview, label=say("feedback.confirm.button"))
    (kept,) = await drafts(world)
    assert kept.readers == 3


async def test_a_link_needs_a_length_and_then_leads_readers_there(world: World) -> None:
    preview = await previewed(world, file=None, link="https://example.org/draft")
    assert say("feedback.preview.no_length") in preview.content
    result = await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert said(result) == say("feedback.no_size")

    await choose(world.asker, preview, "drafting1:size", 1)
    await world.asker.click(preview, label=say("feedback.confirm.button"))

    assert "https://example.org/draft" in world.thread.history()[-1].content


async def test_what_is_changed_is_typed_again_in_the_same_message(world: World) -> None:
    preview = await previewed(world)
    opened = await world.asker.click(preview, label=say("feedback.change.button"))
    assert opened.modal is not None
    filled = {each["component"]["custom_id"]: each["component"].get("value") for each in opened.modal["components"]}
    assert filled["about"] == ABOUT
    assert filled["needed_by"] == "16 Jan 2026 00:00 AoE"

    await world.asker.submit_modal(opened, {**DRAFT, "about": ABOUT.upper(), "needed_by": filled["needed_by"]})

    assert ABOUT.upper().splitlines()[0] in str(preview.embeds[0].description)
    assert "draft.md" in preview.content


async def test_never_mind_forgets_it(world: World) -> None:
    preview = await previewed(world)
    result = await world.asker.click(preview, label=say("feedback.drop.button"))
    assert said(result) == say("feedback.preview.dropped")
    assert await drafts(world) == []


@pytest.mark.parametrize(
    ("name", "content", "key", "then"),
    [
        ("draft.pdf", b"%PDF-1.7\nnothing", "file.broken", "no_length"),
        ("draft.docx", b"PK\x03\x04\x00", "file.foreign", "nothing"),
        ("draft.md", b"  \n", "file.empty", "nothing"),
    ],
)
async def test_a_file_that_cant_be_read_is_a_sentence_above_the_draft(
    world: World, name: str, content: bytes, key: str, then: str
) -> None:
    preview = await previewed(world, file=(name, content))
    assert say(key) in preview.content
    assert say(f"feedback.preview.{then}") in preview.content


async def test_a_refused_form_gives_back_what_was_typed(world: World) -> None:
    result = await draft(world, link="nowhere")
    assert said(result) == say("feedback.link_unreadable")
    (kept,) = shown(result).attachments
    assert ABOUT.encode() in await kept.read()


async def test_a_message_with_a_file_fills_the_form(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ui.attachments.ORIGINS", frozenset({"https://cdn.simcord.invalid"}))
    message = await world.asker.send(world.channel, ABOUT, attachments=[("draft.md", WORDS)])
    opened = await world.asker.context_menu(world.channel, MENU, message)
    assert opened.modal is not None
    filled = {each["component"]["custom_id"]: each["component"].get("value") for each in opened.modal["components"]}

    result = await world.asker.submit_modal(opened, {**DRAFT, "link": filled["link"]})

    assert "draft.md" in shown(result).content
    world.env.backend.cdn._blobs.clear()
    again = await world.asker.context_menu(world.channel, MENU, message)
    gone = await world.asker.submit_modal(again, {**DRAFT, "link": filled["link"]})
    assert say("file.vanished") in shown(gone).content


@pytest.mark.parametrize("typed", ["{}", " <{}> "])
async def test_a_link_to_a_file_of_discords_is_that_file(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("bot.ui.attachments.ORIGINS", frozenset({"https://cdn.simcord.invalid"}))
    message = await world.asker.send(world.channel, ABOUT, attachments=[("draft.md", WORDS)])

    result = await draft(world, link=typed.format(message.attachments[0].url))

    assert "draft.md" in shown(result).content
    (kept,) = await drafts(world)
    assert (kept.link, kept.file_format) == (None, "text")


async def test_a_message_with_neither_is_nothing_to_ask_about(world: World) -> None:
    message = await world.asker.send(world.channel, ABOUT)
    answer = await world.asker.context_menu(world.channel, MENU, message)
    assert said(answer) == say("feedback.ask.nothing")
    assert len(world.env.errors) == 1


async def test_the_panel_opens_the_form(world: World) -> None:
    panel = world.channel.history()[0]
    opened = await world.asker.click(panel, label=say("panel.feedback.button"))
    result = await world.asker.submit_modal(opened, {**DRAFT, "file": ("draft.md", WORDS)})
    assert say("feedback.preview.understood") in shown(result).content
    assert world.channel.history()[0].content == panel.content


async def test_two_presses_at_once_open_one_thread(world: World) -> None:
    preview = await previewed(world)
    press = custom_id(preview, "drafting1:post")
    first, second = await arrive(
        *(Sent(world.asker, world.channel, PRESS, {"custom_id": press, "component_type": BUTTON}) for _ in range(2))
    )
    assert said(first) == said(second)
    assert len(world.channel.threads) == 1
    assert len(world.thread.history()) == 2


async def test_another_person_can_do_nothing_with_it(world: World) -> None:
    preview = await previewed(world)
    other = world.join("other")
    for verb in ("post", "drop", "change", "more"):
        press = custom_id(preview, f"drafting1:{verb}")
        (answer,) = await arrive(Sent(other, world.channel, PRESS, {"custom_id": press, "component_type": BUTTON}))
        assert said(answer) == say("feedback.not_yours")
    assert len(await drafts(world)) == 1


@pytest.mark.parametrize("resolved", [{}, {"attachments": []}, {"attachments": {"7": 1}}, None])
async def test_a_forged_file_is_a_sentence(world: World, resolved: object) -> None:
    sent = filled_form(world.asker, world.channel, "drafting1:send:0", DRAFT)
    upload = {"type": 18, "id": 9, "component": {"type": 19, "custom_id": "file", "values": ["7"]}}
    sent.payload["data"]["components"].append(upload)
    sent.payload["data"]["resolved"] = resolved
    (result,) = await arrive(sent)
    assert say("file.vanished") in shown(result).content


async def test_a_forged_choice_is_refused(world: World) -> None:
    preview = await previewed(world)
    for verb in ("stage", "areas", "visibility", "readers"):
        press = custom_id(preview, f"drafting1:{verb}")
        fields = {"custom_id": press, "component_type": 3, "values": ["99"]}
        (answer,) = await arrive(Sent(world.asker, world.channel, PRESS, fields))
        assert said(answer) == say("error.choice")


async def test_a_review_is_pasted_and_shown_with_its_own_guide(world: World) -> None:
    preview = await previewed(world, file=None)
    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.REVIEW))
    assert say("feedback.preview.no_review") in preview.content
    opened = await world.asker.click(preview, label=say("feedback.review_form.button"))
    await world.asker.submit_modal(opened, {"words": "The paper is clear.", "allowed": ["yes"]})
    await world.asker.click(preview, label=say("feedback.confirm.button"))

    guide = world.thread.history()[-1]
    assert say("feedback.guide.reviews") in guide.content
    assert "The paper is clear" in str(guide.embeds[0].description)


async def test_a_forum_without_private_threads_says_so_and_public_works(fresh: World) -> None:
    forum = fresh.guild.create_forum_channel("drafts")
    await fresh.moderator.slash(fresh.channel, "setup", channel=forum)
    preview = await previewed(fresh)
    assert say("feedback.preview.no_private") in preview.content
    refused = await fresh.asker.click(preview, label=say("feedback.confirm.button"))
    assert said(refused) == say("draft.ask.no_private_threads")

    await choose(fresh.asker, preview, "drafting1:visibility", FOR_DRAFTS.index(Visibility.PUBLIC))
    await fresh.asker.click(preview, label=say("feedback.confirm.button"))

    assert forum.threads


async def test_without_a_permission_the_author_reads_which_channel(world: World) -> None:
    preview = await previewed(world)
    world.deny(world.channel, "send_messages_in_threads")
    result = await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert said(result) == say("draft.ask.channel_forbids", channel=f"<#{world.channel.id}>")


async def test_an_author_with_closed_direct_messages_needs_none(world: World) -> None:
    close_mailbox(world, world.asker)
    preview = await previewed(world)
    await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert len(world.thread.history()) == 2
