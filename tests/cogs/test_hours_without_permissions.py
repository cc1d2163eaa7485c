"""Office hours where no one takes direct messages, or where the bot may do nothing in the channel: they still work.

What is said in a letter that can't arrive is found under `/mine`, `/offer-time` and `/office-hours`.
"""

from collections.abc import Callable

import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.texts import say
from models import Booking, Slot, WaitlistPlace
from tests.cogs.conftest import QUESTION, STATEMENT, World, inbox, said, shown
from tests.cogs.offered import book, look, states
from tests.cogs.offered import host as host_with_slots
from tests.cogs.scenes import choose, close_mailbox, mine, pings
from tests.cogs.test_events import begins
from tests.cogs.test_meeting import HERE, agreed
from tests.cogs.test_offer_time import host, offer, own, own_day, times
from tests.cogs.test_queue import WalkIn, walk_in_hour

Trouble = Callable[..., None]


def closed(world: World, *actors: MemberActor) -> None:
    """Let none of these people take direct messages."""
    for actor in (world.asker, *actors):
        close_mailbox(world, actor)


def mute(world: World, *_actors: MemberActor) -> None:
    """Let the bot see the channel and do nothing in it, and make no events."""
    world.deny(
        world.channel, "send_messages", "send_messages_in_threads", "create_public_threads", "create_private_threads",
        "read_message_history", "embed_links",
    )  # fmt: skip
    _refuse_events(world)


def hidden(world: World, *_actors: MemberActor) -> None:
    """Let the bot see nothing of the channel."""
    world.deny(world.channel, "view_channel")
    _refuse_events(world)


def _refuse_events(world: World) -> None:
    path = f"/guilds/{world.guild.id}/scheduled-events"
    world.env.inject_error("POST", path, status=403, code=50013, times=None)


@pytest.fixture(params=[closed, mute, hidden], ids=lambda each: each.__name__)
def trouble(request: pytest.FixtureRequest) -> Trouble:
    """Return what goes wrong."""
    found: Trouble = request.param
    return found


async def own_hour(world: World, host: MemberActor) -> ResponseMessage:
    """Choose one's own walk-in hour; return what it shows."""
    page = shown(await host.slash(world.channel, "office-hours"))
    return shown(await choose(host, page, "browse1:queue"))


async def test_offering(world: World, trouble: Trouble) -> None:
    joaquim = await host(world)
    trouble(world, joaquim)

    await offer(world, joaquim, topics="CTC loss")
    assert len(await times(world, joaquim)) == 4
    form = await joaquim.click(await own_day(world, joaquim), label=say("hours.move.button"))
    await joaquim.submit_modal(form, {"when": "tomorrow 10:00-11:00"})
    await joaquim.click(await own_day(world, joaquim, 1), label=say("hours.cancel.button"))
    assert len(await times(world, joaquim)) == 3
    form = await joaquim.click(await own(world, joaquim), label=say("hours.change.button"))
    await joaquim.submit_modal(form, {"when": "Wed 18:00-19:00 weekly"})
    assert len(await times(world, joaquim)) == 4
    await joaquim.click(await own(world, joaquim), label=say("hours.end.button"))
    assert await times(world, joaquim) == []


async def test_events(world: World, trouble: Trouble) -> None:
    joaquim = await host(world)
    trouble(world, joaquim)

    await offer(world, joaquim)
    await world.pass_time(minutes=1)

    assert len(begins(world)) == (2 if trouble is closed else 0)
    page = shown(await world.asker.slash(world.channel, "office-hours"))
    assert say("office_hours.free", count=3) in page.content


async def test_booking_and_cancelling(world: World, trouble: Trouble) -> None:
    helper = await host_with_slots(world)
    trouble(world, helper)

    assert shown(await book(world)).content.startswith("Booked")
    assert await states(world, Booking) == ["booked"]
    for actor in (helper, world.asker):
        assert say("mine.bookings") in (await mine(world, actor)).content
    one = shown(await choose(helper, await mine(world, helper), "mine1:time"))
    await helper.click(one, label=say("book.cancel.button"))
    assert await states(world, Booking) == ["cancelled"]


