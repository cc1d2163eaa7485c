import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from simcord.builders import ChannelHandle
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.errors import Unavailable
from bot.services.outbox.leasing import FIRST_PAUSE, LONGEST_PAUSE
from bot.services.ports import Begin, Messenger, TryLater
from bot.services.requests.contents import Notice
from bot.services.results import Letter, Sent
from bot.store.unit_of_work import UnitOfWork
from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from models import GuildSettings, OutboxLetter
from tests.cogs.conftest import QUESTION, STATEMENT, World, inbox, invitations, posts, said
from tests.cogs.presses import arrive, button, filled
from tests.cogs.scenes import close_mailbox, helped, said_in

KINDS = ["post", "invitation", "notice", "outcome", "direct_message_check", "panel"]
MESSAGES = r"/channels/\d+/messages"


@dataclass
class Interrupted:
    """A messenger whose letters of one kind arrive, but who stops before saying so."""

    inner: Messenger
    kind: str
    error: BaseException
    left: int = 1

    async def send(self, letter: Letter[Any]) -> Sent:
        sent = await self.inner.send(letter)
        if letter.kind == self.kind and self.left:
            self.left -= 1
            raise self.error
        return sent

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.inner, name)


@dataclass
class Failing:
    """A database that is gone for one transaction: that which marks a letter of one kind as sent."""

    inner: Begin
    messenger: Messenger
    kind: str
    left: int = 1
    last: str = ""

    async def send(self, letter: Letter[Any]) -> Sent:
        sent = await self.messenger.send(letter)
        self.last = letter.kind
        return sent

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.messenger, name)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        async with self.inner() as work:
            yield work
            if self.left and self.last == self.kind:
                self.left -= 1
                key = "error.database"
                raise Unavailable(key)


def moved(world: World, channel: ChannelHandle) -> World:
    """Return the same world, whose questions go to another channel."""
    return replace(world, channel=channel)


async def whole_conversation(world: World) -> World:
    """Let one of each kind of letter be written, in a new channel, and give every attempt its time."""
    world = moved(world, world.guild.create_text_channel("second"))
    await world.moderator.slash(world.channel, "setup", channel=world.channel)
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask()
    for _ in range(2):
        await world.pass_time(minutes=3)
    (invitation,) = invitations(helper)
    await helper.user.click(invitation, label="I'll take it")
    await world.pass_time(minutes=3)
    await helper.send(world.thread, "Look at the blank label first.")
    await world.pass_time(minutes=3)
    return world


def seen(world: World) -> dict[str, int]:
    """Count what people see of each kind, in every channel."""
    backend = world.env.backend
    everything = [message for messages in backend.messages.values() for message in messages.values()]
    marks: dict[str, Callable[[Any], bool]] = {
        "post": lambda message: "question1:close" in str(message.components),
        "invitation": lambda message: "no obligation" in message.content,
        "notice": lambda message: "will have a look" in message.content,
        "outcome": lambda message: "outcome1:helped" in str(message.components),
        "direct_message_check": lambda message: "check1:arrived" in str(message.components),
        "panel": lambda message: message.channel_id == world.channel.id and "panel1:ask" in str(message.components),
    }
    return {kind: sum(map(mark, everything)) for kind, mark in marks.items()}


@pytest.mark.parametrize("error", [TryLater("somehow"), TimeoutError(), RuntimeError(), asyncio.CancelledError()])
@pytest.mark.parametrize("kind", KINDS)
async def test_stopped_after_sending_is_found_again(world: World, kind: str, error: BaseException) -> None:
    delivering = world.app.use_cases.delivering
    delivering.messenger = Interrupted(delivering.messenger, kind, error)

    world = await whole_conversation(world)

    assert seen(world) == dict.fromkeys(KINDS, 1)
    assert len(world.channel.threads) == 1
    assert delivering.messenger.left == 0


async def test_what_went_to_the_thread_is_found_again(world: World) -> None:
    delivering = world.app.use_cases.delivering
    delivering.messenger = Interrupted(delivering.messenger, "invitation", TryLater("somehow"))
    helper = await world.helper("joaquim", STATEMENT)
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)

    await world.ask()
    await world.pass_time(minutes=3)

    assert len(world.thread.history()) == 1


async def test_two_letters_with_the_same_words_are_two_messages_however_often_they_are_tried(world: World) -> None:
    messenger = world.app.use_cases.delivering.messenger
    first: Letter[Notice] = Letter(
        letter_id=1, kind="notice", nonce="first", guild_id=world.guild.id, attempts=2,
        first_attempt_at=world.env.now(),
        user_id=None, channel_id=world.channel.id, addressee_id=None,
        content=Notice("thread.not_posted"),
    )  # fmt: skip
    second = replace(first, letter_id=2, nonce="second")
    before = len(world.channel.history())

    sent = await asyncio.gather(messenger.send(first), messenger.send(second))
    again = await asyncio.gather(messenger.send(second), messenger.send(first))

    assert sent == again[::-1]
    assert len(world.channel.history()) == before + 2


async def test_a_settled_question_is_not_asked_about_again(world: World) -> None:
    delivering = world.app.use_cases.delivering
    helper, _ = await world.waiting()
    delivering.messenger = Interrupted(delivering.messenger, "outcome", TryLater("somehow"))
    await helper.send(world.thread, "Look at the blank label first.")
    await world.asker.user.click(inbox(world.asker)[-1], label="It helped")

    await world.pass_time(minutes=3)

    assert len(inbox(world.asker)) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_sent_but_not_marked_is_found_again(world: World, kind: str) -> None:
    delivering = world.app.use_cases.delivering
    failing = Failing(delivering.begin, delivering.messenger, kind)
    delivering.messenger, delivering.begin = failing, failing.begin

    world = await whole_conversation(world)

    assert seen(world) == dict.fromkeys(KINDS, 1)
    assert len(world.channel.threads) == 1


