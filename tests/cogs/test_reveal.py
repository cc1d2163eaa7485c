"""`/reveal`: who asked without a name is learned by two moderators together, for a reason the asker reads."""

import discord
import pytest
from simcord import SetupError
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import World, inbox, posts, said, shown
from tests.cogs.presses import arrive, button, custom_id, filled
from tests.cogs.scenes import close_mailbox, moderators, said_in, with_press

REASON = "These words may be about a student of ours who is not well."
OTHER_REASON = "I would rather like to know, out of curiosity."
AGREE, LOOK = say("reveal.agree.button"), say("reveal.look.button")
WAIT = say("reveal.wait", reason=inline(REASON))
LOOK_FIRST = say("reveal.look_first", reason=inline(REASON))


def a_moderator(world: World, name: str) -> MemberActor:
    """Let one more person in who may manage messages, and nothing else."""
    role = world.guild.create_role(name, permissions=discord.Permissions(manage_messages=True))
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def asked(world: World) -> ChannelHandle:
    """Let someone ask without a name; return the thread."""
    await world.ask(visibility=["anonymous"])
    return world.thread


async def want(world: World, thread: ChannelHandle, moderator: MemberActor, reason: str = REASON) -> InteractionResult:
    """Give a reason to know who asked."""
    form = await moderator.slash(thread, "reveal")
    assert form.modal is not None
    return await moderator.submit_modal(form, {"words": reason})


async def wanted(world: World) -> tuple[ChannelHandle, MemberActor, ResponseMessage]:
    """Let one moderator have a reason; return the thread, a second moderator and what they see."""
    thread, second = await asked(world), a_moderator(world, "second")
    await want(world, thread, world.moderator)
    return thread, second, shown(await second.slash(thread, "reveal"))


async def known(world: World) -> tuple[ChannelHandle, MemberActor]:
    """Let two moderators know; return the thread and the second of them."""
    thread, second, private = await wanted(world)
    await second.click(private, label=AGREE)
    return thread, second


def learned(world: World) -> str:
    """Return how the two who know read who asked."""
    return say("reveal.told", asker=world.asker.mention)


def told_why(world: World, reason: str = REASON, other: str | None = None) -> int:
    """Count how often the asker read the reason, or the reasons of both."""
    line = say("asker.revealed", reason=inline(reason))
    if other is not None:
        line = say("asker.revealed_both", reason=inline(reason), other_reason=inline(other))
    return sum(message.content.startswith(line) for message in inbox(world.asker))


def names(world: World) -> list[str]:
    """Return what the bot sent that names the asker, other than the opening of their direct messages."""
    sent = [each for each in world.env.http_requests if each.path != "/users/@me/channels"]
    return [
        f"{each.path} {each.json}" for each in sent if str(world.asker.id) in f"{each.path} {each.params} {each.json}"
    ]


async def test_two_moderators_learn_who_asked_and_the_asker_reads_why(world: World) -> None:
    thread, second = await asked(world), a_moderator(world, "second")

    assert said(await want(world, thread, world.moderator)) == WAIT
    assert said(await world.moderator.slash(thread, "reveal")) == WAIT
    private = shown(await second.slash(thread, "reveal"))
    assert private.content == LOOK_FIRST
    assert told_why(world) == 0
    assert names(world) == []

    assert said(await second.click(private, label=AGREE)) == learned(world)
    assert said(await world.moderator.slash(thread, "reveal")) == learned(world)
    assert said(await second.slash(thread, "reveal")) == learned(world)
    assert told_why(world) == 1
    assert not custom_ids(private.message.components)


async def test_a_third_moderator_reads_only_that_two_know(world: World) -> None:
    thread, second, private = await wanted(world)
    third = a_moderator(world, "third")
    late = shown(await third.slash(thread, "reveal"))
    await second.click(private, label=AGREE)
    before = names(world)

    assert said(await third.slash(thread, "reveal")) == say("reveal.known")
    assert said(await third.click(late, label=AGREE)) == say("reveal.known")
    assert said(await want_again(third, thread)) == say("reveal.known")
    assert names(world) == before
    assert told_why(world) == 1


async def want_again(moderator: MemberActor, thread: ChannelHandle) -> InteractionResult:
    """Send the form once more, as one that was open all the while."""
    (answer,) = await arrive(filled(moderator, thread, "reveal1:send:0", {"words": OTHER_REASON}))
    return answer


