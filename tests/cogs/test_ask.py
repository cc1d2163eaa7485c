from typing import Any

import discord
import pytest
import simcord
from structlog.testing import capture_logs

from bot.texts import say
from bot.ui import limits
from bot.ui.written import block
from models import Question
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, inbox, invitations, posts, said
from tests.cogs.presses import COMMAND, Sent, arrive, filled
from tests.cogs.profiles import given_back
from tests.ui.reader import live

MENU = "Ask the mentors"
MESSAGES = "/channels/*/messages"


def form(world: World, question: str = QUESTION, **texts: str) -> Sent:
    """Prepare a filled form that no client has measured."""
    return filled(
        world.asker, world.channel, "ask1:send:0", {"question": question, **texts}, kind="stuck", urgency="today"
    )


def pinging(world: World) -> list[Any]:
    """Return what sent messages may ping, other than people named one by one."""
    bodies = [request.json for request in world.env.http_requests if isinstance(request.json, dict)]
    said_by_bot = [body for body in (body.get("message", body.get("data", body)) for body in bodies) if body]
    return [body for body in said_by_bot if body.get("content") and body["allowed_mentions"].get("parse") != []]


async def test_a_question_is_asked_taken_answered_and_helped(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    receipt = await world.ask()

    assert f"<#{world.thread.id}>" in said(receipt)
    invitation = invitations(helper)[-1]
    assert STATEMENT in invitation.content
    await helper.user.click(invitation, label="I'll take it")
    await helper.send(world.thread, "Look at the blank label first.")
    await world.asker.user.click(inbox(world.asker)[-1], label="It helped")
    assert say("stats.panel.overview") in said(await world.moderator.slash(world.channel, "stats", weeks=4))


async def test_a_question_about_a_message_begins_with_its_words(world: World) -> None:
    message = await world.asker.send(world.channel, QUESTION)

    shown = await world.asker.context_menu(world.channel, MENU, message)

    assert shown.modal is not None
    assert shown.modal["components"][0]["component"]["value"] == QUESTION
    receipt = await world.asker.submit_modal(shown, ASKED)
    assert "Your question is here" in said(receipt)


async def test_a_long_message_is_cut_to_what_the_form_holds(world: World) -> None:
    message = await world.asker.send(world.channel, "w" * 2_000)

    shown = await world.asker.context_menu(world.channel, MENU, message)

    assert shown.modal is not None
    assert shown.modal["components"][0]["component"]["value"] == "w" * 1_500


async def test_a_message_without_words_is_nothing_to_ask_about(world: World) -> None:
    message = await world.asker.send(world.channel, "", attachments=[("loss.png", b"picture")])

    answer = await world.asker.context_menu(world.channel, MENU, message)

    assert said(answer) == say("menu.nothing_to_ask")
    assert len(world.env.errors) == 1


async def test_a_deleted_message_is_gone(world: World) -> None:
    command = world.env.backend.find_command(MENU, world.guild.id, type=3)
    assert command is not None
    fields = {"id": command["id"], "name": MENU, "type": 3, "target_id": "1", "resolved": {"messages": {}}}

    (answer,) = await arrive(Sent(world.asker, world.channel, COMMAND, fields))

    assert said(answer) == say("menu.gone")
    assert len(world.env.errors) == 1


async def test_the_panel_opens_the_form(world: World) -> None:
    panel = world.channel.history()[0]

    shown = await world.asker.click(panel, label="Ask")
    receipt = await world.asker.submit_modal(shown, ASKED)

    assert "Your question is here" in said(receipt)
    assert panel.pinned


async def test_choices_left_out_have_a_default(world: World) -> None:
    (answer,) = await arrive(filled(world.asker, world.channel, "ask1:send:0", {"question": QUESTION}))

    assert "Your question is here" in said(answer)


@pytest.mark.parametrize(
    ("question", "length"),
    [("", 0), ("short", 5), ("   \n \t  " * 9, 0), ("\u200b\u2060\ufeff" * 20, 0), ("\x00\x07" * 30, 0)],
)
async def test_a_question_that_says_too_little_is_refused(world: World, question: str, length: int) -> None:
    (answer,) = await arrive(form(world, question))

    assert said(answer) == say("ask.too_short", length=length, shortest=20)
    assert not posts(world)


async def test_a_question_that_is_too_long_is_given_back(world: World) -> None:
    question = "Ω" * 1_501

    (answer,) = await arrive(form(world, question, tried="I tried everything that I could think of."))

    assert said(answer) == say("ask.too_long", longest=1_500)
    assert await given_back(answer) == f"{question}\n\nI tried everything that I could think of."
    assert not posts(world)


async def test_what_was_tried_may_be_too_long_too(world: World) -> None:
    (answer,) = await arrive(form(world, tried="x" * 1_001))

    assert said(answer) == say("ask.tried_too_long", longest=1_000)


@pytest.mark.parametrize("kind", ["nonsense", ""])
async def test_a_forged_choice_changes_nothing(world: World, kind: str) -> None:
    await arrive(filled(world.asker, world.channel, "ask1:send:0", {"question": QUESTION}, kind=kind))

    assert len(posts(world)) == (0 if kind else 1)


@pytest.mark.parametrize(
    "question",
    [
        "# **Bold** _and_ `code` ||spoiler|| > quote [link](https://example.org) ```block",
        "@everyone @here <@&1234567890> <@1234567890>, how do I align CTC?",
        "كيف أعرف إن كانت التسميات خاطئة أم دالة الخسارة؟ \u202e",
        "👩‍🔬🧪🤯 why is my CTC loss so 😭 after one epoch?",
        "Zero\u200bwidth\u200bspaces in the middle of a question",
        f"{QUESTION} {'x' * (1_499 - len(QUESTION))}",
    ],
)
async def test_any_words_are_kept_read_as_they_are_and_ping_nobody(world: World, question: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    await arrive(form(world, question, tried=question[:1_000]))

    (post,) = posts(world)
    async with world.app.database.read() as work:
        kept = await work.requests.find_in_thread(world.thread.id)
    assert isinstance(kept, Question)
    assert (kept.text, kept.tried) == (question.strip(), question[:1_000].strip())
    assert post.embeds[0].description == block(question, limits.EMBED_TEXT)
    assert post.embeds[0].fields[0].value == block(question[:1_000], limits.EMBED_FIELD)
    assert live(post.embeds[0].description) == []
    assert not post.mention_everyone
    assert [user.id for user in post.mentions] == [world.asker.id]
    assert len(world.thread.name or "") <= 100
    assert not pinging(world)
    assert len(invitations(helper)) <= 1


async def test_three_questions_may_wait(world: World) -> None:
    for _ in range(3):
        await world.ask()
    places = " · ".join(f"<#{thread.id}>" for thread in world.channel.threads)

    answer = await world.ask()

    assert said(answer) == say("ask.limit", limit=3, threads=places)
    assert len(posts(world)) == 3


async def test_a_closed_question_makes_room(world: World) -> None:
    for _ in range(3):
        await world.ask()
    await world.asker.click(posts(world)[0], label="Close this question")

    assert "Your question is here" in said(await world.ask())


async def test_the_limit_holds_for_questions_at_the_same_moment(world: World) -> None:
    answers = await arrive(*(form(world) for _ in range(8)))

    assert sum("You already have 3 open questions" in said(answer) for answer in answers) == 5
    assert len(posts(world)) == len(world.channel.threads) == 3


async def test_a_form_that_arrives_twice_is_kept_once(world: World) -> None:
    sent = form(world)

    await arrive(sent, sent)

    assert len(posts(world)) == 1


async def test_nothing_is_set_up(env: simcord.Env) -> None:
    guild = env.create_guild("New")
    channel = guild.create_text_channel("general")
    asker = guild.add_member(env.create_user("amina"))
    shown = await asker.slash(channel, "ask")

    answer = await asker.submit_modal(shown, ASKED)

    assert said(answer) == say("ask.not_set_up")


@pytest.mark.parametrize(
    ("denied", "key"),
    [
        (discord.PermissionOverwrite(view_channel=False), "ask.channel_hidden"),
        (discord.PermissionOverwrite(send_messages=False), "ask.channel_forbids"),
    ],
)
async def test_a_help_channel_out_of_reach(world: World, denied: discord.PermissionOverwrite, key: str) -> None:
    assert world.guild.me is not None
    hidden = world.guild.create_text_channel("hidden", overwrites={world.guild.me: denied})
    async with world.app.database.begin() as work:
        (await work.guilds.ensure(world.guild.id, world.env.now())).help_channel_id = hidden.id

    answer = await world.ask()

    assert said(answer) == say(key, channel=f"<#{hidden.id}>")
    assert QUESTION in await given_back(answer)


async def test_a_help_channel_deleted_on_the_way_is_replaced(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503)
    await world.ask()
    world.env.backend.delete_channel(world.channel.id)
    await world.env.settle()
    await world.pass_time(minutes=3)
    second = world.guild.create_text_channel("second")
    await world.moderator.slash(second, "setup", channel=second)

    await world.pass_time(minutes=3)

    assert [message.embeds[0].description for message in second.history() if message.embeds] == [QUESTION]


async def test_a_deleted_help_channel_has_to_be_chosen_anew(world: World) -> None:
    elsewhere = world.guild.create_text_channel("general")
    world.env.backend.delete_channel(world.channel.id)
    await world.env.settle()
    shown = await world.asker.slash(elsewhere, "ask")

    answer = await world.asker.submit_modal(shown, ASKED)

    assert said(answer) == say("ask.not_set_up")


@pytest.mark.parametrize(("status", "code"), [(500, 0), (503, 0), (403, 50013), (404, 10003), (429, 0)])
async def test_a_question_discord_refuses_follows_later(world: World, status: int, code: int) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=status, code=code)

    receipt = await world.ask()

    assert f"on its way to <#{world.channel.id}>" in said(receipt)
    assert not invitations(helper)
    await world.pass_time(seconds=30)
    assert len(posts(world)) == len(world.channel.threads) == 1
    assert len(invitations(helper)) == 1


async def test_a_thread_discord_refuses_follows_later(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages/*/threads")

    await world.ask()
    await world.pass_time(seconds=30)

    assert len(posts(world)) == len(world.channel.threads) == 1


async def test_a_question_that_never_gets_through_is_given_up_with_a_word(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013, times=None)
    await world.ask()

    for _ in range(14):
        await world.pass_time(hours=2)

    told, where = inbox(world.asker)[-1].content.splitlines()
    assert told == say("thread.not_posted")
    assert where == f"https://discord.com/channels/{world.guild.id}"


async def test_a_form_that_cannot_be_shown_is_said(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.slash(world.channel, "ask")

    assert said(answer) == say("error.not_taken")
    assert len(world.env.errors) == 1


async def test_a_refusal_that_cannot_be_shown_is_noted(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", times=2)

    with capture_logs() as lines:
        (answer,) = await arrive(form(world))

    assert answer.response is None
    assert "refusal_not_shown" in [line["event"] for line in lines]
    assert not posts(world)


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_an_interaction_that_is_lost_is_lost_quietly(world: World, status: int, code: int) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=status, code=code)

    (answer,) = await arrive(form(world))

    assert answer.response is None
    assert not posts(world)


async def test_a_receipt_that_is_lost_leaves_the_question(world: World) -> None:
    world.env.inject_error("POST", "/webhooks/*/*")

    answer = await world.ask()

    assert said(answer) == say("error.not_shown")
    assert len(posts(world)) == 1


async def test_the_database_is_down_and_nothing_is_lost(world: World) -> None:
    shown = await world.asker.slash(world.channel, "ask")
    await world.break_database()

    answer = await world.asker.submit_modal(shown, ASKED)

    assert said(answer) == say("error.database")
    assert QUESTION in await given_back(answer)
    assert not posts(world)


@pytest.mark.parametrize("custom_id", ["ask2:send:0", "ask1:nothing:0", "nobody1:send:0"])
async def test_a_form_of_another_version_is_explained_and_given_back(world: World, custom_id: str) -> None:
    (answer,) = await arrive(filled(world.asker, world.channel, custom_id, {"question": QUESTION}))

    assert said(answer) == say("error.unknown_press")
    assert await given_back(answer) == QUESTION


async def test_a_forum_gets_a_post_a_question(world: World) -> None:
    forum = world.guild.create_forum_channel("ask-here")
    await world.moderator.slash(world.channel, "setup", channel=forum)
    helper = await world.helper("joaquim", STATEMENT)

    receipt = await world.ask()

    post = forum.threads[-1]
    assert f"<#{post.id}>" in said(receipt)
    assert post.name == QUESTION[:99] + "…"
    assert post.history()[0].embeds[0].description == QUESTION
    await helper.user.click(invitations(helper)[-1], label="I'll take it")
    await helper.send(post, "Look at the blank label first.")
    assert f"<@{helper.id}>" in post.history()[1].content
    assert str(post.id) in inbox(world.asker)[-1].content