async def test_the_waitlist(world: World, trouble: Trouble) -> None:
    helper, chen, dana = await host_with_slots(world, slots=1), world.join("chen"), world.join("dana")
    trouble(world, helper, chen, dana)
    receipt = shown(await book(world))
    for actor in (chen, dana):
        await actor.click(await look(world, actor), label=say("waitlist.join.button"))
    await world.asker.click(receipt, label=say("book.cancel.button"))
    await world.pass_time(seconds=1)

    one = shown(await choose(chen, await mine(world, chen), "mine1:time"))
    await chen.click(one, label=say("waitlist.pass.button"))
    one = shown(await choose(dana, await mine(world, dana), "mine1:time"))
    assert shown(await dana.click(one, label=say("waitlist.take.button"))).content.startswith("Booked")
    assert await states(world, Slot) == ["booked"]
    assert await states(world, WaitlistPlace) == ["booked", "waiting", "booked"]


async def test_meeting(world: World, trouble: Trouble) -> None:
    meeting = await agreed(world)
    trouble(world, meeting.host)
    for minutes in (-24 * 60, -15, -10, 0):
        await meeting.at(minutes)

    for actor in (meeting.host, meeting.asker):
        one = shown(await choose(actor, await mine(world, actor), "mine1:time"))
        assert said(await actor.click(one, label=HERE)).startswith("Lovely")
    assert (await meeting.row()).state == "under_way"
    await meeting.at(15)
    assert (await meeting.row()).state == "held"


async def test_the_queue(world: World, trouble: Trouble) -> None:
    joaquim = await world.helper("joaquim", STATEMENT)
    hour: WalkIn = await walk_in_hour(world, joaquim)
    trouble(world, joaquim)

    place = shown(await hour.join(world.asker))
    held = shown(await world.asker.click(place, label=say("queue.hold.button")))
    back = shown(await world.asker.click(held, label=say("queue.back.button")))
    private = await own_hour(world, joaquim)
    assert private.content == say("queue.own_hour")
    called = await joaquim.click(private, label=say("queue.invite.button"))
    assert world.asker.mention in said(called)
    page = shown(await world.asker.slash(world.channel, "office-hours"))
    assert said(await choose(world.asker, page, "browse1:queue")) == say("queue.invited", host=joaquim.mention)
    await world.asker.click(back, label=say("queue.leave.button"))
    again = await joaquim.click(shown(called), label=say("queue.invite.button"))
    assert said(again) == say("queue.nobody", held=0)


async def test_of_what_could_not_be_said_others_read_only_that_there_is_news(world: World) -> None:
    helper, chen = await host_with_slots(world, slots=1), world.join("chen")
    closed(world, helper, chen)
    receipt = shown(await book(world))
    await chen.click(await look(world, chen), label=say("waitlist.join.button"))
    await world.asker.click(receipt, label=say("book.cancel.button"))
    await world.pass_time(seconds=1)

    assert inbox(chen) == []
    last = world.channel.history()[-1]
    assert last.content == say("news.elsewhere", member=chen.mention)
    assert pings(world, last) == [chen.id]
    assert not any(QUESTION in message.content for message in world.channel.history())


async def test_whose_turn_it_is_reads_in_the_channel_that_there_is_news(world: World) -> None:
    joaquim = await world.helper("joaquim", STATEMENT)
    closed(world, joaquim)
    hour = await walk_in_hour(world, joaquim)
    assert world.channel.history()[-1].content == say("queue.elsewhere", member=joaquim.mention)
    await hour.join(world.asker)
    await joaquim.click(await own_hour(world, joaquim), label=say("queue.invite.button"))
    last = world.channel.history()[-1]
    assert last.content == say("queue.elsewhere", member=world.asker.mention)
    assert pings(world, last) == [world.asker.id]
