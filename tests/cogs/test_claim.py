"""What someone took: a kind reminder, given back by them or by the clock, and the offer of fifteen minutes."""

import discord
import pytest
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.scenes import (
    ANSWER,
    GIVE_BACK,
    TAKE,
    TALK,
    close_mailbox,
    duties,
    pings,
    said_in,
    state,
    taken,
)

GIVEN_BACK, DONE = say("claim.given_back"), say("talk.done")


def where(world: World) -> str:
    return render.link(world.guild.id, world.thread.id)


def nudges(world: World, helper: MemberActor) -> list[discord.Message]:
    """Return the reminders that someone got."""
    return [each for each in inbox(helper) if each.content == say("claim.nudge", thread=where(world))]


def offers(world: World, helper: MemberActor) -> int:
    """Count how often the thread says that someone offers fifteen minutes."""
    return said_in(world.thread).count(say("thread.talk_offered", helper=helper.mention))


def others_are_asked(world: World) -> list[str]:
    """Return what the asker reads about a claim that ended."""
    line = f"{say('asker.asking_others')}\n{where(world)}"
    return [each.content for each in inbox(world.asker) if each.content == line]


async def test_after_half_a_day_a_kind_reminder_comes_once(world: World) -> None:
    helper, _ = await taken(world)
    await world.pass_time(hours=11, minutes=50)
    assert not nudges(world, helper)

    await world.pass_time(minutes=20)
    await world.pass_time(hours=3)

    (nudge,) = nudges(world, helper)
    assert [each.rpartition(":")[0] for each in custom_ids(nudge.components)] == ["claim1:give_back", "question1:talk"]
    assert not others_are_asked(world)


async def test_whoever_answered_is_not_reminded(world: World) -> None:
    helper, _ = await taken(world)
    await helper.send(world.thread, ANSWER)

    await world.pass_time(hours=13)

    assert not nudges(world, helper)


async def test_a_reminder_waits_until_the_morning(world: World) -> None:
    helper, invitation = await world.waiting(clock="UTC 9-18")
    await helper.user.click(invitation, label=TAKE)
    await world.pass_time(hours=13)
    assert not nudges(world, helper)

    await world.pass_time(hours=10, minutes=30)

    assert len(nudges(world, helper)) == 1


async def test_giving_back_asks_others_and_tells_the_asker(world: World) -> None:
    helper, private = await taken(world)
    other = await world.helper("nadia", STATEMENT)

    answer = await helper.user.click(private, label=GIVE_BACK)

    assert said(answer) == GIVEN_BACK
    assert not custom_ids(private.message.components)
    assert await state(world) == "waiting"
    assert len(others_are_asked(world)) == 1
    assert invitations(other)
    assert await duties(world, helper) == 0
    await world.pass_time(hours=13)
    assert not nudges(world, helper)


async def test_giving_back_from_the_reminder(world: World) -> None:
    helper, _ = await taken(world)
    await world.pass_time(hours=13)
    await world.restart()

    answer = await helper.user.click(nudges(world, helper)[-1], label=GIVE_BACK)

    assert said(answer) == GIVEN_BACK
    assert not custom_ids(nudges(world, helper)[-1].components)
    assert await state(world) == "waiting"


async def test_while_somebody_else_has_it_too_the_asker_is_left_alone(world: World) -> None:
    helpers = [await world.helper(name, STATEMENT) for name in ("joaquim", "nadia")]
    await world.ask()
    first, _ = [shown(await each.user.click(invitations(each)[-1], label=TAKE)) for each in helpers]

    await helpers[0].user.click(first, label=GIVE_BACK)

    assert await state(world) == "taken"
    assert not others_are_asked(world)


async def test_after_a_day_it_goes_to_others_in_silence(world: World) -> None:
    helper, _ = await taken(world)
    other = await world.helper("nadia", STATEMENT)
    await world.pass_time(hours=13)
    before = len(inbox(helper))

    await world.pass_time(hours=12)
    await world.pass_time(minutes=20)

    assert await state(world) == "waiting"
    assert len(inbox(helper)) == before
    assert len(others_are_asked(world)) == 1
    assert invitations(other)
    assert await duties(world, helper) == 0
    assert helper.mention not in " ".join(said_in(world.thread)[1:])


