"""Why someone was asked: `/why` and *Why me?*, for them alone."""

import pytest
from simcord.actors import MemberActor

from bot.domain.policy import VERSION
from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import QUESTION, STATEMENT, World, invitations, posts, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.profiles import card, ids

WHY, PASS, OFF_TOPIC = "Why me?", "Pass", "Not my topic"
REASON = say("why.reason", reason=f"\u2068{STATEMENT}\u2069")
HEADING = "Why I asked you"


async def why(world: World, actor: MemberActor) -> str:
    """Return what `/why` tells someone."""
    return said(await actor.slash(world.channel, "why"))


async def in_thread(world: World) -> MemberActor:
    """Ask someone whose direct messages are closed, so in the thread."""
    helper = await world.helper("joaquim", STATEMENT)
    path = f"/channels/{helper.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)
    await world.ask()
    return helper


async def test_whoever_was_never_asked_reads_so(world: World) -> None:
    await world.waiting()

    assert await why(world, world.asker) == say("why.never")
    assert await why(world, world.join("stranger")) == say("why.never")


async def test_it_works_before_anything_is_set_up(fresh: World) -> None:
    assert await why(fresh, fresh.asker) == say("why.never")


async def test_the_command_tells_the_line_and_the_components_and_a_button_the_figures(world: World) -> None:
    helper, _ = await world.waiting()
    await world.helper("nadia", "Grant writing")

    answer = shown(await helper.slash(world.channel, "why"))
    heading, *lines = answer.content.splitlines()
    numbers = said(await helper.click(answer, label=say("why.figures.button")))

    assert heading.startswith(f"**{HEADING}**")
    assert heading.endswith(f"https://discord.com/channels/{world.guild.id}/{world.thread.id}")
    assert lines == [f"- {each}" for each in (REASON, say("why.habit.middling"), say("why.rested"))]
    figures = say("why.numbers", expertise="1.00", availability="1.00", freshness="1.00", wave=1, version=VERSION)
    assert numbers.splitlines() == [heading, f"- {figures}"]


async def test_where_people_differ_it_says_how(world: World) -> None:
    await world.helper("nadia", "Grant writing")
    helper, _ = await world.waiting()

    assert f"- {say('why.words.many')}" in (await why(world, helper)).splitlines()


async def test_the_button_tells_the_same_and_leaves_the_invitation_as_it_is(world: World) -> None:
    helper, invitation = await world.waiting()
    before = custom_ids(invitation.components)

    answer = await helper.user.click(invitation, label=WHY)

    assert said(answer) == await why(world, helper)
    assert "×" in said(await helper.user.click(shown(answer), label=say("why.figures.button")))
    assert custom_ids(invitations(helper)[-1].components) == before
    assert "Thank you!" in said(await helper.user.click(invitations(helper)[-1], label="I'll take it"))


async def test_in_a_thread_it_is_told_to_the_person_asked_alone(world: World) -> None:
    helper = await in_thread(world)
    invitation = world.thread.history()[-1]
    before = len(world.thread.history())

    for somebody_else in (world.asker, world.moderator):
        assert said(await somebody_else.click(invitation, label=WHY)) == say("why.not_yours")
    answer = await helper.click(invitation, label=WHY)

    assert REASON in said(answer)
    assert len([message for message in world.thread.history() if not message.flags.ephemeral]) == before


async def test_nobody_learns_why_somebody_else_was_asked(world: World) -> None:
    _, invitation = await world.waiting()
    *_, custom_id = custom_ids(invitation.components)

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], custom_id))

    assert said(answer) == say("why.not_yours")


async def test_a_line_deleted_meanwhile_is_said_to_be_gone(world: World) -> None:
    helper, invitation = await world.waiting()
    mine = list((await ids(world, helper)).values())
    await helper.select(await card(world, helper), mine, custom_id="profile1:delete:0")

    answer = await helper.user.click(invitation, label=WHY)

    assert say("why.no_reason") in said(answer)
    assert STATEMENT not in said(answer)
    assert await why(world, helper) == said(answer)


