"""*I know someone*: a person who was asked names another, who is asked in their name."""

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, invitations, posts, said, shown
from tests.cogs.presses import PERSON, arrive, button, chosen, custom_id
from tests.cogs.scenes import TAKE, close_mailbox, duties, pings, said_in, with_press

KNOW, PICK = say("referral.button"), "referral1:pick"
ELSE = "Grant writing"
"""What a member offers that routing wouldn't ask."""


async def know(helper: MemberActor, invitation: discord.Message) -> ResponseMessage:
    """Press *I know someone*; return the select."""
    private = shown(await helper.user.click(invitation, label=KNOW))
    assert private.content == say("referral.ask")
    return private


async def name(helper: MemberActor, invitation: discord.Message, whom: UserHandle) -> InteractionResult:
    """Name someone."""
    private = await know(helper, invitation)
    answer: InteractionResult = await helper.user.select(private, [whom])
    return answer


async def test_whoever_is_named_is_asked_in_the_referrers_name(world: World) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)

    answer = await name(helper, invitation, named.user)

    assert said(answer) == say("referral.thanks")
    (theirs,) = invitations(named)
    assert say("invitation.referred", referrer=helper.mention) in theirs.content.splitlines()
    assert say("invitation.intro", asker=world.asker.mention) in theirs.content.splitlines()
    assert ELSE not in theirs.content
    assert "Thank you!" in said(await named.user.click(theirs, label=TAKE))


async def test_the_referrer_is_done_and_their_place_goes_on(world: World) -> None:
    helper, invitation = await world.waiting()
    named, other = await world.helper("nadia", ELSE), await world.helper("chen", STATEMENT)

    await name(helper, invitation, named.user)

    assert await duties(world, helper) == 0
    assert len(invitations(named)) == 1
    assert len(invitations(other)) == 1


async def test_until_somebody_is_named_the_invitation_stays(world: World) -> None:
    helper, invitation = await world.waiting()
    before = custom_ids(invitation.components)

    await know(helper, invitation)

    assert custom_ids(invitations(helper)[-1].components) == before
    assert await duties(world, helper) == 1
    assert "Thank you!" in said(await helper.user.click(invitations(helper)[-1], label=TAKE))


async def test_whoever_did_not_opt_in_is_asked_nothing_and_nobody_learns_it(world: World) -> None:
    helper, invitation = await world.waiting()
    stranger = world.join("stranger")

    answer = await name(helper, invitation, stranger.user)

    assert said(answer) == say("referral.thanks")
    assert not invitations(stranger)
    await world.fill_profile(stranger, ELSE)
    await world.pass_time(hours=1, minutes=1)
    assert len(invitations(stranger)) == 1


@pytest.mark.parametrize("is_by_asker", [True, False])
async def test_whoever_is_kept_away_is_not_asked_and_nobody_learns_it(world: World, *, is_by_asker: bool) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    who, whom = (world.asker, named) if is_by_asker else (named, world.asker)
    await who.slash(world.channel, "block", member=whom.user)

    answer = await name(helper, invitation, named.user)

    assert said(answer) == say("referral.thanks")
    assert not invitations(named)


async def test_the_asker_may_be_named_and_is_not_asked(world: World) -> None:
    await world.fill_profile(world.asker, ELSE)
    helper, invitation = await world.waiting()

    assert said(await name(helper, invitation, world.asker.user)) == say("referral.thanks")
    assert not invitations(world.asker)


async def test_oneself_is_refused_and_the_invitation_stays(world: World) -> None:
    helper, invitation = await world.waiting()
    private = await know(helper, invitation)

    answer = await helper.user.select(private, [helper.user])

    assert said(answer) == say("referral.yourself")
    assert await duties(world, helper) == 1
    assert invitations(helper)


async def test_after_taking_it_is_explained(world: World) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    private = await know(helper, invitation)
    await helper.user.click(invitation, label=TAKE)

    assert said(await helper.user.select(private, [named.user])) == say("invitation.taken_before")
    assert not invitations(named)


