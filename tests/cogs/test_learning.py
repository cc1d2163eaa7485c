"""Learning from help: switched on and off, listed, deleted and forgotten, all on one's own profile."""

import pytest
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui.written import inline
from tests.cogs.conftest import QUESTION, STATEMENT, World, invitations, said, shown
from tests.cogs.presses import PRESS, Sent, arrive, button
from tests.cogs.profiles import card, form, ids, kept

LEARN, STOP, FORGET = "Learn from my help", "Stop learning", "Forget what you learned"
DELETE_LEARNED, SELECT = "profile1:delete_learned:0", 3
ON, OFF = say("profile.learns_on"), say("profile.learns_off")
LEARNED_LINE = f"- {inline(QUESTION)} {say('profile.learned')}"


async def learner(world: World, statements: str = "Grant writing") -> MemberActor:
    """Let someone in who offers something else, and wants to be learned from."""
    helper = await world.helper("joaquim", statements)
    await helper.click(await card(world, helper), label=LEARN)
    return helper


async def answered(world: World, helper: MemberActor, question: str = QUESTION) -> None:
    """Let someone ask, and the helper answer without having been asked."""
    await world.ask(question)
    await helper.send(world.thread, "Look at the blank label first.")


async def test_it_is_off_until_somebody_switches_it_on(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    before = await card(world, helper)

    on = shown(await helper.click(before, label=LEARN))
    off = shown(await helper.click(on, label=STOP))

    assert OFF in before.content
    assert ON in on.content
    assert OFF in off.content
    assert not (await kept(world, helper))[0].learns_from_help


async def test_a_question_answered_is_listed_with_consent(world: World) -> None:
    helper = await learner(world)

    await answered(world, helper)
    await helper.send(world.thread, "And then the learning rate.")

    lines = (await card(world, helper)).content.splitlines()
    assert lines[-2:] == [f"- {inline('Grant writing')}", LEARNED_LINE]


async def test_without_consent_nothing_is_learned(world: World) -> None:
    helper = await world.helper("joaquim", "Grant writing")

    await answered(world, helper)
    await helper.click(await card(world, helper), label=LEARN)

    assert list(await ids(world, helper)) == ["Grant writing"]


async def test_the_next_invitation_says_what_they_helped_with(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)

    await world.ask(QUESTION)

    assert say("invitation.learned_reason", reason=inline(QUESTION)) in invitations(helper)[-1].content


async def test_what_was_learned_is_set_aside_while_it_is_off(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)

    off = shown(await helper.click(await card(world, helper), label=STOP))
    await world.ask(QUESTION)
    asked = len(invitations(helper))
    on = shown(await helper.click(off, label=LEARN))

    assert asked == 0
    assert f"{inline(QUESTION)} {say('profile.set_aside')}" in off.content
    assert LEARNED_LINE in on.content


async def test_a_learned_line_is_deleted_by_itself(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)
    mine = await ids(world, helper)

    answer = await helper.select(await card(world, helper), [mine[QUESTION]], custom_id=DELETE_LEARNED)

    assert QUESTION not in said(answer)
    assert list(await ids(world, helper)) == ["Grant writing"]
    assert (await kept(world, helper))[0].is_helper


async def test_the_form_neither_shows_nor_loses_what_was_learned(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)
    assert (await form(world, helper))["statements"] == "Grant writing"

    answer = await world.fill_profile(helper, "Peer review")

    assert "Peer review" in said(answer)
    assert LEARNED_LINE in said(answer)


async def test_everything_learned_is_forgotten_at_once(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)

    answer = await helper.click(await card(world, helper), label=FORGET)

    assert said(answer).splitlines()[-1] == f"- {inline('Grant writing')}"
    assert ON in said(answer), "what comes from now on is learned again"


async def test_not_my_topic_is_forgotten_too(world: World) -> None:
    helper, invitation = await world.waiting()
    await helper.user.click(invitation, label="Not my topic")
    before = await card(world, helper)
    await world.env.advance_time(1)

    answer = await helper.click(before, label=FORGET)

    assert say("profile.lowered") in before.content
    assert say("profile.lowered") not in said(answer)


@pytest.mark.parametrize("verb", ["learn", "stop_learning", "unlearn"])
@pytest.mark.parametrize("is_at_once", [True, False])
async def test_pressing_twice_is_pressing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    helper = await learner(world)
    await answered(world, helper)
    twice = [button(helper, (await card(world, helper)).message, f"profile1:{verb}:0") for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert len({said(answer) for answer in answers}) == 1
    assert (ON if verb != "stop_learning" else OFF) in said(answers[0])
    assert (QUESTION in await ids(world, helper)) == (verb != "unlearn")


async def test_old_cards_outlive_a_restart(world: World) -> None:
    helper = await learner(world)
    await answered(world, helper)
    old, mine = await card(world, helper), await ids(world, helper)

    await world.restart()
    assert OFF in said(await helper.click(old, label=STOP))
    assert QUESTION not in said(await helper.select(old, [mine[QUESTION]], custom_id=DELETE_LEARNED))
    assert OFF in said(await helper.click(old, label=FORGET))


async def test_nobody_deletes_what_was_learned_of_somebody_else(world: World) -> None:
    helper, other = await learner(world), await world.helper("nadia", STATEMENT)
    await answered(world, helper)
    theirs = (await ids(world, helper))[QUESTION]
    chosen = {"custom_id": DELETE_LEARNED, "component_type": SELECT, "values": [theirs]}

    await arrive(Sent(other, world.channel, PRESS, chosen).about((await card(world, other)).message))

    assert theirs in (await ids(world, helper)).values()


async def test_a_whole_question_fits_on_the_card(world: World) -> None:
    helper = await learner(world)
    long = f"{QUESTION} " * 13
    await answered(world, helper, long)

    private = await card(world, helper)

    assert inline(long) in private.content
    (line,) = [text for text in await ids(world, helper) if text.startswith(QUESTION)]
    answer = await helper.select(private, [(await ids(world, helper))[line]], custom_id=DELETE_LEARNED)
    assert "CTC" not in said(answer)


async def test_learning_is_one_community_s(world: World) -> None:
    helper = await learner(world)
    elsewhere = world.env.create_guild("Elsewhere")
    channel, there = elsewhere.create_text_channel("general"), elsewhere.add_member(helper.user)

    assert said(await there.slash(channel, "profile")) == say("profile.empty")


@pytest.mark.parametrize("label", [STOP, FORGET])
async def test_the_press_is_lost_and_nothing_changed(world: World, label: str) -> None:
    helper = await learner(world)
    await answered(world, helper)
    before = await card(world, helper)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await helper.click(before, label=label)

    assert said(answer) == say("error.not_taken")
    assert (await card(world, helper)).content == before.content


@pytest.mark.parametrize("label", [STOP, FORGET])
async def test_an_answer_discord_loses_leaves_what_was_chosen(world: World, label: str) -> None:
    helper = await learner(world)
    await answered(world, helper)
    before = await card(world, helper)
    world.env.inject_error("POST", "/webhooks/*")

    answer = await helper.click(before, label=label)

    assert said(answer) == say("error.not_shown")
    assert LEARNED_LINE not in (await card(world, helper)).content


@pytest.mark.parametrize("label", [STOP, FORGET])
async def test_the_database_is_down_and_it_is_said(world: World, label: str) -> None:
    helper = await learner(world)
    await answered(world, helper)
    before = await card(world, helper)
    await world.break_database()

    assert said(await helper.click(before, label=label)) == say("error.database")