@pytest.mark.parametrize("label", [PASS, OFF_TOPIC])
async def test_it_is_told_after_the_decision_too(world: World, label: str) -> None:
    helper, invitation = await world.waiting()
    *_, custom_id = custom_ids(invitation.components)
    before = await why(world, helper)
    await helper.user.click(invitation, label=label)

    (answer,) = await arrive(button(helper.user, invitation, custom_id))

    assert said(answer) == await why(world, helper) == before


async def test_it_is_told_when_the_question_is_over_and_its_thread_is_gone(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.backend.delete_channel(world.thread.id)
    await world.env.settle()

    answer = await helper.user.click(invitation, label=WHY)

    assert REASON in said(answer)
    assert "None" not in said(answer)


async def test_a_question_still_on_its_way_is_told_by_its_words(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503)
    await world.ask()

    heading, *_ = (await why(world, helper)).splitlines()

    assert QUESTION[:60] in heading
    assert "discord.com" not in heading


async def test_the_last_three_are_told_newest_first(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    for number in range(3):
        await world.ask(f"Which CTC loss is right for forced alignment, number {number}?", world.join(f"asker{number}"))
    await world.env.advance_time(25 * 60 * 60)
    await world.ask("Which CTC loss is right for forced alignment, number 3?", world.join("asker3"))

    told = await why(world, helper)

    assert told.count(HEADING) == 3
    places = [told.index(f"/{thread.id}") for thread in world.channel.threads[:0:-1]]
    assert places == sorted(places)
    assert f"/{world.channel.threads[0].id}" not in told
    assert say("why.asked_before") in told


async def test_asking_twice_at_once_tells_it_twice(world: World) -> None:
    helper, invitation = await world.waiting()
    *_, custom_id = custom_ids(invitation.components)

    answers = await arrive(*(button(helper.user, invitation, custom_id) for _ in range(2)))

    assert {said(answer) for answer in answers} == {await why(world, helper)}


async def test_an_old_button_still_works(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.restart()

    assert REASON in said(await helper.user.click(invitation, label=WHY))
    assert REASON in await why(world, helper)


async def test_a_helper_who_left_learns_nothing_any_more(world: World) -> None:
    helper, invitation = await world.waiting()
    world.guild.remove_member(helper)

    assert said(await helper.user.click(invitation, label=WHY)) == say("belonging.gone")


async def test_it_belongs_to_one_community(world: World) -> None:
    helper, _ = await world.waiting()
    elsewhere = world.env.create_guild("Elsewhere")
    channel, there = elsewhere.create_text_channel("general"), elsewhere.add_member(helper.user)

    assert said(await there.slash(channel, "why")) == say("why.never")
    assert "why" not in helper.user.available_commands()


async def test_own_words_are_told_as_they_are_and_ping_nobody(world: World) -> None:
    helper, _ = await world.waiting()
    await world.fill_profile(helper, f"{STATEMENT} **@everyone** <@1>")
    await world.ask(actor=world.join("nadia"))

    private = shown(await helper.slash(world.channel, "why"))

    assert inline(f"{STATEMENT} **@everyone** <@1>") in private.content
    assert not private.message.mention_everyone
    assert not private.message.mentions


async def test_an_answer_discord_loses_is_said(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", "/webhooks/*")
    lost = await helper.user.click(invitation, label=WHY)
    world.env.inject_error("POST", "/interactions/*/*/callback")
    unheard = await helper.user.click(invitation, label=WHY)

    assert said(lost) == say("error.not_shown")
    assert said(unheard) == say("error.not_taken")
    assert invitations(helper)


async def test_the_command_that_discord_loses_is_said(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback")

    assert await why(world, world.asker) == say("error.not_taken")
    assert len(world.env.errors) == 1


async def test_the_database_is_down_and_it_is_said(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.break_database()

    assert said(await helper.user.click(invitation, label=WHY)) == say("error.database")
    assert await why(world, helper) == say("error.database")
    assert len(world.env.errors) == 1
