"""Questions that no one answers for a week are put away with the reason said, never locked, and opened again."""

import pytest
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, posts, said
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.scenes import (
    ANSWER,
    close_mailbox,
    is_archived,
    put_away,
    said_in,
    state,
    told,
    with_press,
)

REOPEN = say("reopen.button")
OTHER = "Which optimiser do people use for small transformers, and why that one?"


async def write(world: World, actor: MemberActor, words: str) -> None:
    """Write into a thread that was put away, which Discord opens by that."""
    world.env.backend.edit_channel(world.thread.id, {}, thread_metadata={"archived": False})
    await actor.send(world.thread, words)


async def test_after_a_week_it_is_put_away_with_the_reason_and_never_locked(world: World) -> None:
    message = await put_away(world)

    assert message.content == say("thread.archived")
    assert [each.rpartition(":")[0] for each in custom_ids(message.components)] == ["question1:reopen"]
    assert is_archived(world.thread)
    assert await state(world) == "archived"
    assert not world.channel.history()[-1].content.startswith(say("digest.intro"))


async def test_put_away_once(world: World) -> None:
    await put_away(world)

    await world.pass_time(days=2)

    assert said_in(world.thread) == [say("thread.archived")]


@pytest.mark.parametrize("who", ["asker", "moderator", "stranger"])
async def test_the_button_opens_it_again_whoever_presses(world: World, who: str) -> None:
    message = await put_away(world)
    helper = await world.helper("joaquim", STATEMENT)
    actor = world.join("stranger") if who == "stranger" else getattr(world, who)

    answer = await actor.click(message, label=REOPEN)

    assert said(answer) == say("reopen.done")
    assert said_in(world.thread)[-1] == say("thread.reopened"), "what is said in a thread opens it on Discord as well"
    assert not custom_ids(world.thread.history()[0].components)
    assert await state(world) == "waiting"
    assert invitations(helper)


async def test_a_reply_of_the_asker_opens_it_again(world: World) -> None:
    await put_away(world)

    await write(world, world.asker, "I still wonder about this.")

    assert said_in(world.thread)[-1] == say("thread.reopened")
    assert await state(world) == "waiting"


async def test_an_answer_is_an_answer(world: World) -> None:
    await put_away(world)

    await write(world, world.join("passer_by"), ANSWER)

    assert await state(world) == "answered"
    assert "Someone answered" in told(world.asker, "outcome1:helped").content


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_opening_twice_is_opening_once(world: World, *, is_at_once: bool) -> None:
    message = await put_away(world)
    twice = [button(world.asker, message, custom_id(message, "question1:reopen")) for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert [said(answer) for answer in answers] == [say("reopen.done")] * 2
    assert said_in(world.thread).count(say("thread.reopened")) == 1


async def test_opened_again_it_waits_anew(world: World) -> None:
    message = await put_away(world)
    await world.asker.click(message, label=REOPEN)

    await world.pass_time(hours=49)
    choices = inbox(world.asker)[-1]
    await world.pass_time(days=6)

    assert choices.content.startswith(say("choices.intro", thread="")[:40])
    assert said_in(world.thread).count(say("thread.archived")) == 2


async def test_the_limit_holds_when_it_is_opened(world: World) -> None:
    message, thread = await put_away(world), world.thread
    for _ in range(3):
        await world.ask(OTHER)
    places = " · ".join(f"<#{each.id}>" for each in world.channel.threads[1:])

    refused = await world.asker.click(message, label=REOPEN)
    await world.asker.click(posts(world)[-1], label="Close this question")
    again = await world.asker.click(message, label=REOPEN)

    assert said(refused) == say("ask.limit", limit=3, threads=places)
    assert said(again) == say("reopen.done")
    assert said_in(thread)[-1] == say("thread.reopened")


async def test_a_question_in_a_forum_is_put_away_too(world: World) -> None:
    forum = world.guild.create_forum_channel("ask-here")
    await world.moderator.slash(world.channel, "setup", channel=forum)
    await world.ask()

    await world.pass_time(days=7, hours=1)

    post = forum.threads[-1]
    assert is_archived(post)
    assert not is_archived(forum.threads[0]), "the panel's post stays"
    assert said(await world.asker.click(with_press(post, "question1:reopen"), label=REOPEN)) == say("reopen.done")


async def test_a_thread_discord_will_not_archive_is_archived_later_and_said_once(world: World) -> None:
    world.env.inject_error("PATCH", "/channels/*", status=503)
    await put_away(world)
    assert not is_archived(world.thread)

    await world.pass_time(minutes=5)

    assert is_archived(world.thread)
    assert said_in(world.thread) == [say("thread.archived")]


@pytest.mark.parametrize("is_restarted", [True, False])
async def test_an_old_button_still_opens_it(world: World, *, is_restarted: bool) -> None:
    message = await put_away(world)
    if is_restarted:
        await world.restart()
    else:
        world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.click(message, label=REOPEN)

    assert said(answer) == say("reopen.done") if is_restarted else said(answer) == say("error.not_taken")
    assert await state(world) == ("waiting" if is_restarted else "archived")


async def test_without_a_database_it_is_not_opened(world: World) -> None:
    message = await put_away(world)
    await world.break_database()

    assert said(await world.asker.click(message, label=REOPEN)) == say("error.database")


async def test_with_closed_direct_messages_it_is_put_away_the_same(world: World) -> None:
    close_mailbox(world, world.asker)

    message = await put_away(world)

    assert is_archived(world.thread)
    assert said(await world.asker.click(message, label=REOPEN)) == say("reopen.done")


@pytest.mark.parametrize("who", ["asker", "helper"])
async def test_what_was_written_while_the_bot_was_away_opens_it(world: World, who: str) -> None:
    await put_away(world)
    writer = world.asker if who == "asker" else world.join("passer_by")
    world.env.backend.subscribers.clear()
    await world.env.advance_time(60)
    await write(world, writer, ANSWER)

    await world.restart()

    assert await state(world) == ("waiting" if who == "asker" else "answered")
