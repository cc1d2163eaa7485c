"""A person who asks without a name stays without one: in everything that is sent, said and logged."""

import logging
from collections.abc import Iterable, Sequence

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from simcord.types import HttpLogEntry
from structlog.testing import capture_logs

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import QUESTION, STATEMENT, World, inbox, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, custom_id, filled
from tests.cogs.scenes import (
    ANSWER,
    HELPED,
    TAKE,
    close_mailbox,
    is_archived,
    kept,
    mine,
    moderators,
    own_duty,
    said_in,
    state,
    told,
    with_press,
)

HIDDEN = {"visibility": ["anonymous"]}
NAMES = {"name": "quagga", "global_name": "Zebedee Quaggason", "avatar": "0c0ffee0c0ffee0c0ffee0c0ffee0c0f"}
NICK, SERVER_AVATAR = "Striped One", "a_5eed5eed5eed5eed5eed5eed5eed5eed"
REPLY, NOT_YET, CLOSE = say("reply.button"), say("outcome.not_yet.button"), say("close.button")
WORDS, MORE_WORDS = "It starts at step three hundred.", "The labels look fine, and the loss is still late."
NOTE, LESSON = "Without you I would still be looking.", "The blank label was missing from the alphabet."
SECOND = "Which optimiser do people use for small transformers, and why that one?"
THIRD = "How many hours of speech does a CTC model need before its alignment is any use?"


def stranger(world: World) -> MemberActor:
    """Let someone in with a name, a display name, a nickname and two pictures of their own."""
    user = world.env.create_user(NAMES["name"], global_name=NAMES["global_name"], avatar=NAMES["avatar"])
    return world.guild.add_member(user, nick=NICK, avatar=SERVER_AVATAR)


def traces(asker: MemberActor, written: Iterable[object]) -> list[str]:
    """Return what gives someone away; a mention holds the id."""
    secrets = [str(asker.id), *NAMES.values(), NICK, SERVER_AVATAR]
    texts = [str(each) for each in written]
    return [text for text in texts if any(secret.casefold() in text.casefold() for secret in secrets)]


def public(asker: MemberActor, requests: Iterable[HttpLogEntry]) -> list[HttpLogEntry]:
    """Return the requests without those that no one sees: looks at the asker, and what begins a direct message."""
    return [each for each in requests if not (_opens_mailbox(each, asker) or _looks_at(each, asker))]


def _looks_at(request: HttpLogEntry, asker: MemberActor) -> bool:
    return request.method == "GET" and request.path == f"/guilds/{asker.guild.id}/members/{asker.id}"


def _opens_mailbox(request: HttpLogEntry, asker: MemberActor) -> bool:
    is_opening = (request.method, request.path) == ("POST", "/users/@me/channels")
    return (
        is_opening
        and not request.params
        and request.json in ({"recipient_id": asker.id}, {"recipient_id": str(asker.id)})
    )


def shown_as_theirs(world: World, asker: MemberActor) -> list[str]:
    """Return what others see that Discord itself shows as an answer to the asker."""
    channels = [world.channel, *world.channel.threads]
    seen = [message for channel in channels for message in channel.history() if not message.flags.ephemeral]
    return [
        each.content for each in seen if each.interaction_metadata and each.interaction_metadata.user.id == asker.id
    ]


def attachments(world: World) -> list[str]:
    """Return the names of all files the bot ever sent."""
    messages = [message for each in world.env.backend.messages.values() for message in each.values()]
    return [attachment["filename"] for message in messages for attachment in message.attachments]


def pings(world: World, message: discord.Message) -> list[str]:
    """Return what Discord was allowed to ping by the bot's last message in a channel."""
    path = f"/channels/{message.channel.id}/messages"
    sent = [each.json for each in world.env.http_requests if (each.method, each.path) == ("POST", path)]
    assert sent[-1] is not None
    return [str(each) for allowed in sent[-1]["allowed_mentions"].values() if allowed for each in allowed]


def request_of(message: discord.Message, press: str) -> int:
    """Return the row id in a message's button."""
    return int(custom_id(message, press).rpartition(":")[2])


async def ask(world: World, asker: MemberActor, question: str = QUESTION) -> discord.Message:
    """Ask without a name; return the post."""
    await world.ask(question, asker, **HIDDEN)
    return posts(world)[-1]


async def reply(actor: MemberActor, message: discord.Message, words: str) -> InteractionResult:
    """Reply as the asker, from the post or from a direct message."""
    who = actor.user if isinstance(message.channel, discord.DMChannel) else actor
    form = await who.click(message, label=REPLY)
    return await who.submit_modal(form, {"words": words})


async def anonymous(world: World) -> tuple[MemberActor, discord.Message]:
    """Let a stranger ask without a name; return them and the post."""
    asker = stranger(world)
    return asker, await ask(world, asker)


