"""Questions that were answered before: shown in private first, and never in the way."""

import pytest
from simcord.builders import ChannelHandle
from simcord.results import ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, inbox, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, filled
from tests.hashing import HashingEmbedder

POST, DROP = "Ask anyway", "This answers it"
OTHER = "Which optimiser do people use for small transformers, and why that one?"


async def solved(world: World, question: str = QUESTION, asker: str = "nadia") -> ChannelHandle:
    """Let someone ask and someone answer, with a language model there to see what is alike; return the thread."""
    await world.restart(HashingEmbedder())
    await world.ask(question, world.join(asker))
    thread = world.thread
    await world.join("passer_by").send(thread, "Look at the blank label first.")
    return thread


async def drafted(world: World) -> ResponseMessage:
    """Let the asker ask the same; return what only they see."""
    answer = await world.ask()
    assert said(answer).startswith((say("similar.intro"), say("similar.intro_one")))
    return shown(answer)


def presses(private: ResponseMessage) -> tuple[str, str]:
    """Return the custom_ids that drop and post."""
    drop, post = custom_ids(private.message.components)
    return drop, post


async def states(world: World) -> list[str]:
    """Return where the community's questions stand, oldest first."""
    async with world.app.database.engine.connect() as connection:
        return list((await connection.exec_driver_sql("SELECT state FROM request ORDER BY id")).scalars())


