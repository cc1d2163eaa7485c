"""What Discord refuses, hides and lets people close or delete, on the wire: true words, and nothing left behind."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from bot.services.ports import TryLater
from bot.services.results import Letter, Sent
from bot.texts import say
from models import GuildSettings, OutboxLetter
from reliability.standin.refusals import Cut, Refused
from reliability.standin.server import Call
from reliability.standin.world import FORUM_ID, GUILD_ID, HELP_CHANNEL_ID, MODERATORS_ID, VOICE_ID, Payload
from tests.wire.conftest import ASKER, HELPERS, MODERATOR, Wired, once

NOT_FOUND, FORBIDDEN = Refused(404, 10003), Refused(403, 50001)


def opens_thread(call: Call) -> bool:
    return call.method == "POST" and call.path.endswith("/threads")


def writes(call: Call) -> bool:
    return call.method == "POST" and call.path == f"/channels/{HELP_CHANNEL_ID}/messages"


async def settings(wired: Wired, **chosen: int) -> None:
    async with wired.app.database.begin() as work:
        await work._session.execute(update(GuildSettings).values(**chosen))


async def hasten(wired: Wired) -> None:
    """Let everything that waits to be tried again leave now."""
    async with wired.app.database.begin() as work:
        await work.outbox.hasten_tried(GUILD_ID, wired.app.use_cases.delivering.clock.now())
    await wired.settle()


async def age(wired: Wired) -> None:
    """Let a day have passed since letters were first tried."""
    async with wired.app.database.begin() as work:
        now = wired.app.use_cases.delivering.clock.now()
        first = update(OutboxLetter).where(OutboxLetter.due_at.is_not(None))
        await work._session.execute(first.values(first_attempt_at=now.replace(year=now.year - 1)))


def texts(messages: list[Payload]) -> list[str]:
    return [each["content"] for each in messages]


def asked_about(wired: Wired) -> list[Payload]:
    return [each for each in wired.discord.world.messages.get(HELP_CHANNEL_ID, []) if each["embeds"]]


FOR_GOOD = {
    200000: "thread.not_posted_words",
    200001: "thread.not_posted_words",
    240000: "thread.not_posted_words",
    40066: "thread.not_posted_tags",
    40067: "thread.not_posted_tags",
    50035: "thread.not_posted",
}
AFTER_A_DAY = {
    160006: "thread.not_posted_crowded",
    160007: "thread.not_posted_crowded",
    50024: "thread.not_posted_place",
    50008: "thread.not_posted_place",
    50013: "thread.not_posted",
    50001: "thread.not_posted",
    10003: "thread.not_posted",
    20016: "thread.not_posted",
    20028: "thread.not_posted",
    50083: "thread.not_posted",
    0: "thread.not_posted",
}
STATUS = {50013: 403, 50001: 403, 10003: 404, 20016: 429, 20028: 429, 0: 503}


@pytest.mark.parametrize("where", [opens_thread, writes])
@pytest.mark.parametrize("code", FOR_GOOD)
async def test_a_refusal_for_good_is_said_at_once_and_leaves_nothing(
    wired: Wired, code: int, where: Callable[[Call], bool]
) -> None:
    wired.discord.before = once(Refused(STATUS.get(code, 400), code), where, 99)
    await wired.ask()
    await wired.until_quiet()
    await wired.settle()

    assert asked_about(wired) == []
    assert not wired.discord.world.threads
    assert any(say(FOR_GOOD[code]) in each for each in texts(wired.discord.world.inbox(ASKER)))


@pytest.mark.parametrize("where", [opens_thread, writes])
@pytest.mark.parametrize("code", AFTER_A_DAY)
async def test_what_may_pass_is_tried_again_and_given_up_after_a_day(
    wired: Wired, code: int, where: Callable[[Call], bool]
) -> None:
    wired.discord.before = once(Refused(STATUS.get(code, 400), code), where, 99)
    wired.app.client.http.max_ratelimit_timeout = 1
    if code == 0:
        pytest.skip("discord.py waits out Discord's own faults for half a minute")
    await wired.ask()
    await wired.until_quiet()
    assert not wired.discord.world.inbox(ASKER), "it isn't given up yet"
    await age(wired)
    await hasten(wired)
    await wired.settle()

    assert asked_about(wired) == []
    assert any(say(AFTER_A_DAY[code]) in each for each in texts(wired.discord.world.inbox(ASKER)))


@pytest.mark.parametrize("code", [160006, 160007, 50013, 50083])
async def test_what_passes_ends_in_one_thread(wired: Wired, code: int) -> None:
    wired.discord.before = once(Refused(STATUS.get(code, 400), code), opens_thread, 2)
    await wired.ask()
    await wired.until_quiet()
    for _ in range(3):
        await hasten(wired)

    assert len(asked_about(wired)) == 1
    assert len(wired.discord.world.threads) == 1


@pytest.mark.parametrize("is_after", [False, True])
async def test_a_forum_post_is_found_again(wired: Wired, *, is_after: bool) -> None:
    await settings(wired, help_channel_id=FORUM_ID)
    hook = once(Cut(), opens_thread)
    if is_after:
        wired.discord.after = hook
    else:
        wired.discord.before = hook
    await wired.ask()
    await wired.until_quiet()
    for _ in range(3):
        await hasten(wired)

    (post,) = wired.discord.world.threads
    first = wired.discord.world.messages[int(post["id"])][0]
    assert first["id"] == post["id"], "as Discord has it"
    assert sum(map(opens_thread, wired.discord.calls)) == (1 if is_after else 2)


async def test_a_locked_thread_ends_its_question(wired: Wired) -> None:
    thread = await wired.asked()
    await wired.discord.shut(int(thread["id"]), locked=True)
    await wired.until_quiet()
    await wired.settle()
    assert say("asker.closed") in " ".join(texts(wired.discord.world.inbox(ASKER)))


@pytest.mark.parametrize(("shut", "key"), [({"locked": True}, "closed"), ({"archived": True}, "put_away")])
async def test_a_thread_closed_while_the_bot_was_away_is_noticed(wired: Wired, shut: dict[str, bool], key: str) -> None:
    thread = await wired.asked()
    wired.discord.world.edit_thread(int(thread["id"]), shut)
    before = len(wired.discord.calls)
    await wired.app.use_cases.catching_up.after_gap()
    looks = [each for each in wired.discord.calls[before:] if each.method == "GET"]
    await wired.settle()
    assert say(f"asker.{key}") in " ".join(texts(wired.discord.world.inbox(ASKER)))
    assert len(looks) == 2, "the messages, and how the thread stands"


async def test_an_answer_deleted_at_once_was_none(wired: Wired) -> None:
    thread = await wired.asked()
    said = await wired.discord.say(HELPERS[0], int(thread["id"]))
    await wired.until_quiet()
    await wired.discord.delete(int(thread["id"]), int(said["id"]))
    await wired.until_quiet()
    await wired.settle()
    assert say("asker.answer_gone") in " ".join(texts(wired.discord.world.inbox(ASKER)))


async def test_a_deleted_channel_closes_what_was_in_it(wired: Wired) -> None:
    await wired.asked()
    await wired.discord.delete_channel(HELP_CHANNEL_ID)
    await wired.until_quiet()
    await wired.settle()
    assert say("asker.thread_gone") in " ".join(texts(wired.discord.world.inbox(ASKER)))


async def doctor(wired: Wired) -> str:
    command = next(each for each in wired.discord.world.commands if each["name"] == "doctor")
    looking = await wired.discord.use(MODERATOR, command, MODERATORS_ID)
    await wired.discord.until(lambda: looking.replies)
    return str(looking.replies[-1]["content"])


PLACES = {
    "help_channel_id": (HELP_CHANNEL_ID, "doctor.channel_hidden"),
    "private_channel_id": (HELP_CHANNEL_ID, "doctor.private_channel_hidden"),
    "moderator_channel_id": (MODERATORS_ID, "doctor.moderator_channel_hidden"),
    "meeting_channel_id": (VOICE_ID, "doctor.meeting_channel_hidden"),
    "room_channel_id": (HELP_CHANNEL_ID, "doctor.room_channel_hidden"),
}


@pytest.mark.parametrize("refused", [NOT_FOUND, FORBIDDEN], ids=str)
@pytest.mark.parametrize("name", PLACES)
async def test_of_a_hidden_channel_only_its_hiding_is_said(wired: Wired, name: str, refused: Refused) -> None:
    channel_id, key = PLACES[name]
    await settings(wired, help_channel_id=FORUM_ID if name != "help_channel_id" else HELP_CHANNEL_ID)
    await settings(wired, **{name: channel_id})
    await wired.discord.hide(channel_id, refused)
    await wired.until_quiet()
    said = await doctor(wired)

    about = [line for line in said.splitlines() if f"<#{channel_id}>" in line]
    assert about == [f"✗ {say(key, channel=f'<#{channel_id}>')}"]
    assert "___hidden___" not in said
    await wired.discord.hide(channel_id, None)
    await wired.until_quiet()
    assert say(key, channel=f"<#{channel_id}>") not in await doctor(wired)


@pytest.mark.parametrize("refused", [NOT_FOUND, FORBIDDEN], ids=str)
@pytest.mark.parametrize("channel_id", [HELP_CHANNEL_ID, FORUM_ID])
async def test_a_channel_hidden_for_a_while_loses_nothing(wired: Wired, channel_id: int, refused: Refused) -> None:
    await settings(wired, help_channel_id=channel_id)
    await wired.asked()
    await wired.discord.hide(channel_id, refused)
    await wired.until_quiet()
    refusing = await wired.ask()
    await wired.until_quiet()
    await wired.app.use_cases.catching_up.after_gap()
    await wired.app.use_cases.following_up.wish_to_talk(1, ASKER)
    await wired.settle()

    assert say("ask.channel_hidden") in str(refusing.replies)
    assert say("asker.thread_gone") not in " ".join(texts(wired.discord.world.inbox(ASKER)))
    await wired.discord.hide(channel_id, None)
    await wired.until_quiet()
    await wired.settle()
    thread = wired.discord.world.threads[-1]
    assert any(say("thread.talk_wanted") in each for each in texts(wired.discord.world.messages[int(thread["id"])]))


async def test_an_outage_is_called_an_outage(wired: Wired) -> None:
    await wired.discord.outage()
    await wired.until_quiet()
    guild = wired.app.client.get_guild(GUILD_ID)
    assert guild is not None
    # As after a start in the middle of it.
    guild._channels.clear()
    asking = await wired.ask()
    await wired.until_quiet()
    assert say("ask.outage") in str(asking.replies)
    assert say("doctor.outage") in await doctor(wired)


@pytest.mark.parametrize("refused", [NOT_FOUND, FORBIDDEN], ids=str)
async def test_what_is_hidden_counts_as_not_looked_for(
    wired: Wired, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    messenger, sent = wired.app.use_cases.delivering.messenger, list[Letter[Any]]()
    send = messenger.send

    async def seen(letter: Letter[Any]) -> Sent:
        sent.append(letter)
        return await send(letter)

    monkeypatch.setattr(messenger, "send", seen)
    await wired.asked()
    (post,) = (each for each in sent if each.kind == "post")
    found = await messenger.find(post)
    assert found is not None

    await wired.discord.hide(HELP_CHANNEL_ID, refused)
    await wired.until_quiet()
    with pytest.raises(TryLater):
        await messenger.find(post)

    await wired.discord.hide(HELP_CHANNEL_ID, None)
    await wired.until_quiet()
    assert await messenger.find(post) == found
