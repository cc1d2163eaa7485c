"""*Not my topic*: a pass that tells which line was no good reason to ask, and the way back."""

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, invitations, posts, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.profiles import card, ids

OFF_TOPIC, BACK, TAKE = "Not my topic", "Take it back", "I'll take it"
DONE = say("invitation.off_topic.done", reason=f"\u2068{STATEMENT}\u2069")


def undo(answer: InteractionResult) -> ResponseMessage:
    """Return the private answer that has the button to take it back."""
    private = shown(answer)
    assert len(custom_ids(private.message.components)) == 1
    return private


async def is_lowered(world: World, helper: MemberActor) -> bool:
    """Tell whether the helper reads on their profile that a line counts less."""
    return say("profile.lowered") in (await card(world, helper)).content


async def test_the_line_counts_less_and_the_next_person_is_asked(world: World) -> None:
    helper, invitation = await world.waiting()
    other = await world.helper("nadia", "CTC loss, from labels to words")
    assert not await is_lowered(world, helper)

    answer = await helper.user.click(invitation, label=OFF_TOPIC)

    assert said(answer) == DONE
    assert await is_lowered(world, helper)
    assert not invitations(helper)
    assert invitations(other)
    assert not world.thread.history()


async def test_it_can_be_taken_back_right_there(world: World) -> None:
    helper, invitation = await world.waiting()
    answer = await helper.user.click(invitation, label=OFF_TOPIC)

    back = await helper.user.click(undo(answer), label=BACK)

    assert said(back) == say("invitation.on_topic.done")
    assert not await is_lowered(world, helper)


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_taking_it_back_twice_is_taking_it_back_once(world: World, *, is_at_once: bool) -> None:
    helper, invitation = await world.waiting()
    private = undo(await helper.user.click(invitation, label=OFF_TOPIC))
    presses = [button(helper.user, private.message, *custom_ids(private.message.components)) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert [said(answer) for answer in answers] == [say("invitation.on_topic.done")] * 2
    assert not await is_lowered(world, helper)


async def test_old_buttons_still_work(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.restart()
    private = undo(await helper.user.click(invitation, label=OFF_TOPIC))
    assert await is_lowered(world, helper)

    await world.restart()
    await helper.user.click(private, label=BACK)

    assert not await is_lowered(world, helper)


async def test_somebody_else_takes_nothing_back(world: World) -> None:
    helper, invitation = await world.waiting()
    private = undo(await helper.user.click(invitation, label=OFF_TOPIC))

    (answer,) = await arrive(button(world.asker, posts(world)[-1], *custom_ids(private.message.components)))

    assert said(answer) == say("invitation.not_yours")
    assert await is_lowered(world, helper)


async def test_taking_the_question_after_all_is_welcome(world: World) -> None:
    helper, invitation = await world.waiting()
    take, *_ = custom_ids(invitation.components)
    await helper.user.click(invitation, label=OFF_TOPIC)

    (answer,) = await arrive(button(helper.user, invitation, take))

    assert "Thank you!" in said(answer)
    assert not await is_lowered(world, helper)


async def test_after_taking_it_is_explained(world: World) -> None:
    helper, invitation = await world.waiting()
    (off_topic,) = (each for each in custom_ids(invitation.components) if "off_topic" in each)
    await helper.user.click(invitation, label=TAKE)

    (answer,) = await arrive(button(helper.user, invitation, off_topic))

    assert said(answer) == say("invitation.taken_before")
    assert not await is_lowered(world, helper)


async def test_a_line_deleted_meanwhile_makes_it_a_pass(world: World) -> None:
    helper, invitation = await world.waiting()
    mine = list((await ids(world, helper)).values())
    await helper.select(await card(world, helper), mine, custom_id="profile1:delete:0")

    answer = await helper.user.click(invitation, label=OFF_TOPIC)

    assert said(answer) == say("invitation.passed")
    assert custom_ids(shown(answer).message.components) == ["invitation1:take:1"]


async def test_in_a_thread_it_is_said_in_private(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    await world.ask()
    invitation = world.thread.history()[-1]

    answer = await helper.click(invitation, label=OFF_TOPIC)

    assert said(answer) == DONE
    assert not custom_ids(world.thread.history()[-1].components)
    assert await is_lowered(world, helper)
    assert said(await helper.click(undo(answer), label=BACK)) == say("invitation.on_topic.done")
    assert not await is_lowered(world, helper)


async def test_everybody_may_say_so_and_whoever_comes_next_is_asked(world: World) -> None:
    helpers = [await world.helper(f"helper{number}", STATEMENT) for number in range(4)]
    await world.ask()

    while asked := [helper for helper in helpers if invitations(helper)]:
        await asked[0].user.click(invitations(asked[0])[-1], label=OFF_TOPIC)

    assert [await is_lowered(world, helper) for helper in helpers] == [True] * 4
    newcomer = await world.helper("late", STATEMENT)
    await world.pass_time(hours=1, minutes=1)
    assert invitations(newcomer)


async def test_the_press_is_lost_and_nothing_changed(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await helper.user.click(invitation, label=OFF_TOPIC)

    assert said(answer) == say("error.not_taken")
    assert invitations(helper)
    assert not await is_lowered(world, helper)


async def test_an_answer_discord_loses_leaves_what_was_said(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", "/webhooks/*")

    answer = await helper.user.click(invitation, label=OFF_TOPIC)

    assert said(answer) == say("error.not_shown")
    assert await is_lowered(world, helper)


async def test_without_a_database_nothing_is_taken_back(world: World) -> None:
    helper, invitation = await world.waiting()
    private = undo(await helper.user.click(invitation, label=OFF_TOPIC))
    await world.break_database()

    assert said(await helper.user.click(private, label=BACK)) == say("error.database")