async def test_nobody_agrees_with_themselves(world: World) -> None:
    thread, second, private = await wanted(world)
    agree = custom_id(private, "reveal1:agree")

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], agree))

    assert said(answer) == say("reveal.needs_another")
    assert said(await world.moderator.slash(thread, "reveal")) == WAIT
    assert names(world) == []
    assert said(await second.click(private, label=AGREE)) == learned(world)


async def test_a_second_form_changes_nothing_of_the_first(world: World) -> None:
    thread, second = await asked(world), a_moderator(world, "second")
    forms = [await each.slash(thread, "reveal") for each in (world.moderator, second)]
    await world.moderator.submit_modal(forms[0], {"words": REASON})

    answer = await second.submit_modal(forms[1], {"words": OTHER_REASON})

    assert said(answer) == LOOK_FIRST
    assert said(await second.click(shown(answer), label=AGREE)) == learned(world)
    assert told_why(world, other=OTHER_REASON) == 1


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_agreeing_twice_is_agreeing_once(world: World, *, is_at_once: bool) -> None:
    _, second, private = await wanted(world)
    presses = [button(second, private.message, custom_id(private, "reveal1:agree")) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    telling = say("reveal.telling", asker=world.asker.mention)
    assert learned(world) in {said(answer) for answer in answers} <= {learned(world), telling}
    assert told_why(world) == 1


async def test_of_two_who_agree_at_once_one_learns_it(world: World) -> None:
    _, second, private = await wanted(world)
    third, agree = a_moderator(world, "third"), custom_id(private, "reveal1:agree")

    answers = await arrive(*(button(each, posts(world)[-1], agree) for each in (second, third)))

    assert sorted(map(said, answers)) == sorted([learned(world), say("reveal.known")])
    assert told_why(world) == 1


async def test_the_moderators_channel_hears_of_it_without_a_name(world: World) -> None:
    channel, second = await moderators(world)
    thread = await asked(world)
    await want(world, thread, world.moderator)

    letter = with_press(channel, "reveal1:look")
    assert letter.content == say("reveal.wanted", thread=render.link(world.guild.id, thread.id))
    assert not letter.mentions
    assert names(world) == []
    private = shown(await second.click(letter, label=LOOK))
    assert private.content == LOOK_FIRST
    assert said(await second.click(private, label=AGREE)) == learned(world)
    assert said(await world.moderator.click(letter, label=LOOK)) == learned(world)
    assert said(await a_moderator(world, "third").click(letter, label=LOOK)) == say("reveal.known")
    assert world.asker.mention not in " ".join(said_in(channel) + said_in(thread))


async def test_nobody_but_moderators_is_let_through(world: World) -> None:
    channel, second = await moderators(world)
    thread = await asked(world)
    await want(world, thread, world.moderator)
    letter, passer_by = with_press(channel, "reveal1:look"), world.join("passer_by")
    agree = custom_id(shown(await second.click(letter, label=LOOK)), "reveal1:agree")

    looked = await passer_by.click(letter, label=LOOK)
    agreed, sent = await arrive(
        button(passer_by, letter, agree), filled(passer_by, thread, "reveal1:send:0", {"words": REASON})
    )

    assert {said(each) for each in (looked, agreed, sent)} == {say("error.not_moderator")}
    with pytest.raises(SetupError, match="not visible"):
        await passer_by.slash(thread, "reveal")
    assert names(world) == []


async def test_moderating_elsewhere_counts_for_nothing_here(world: World) -> None:
    _, _, private = await wanted(world)
    elsewhere = world.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("help")
    rights = discord.Permissions(manage_messages=True)
    foreign = elsewhere.add_member(
        world.env.create_user("foreign"), roles=[elsewhere.create_role("Moderators", permissions=rights)]
    )
    message = await foreign.send(channel, "Hello")

    answers = await arrive(
        *(
            button(foreign, message, custom_id(private, "reveal1:agree").replace("agree", verb))
            for verb in ("look", "agree")
        )
    )

    assert {said(answer) for answer in answers} == {say("error.not_here")}
    assert names(world) == []


async def test_there_is_nothing_to_learn_elsewhere(world: World) -> None:
    await world.ask()

    assert said(await world.moderator.slash(world.channel, "reveal")) == say("reveal.no_question")
    assert said(await world.moderator.slash(world.thread, "reveal")) == say("reveal.open")
    assert said(await want_again(world.moderator, world.channel)) == say("reveal.no_question")
    assert said(await want_again(world.moderator, world.thread)) == say("reveal.open")
    assert len(world.env.errors) == 2


@pytest.mark.parametrize(
    ("reason", "key"), [("  Curious, that's all. ", None), ("Just curious.", "short"), ("x" * 201, "long")]
)
async def test_a_reason_has_a_length(world: World, reason: str, key: str | None) -> None:
    thread = await asked(world)

    (answer,) = await arrive(filled(world.moderator, thread, "reveal1:send:0", {"words": reason}))

    wait = say("reveal.wait", reason=inline(reason))
    refusal = say(f"reveal.reason_too_{key}", shortest=20, longest=200) if key else wait
    assert said(answer) == refusal
    is_noted = (await world.moderator.slash(thread, "reveal")).modal is None
    assert is_noted == (key is None)


async def test_a_form_asks_for_at_most_what_is_taken(world: World) -> None:
    thread = await asked(world)

    form = (await world.moderator.slash(thread, "reveal")).modal

    assert form is not None
    assert form["components"][0]["component"]["max_length"] == 200


async def test_a_wish_is_over_after_a_week(world: World) -> None:
    thread, second, private = await wanted(world)
    await world.pass_time(days=7)

    assert said(await second.click(private, label=AGREE)) == say("reveal.unknown")
    assert told_why(world) == 0
    assert said(await want(world, thread, second, OTHER_REASON)) == say("reveal.wait", reason=inline(OTHER_REASON))
    again = shown(await world.moderator.slash(thread, "reveal"))
    assert said(await world.moderator.click(again, label=AGREE)) == learned(world)
    assert told_why(world, OTHER_REASON) == 1


async def test_what_two_know_they_know_for_good(world: World) -> None:
    thread, second = await known(world)
    await world.pass_time(days=30)

    assert said(await second.slash(thread, "reveal")) == learned(world)


@pytest.mark.parametrize("verb", ["look", "agree"])
async def test_a_wish_nobody_had_is_explained(world: World, verb: str) -> None:
    await asked(world)

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], f"reveal1:{verb}:999"))

    assert said(answer) == say("reveal.unknown")


