import re

import discord
import pytest
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, posts, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.scenes import state

TAKE, PASS, OFF_TOPIC = "I'll take it", "Pass", "Not my topic"
CLOSED, LEFT = {"status": 403, "code": 50007}, {"status": 403, "code": 50278}


def notices(world: World, key: str, **params: object) -> int:
    """Count how often the newest thread says a line."""
    return [message.content for message in world.thread.history()].count(say(key, **params))


def close_mailbox(world: World, actor: MemberActor, times: int | None = None, **error: int) -> None:
    """Let nothing more reach someone's direct messages."""
    path = f"/channels/{actor.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, times=times, **(error or CLOSED))  # type: ignore[arg-type]


async def many(world: World, count: int) -> list[MemberActor]:
    """Let several people in who know the same."""
    return [await world.helper(f"helper{number}", STATEMENT) for number in range(count)]


def asked(helpers: list[MemberActor]) -> list[MemberActor]:
    return [helper for helper in helpers if invitations(helper)]


async def test_taking_shows_the_way_and_tells_the_thread(world: World) -> None:
    helper, invitation = await world.waiting()

    answer = await helper.user.click(invitation, label=TAKE)

    where = f"https://discord.com/channels/{world.guild.id}/{world.thread.id}"
    assert said(answer) == say("invitation.taken", thread=where)
    assert not invitations(helper)
    assert notices(world, "thread.taken", helper=helper.mention) == 1


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("verb", ["take", "pass", "off_topic"])
async def test_pressing_twice_is_pressing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    helpers = await many(world, 4)
    await world.ask()
    first, *_ = before = asked(helpers)
    invitation = invitations(first)[-1]
    (custom_id,) = (each for each in custom_ids(invitation.components) if verb in each)
    presses = [button(first.user, invitation, custom_id) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert len({said(answer) for answer in answers}) == 1
    assert notices(world, "thread.taken", helper=first.mention) == (verb == "take")
    assert len(before) == 2
    assert len(asked(helpers)) == 2 - (verb == "take")
    assert sum(len(inbox(helper)) for helper in helpers) == 4 + 2 + (verb != "take")


async def test_passing_asks_the_next_person_at_once(world: World) -> None:
    helpers = await many(world, 3)
    await world.ask()
    first, second = asked(helpers)
    (third,) = set(helpers) - {first, second}

    answer = await first.user.click(invitations(first)[-1], label=PASS)

    assert said(answer) == say("invitation.passed")
    assert invitations(third)
    assert not invitations(first)
    assert not world.thread.history()


async def test_everybody_may_pass(world: World) -> None:
    helpers = await many(world, 3)
    await world.ask()

    while left := asked(helpers):
        await left[0].user.click(invitations(left[0])[-1], label=PASS)

    assert not world.thread.history()
    newcomer = await world.helper("late", STATEMENT)
    await world.pass_time(hours=1, minutes=1)
    assert invitations(newcomer)


async def test_taking_after_passing_is_welcome(world: World) -> None:
    helper, invitation = await world.waiting()
    take, *_ = custom_ids(invitation.components)
    await helper.user.click(invitation, label=PASS)

    (answer,) = await arrive(button(helper.user, invitation, take))

    assert "Thank you!" in said(answer)


@pytest.mark.parametrize("way", [PASS, "Not my topic", "give back"])
async def test_second_thoughts_are_one_press(world: World, way: str) -> None:
    helper, invitation = await world.waiting()
    if way == "give back":
        invitation = shown(await helper.user.click(invitation, label=TAKE)).message
        way = say("claim.give_back.button")
    answer = await helper.user.click(invitation, label=way)
    if way == "Not my topic":
        answer = await helper.user.click(shown(answer), label=say("invitation.on_topic.button"))

    answer = await helper.user.click(shown(answer), label=say("invitation.take_after_all.button"))

    assert said(answer).startswith("Thank you!")
    assert await state(world) == "taken"


async def test_passing_after_taking_is_explained(world: World) -> None:
    helper, invitation = await world.waiting()
    _, pass_on, *_ = custom_ids(invitation.components)
    await helper.user.click(invitation, label=TAKE)

    (answer,) = await arrive(button(helper.user, invitation, pass_on))

    assert said(answer) == say("invitation.taken_before")


@pytest.mark.parametrize("label", [TAKE, PASS, OFF_TOPIC])
async def test_a_closed_question_needs_nothing_any_more(world: World, label: str) -> None:
    helper, invitation = await world.waiting()
    await world.asker.click(posts(world)[-1], label="Close this question")

    answer = await helper.user.click(invitation, label=label)

    assert said(answer) == say("request.over")


@pytest.mark.parametrize("verb", ["take", "pass", "off_topic", "on_topic", "pause", "why"])
async def test_an_invitation_nobody_wrote_is_no_longer_there(world: World, verb: str) -> None:
    helper, invitation = await world.waiting()

    (answer,) = await arrive(button(helper.user, invitation, f"invitation1:{verb}:{10**18 - 1}"))

    assert said(answer) == say("invitation.unknown")


async def test_a_custom_id_of_another_version_is_explained(world: World) -> None:
    helper, invitation = await world.waiting()

    (answer,) = await arrive(button(helper.user, invitation, "invitation2:take:1"))

    assert said(answer) == say("error.unknown_press")


@pytest.mark.parametrize(
    "custom_id", ["somebody-elses-button", "invitation1:take", "invitation1:take:1:2", f"invitation1:take:{2**64}", ""]
)
async def test_a_foreign_custom_id_is_left_alone(world: World, custom_id: str) -> None:
    helper, invitation = await world.waiting()

    (answer,) = await arrive(button(helper.user, invitation, custom_id))

    assert not answer.acknowledged


async def test_closed_direct_messages_are_asked_in_the_thread(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)

    await world.ask()

    invitation = world.thread.history()[-1]
    assert helper.mention in invitation.content
    assert STATEMENT in invitation.content
    assert say("invitation.closed") in invitation.content
    assert [user.id for user in invitation.mentions] == [helper.id]
    stranger = world.join("stranger")
    for label in (TAKE, PASS, OFF_TOPIC):
        assert said(await stranger.click(invitation, label=label)) == say("invitation.not_yours")
    assert "Thank you!" in said(await helper.click(invitation, label=TAKE))


async def test_closed_direct_messages_are_told_once_in_thirty_days(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    told = []
    for days in (0, 29, 1):
        await world.pass_time(days=days)
        await world.ask()
        told.append(say("invitation.closed") in world.thread.history()[-1].content)
        await world.asker.click(posts(world)[-1], label="Close this question")

    assert told == [True, False, True]
    tried = [each for each in world.env.http_requests if re.search(rf"{helper.user.dm_channel.id}/messages", each.path)]
    assert len(tried) == 2


async def test_whoever_left_makes_room_for_the_next(world: World) -> None:
    helpers = await many(world, 4)
    for helper in helpers[:2]:
        close_mailbox(world, helper, **LEFT)

    await world.ask()

    assert len(asked(helpers[2:])) == 2


async def test_nobody_is_there_any_more(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper, **LEFT)

    await world.ask()

    assert not invitations(helper)
    assert not world.thread.history()


async def test_a_helper_who_left_reads_so_and_nothing_changes(world: World) -> None:
    helper, invitation = await world.waiting()
    world.guild.remove_member(helper)

    answer = await helper.user.click(invitation, label=PASS)

    assert said(answer) == say("belonging.gone")


async def test_the_press_is_lost_and_nothing_changed(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await helper.user.click(invitation, label=TAKE)

    assert said(answer) == say("error.not_taken")
    assert invitations(helper)
    assert not world.thread.history()


async def test_buttons_that_cannot_be_taken_off_do_no_harm(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=404, code=10008)

    answer = await helper.user.click(invitation, label=TAKE)

    assert "Thank you!" in said(answer)
    assert "Thank you!" in said(await helper.user.click(invitations(helper)[-1], label=TAKE))
    assert notices(world, "thread.taken", helper=helper.mention) == 1


async def test_two_may_take_at_the_same_moment(world: World) -> None:
    helpers = await many(world, 2)
    await world.ask()
    presses = [
        button(helper.user, invitation, custom_ids(invitation.components)[0])
        for helper in helpers
        for invitation in invitations(helper)
    ]

    answers = await arrive(*presses)

    assert ["Thank you!" in said(answer) for answer in answers] == [True, True]
    assert [notices(world, "thread.taken", helper=helper.mention) for helper in helpers] == [1, 1]


@pytest.mark.parametrize("is_close_first", [True, False])
async def test_taking_while_it_is_closed(world: World, *, is_close_first: bool) -> None:
    helper, invitation = await world.waiting()
    take = button(helper.user, invitation, custom_ids(invitation.components)[0])
    close = button(world.asker, posts(world)[-1], *custom_ids(posts(world)[-1].components))

    answers = await arrive(*((close, take) if is_close_first else (take, close)))

    taken = said(answers[is_close_first])
    assert taken == say("request.over") or notices(world, "thread.taken", helper=helper.mention)
    assert said(answers[not is_close_first]) == say("close.done")


@pytest.mark.parametrize("verb", [TAKE, PASS, OFF_TOPIC])
async def test_the_database_is_down_and_nothing_is_lost(world: World, verb: str) -> None:
    helper, invitation = await world.waiting()
    await world.break_database()

    assert said(await helper.user.click(invitation, label=verb)) == say("error.database")
    assert invitations(helper)


@pytest.mark.parametrize("verb", ["take", "pass", "off_topic", "pause"])
async def test_somebody_elses_invitation_stays_theirs(world: World, verb: str) -> None:
    _, invitation = await world.waiting()
    (custom_id,) = (each for each in custom_ids(invitation.components) if verb in each)
    (answer,) = await arrive(button(world.moderator, posts(world)[-1], custom_id))

    assert said(answer) == say("invitation.not_yours")


async def test_a_thread_that_takes_no_notice_yet_gets_it_later(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", f"/channels/{world.thread.id}/messages", times=2)

    await helper.user.click(invitation, label=TAKE)
    for _ in range(4):
        await world.pass_time(seconds=10)

    assert notices(world, "thread.taken", helper=helper.mention) == 1


async def test_an_invitation_is_for_one_pair_of_eyes(world: World) -> None:
    helper, invitation = await world.waiting()

    assert isinstance(invitation.channel, discord.DMChannel)
    assert invitation.embeds[0].footer.text
    assert helper.mention not in " ".join(message.content for message in world.thread.history())