async def test_what_was_released_may_be_answered_and_taken_again(world: World) -> None:
    helper, invitation = await world.waiting()
    take = custom_id(invitation, "invitation1:take")
    await helper.user.click(invitation, label=TAKE)
    await world.pass_time(hours=25)
    assert await state(world) == "waiting"

    (answer,) = await arrive(button(helper.user, invitation, take))

    assert "Thank you!" in said(answer)
    assert await duties(world, helper) == 1
    await world.pass_time(hours=13)
    assert len(nudges(world, helper)) == 2


async def test_taking_it_makes_nobody_else_unwelcome(world: World) -> None:
    await taken(world)

    await world.join("passer_by").send(world.thread, ANSWER)

    assert await state(world) == "answered"


async def test_giving_back_after_answering_changes_nothing(world: World) -> None:
    helper, private = await taken(world)
    await helper.send(world.thread, ANSWER)

    await helper.user.click(private, label=GIVE_BACK)

    assert await state(world) == "answered"
    assert not others_are_asked(world)


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("verb", ["claim1:give_back", "question1:talk"])
async def test_pressing_twice_is_pressing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    helper, private = await taken(world)
    presses = [button(helper.user, private.message, custom_id(private, verb)) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    is_talk = verb == "question1:talk"
    assert [said(answer) for answer in answers] == [DONE if is_talk else GIVEN_BACK] * 2
    assert len(others_are_asked(world)) == (not is_talk)
    assert offers(world, helper) == is_talk


async def test_an_offer_of_fifteen_minutes_is_said_in_the_thread(world: World) -> None:
    helper, private = await taken(world)

    answer = await helper.user.click(private, label=TALK)

    assert said(answer) == DONE
    assert offers(world, helper) == 1
    assert custom_ids(private.message.components), "giving it back is still possible"
    assert pings(world, world.thread.history()[-1]) == []


async def test_nobody_gives_back_for_somebody_else(world: World) -> None:
    _, private = await taken(world)

    (theirs,) = await arrive(button(world.moderator, posts(world)[-1], custom_id(private, "claim1:give_back")))
    (nobodys,) = await arrive(button(world.moderator, posts(world)[-1], "claim1:give_back:999"))

    assert said(theirs) == say("invitation.not_yours")
    assert said(nobodys) == say("invitation.unknown")
    assert await state(world) == "taken"


async def test_with_closed_direct_messages_there_is_no_reminder_in_public(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    await world.ask()
    await helper.click(world.thread.history()[-1], label=TAKE)
    before = said_in(world.thread)

    await world.pass_time(hours=13)

    assert said_in(world.thread) == before
    assert await duties(world, helper) == 1, "it is given back under /mine"
    await world.pass_time(hours=12)
    assert await state(world) == "waiting"


async def test_an_asker_with_closed_direct_messages_reads_it_in_the_thread(world: World) -> None:
    close_mailbox(world, world.asker)
    helper, private = await taken(world)

    await helper.user.click(private, label=GIVE_BACK)

    assert say("asker.asking_others") in said_in(world.thread)


@pytest.mark.parametrize("label", [GIVE_BACK, TALK])
async def test_after_a_restart_the_buttons_still_work(world: World, label: str) -> None:
    helper, private = await taken(world)
    await world.restart()

    assert said(await helper.user.click(private, label=label)) == (DONE if label == TALK else GIVEN_BACK)


@pytest.mark.parametrize("label", [GIVE_BACK, TALK])
async def test_the_press_is_lost_and_nothing_changed(world: World, label: str) -> None:
    helper, private = await taken(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await helper.user.click(private, label=label)

    assert said(answer) == say("error.not_taken")
    assert await state(world) == "taken"
    assert offers(world, helper) == 0


@pytest.mark.parametrize("label", [GIVE_BACK, TALK])
async def test_the_database_is_down_and_nothing_is_lost(world: World, label: str) -> None:
    helper, private = await taken(world)
    await world.break_database()

    assert said(await helper.user.click(private, label=label)) == say("error.database")
    assert custom_ids(private.message.components)


async def test_a_thread_that_is_gone_takes_no_offer(world: World) -> None:
    helper, private = await taken(world)
    world.env.backend.delete_channel(world.thread.id)
    await world.env.settle()

    assert said(await helper.user.click(private, label=TALK)) == say("request.over")
    assert said(await helper.user.click(private, label=GIVE_BACK)) == GIVEN_BACK


async def test_nobody_is_reminded_of_what_is_over(world: World) -> None:
    helper, _ = await taken(world)
    await world.asker.click(posts(world)[-1], label="Close this question")

    await world.pass_time(hours=13)
    await world.pass_time(hours=12)

    assert not nudges(world, helper)
    assert not inbox(world.asker)