async def test_it_all_outlives_restarts(world: World) -> None:
    channel, second = await moderators(world)
    thread = await asked(world)
    form = await world.moderator.slash(thread, "reveal")
    await world.restart()
    assert said(await world.moderator.submit_modal(form, {"words": REASON})) == WAIT
    await world.restart()
    private = shown(await second.click(with_press(channel, "reveal1:look"), label=LOOK))
    await world.restart()

    assert said(await second.click(private, label=AGREE)) == learned(world)
    assert told_why(world) == 1


async def test_closed_direct_messages_keep_it_out_of_the_thread(world: World) -> None:
    thread, second, private = await wanted(world)
    close_mailbox(world, world.asker)

    answer = await second.click(private, label=AGREE)
    assert said(answer) == say("reveal.untold", asker=world.asker.mention)
    await world.pass_time(hours=1)

    assert told_why(world) == 0
    assert said_in(thread) == []


async def test_what_discord_does_not_take_yet_the_asker_reads_later(world: World) -> None:
    _, second, private = await wanted(world)
    world.env.inject_error("POST", f"/channels/{world.asker.user.dm_channel.id}/messages", times=2)

    await second.click(private, label=AGREE)
    for _ in range(4):
        await world.pass_time(seconds=10)

    assert told_why(world) == 1


async def test_a_press_that_is_lost_changes_nothing(world: World) -> None:
    _, second, private = await wanted(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    assert said(await second.click(private, label=AGREE)) == say("error.not_taken")
    assert told_why(world) == 0
    assert said(await second.click(private, label=AGREE)) == learned(world)


async def test_the_database_is_down_and_nothing_is_lost(world: World) -> None:
    thread, second = await asked(world), a_moderator(world, "second")
    form = await world.moderator.slash(thread, "reveal")
    await world.break_database()

    answer = await world.moderator.submit_modal(form, {"words": REASON})

    assert said(answer) == say("error.database")
    assert [each.filename for each in shown(answer).attachments] == ["your-words.txt"]
    assert said(await second.slash(thread, "reveal")) == say("error.database")
    assert len(world.env.errors) == 1
