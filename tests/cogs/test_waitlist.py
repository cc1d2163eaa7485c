"""Waiting for fifteen minutes: joining, the offer, and what one does with it."""

import discord
from simcord.actors import MemberActor

from bot.texts import say
from bot.ui.items import custom_ids
from models import Booking, Slot, WaitlistPlace
from tests.cogs.conftest import STATEMENT, World, inbox, said, shown
from tests.cogs.offered import book, host, look, states
from tests.cogs.presses import arrive, button, chosen, custom_id
from tests.cogs.scenes import choose, mine

TAKE, PASS = say("waitlist.take.button"), say("waitlist.pass.button")
JOIN, LEAVE = say("waitlist.join.button"), say("waitlist.leave.button")


async def waiting(world: World, name: str) -> MemberActor:
    """Let someone join the waitlist."""
    actor = world.join(name)
    await actor.click(await look(world, actor), label=JOIN)
    return actor


async def offered(world: World, *names: str) -> list[MemberActor]:
    """Let a slot be free again for which these people wait."""
    await host(world, slots=1)
    receipt = shown(await book(world))
    people = [await waiting(world, name) for name in names]
    await world.asker.click(receipt, label=say("book.cancel.button"))
    await world.pass_time(seconds=1)
    return people


def offer(actor: MemberActor) -> discord.Message:
    """Return the newest offer in someone's direct messages."""
    return next(each for each in reversed(inbox(actor)) if "waitlist1:take" in " ".join(custom_ids(each.components)))


async def test_whoever_is_next_takes_it_with_one_press(world: World) -> None:
    first, second = await offered(world, "chen", "dana")
    assert not inbox(second)

    receipt = shown(await first.user.click(offer(first), label=TAKE))

    assert receipt.content.startswith("Booked")
    assert [each.filename for each in receipt.attachments] == ["morsel-2.ics"]
    assert await states(world, Booking) == ["cancelled", "booked"]
    assert await states(world, WaitlistPlace) == ["booked", "booked", "waiting"]


async def test_new_hours_are_offered_before_they_are_open_to_all(world: World) -> None:
    await host(world, slots=1)
    await book(world)
    chen = await waiting(world, "chen")
    nadia = await world.helper("nadia", STATEMENT)

    preview = shown(await nadia.slash(world.channel, "offer-time", when="tomorrow 18:00-19:00"))
    await nadia.click(preview, label=say("offer_time.confirm.button"))
    assert (await states(world, Slot)).count("promised") == 1
    await world.pass_time(seconds=1)

    receipt = shown(await chen.user.click(offer(chen), label=TAKE))
    assert nadia.mention in receipt.content
    assert await states(world, Slot) == ["booked", "booked", "open", "open"]


async def test_not_this_one_gives_it_to_the_next(world: World) -> None:
    first, second = await offered(world, "chen", "dana")

    assert said(await first.user.click(offer(first), label=PASS)) == say("waitlist.passed")

    assert first.mention not in offer(second).content
    assert custom_ids(inbox(first)[-1].components) == []


async def test_an_offer_that_ran_out_says_so(world: World) -> None:
    first, second = await offered(world, "chen", "dana")
    await world.pass_time(minutes=30)

    assert said(await first.user.click(offer(first), label=TAKE)) == say("waitlist.over")
    assert shown(await second.user.click(offer(second), label=TAKE)).content.startswith("Booked")


async def test_a_double_click_takes_it_once_and_older_than_the_process_too(world: World) -> None:
    (first,) = await offered(world, "chen")
    message = offer(first)
    await world.restart()

    press = custom_id(message, "waitlist1:take")
    answers = await arrive(*(button(first.user, message, press) for _ in range(2)))

    assert sorted(said(each)[:6] for each in answers) == ["Booked", "That o"]
    assert await states(world, Booking) == ["cancelled", "booked"]


async def test_waiting_for_one_person_and_leaving_under_mine(world: World) -> None:
    helper = await host(world, slots=1)
    await book(world)
    chen = world.join("chen")
    private = await look(world, chen)

    (joined,) = await arrive(chosen(chen, private.message, custom_id(private, "waitlist1:host"), helper.id, kind=5))
    assert said(joined) == say("waitlist.joined_one", host=helper.mention)
    listed = await mine(world, chen)
    assert helper.mention in listed.content
    one = shown(await choose(chen, listed, "mine1:time"))

    assert said(await chen.click(one, label=LEAVE)) == say("waitlist.left")
    assert await states(world, WaitlistPlace) == ["booked", "left"]
    assert await states(world, Slot) == ["booked"]


async def test_nobody_takes_what_is_offered_to_another(world: World) -> None:
    (first,) = await offered(world, "chen")
    message = offer(first)

    (answer,) = await arrive(button(first.user, message, custom_id(message, "waitlist1:take").replace(":2", ":1")))

    assert said(answer) == say("book.not_yours")
