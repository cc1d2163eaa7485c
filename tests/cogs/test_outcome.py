from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, posts, said
from tests.cogs.presses import arrive, button
from tests.cogs.scenes import state
from tests.counted import count

YEAR = timedelta(days=365)
HELPED, PARTLY, NOT_YET, CLOSE = "It helped", "Partly", "Not yet", "Close this question"


def asked_how_it_went(actor: MemberActor) -> list[discord.Message]:
    """Return the messages that asked someone how it went, oldest first."""
    return [message for message in inbox(actor) if "Someone answered" in message.content]


async def figure(world: World, name: str) -> str:
    """Return a figure of what the facts say: `/stats` doesn't show the running week, nor a few people."""
    now = world.env.now()
    found = await count(world.app.database, "question", now - YEAR, now + YEAR, world.guild.id)
    return str(getattr(found, name))


@pytest.mark.parametrize(("label", "key"), [(HELPED, "outcome.helped"), (PARTLY, "outcome.partly")])
async def test_the_asker_says_how_it_went(world: World, label: str, key: str) -> None:
    _, buttons = await world.answered()

    answer = await world.asker.user.click(buttons, label=label)

    assert said(answer) == say(key)
    assert not custom_ids(inbox(world.asker)[-1].components)
    assert await figure(world, "answered") == "1"
    assert await figure(world, "open") == "0"


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("verb", ["helped", "not_yet"])
async def test_pressing_twice_is_pressing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    _, buttons = await world.answered()
    (custom_id,) = (each for each in custom_ids(buttons.components) if verb in each)
    presses = [button(world.asker.user, buttons, custom_id) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert len({said(answer) for answer in answers}) == 1
    async with world.app.database.read() as work:
        question = await work.requests.find_in_thread(world.thread.id)
        assert question is not None
        (part,) = await work.help_interactions.of(question.id)
    assert part.outcome == verb
    assert await figure(world, "helped") == str(int(verb == "helped"))


async def test_not_yet_asks_others_and_no_earlier_helper(world: World) -> None:
    earlier, buttons = await world.answered()
    others = [await world.helper(f"other{number}", STATEMENT) for number in range(2)]

    answer = await world.asker.user.click(buttons, label=NOT_YET)

    assert said(answer) == say("outcome.not_yet_some")
    assert all(len(invitations(other)) == 1 for other in others)
    assert len(invitations(earlier)) == 1
    await others[0].send(world.thread, "Is the blank in your alphabet?")
    assert len(asked_how_it_went(world.asker)) == 2


async def test_not_yet_with_nobody_left(world: World) -> None:
    _, buttons = await world.answered()

    answer = await world.asker.user.click(buttons, label=NOT_YET)

    assert said(answer) == say("outcome.not_yet_none")
    assert custom_ids(inbox(world.asker)[-1].components)


async def test_not_yet_leaves_out_who_answered_unasked(world: World) -> None:
    await world.ask()
    passer_by = world.join("passer_by")
    await passer_by.send(world.thread, "Maybe the labels?")
    await world.fill_profile(passer_by, STATEMENT)

    answer = await world.asker.user.click(asked_how_it_went(world.asker)[-1], label=NOT_YET)

    assert said(answer) == say("outcome.not_yet_none")
    assert not invitations(passer_by)


async def test_minds_may_change_until_it_is_settled(world: World) -> None:
    _, buttons = await world.answered()
    await world.asker.user.click(buttons, label=NOT_YET)

    answer = await world.asker.user.click(asked_how_it_went(world.asker)[-1], label=HELPED)

    assert said(answer) == say("outcome.helped")
    assert await figure(world, "helped") == "1"


async def test_only_other_people_answer(world: World) -> None:
    await world.waiting()
    hook = world.guild.create_webhook(world.thread, "news")
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))

    await world.asker.send(world.thread, "I forgot: it is a streaming model.")
    await robot.send(world.thread, "Beep.")
    await hook.send("A new paper on CTC.")

    assert not asked_how_it_went(world.asker)