async def talk(world: World, asker: MemberActor, helpers: Sequence[MemberActor]) -> None:
    """Let one helper take it, both answer, and the asker reply from both places."""
    reachable, unreachable = helpers
    post = posts(world)[-1]
    assert [user.id for user in with_press(world.thread, "invitation1:take").mentions] == [unreachable.id]
    await reachable.user.click(invitations(reachable)[-1], label=TAKE)
    await unreachable.send(world.thread, "Are the labels in order?")
    assert said(await reply(asker, post, WORDS)) == say("reply.done")
    assert said(await reply(asker, told(asker, "outcome1:not_yet"), MORE_WORDS)) == say("reply.done")
    await arrive(
        filled(asker, world.channel, f"reply1:send:{request_of(post, 'reply1:write')}", {"words": "x" * 1_501})
    )
    await asker.user.click(told(asker, "outcome1:not_yet"), label=NOT_YET)
    await reachable.send(world.thread, ANSWER)


async def thank_and_keep(asker: MemberActor, helper: MemberActor) -> None:
    """Let it have helped, with thanks, and with both agreeing to keep it."""
    after = shown(await asker.user.click(told(asker, "outcome1:helped"), label=HELPED))
    note = await asker.user.click(after, label=say("thanks.write.button"))
    assert said(await asker.user.submit_modal(note, {"words": NOTE})) == say("thanks.done")
    exchange = await asker.user.click(after, label=say("keep.write.button"))
    lesson = {"question": QUESTION, "answer": LESSON}
    assert said(await asker.user.submit_modal(exchange, lesson)) == say("keep.asked")
    assert NOTE in " ".join(message.content for message in inbox(helper))
    assert said(await helper.user.click(told(helper, "keep1:agree"), label=say("keep.agree.button"))) == say(
        "keep.kept"
    )


async def others_look(world: World, others: Sequence[MemberActor]) -> None:
    """Let everyone else look at everything that shows something."""
    for command in ("stats", "doctor"):
        await world.moderator.slash(world.channel, command)
    for other in others:
        await mine(world, other)
        await other.slash(world.channel, "why")


async def walk(world: World, asker: MemberActor) -> None:
    """Go through everything that can happen to questions without a name."""
    moderators_channel, _ = await moderators(world)
    helpers = [await world.helper(name, STATEMENT) for name in ("joaquim", "ines")]
    close_mailbox(world, helpers[1])
    await ask(world, asker)
    await talk(world, asker, helpers)
    await thank_and_keep(asker, helpers[0])
    assert await state(world) == "resolved"
    second = await ask(world, asker, SECOND)
    assert said(await asker.click(second, label=CLOSE)) == say("close.done")
    await ask(world, asker, THIRD)
    await others_look(world, helpers)
    await own_duty(world, helpers[0])
    for hours in (3, 25, 24, 24):
        await world.pass_time(hours=hours)
        await others_look(world, helpers)
    await world.pass_time(days=5)
    assert is_archived(world.thread)
    assert THIRD in " ".join(said_in(world.channel)[1:])
    assert THIRD in " ".join(said_in(moderators_channel))
    choices = told(asker, "question1:rephrase")
    assert (await asker.user.click(choices, label=say("choices.talk.button"))).modal is not None
    assert said(await asker.user.click(choices, label=say("choices.more.button"))) == say("choices.more_none")
    assert said_in(world.thread)[-1] == say("thread.reopened")