async def test_a_closed_question_needs_nobody_any_more(world: World) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    private = await know(helper, invitation)
    await world.asker.click(posts(world)[-1], label="Close this question")

    assert said(await helper.user.select(private, [named.user])) == say("request.over")
    assert not invitations(named)


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_naming_twice_is_naming_once(world: World, *, is_at_once: bool) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    private = await know(helper, invitation)
    press = custom_id(private, PICK)
    presses = [chosen(helper.user, private.message, press, named.id, kind=PERSON) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(each))[0] for each in presses]

    assert [said(answer) for answer in answers] == [say("referral.thanks")] * 2
    assert len(invitations(named)) == 1


async def test_pressing_twice_shows_the_select_twice(world: World) -> None:
    helper, invitation = await world.waiting()
    press = custom_id(invitation, "invitation1:know")

    answers = await arrive(*(button(helper.user, invitation, press) for _ in range(2)))

    assert [said(answer) for answer in answers] == [say("referral.ask")] * 2


async def test_nobody_names_somebody_in_another_one_s_name(world: World) -> None:
    _, invitation = await world.waiting()
    row = custom_id(invitation, "invitation1:know").rpartition(":")[2]
    stranger = world.join("stranger")

    (answer,) = await arrive(chosen(stranger, posts(world)[-1], f"{PICK}:{row}", world.moderator.id, kind=PERSON))
    (gone,) = await arrive(chosen(stranger, posts(world)[-1], f"{PICK}:999", world.moderator.id, kind=PERSON))

    assert said(answer) == say("invitation.not_yours")
    assert said(gone) == say("invitation.unknown")


async def test_a_stranger_who_presses_in_a_thread_is_told_at_once(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    await world.ask()
    stranger = world.join("stranger")

    answer = await stranger.click(with_press(world.thread, "invitation1:know"), label=KNOW)

    assert said(answer) == say("invitation.not_yours")
    assert not custom_ids(shown(answer).message.components)


@pytest.mark.parametrize(("way", "key"), [("taken", "invitation.taken_before"), ("closed", "request.over")])
async def test_where_nobody_is_to_be_named_any_more_it_is_said_at_once(world: World, way: str, key: str) -> None:
    helper, invitation = await world.waiting()
    press = button(helper.user, invitation, custom_id(invitation, "invitation1:know"))
    if way == "taken":
        await helper.user.click(invitation, label=TAKE)
    else:
        await world.asker.click(posts(world)[-1], label="Close this question")

    (answer,) = await arrive(press)

    assert said(answer) == say(key)


async def test_with_closed_direct_messages_both_are_asked_in_the_thread(world: World) -> None:
    helper, named = await world.helper("joaquim", STATEMENT), await world.helper("nadia", ELSE)
    close_mailbox(world, helper)
    close_mailbox(world, named)
    await world.ask()

    private = shown(await helper.click(with_press(world.thread, "invitation1:know"), label=KNOW))
    answer = await helper.select(private, [named])

    assert said(answer) == say("referral.thanks")
    last = with_press(world.thread, "invitation1:know")
    assert say("invitation.in_thread", helper=named.mention) in last.content
    assert say("invitation.referred", referrer=helper.mention) in last.content
    assert pings(world, last) == [named.id]
    assert len(said_in(world.thread)) == 2


async def test_after_a_restart_the_select_still_works(world: World) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    await world.restart()
    private = await know(helper, invitation)
    await world.restart()

    await helper.user.select(private, [named.user])

    assert len(invitations(named)) == 1


@pytest.mark.parametrize("is_select", [True, False])
async def test_the_press_is_lost_and_nothing_changed(world: World, *, is_select: bool) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    private = await know(helper, invitation)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    pressed = helper.user.select(private, [named.user]) if is_select else helper.user.click(invitation, label=KNOW)

    assert said(await pressed) == say("error.not_taken")
    assert not invitations(named)
    assert await duties(world, helper) == 1


async def test_the_database_is_down_and_nothing_is_lost(world: World) -> None:
    helper, invitation = await world.waiting()
    named = await world.helper("nadia", ELSE)
    private = await know(helper, invitation)
    await world.break_database()

    assert said(await helper.user.select(private, [named.user])) == say("error.database")
    assert custom_ids(private.message.components)