async def test_only_the_first_answer_asks_how_it_went(world: World) -> None:
    helper, _ = await world.answered()

    await helper.send(world.thread, "And then the learning rate.")
    await world.join("second").send(world.thread, "I agree.")

    assert len(asked_how_it_went(world.asker)) == 1
    assert await figure(world, "answered") == "1"


async def test_answers_at_the_same_moment_ask_once(world: World) -> None:
    await world.waiting()
    backend = world.env.backend
    for number in range(4):
        person = world.join(f"person{number}")
        backend.create_message(world.thread.id, person.id, "Look at the labels.")
    await world.env.settle()

    assert len(asked_how_it_went(world.asker)) == 1


async def test_words_elsewhere_are_no_answer(world: World) -> None:
    helper, _ = await world.waiting()

    await helper.send(world.channel, "Hello everybody")

    assert not asked_how_it_went(world.asker)


async def test_nobody_else_says_how_it_went(world: World) -> None:
    _, buttons = await world.answered()
    helped, *_ = custom_ids(buttons.components)

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], helped))

    assert said(answer) == say("outcome.not_yours")


async def test_closed_direct_messages_are_asked_in_the_thread(world: World) -> None:
    helper, _ = await world.waiting()
    path = f"/channels/{world.asker.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)

    await helper.send(world.thread, "Look at the blank label first.")

    buttons = world.thread.history()[-1]
    assert buttons.content == say("outcome.in_thread", asker=world.asker.mention)
    assert [user.id for user in buttons.mentions] == [world.asker.id]
    assert said(await helper.click(buttons, label=HELPED)) == say("outcome.not_yours")
    assert said(await world.asker.click(buttons, label=HELPED)) == say("outcome.helped")


async def test_a_helper_who_left_helped_all_the_same(world: World) -> None:
    helper, buttons = await world.answered()
    world.guild.remove_member(helper)

    assert said(await world.asker.user.click(buttons, label=HELPED)) == say("outcome.helped")
    assert await figure(world, "helped") == "1"


async def test_what_an_asker_who_left_says_changes_nothing(world: World) -> None:
    _, buttons = await world.answered()
    world.guild.remove_member(world.asker)

    assert said(await world.asker.user.click(buttons, label=PARTLY)) == say("belonging.gone")
    assert await state(world) == "answered"


async def test_the_press_is_lost_and_nothing_changed(world: World) -> None:
    _, buttons = await world.answered()
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.user.click(buttons, label=HELPED)

    assert said(answer) == say("error.not_taken")
    assert await figure(world, "helped") == "0"


async def test_a_question_is_closed(world: World) -> None:
    helper, invitation = await world.waiting()

    answer = await world.asker.click(posts(world)[-1], label=CLOSE)

    assert said(answer) == say("close.done")
    assert world.thread.history()[-1].content == say("thread.closed_by_asker")
    assert not custom_ids(posts(world)[-1].components)
    assert said(await helper.user.click(invitation, label="I'll take it")) == say("request.over")
    assert not inbox(world.asker)