async def test_what_was_answered_before_is_shown_first_and_nothing_is_posted(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    thread = await solved(world)
    asked = len(invitations(helper))

    private = await drafted(world)

    where = f"https://discord.com/channels/{world.guild.id}/{thread.id}"
    assert private.content.splitlines() == [
        say("similar.intro_one"), f"- {where} \u2068{QUESTION}\u2069", say("similar.ask")
    ]  # fmt: skip
    assert len(posts(world)) == len(world.channel.threads) == 1
    assert len(invitations(helper)) == asked
    assert await states(world) == ["answered", "unposted"]


async def test_asking_anyway_posts_it(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await solved(world)
    private = await drafted(world)

    answer = await world.asker.click(private, label=POST)

    assert f"<#{world.thread.id}>" in said(answer)
    assert say("receipt.invited_one") in said(answer)
    assert [post.embeds[0].description for post in posts(world)] == [QUESTION] * 2
    assert len(invitations(helper)) == 2
    assert not custom_ids(private.message.components)


async def test_an_earlier_answer_is_enough(world: World) -> None:
    await solved(world)
    private = await drafted(world)

    answer = await world.asker.click(private, label=DROP)

    assert said(answer) == say("similar.dropped")
    assert len(posts(world)) == 1
    assert await states(world) == ["answered"]
    assert not custom_ids(private.message.components)


async def test_whatever_is_not_alike_is_posted_at_once(world: World) -> None:
    await solved(world)

    assert "Your question is here" in said(await world.ask(OTHER))


async def test_without_a_language_model_nothing_stands_in_the_way(world: World) -> None:
    await solved(world)
    await world.restart()

    assert "Your question is here" in said(await world.ask())


async def test_a_question_still_unanswered_is_not_shown(world: World) -> None:
    await world.restart(HashingEmbedder())
    await world.ask()

    assert "Your question is here" in said(await world.ask())


async def test_a_deleted_thread_is_not_shown(world: World) -> None:
    thread = await solved(world)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()

    assert "Your question is here" in said(await world.ask())


async def test_at_most_three_are_shown(world: World) -> None:
    await world.restart(HashingEmbedder())
    helper = world.join("passer_by")
    for number in range(4):
        await world.ask(f"{QUESTION} {'?' * number}", world.join(f"asker{number}"))
    for thread in world.channel.threads:
        await helper.send(thread, "Look at the blank label first.")

    assert (await drafted(world)).content.count("https://discord.com") == 3


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_posting_twice_is_posting_once(world: World, *, is_at_once: bool) -> None:
    await solved(world)
    private = await drafted(world)
    _, post = presses(private)
    twice = [button(world.asker, private.message, post) for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert all("Your question is" in said(answer) for answer in answers)
    assert len(posts(world)) == len(world.channel.threads) == 2
    assert await states(world) == ["answered", "waiting"]


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_dropping_twice_is_dropping_once(world: World, *, is_at_once: bool) -> None:
    await solved(world)
    private = await drafted(world)
    drop, _ = presses(private)
    twice = [button(world.asker, private.message, drop) for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert [said(answer) for answer in answers] == [say("similar.dropped")] * 2
    assert await states(world) == ["answered"]


@pytest.mark.parametrize("is_posted_first", [True, False])
async def test_both_buttons_at_once_do_one_of_both(world: World, *, is_posted_first: bool) -> None:
    await solved(world)
    private = await drafted(world)
    drop, post = (button(world.asker, private.message, each) for each in presses(private))

    answers = await arrive(*((post, drop) if is_posted_first else (drop, post)))

    heard = {said(answer) for answer in answers}
    if len(posts(world)) == 2:
        assert say("similar.posted") in heard
    else:
        assert heard == {say("similar.dropped"), say("request.unknown")}


async def test_a_form_that_arrives_twice_is_one_draft(world: World) -> None:
    await solved(world)
    sent = filled(world.asker, world.channel, "ask1:send:0", {"question": QUESTION}, kind="stuck", urgency="today")

    await arrive(sent, sent)

    assert await states(world) == ["answered", "unposted"]


@pytest.mark.parametrize("verb", ["drop", "post"])
async def test_somebody_elses_question_stays_theirs(world: World, verb: str) -> None:
    await solved(world)
    custom_id = presses(await drafted(world))[verb == "post"]

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], custom_id))

    assert said(answer) == say("similar.not_yours")
    assert await states(world) == ["answered", "unposted"]


async def test_a_question_nobody_wrote_is_no_longer_there(world: World) -> None:
    await solved(world)

    (posted,) = await arrive(button(world.asker, posts(world)[-1], "draft1:post:999"))
    (dropped,) = await arrive(button(world.asker, posts(world)[-1], "draft1:drop:999"))

    assert said(posted) == say("request.unknown")
    assert said(dropped) == say("similar.dropped")


@pytest.mark.parametrize(("label", "expected"), [(POST, ["answered", "waiting"]), (DROP, ["answered"])])
async def test_old_buttons_still_work(world: World, label: str, expected: list[str]) -> None:
    await solved(world)
    private = await drafted(world)

    await world.restart()
    await world.asker.click(private, label=label)

    assert await states(world) == expected
    assert len(posts(world)) == len(expected)


async def test_the_limit_holds_when_it_is_posted(world: World) -> None:
    await solved(world)
    private = await drafted(world)
    for _ in range(3):
        await world.ask(OTHER)
    places = " · ".join(f"<#{thread.id}>" for thread in world.channel.threads[1:])

    refused = await world.asker.click(private, label=POST)
    await world.asker.click(posts(world)[-1], label="Close this question")
    posted = await world.asker.click(private, label=POST)

    assert said(refused) == say("ask.limit", limit=3, threads=places)
    assert "Your question is here" in said(posted)


async def test_the_limit_holds_when_it_is_written(world: World) -> None:
    await solved(world)
    for _ in range(3):
        await world.ask(OTHER)

    assert "You already have 3 open questions" in said(await world.ask())
    assert "unposted" not in await states(world)


async def elsewhere(world: World) -> tuple[ChannelHandle, ResponseMessage]:
    """Let the asker ask in another channel than the one for help; return it, and what only they see."""
    other = world.guild.create_text_channel("general")
    opened = await world.asker.slash(other, "ask")
    answer = await world.asker.submit_modal(opened, ASKED)
    return other, shown(answer)


async def test_a_channel_that_vanished_in_between_keeps_the_question(world: World) -> None:
    await solved(world)
    other, private = await elsewhere(world)
    world.env.backend.delete_channel(world.channel.id)
    await world.env.settle()

    refused = await world.asker.click(private, label=POST)
    await world.moderator.slash(other, "setup", channel=other)
    posted = await world.asker.click(private, label=POST)

    assert said(refused) == say("ask.not_set_up")
    assert f"<#{other.threads[-1].id}>" in said(posted)


@pytest.mark.parametrize(
    ("denied", "key"), [("send_messages", "ask.channel_forbids"), ("view_channel", "ask.channel_hidden")]
)
async def test_a_permission_lost_in_between_keeps_the_question(world: World, denied: str, key: str) -> None:
    await solved(world)
    private = await drafted(world)
    world.deny(world.channel, denied)

    refused = await world.asker.click(private, label=POST)
    world.deny(world.channel)
    posted = await world.asker.click(private, label=POST)

    assert said(refused) == say(key, channel=f"<#{world.channel.id}>")
    assert "Your question is here" in said(posted)


async def test_after_a_day_it_is_forgotten(world: World) -> None:
    await solved(world)
    private = await drafted(world)
    await world.pass_time(hours=23)
    assert await states(world) == ["answered", "unposted"]

    await world.pass_time(hours=2)

    assert await states(world) == ["answered"]
    assert said(await world.asker.click(private, label=POST)) == say("request.unknown")
    assert said(await world.asker.click(private, label=DROP)) == say("similar.dropped")


@pytest.mark.parametrize("label", [POST, DROP])
async def test_the_database_is_down_and_nothing_is_lost(world: World, label: str) -> None:
    await solved(world)
    private = await drafted(world)
    await world.break_database()

    assert said(await world.asker.click(private, label=label)) == say("error.database")
    assert custom_ids(private.message.components)


@pytest.mark.parametrize("label", [POST, DROP])
async def test_the_press_is_lost_and_nothing_changed(world: World, label: str) -> None:
    await solved(world)
    private = await drafted(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.click(private, label=label)

    assert said(answer) == say("error.not_taken")
    assert await states(world) == ["answered", "unposted"]


async def test_a_receipt_that_is_lost_leaves_the_question_posted(world: World) -> None:
    await solved(world)
    private = await drafted(world)
    world.env.inject_error("POST", "/webhooks/*")

    answer = await world.asker.click(private, label=POST)

    assert said(answer) == say("error.not_shown")
    assert await states(world) == ["answered", "waiting"]


async def test_buttons_that_cannot_be_taken_off_do_no_harm(world: World) -> None:
    await solved(world)
    private = await drafted(world)
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=404, code=10008)

    await world.asker.click(private, label=POST)

    assert said(await world.asker.click(private, label=DROP)) == say("similar.posted")
    assert await states(world) == ["answered", "waiting"]


async def test_a_question_discord_refuses_follows_later(world: World) -> None:
    await solved(world)
    private = await drafted(world)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503)

    receipt = await world.asker.click(private, label=POST)

    assert f"on its way to <#{world.channel.id}>" in said(receipt)
    await world.pass_time(seconds=30)
    assert len(posts(world)) == len(world.channel.threads) == 2


async def test_with_closed_direct_messages_it_is_the_same(world: World) -> None:
    path = f"/channels/{world.asker.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    await solved(world)

    answer = await world.asker.click(await drafted(world), label=POST)

    assert "Your question is here" in said(answer)
    assert not inbox(world.asker)


async def test_earlier_words_are_shown_as_they_are_and_ping_nobody(world: World) -> None:
    question = "@everyone **why** does `CTC` loss explode, <@1>?\nIt did so twice."
    await solved(world, question)

    private = shown(await world.ask(question))

    assert inline(question) in private.content
    assert not private.message.mention_everyone
    assert not private.message.mentions


async def test_in_a_forum_it_leads_to_the_post(world: World) -> None:
    forum = world.guild.create_forum_channel("ask-here")
    await world.moderator.slash(world.channel, "setup", channel=forum)
    await world.restart(HashingEmbedder())
    await world.ask(QUESTION, world.join("nadia"))
    post = forum.threads[-1]
    await world.join("passer_by").send(post, "Look at the blank label first.")

    assert f"https://discord.com/channels/{world.guild.id}/{post.id} " in (await drafted(world)).content
