"""The stand-in has to be as strict as Discord where the bot leans on it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from reliability.standin.refusals import Refused
from reliability.standin.server import StandIn, standing_in
from reliability.standin.world import (
    ARCHIVED,
    BOT_ID,
    FORUM_ID,
    HELP_CHANNEL_ID,
    MAILBOX_CLOSED,
    NONCE_LASTS,
    PRIVATE_THREAD,
    THREAD,
    THREAD_EXISTS,
    World,
)
from tests.fakes import ManualClock

PERSON = 5
BUTTON = {"type": 2, "custom_id": "question1:close:3", "label": "Close", "style": 2}
ROW = {"type": 1, "components": [BUTTON]}
SENT = {"content": "Hello", "nonce": "n1", "enforce_nonce": True}
POST = {"name": "A post", "message": {"content": "Words", "components": [ROW]}, "auto_archive_duration": 10_080}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(clock)


@pytest.fixture
async def discord(world: World) -> AsyncIterator[StandIn]:
    async with standing_in(world) as stand_in:
        yield stand_in


def test_a_nonce_finds_its_message_for_some_minutes_only(world: World, clock: ManualClock) -> None:
    first, is_new = world.write(HELP_CHANNEL_ID, SENT)
    again, is_new_again = world.write(HELP_CHANNEL_ID, SENT)
    clock.advance(NONCE_LASTS)
    late, is_new_late = world.write(HELP_CHANNEL_ID, SENT)

    assert (is_new, is_new_again, is_new_late) == (True, False, True)
    assert first is again
    assert late["id"] != first["id"]
    assert [each.nonce for each in world.written] == ["n1", "n1"]


def test_a_nonce_that_needn_t_be_enforced_finds_nothing(world: World) -> None:
    for _ in range(2):
        world.write(HELP_CHANNEL_ID, {"content": "Hello", "nonce": "n1"})
    assert len(world.messages[HELP_CHANNEL_ID]) == 2


def test_a_closed_mailbox_takes_nothing(world: World) -> None:
    world.closed_mailboxes.add(PERSON)
    channel = world.direct_channel(PERSON)
    with pytest.raises(Refused) as refused:
        world.write(int(channel["id"]), SENT)
    assert (refused.value.status, refused.value.code) == (403, MAILBOX_CLOSED)
    assert not world.written


def test_threads_are_public_where_a_message_or_a_forum_is_and_private_else(world: World) -> None:
    message, _ = world.write(HELP_CHANNEL_ID, SENT)
    from_message = world.open_thread(HELP_CHANNEL_ID, {"name": "One"}, int(message["id"]))
    alone = world.open_thread(HELP_CHANNEL_ID, {"name": "Two", "type": PRIVATE_THREAD})
    post = world.open_thread(FORUM_ID, POST)

    assert [each["type"] for each in (from_message, alone, post)] == [THREAD, PRIVATE_THREAD, THREAD]
    assert from_message["id"] == message["id"]
    assert post["message"]["id"] == post["id"]
    assert world.written[-1].custom_ids == ("question1:close:3",)
    assert world.written[-1].nonce is None
    with pytest.raises(Refused) as refused:
        world.open_thread(HELP_CHANNEL_ID, {"name": "Three"}, int(message["id"]))
    assert refused.value.code == THREAD_EXISTS


def test_an_idle_thread_is_archived_when_its_time_is_over(world: World, clock: ManualClock) -> None:
    post = world.open_thread(FORUM_ID, POST)
    clock.advance(timedelta(days=6))
    world.write(int(post["id"]), SENT)
    clock.advance(timedelta(days=6))
    assert not world.archive_idle()
    clock.advance(timedelta(days=1))
    assert [each["id"] for each in world.archive_idle()] == [post["id"]]
    assert not world.active_threads
    assert world.guild()["threads"] == []


async def test_a_message_opens_an_archived_thread_again(discord: StandIn) -> None:
    post = discord.world.open_thread(FORUM_ID, POST)
    thread_id = int(post["id"])
    discord.world.edit_thread(thread_id, {"archived": True})
    said = await discord.say(PERSON, thread_id)

    assert [each["id"] for each in discord.world.active_threads] == [post["id"]]
    assert said["content"] == ""
    assert discord.world.messages[thread_id][-1]["author"]["id"] == str(PERSON)
    assert len(discord.world.written) == 1


async def test_nothing_else_can_be_done_to_an_archived_thread(discord: StandIn) -> None:
    post = discord.world.open_thread(FORUM_ID, POST)
    discord.world.edit_thread(int(post["id"]), {"archived": True})
    place = f"{discord.url}/channels/{post['id']}"
    async with aiohttp.ClientSession() as bot:
        answers = [
            await bot.patch(f"{place}/messages/{post['id']}", json={"content": "Changed"}),
            await bot.put(f"{place}/thread-members/{PERSON}"),
        ]
        refusals = [(each.status, (await each.json())["code"]) for each in answers]
        opened = await bot.patch(place, json={"archived": False})
        added = await bot.put(f"{place}/thread-members/{PERSON}")

    assert refusals == [(400, ARCHIVED)] * 2
    assert (opened.status, added.status) == (200, 204)
    assert discord.world.members_added == {(int(post["id"]), PERSON)}


async def test_buttons_are_taken_off_the_message_that_was_pressed(discord: StandIn) -> None:
    message, _ = discord.world.write(HELP_CHANNEL_ID, SENT | {"components": [ROW]})
    pressed = await discord.press(PERSON, message, "question1:close:3")
    token, webhook = pressed.payload["token"], f"{discord.url}/webhooks/{BOT_ID}/{pressed.payload['token']}"
    async with aiohttp.ClientSession() as bot:
        await bot.post(f"{discord.url}/interactions/1/{token}/callback", json={"type": 6})
        await bot.patch(f"{webhook}/messages/@original", json={"components": []})
        answer = await bot.post(webhook, json={"content": "Closed.", "components": [ROW], "flags": 64})

    assert message["components"] == []
    assert discord.world.written[0].custom_ids == ("question1:close:3",)
    assert pressed.user_id == PERSON
    assert [each["content"] for each in pressed.replies] == ["Closed."]
    assert pressed.shown[0]["components"] == [ROW]
    assert answer.status == 200


async def test_a_form_is_shown_instead_of_a_message(discord: StandIn) -> None:
    message, _ = discord.world.write(HELP_CHANNEL_ID, SENT | {"components": [ROW]})
    pressed = await discord.press(PERSON, message, "question1:close:3")
    form = {"custom_id": "ask1:send:0", "title": "Ask", "components": []}
    async with aiohttp.ClientSession() as bot:
        callback = f"{discord.url}/interactions/1/{pressed.payload['token']}/callback"
        await bot.post(callback, json={"type": 9, "data": form})
        again = await bot.post(callback, json={"type": 6})

    assert pressed.form == form
    assert pressed.replied_at is not None
    assert not pressed.shown
    assert again.status == 400


async def test_a_call_it_has_no_answer_for_is_noted(discord: StandIn) -> None:
    async with aiohttp.ClientSession() as bot:
        answer = await bot.get(f"{discord.url}/guilds/1/emojis")
    assert answer.status == 404
    assert [each.path for each in discord.unknown_calls] == ["/guilds/1/emojis"]
    assert discord.underway == 0


async def test_a_file_that_is_no_text_is_taken_like_any_other(discord: StandIn) -> None:
    form = aiohttp.FormData({"payload_json": '{"content": "Hello"}'})
    form.add_field("files[0]", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", filename="draft.pdf", content_type="application/pdf")
    async with aiohttp.ClientSession() as bot:
        answer = await bot.post(f"{discord.url}/channels/{HELP_CHANNEL_ID}/messages", data=form)
        said = await answer.json()
    assert answer.status == 200
    assert [each["filename"] for each in said["attachments"]] == ["draft.pdf"]