@pytest.mark.parametrize("visibility", ["public", "anonymous"])
@pytest.mark.parametrize("words", ["", "This fits better in *careers*."])
async def test_a_moderator_confirms_and_the_asker_is_told(world: World, visibility: str, words: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask(visibility=[visibility])
    invitation = invitations(helper)[-1]

    form = await world.moderator.click(posts(world)[-1], label=CLOSE)
    assert await state(world) == "waiting"
    answer = await world.moderator.submit_modal(form, {"words": words})

    assert said(answer) == say("close.done_for")
    assert world.thread.history()[-1].content == say("thread.closed_by_moderator")
    told = say("asker.closed_because", reason=inline(words)) if words else say("asker.closed")
    assert inbox(world.asker)[-1].content.startswith(told)
    assert not custom_ids(inbox(world.asker)[-1].components), "a moderator's close lets nothing more be said"
    assert not custom_ids(posts(world)[-1].components)
    assert said(await helper.user.click(invitation, label="I'll take it")) == say("request.over")


async def test_a_moderators_own_question_closes_at_once(world: World) -> None:
    await world.ask(actor=world.moderator)

    answer = await world.moderator.click(posts(world)[-1], label=CLOSE)

    assert said(answer) == say("close.done")
    assert not inbox(world.moderator)


async def test_nobody_else_closes_a_question(world: World) -> None:
    helper, _ = await world.waiting()

    answer = await helper.click(posts(world)[-1], label=CLOSE)

    assert said(answer) == say("close.not_yours")
    assert custom_ids(posts(world)[-1].components)


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_closing_twice_is_closing_once(world: World, *, is_at_once: bool) -> None:
    await world.waiting()
    post = posts(world)[-1]
    presses = [button(world.asker, post, *custom_ids(post.components)) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert [said(answer) for answer in answers] == [say("close.done")] * 2
    assert len(world.thread.history()) == 1


@pytest.mark.parametrize("custom_id", ["question1:close:999", "outcome1:helped:999"])
async def test_a_question_nobody_asked_is_no_longer_there(world: World, custom_id: str) -> None:
    await world.ask()

    (answer,) = await arrive(button(world.asker, posts(world)[-1], custom_id))

    assert said(answer) == say("request.unknown")


async def test_a_settled_question_stays_settled(world: World) -> None:
    _, buttons = await world.answered()
    post = posts(world)[-1]
    await world.asker.user.click(buttons, label=HELPED)

    (answer,) = await arrive(button(world.asker, post, *custom_ids(post.components)))
    assert said(answer) == say("request.over")


async def test_how_it_went_after_closing(world: World) -> None:
    _, buttons = await world.answered()
    await world.asker.click(posts(world)[-1], label=CLOSE)

    assert said(await world.asker.user.click(buttons, label=HELPED)) == say("request.over")


async def test_an_answer_after_closing_asks_nothing(world: World) -> None:
    helper, _ = await world.waiting()
    await world.asker.click(posts(world)[-1], label=CLOSE)

    await helper.send(world.thread, "Too late, but: the blank label.")

    assert not asked_how_it_went(world.asker)


async def test_a_deleted_thread_closes_the_question(world: World) -> None:
    helper, invitation = await world.waiting()

    world.env.backend.delete_channel(world.thread.id)
    await world.env.settle()

    assert said(await helper.user.click(invitation, label="I'll take it")) == say("request.over")
    assert await figure(world, "open") == "0"


def reminders(actor: MemberActor) -> list[discord.Message]:
    """Return the messages that asked someone once more how it went."""
    beginning = say("outcome.again", thread="").rstrip()
    return [message for message in inbox(actor) if message.content.startswith(beginning)]


async def test_after_a_day_the_asker_is_asked_once_more_and_once_only(world: World) -> None:
    helper, _ = await world.answered()
    await world.pass_time(hours=23)
    assert not reminders(world.asker)

    await world.pass_time(hours=2)
    await helper.send(world.thread, "And then the learning rate.")
    await world.pass_time(days=2)

    (reminder,) = reminders(world.asker)
    assert say("outcome.ask") in reminder.content
    await world.restart()
    assert said(await world.asker.user.click(reminder, label=HELPED)) == say("outcome.helped")


@pytest.mark.parametrize("label", [HELPED, PARTLY, NOT_YET])
async def test_whoever_has_said_it_is_not_asked_again(world: World, label: str) -> None:
    _, buttons = await world.answered()
    await world.asker.user.click(buttons, label=label)

    await world.pass_time(hours=25)

    assert not reminders(world.asker)


async def test_nobody_is_reminded_of_a_closed_question(world: World) -> None:
    await world.answered()
    await world.asker.click(posts(world)[-1], label=CLOSE)

    await world.pass_time(hours=25)

    assert not reminders(world.asker)


async def test_with_closed_direct_messages_the_reminder_is_in_the_thread(world: World) -> None:
    helper, _ = await world.waiting()
    path = f"/channels/{world.asker.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    await helper.send(world.thread, "Look at the blank label first.")

    await world.pass_time(hours=25)

    said_there = [message.content for message in world.thread.history()]
    assert said_there.count(say("outcome.in_thread", asker=world.asker.mention)) == 2
