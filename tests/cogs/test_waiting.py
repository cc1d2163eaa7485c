"""Questions that no one takes for two days: their asker chooses what to do about it."""

import discord
import pytest

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, inbox, invitations, said
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.scenes import (
    close_mailbox,
    pings,
    said_in,
    state,
    untaken,
    with_press,
)

REPHRASE, MORE = say("choices.rephrase.button"), say("choices.more.button")
TALK, CLOSE = say("choices.talk.button"), say("choices.close.button")
CHOICES = ["question1:rephrase", "question1:more", "book1:question", "question1:close"]
OTHER = "Which optimiser do people use for small transformers, and why that one?"


def where(world: World) -> str:
    return render.link(world.guild.id, world.thread.id)


def presses(message: discord.Message) -> list[str]:
    return [each.rpartition(":")[0] for each in custom_ids(message.components)]


async def test_after_two_days_the_asker_chooses_what_to_do_once(world: World) -> None:
    message = await untaken(world)

    assert message.content == say("choices.intro", thread=where(world))
    assert presses(message) == CHOICES
    await world.pass_time(hours=24)
    await world.pass_time(hours=24)
    assert len([each for each in inbox(world.asker) if presses(each) == CHOICES]) == 1


async def test_rephrase_opens_the_form_with_the_words_and_takes_the_place(world: World) -> None:
    message, old = await untaken(world, tried="I looked at the blanks."), world.thread

    form = await world.asker.user.click(message, label=REPHRASE)

    assert form.modal is not None
    question, tried, *_ = (label["component"] for label in form.modal["components"])
    assert (question["value"], tried["value"]) == (QUESTION, "I looked at the blanks.")
    await world.restart()
    receipt = await world.asker.user.submit_modal(form, {**ASKED, "question": OTHER})
    assert render.link(world.guild.id, world.thread.id) in said(receipt)
    assert "<#" not in said(receipt), "in direct messages a mention may lead nowhere"
    assert said_in(old)[-1] == say("thread.rephrased")
    assert [await state(world, number) for number in (0, 1)] == ["closed", "waiting"]


async def test_more_people_are_asked_where_there_are_any(world: World) -> None:
    message = await untaken(world)
    none = await world.asker.user.click(message, label=MORE)
    helper = await world.helper("joaquim", STATEMENT)

    some = await world.asker.user.click(message, label=MORE)

    assert said(none) == say("choices.more_none")
    assert said(some) == say("choices.more_some")
    assert invitations(helper)
    assert presses(inbox(world.asker)[-1]) == CHOICES, "the other choices stay"


async def test_fifteen_minutes_begin_with_the_question_in_a_form(world: World) -> None:
    message = await untaken(world)

    answer = await world.asker.user.click(message, label=TALK)

    assert answer.modal is not None
    assert answer.modal["components"][0]["component"]["value"] == QUESTION
    assert said_in(world.thread) == []


async def test_an_older_button_still_wishes_for_fifteen_minutes_in_the_thread(world: World) -> None:
    message = await untaken(world)
    row = custom_id(message, "book1:question").rpartition(":")[2]

    answers = await arrive(*(button(world.asker.user, message, f"question1:talk:{row}") for _ in range(2)))

    assert {said(answer) for answer in answers} == {say("talk.done")}
    assert said_in(world.thread) == [say("thread.talk_wanted")]


async def test_closing_from_there(world: World) -> None:
    message = await untaken(world)

    answer = await world.asker.user.click(message, label=CLOSE)

    assert said(answer) == say("close.done")
    assert not custom_ids(inbox(world.asker)[-1].components)
    assert await state(world) == "closed"


async def test_whoever_took_it_meanwhile_makes_choices_needless(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.pass_time(hours=47)
    await arrive(button(helper.user, invitation, custom_id(invitation, "invitation1:take")))

    await world.pass_time(hours=2)

    assert not inbox(world.asker)


async def test_closed_direct_messages_are_asked_in_the_thread(world: World) -> None:
    close_mailbox(world, world.asker)
    await world.ask()
    await world.pass_time(hours=49)

    buttons = with_press(world.thread, "question1:more")
    assert buttons.content == say("choices.in_thread", asker=world.asker.mention)
    assert pings(world, buttons) == [world.asker.id]
    stranger = world.join("stranger")
    for label in (MORE, CLOSE, REPHRASE):
        assert said(await stranger.click(buttons, label=label)) in {
            say("request.not_yours"), say("close.not_yours"), say("similar.not_yours")
        }  # fmt: skip
    assert said(await world.asker.click(buttons, label=CLOSE)) == say("close.done")


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("verb", ["more", "close"])
async def test_choosing_twice_is_choosing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    message = await untaken(world)
    twice = [button(world.asker.user, message, custom_id(message, f"question1:{verb}")) for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert len({said(answer) for answer in answers}) == 1
    assert len(said_in(world.thread)) == (verb != "more")


@pytest.mark.parametrize("label", [REPHRASE, MORE, TALK, CLOSE])
async def test_the_press_is_lost_and_nothing_changed(world: World, label: str) -> None:
    message = await untaken(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.user.click(message, label=label)

    assert said(answer) == say("error.not_taken")
    assert await state(world) == "waiting"
    assert not said_in(world.thread)


@pytest.mark.parametrize("label", [REPHRASE, MORE, TALK, CLOSE])
async def test_the_database_is_down_and_nothing_is_lost(world: World, label: str) -> None:
    message = await untaken(world)
    await world.break_database()

    assert said(await world.asker.user.click(message, label=label)) == say("error.database")
    assert presses(inbox(world.asker)[-1]) == CHOICES