async def test_nothing_that_is_sent_or_logged_gives_the_asker_away(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    asker = stranger(world)
    with capture_logs() as lines, caplog.at_level(logging.INFO):
        await walk(world, asker)

    requests = world.env.http_requests
    assert traces(asker, public(asker, requests)) == []
    unseen = [each for each in requests if not _looks_at(each, asker)]
    assert len(unseen) - len(public(asker, requests)) == 1
    assert any(line["event"] == "letter_not_delivered" for line in lines)
    assert traces(asker, [*lines, *(record.getMessage() for record in caplog.records), caplog.text]) == []
    assert all(asker.id not in thread._channel.thread_members for thread in world.channel.threads)
    assert attachments(world) == ["your-words.txt"]
    assert shown_as_theirs(world, asker) == []


async def test_the_same_look_finds_who_asks_openly(world: World) -> None:
    asker, helper = stranger(world), await world.helper("joaquim", STATEMENT)

    await world.ask(actor=asker)
    await helper.user.click(invitations(helper)[-1], label=TAKE)
    await helper.send(world.thread, ANSWER)

    found = traces(asker, public(asker, world.env.http_requests))
    assert any(f"/thread-members/{asker.id}" in each for each in found)
    assert any(say("post.by", asker=asker.mention) in each for each in found)
    assert any(say("invitation.intro", asker=asker.mention) in each for each in found)
    assert asker.id in world.thread._channel.thread_members
    assert all(traces(asker, [f"somebody called {each}"]) for each in (*NAMES.values(), NICK, asker.mention))


async def test_the_asker_is_asked_how_it_went_nowhere_but_in_private(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    asker, _ = await anonymous(world)
    close_mailbox(world, asker)

    await helper.send(world.thread, ANSWER)
    await world.pass_time(hours=25)

    assert not [message for message in world.thread.history() if message.author.bot and custom_ids(message.components)]
    assert traces(asker, public(asker, world.env.http_requests)) == []
    assert await state(world) == "answered"


async def test_the_reply_is_said_in_the_thread_and_leaves_nothing_behind(world: World) -> None:
    asker, post = await anonymous(world)

    answer = await reply(asker, post, f"{WORDS}\n@everyone {world.moderator.mention}")

    assert said(answer) == say("reply.done")
    last = world.thread.history()[-1]
    assert last.content == say("reply.said", words=f"> {WORDS}\n" + rf"> \@everyone \<\@{world.moderator.id}\>")
    assert pings(world, last) == []
    async with world.app.database.read() as work:
        letters = await work.outbox.find(f"reply:{answer._interaction.id}")
        assert letters is not None
        assert letters.params == {}


async def test_the_same_reply_twice_is_said_once(world: World) -> None:
    asker, post = await anonymous(world)
    form = filled(asker, world.channel, f"reply1:send:{request_of(post, 'reply1:write')}", {"words": WORDS})

    answers = await arrive(form, form)

    assert {said(answer) for answer in answers} == {say("reply.done")}
    assert said_in(world.thread) == [say("reply.said", words=f"> {WORDS}")]


async def test_nobody_else_replies_as_the_asker(world: World) -> None:
    _, post = await anonymous(world)
    row = request_of(post, "reply1:write")

    for somebody in (world.moderator, world.join("passer_by")):
        refused = await somebody.click(post, label=REPLY)
        (forged,) = await arrive(filled(somebody, world.channel, f"reply1:send:{row}", {"words": WORDS}))
        assert refused.modal is None
        assert said(refused) == said(forged) == say("reply.not_yours")

    assert not world.thread.history()


async def test_who_asks_openly_writes_in_the_thread(world: World) -> None:
    await world.ask()
    post = posts(world)[-1]
    row = (await kept(world)).id
    assert custom_ids(post.components) == [f"question1:close:{row}"]

    (pressed,) = await arrive(button(world.asker, post, f"reply1:write:{row}"))
    (sent,) = await arrive(filled(world.asker, world.channel, f"reply1:send:{row}", {"words": WORDS}))

    assert said(pressed) == said(sent) == say("reply.open")
    assert not world.thread.history()


@pytest.mark.parametrize(("words", "key"), [("  \n ", "reply.empty"), ("x" * 1_501, "reply.too_long")])
async def test_a_reply_that_is_too_short_or_too_long_comes_back(world: World, words: str, key: str) -> None:
    asker, post = await anonymous(world)

    (answer,) = await arrive(
        filled(asker, world.channel, f"reply1:send:{request_of(post, 'reply1:write')}", {"words": words})
    )

    assert said(answer) == say(key, longest=1_500)
    assert [each.filename for each in shown(answer).attachments] == ["your-words.txt"] * (len(words) > 20)
    assert not world.thread.history()


async def test_a_reply_to_nothing_is_explained(world: World) -> None:
    asker, post = await anonymous(world)

    (pressed,) = await arrive(button(asker, post, "reply1:write:999"))
    (sent,) = await arrive(filled(asker, world.channel, "reply1:send:999", {"words": WORDS}))

    assert said(pressed) == said(sent) == say("request.unknown")


async def test_a_reply_where_the_thread_is_gone_comes_back(world: World) -> None:
    asker, post = await anonymous(world)
    form = await asker.click(post, label=REPLY)
    world.env.backend.delete_channel(world.thread.id)
    await world.env.settle()

    answer = await asker.submit_modal(form, {"words": WORDS})

    assert said(answer) == say("request.over")
    assert [each.filename for each in shown(answer).attachments] == ["your-words.txt"]


async def test_a_form_that_was_open_over_a_restart_is_said(world: World) -> None:
    asker, post = await anonymous(world)
    await world.restart()
    form = await asker.click(post, label=REPLY)
    await world.restart()

    assert said(await asker.submit_modal(form, {"words": WORDS})) == say("reply.done")
    assert said_in(world.thread) == [say("reply.said", words=f"> {WORDS}")]


async def test_a_reply_that_discord_does_not_take_yet_is_said_later(world: World) -> None:
    asker, post = await anonymous(world)
    world.env.inject_error("POST", f"/channels/{world.thread.id}/messages", times=2)

    assert said(await reply(asker, post, WORDS)) == say("reply.done")
    for _ in range(4):
        await world.pass_time(seconds=10)

    assert said_in(world.thread) == [say("reply.said", words=f"> {WORDS}")]


async def test_a_reply_while_the_database_is_down_comes_back(world: World) -> None:
    asker, post = await anonymous(world)
    form = await asker.click(post, label=REPLY)
    await world.break_database()

    answer = await asker.submit_modal(form, {"words": WORDS})

    assert said(answer) == say("error.database")
    assert [each.filename for each in shown(answer).attachments] == ["your-words.txt"]
