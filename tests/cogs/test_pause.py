"""Being left in peace for a while: `/pause`, *Pause me* on an invitation, and *I'm back*."""

from datetime import UTC, datetime, timedelta

import pytest
from discord.utils import format_dt

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.profiles import refusal
from tests.cogs.scenes import choose, close_mailbox, duties, options, taken, told, with_press

PAUSE, BACK = say("pause.button"), say("pause.end.button")


def until(moment: datetime) -> str:
    return say("pause.until", when=format_dt(moment, "F"))


def end(world: World, **length: float) -> datetime:
    """Return when a pause ends that begins now."""
    return world.env.now() + timedelta(**length)


@pytest.mark.parametrize(("length", "days"), [("day", 1), ("week", 7), ("month", 30)])
async def test_for_a_length_nobody_asks(world: World, length: str, days: int) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    answer = await helper.slash(world.channel, "pause", length=length)
    assert said(answer) == until(end(world, days=days))
    await world.pass_time(days=days, hours=-1)
    await world.ask()

    assert not invitations(helper)
    await world.pass_time(hours=2)
    assert invitations(helper)


async def test_until_somebody_says_so(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    private = shown(await helper.slash(world.channel, "pause", length="open"))
    await world.ask()
    await world.pass_time(days=1)

    assert private.content == say("pause.open_end")
    assert not invitations(helper)
    assert said(await helper.click(private, label=BACK)) == say("pause.ended")
    await world.pass_time(hours=1, minutes=1)
    assert invitations(helper)


async def test_until_the_end_of_a_day_on_ones_own_clock(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT, clock="Africa/Nairobi 0-23:59")

    answer = await helper.slash(world.channel, "pause", day="2026-01-05")

    assert said(answer) == until(datetime(2026, 1, 5, 21, tzinfo=UTC))


async def test_a_day_counts_before_a_length(world: World) -> None:
    answer = await world.asker.slash(world.channel, "pause", length="open", day="2026-01-05")

    assert said(answer) == until(datetime(2026, 1, 6, tzinfo=UTC))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2025-12-31", "2027-06-01", "**@everyone**", " "])
async def test_a_day_that_is_none_is_refused_with_an_example(world: World, day: str) -> None:
    answer = await world.asker.slash(world.channel, "pause", day=day)

    assert said(answer) == refusal("pause.unknown_day", day=day.strip(), example="2026-01-15")
    assert len(world.env.errors) == 1
    assert said(await world.asker.slash(world.channel, "pause")) == say("pause.not_paused")


async def test_without_anything_it_says_how_it_stands_and_changes_nothing(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    before = shown(await helper.slash(world.channel, "pause"))
    await helper.slash(world.channel, "pause", length="open")

    after = shown(await helper.slash(world.channel, "pause"))

    assert before.content == say("pause.not_paused")
    assert custom_ids(before.message.components) == ["pause1:choose:0"]
    assert after.content == say("pause.open_end")
    assert said(await helper.click(after, label=BACK)) == say("pause.ended")
    assert said(await helper.slash(world.channel, "pause")) == say("pause.not_paused")


@pytest.mark.parametrize(("length", "days"), [("day", 1), ("week", 7), ("month", 30), ("open", None)])
async def test_alone_it_offers_lengths(world: World, length: str, days: int | None) -> None:
    offered = shown(await world.asker.slash(world.channel, "pause"))
    place = [each["label"] for each in options(offered, "pause1:choose")].index(say(f"pause.length.{length}"))

    answer = await choose(world.asker, offered, "pause1:choose", place)

    assert said(answer) == (say("pause.open_end") if days is None else until(end(world, days=days)))
    assert said(await world.asker.click(shown(answer), label=BACK)) == say("pause.ended")


async def test_a_stranger_may_pause_before_anything_else(fresh: World) -> None:
    assert said(await fresh.asker.slash(fresh.channel, "pause")) == say("pause.not_paused")
    assert said(await fresh.asker.slash(fresh.channel, "pause", length="open")) == say("pause.open_end")


async def test_pause_me_passes_and_leaves_in_peace_for_a_week(world: World) -> None:
    helper, invitation = await world.waiting()
    other = await world.helper("nadia", STATEMENT)

    answer = await helper.user.click(invitation, label=PAUSE)

    assert said(answer) == until(end(world, days=7))
    assert not invitations(helper)
    assert invitations(other)
    await world.ask(actor=world.join("chen"))
    assert not invitations(helper)


async def test_pause_me_can_be_taken_back_right_there(world: World) -> None:
    helper, invitation = await world.waiting()
    private = shown(await helper.user.click(invitation, label=PAUSE))

    assert said(await helper.user.click(private, label=BACK)) == say("pause.ended")
    assert not custom_ids(private.message.components)
    await world.ask(actor=world.join("chen"))
    assert invitations(helper)


async def test_what_was_taken_stays_taken(world: World) -> None:
    helper, _ = await taken(world)

    await helper.slash(world.channel, "pause", length="open")

    assert await duties(world, helper) == 1


async def test_pause_me_after_taking_keeps_what_was_taken(world: World) -> None:
    helper, invitation = await world.waiting()
    pause = custom_id(invitation, "invitation1:pause")
    await helper.user.click(invitation, label="I'll take it")

    (answer,) = await arrive(button(helper.user, invitation, pause))

    assert said(answer) == until(end(world, days=7))
    assert await duties(world, helper) == 1


async def test_pause_me_works_when_the_question_is_over(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.asker.click(posts(world)[-1], label="Close this question")

    assert said(await helper.user.click(invitation, label=PAUSE)) == until(end(world, days=7))


async def test_pause_me_in_a_thread_with_closed_direct_messages(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    await world.ask()
    invitation = with_press(world.thread, "invitation1:pause")

    refused = await world.asker.click(invitation, label=PAUSE)
    answer = await helper.click(invitation, label=PAUSE)

    assert said(refused) == say("invitation.not_yours")
    assert said(await world.asker.slash(world.channel, "pause")) == say("pause.not_paused")
    assert said(answer) == until(end(world, days=7))
    assert said(await helper.click(shown(answer), label=BACK)) == say("pause.ended")


async def test_nobody_ends_somebody_elses_pause(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    private = shown(await helper.slash(world.channel, "pause", length="open"))
    press = custom_id(private, "pause1:end")

    (theirs,) = await arrive(button(world.moderator, world.channel.history()[0], press))
    (nobodys,) = await arrive(button(world.moderator, world.channel.history()[0], "pause1:end:999"))

    assert said(theirs) == say("profile.not_yours")
    assert said(nobodys) == say("profile.unknown")
    assert said(await helper.slash(world.channel, "pause")) == say("pause.open_end")


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("verb", ["invitation1:pause", "pause1:end"])
async def test_pressing_twice_is_pressing_once(world: World, verb: str, *, is_at_once: bool) -> None:
    helper, message = await world.waiting()
    if verb == "pause1:end":
        message = shown(await helper.user.click(message, label=PAUSE)).message
    presses = [button(helper.user, message, custom_id(message, verb)) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    if verb == "pause1:end":
        assert [said(answer) for answer in answers] == [say("pause.ended")] * 2
    else:
        assert all(said(answer) == until(end(world, days=7)) for answer in answers)


async def test_a_pause_ends_by_itself_and_may_begin_anew(world: World) -> None:
    await world.asker.slash(world.channel, "pause", length="day")
    await world.pass_time(days=1, minutes=1)

    assert said(await world.asker.slash(world.channel, "pause")) == say("pause.not_paused")
    assert said(await world.asker.slash(world.channel, "pause", length="day")) == until(end(world, days=1))


async def test_five_silences_pause_with_one_friendly_note_and_a_way_back(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    for number in range(5):
        await world.ask(actor=world.join(f"asker{number}"))
        await world.pass_time(hours=3)
        await world.pass_time(days=3)

    note = told(helper, "pause1:end")
    assert note.content == say("pause.after_silences")
    assert said(await helper.slash(world.channel, "pause")) == say("pause.open_end")
    assert [message.content for message in inbox(helper)].count(note.content) == 1
    assert said(await helper.user.click(note, label=BACK)) == say("pause.ended")
    assert said(await helper.slash(world.channel, "pause")) == say("pause.not_paused")


async def test_after_a_restart_the_buttons_still_work(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.restart()
    private = shown(await helper.user.click(invitation, label=PAUSE))
    await world.restart()

    assert said(await helper.user.click(private, label=BACK)) == say("pause.ended")


async def test_a_command_that_discord_loses_changes_nothing(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.slash(world.channel, "pause", length="open")

    assert said(answer) == say("error.not_taken")
    assert said(await world.asker.slash(world.channel, "pause")) == say("pause.not_paused")
    assert len(world.env.errors) == 1


async def test_the_press_is_lost_and_nothing_changed(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await helper.user.click(invitation, label=PAUSE)

    assert said(answer) == say("error.not_taken")
    assert invitations(helper)
    assert said(await helper.slash(world.channel, "pause")) == say("pause.not_paused")


async def test_the_database_is_down_and_it_is_said(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.break_database()

    assert said(await helper.user.click(invitation, label=PAUSE)) == say("error.database")
    assert said(await helper.slash(world.channel, "pause", length="open")) == say("error.database")
    assert len(world.env.errors) == 1