@pytest.mark.parametrize("error", [TryLater("somehow"), asyncio.CancelledError()])
@pytest.mark.parametrize("kind", ["post", "panel"])
async def test_a_forum_post_is_found_again(world: World, kind: str, error: BaseException) -> None:
    delivering = world.app.use_cases.delivering
    delivering.messenger = Interrupted(delivering.messenger, kind, error)

    world = moved(world, world.guild.create_forum_channel("ask-here"))
    await world.moderator.slash(world.channel, "setup", channel=world.channel)
    await world.pass_time(minutes=3)
    await world.ask()
    await world.pass_time(minutes=3)

    assert [len(thread.history()) for thread in world.channel.threads] == [1, 1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/users/@me/channels"),
        ("POST", "/channels/*/messages"),
        ("POST", "/channels/*/messages/*/threads"),
        ("PUT", "/channels/*/thread-members/*"),
        ("PUT", "/channels/*/messages/pins/*"),
        ("GET", "/channels/*/messages"),
    ],
)
async def test_any_step_may_fail(world: World, method: str, path: str) -> None:
    delivering = world.app.use_cases.delivering
    delivering.messenger = Interrupted(delivering.messenger, "invitation", TryLater("somehow"))
    world.env.inject_error(method, path, times=2)

    world = await whole_conversation(world)

    assert seen(world) == dict.fromkeys(KINDS, 1)


async def test_every_message_of_the_outbox_has_a_nonce_of_its_own(world: World) -> None:
    await whole_conversation(world)

    bodies = [
        each.json for each in world.env.http_requests if each.method == "POST" and re.fullmatch(MESSAGES, each.path)
    ]
    nonces = {body["nonce"] for body in bodies if body and body["enforce_nonce"]}
    assert len(nonces) == len(bodies) == 7
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_pauses_grow(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503, times=None)
    await world.ask()
    pauses = []
    for _ in range(12):
        async with world.app.database.read() as work:
            due = await work._session.scalar(select(OutboxLetter.due_at).where(OutboxLetter.key == "post:1"))
        assert due is not None
        pauses.append(due - world.env.now())
        await world.pass_time(seconds=pauses[-1].total_seconds())

    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


async def test_a_letter_on_its_way_is_left_alone(world: World) -> None:
    async with world.app.database.begin() as work:
        lease = world.env.now() + timedelta(minutes=2)
        await world.app.use_cases.asking.inviting.sweep()
        await work._session.execute(update(OutboxLetter).values(leased_until=lease))

    assert await world.app.use_cases.delivering.deliver_due() == 0


async def test_discord_py_keeps_no_view(world: World) -> None:
    async with world.app.database.begin() as work:
        await work._session.execute(update(GuildSettings).values(open_limit=1_000))
    # One person may ask so much a day.
    askers = [world.asker, world.asker, *[world.join("nadia")] * 2]
    for asker in askers:
        await arrive(*(filled(asker, world.channel, "ask1:send:0", {"question": QUESTION}) for _ in range(5)))

    asked = posts(world)
    for asker, start in zip(askers, range(0, 20, 5), strict=True):
        for _ in range(3):
            await arrive(*(button(asker, post, *custom_ids(post.components)) for post in asked[start : start + 5]))

    store = world.app.client._connection._view_store
    assert len(asked) == 20
    assert not any((store._views, store._synced_message_views, store._modals, store._dynamic_items))


async def test_the_log_knows_nobody_and_no_words(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as lines, caplog.at_level(logging.INFO):
        helper = await world.helper("joaquim", STATEMENT)
        world.env.inject_error("POST", "/channels/*/messages", message=QUESTION, times=3)
        world.env.inject_error("POST", "/webhooks/*/*", status=400, message=QUESTION)
        await world.ask()
        for _ in range(3):
            await world.pass_time(minutes=3)
        await helper.user.click(invitations(helper)[-1], label="I'll take it")
        await helper.send(world.thread, "Look at the blank label first.")
        await world.pass_time(minutes=3)
        answer = await world.asker.user.click(inbox(world.asker)[-1], label="Not yet")
    written = f"{lines} {caplog.text}"

    assert said(answer)
    assert "letter_not_delivered" in written
    assert "unexpected" in written
    for private in (QUESTION, "CTC", "blank", "joaquim", "amina", str(helper.id), str(world.asker.id)):
        assert private not in written
    assert not re.search(r"\d{15,}", written)


async def test_a_note_with_closed_direct_messages_comes_back_to_whoever_wrote_it(world: World) -> None:
    helper, private = await helped(world)
    close_mailbox(world, helper)
    before, note = said_in(world.thread), "Without you I would still be looking."

    form = await world.asker.user.click(private, label=say("thanks.write.button"))
    assert said(await world.asker.user.submit_modal(form, {"words": note})) == say("thanks.done")
    await world.pass_time(hours=1)

    assert said_in(world.thread) == before
    where = render.link(world.guild.id, world.thread.id)
    returned = say("thanks.returned", helper=helper.mention)
    assert [each.content for each in inbox(world.asker)][-1] == f"{returned}\n> {note}\n{where}"
