"""Fifteen minutes in Discord: the buttons of reminders and check-ins, however often and whenever they are pressed."""

from dataclasses import dataclass
from datetime import timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.texts import say
from models import Booking
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.scenes import close_mailbox, kept, moderators, state, told, with_press
from tests.factories import a_member
from tests.services.meetings import an_agreement

HERE, NOT_HERE = say("meeting.here.button"), say("meeting.not_here.button")
NOTE = "Look at the labels first."


@dataclass
class Meeting:
    """Fifteen minutes three days ahead between two people of a world."""

    world: World
    id: int
    host: MemberActor
    asker: MemberActor

    async def at(self, minutes: float) -> None:
        """Let the time come that is so many minutes after the start, and the sweeps look."""
        booking = await self.row()
        length = booking.starts_at + timedelta(minutes=minutes) - self.world.env.now()
        await self.world.pass_time(seconds=length.total_seconds())

    async def row(self) -> Booking:
        async with self.world.app.database.read() as work:
            booking = await work.bookings.get(self.id)
            assert booking is not None
            return booking

    async def arrive(self, *actors: MemberActor) -> list[str]:
        """Let people press that they are there; return what they read."""
        return [said(await each.user.click(told(each, "meeting1:here"), label=HERE)) for each in actors]

    async def held(self) -> None:
        """Let both come, and fifteen minutes go by."""
        await self.at(0)
        await self.arrive(self.host, self.asker)
        await self.at(15)


@pytest.fixture
async def meeting(world: World) -> Meeting:
    return await agreed(world)


async def agreed(world: World, **chosen: object) -> Meeting:
    host = world.join("joaquim")
    async with world.app.database.begin() as work:
        guild_id = world.guild.id
        offers, asks = await a_member(work, guild_id, host.id), await a_member(work, guild_id, world.asker.id)
        now = world.env.now()
        booking = await an_agreement(work, offers, asks, now, now + timedelta(days=3), **chosen)
        return Meeting(world, booking.id, host, world.asker)


async def missed(meeting: Meeting, times: int = 2) -> None:
    """Let the asker have missed some before."""
    async with meeting.world.app.database.begin() as work:
        host = await a_member(work, meeting.world.guild.id, meeting.host.id)
        asker = await a_member(work, meeting.world.guild.id, meeting.asker.id)
        now = meeting.world.env.now()
        for days in range(1, times + 1):
            before: dict[str, object] = {"state": "not_found", "missing": "asker", "next_look_at": None}
            await an_agreement(work, host, asker, now, now - timedelta(days=days), **before)


def last(actor: MemberActor) -> str:
    return inbox(actor)[-1].content


async def test_both_are_reminded_and_meet(meeting: Meeting) -> None:
    await meeting.at(-24 * 60)
    assert meeting.host.mention in last(meeting.asker)
    assert meeting.asker.mention in last(meeting.host)
    await meeting.at(-10)
    assert [len(inbox(each)) for each in (meeting.host, meeting.asker)] == [2, 2]
    await meeting.at(0)
    first, second = await meeting.arrive(meeting.asker, meeting.host)
    assert meeting.host.mention in first
    assert second == say("meeting.here_both", place=say("meeting.no_place"))
    await meeting.at(15)
    assert "How was it?" in last(meeting.asker)
    assert (await meeting.row()).state == "held"


async def test_a_double_click_is_one_and_old_buttons_still_work(meeting: Meeting) -> None:
    await meeting.at(0)
    await meeting.world.restart()
    message = told(meeting.host, "meeting1:here")
    press = custom_id(message, "meeting1:here")
    await arrive(button(meeting.host.user, message, press), button(meeting.host.user, message, press))
    assert (await meeting.row()).host_here_at is not None
    assert (await meeting.row()).state == "booked"


async def test_whoever_waits_can_say_so_and_the_other_reads_it_kindly(meeting: Meeting) -> None:
    await meeting.at(0)
    private = await meeting.asker.user.click(told(meeting.asker, "meeting1:here"), label=HERE)
    early = await meeting.asker.user.click(shown(private), label=NOT_HERE)
    assert said(early).startswith("Please give them a little longer")
    await meeting.at(5)
    assert meeting.asker.mention in last(meeting.host)
    await meeting.at(10)
    done = await meeting.asker.user.click(told(meeting.asker, "meeting1:not_here"), label=NOT_HERE)
    assert said(done) == say("meeting.noted_asker")
    assert last(meeting.host) == say("meeting.missed_host", other=meeting.asker.mention)
    assert (await meeting.row()).missing == "host"


async def test_a_stranger_s_press_changes_nothing(meeting: Meeting) -> None:
    await meeting.at(0)
    stranger, message = meeting.world.join("stranger"), told(meeting.host, "meeting1:here")
    press = button(stranger, meeting.world.channel.history()[0], custom_id(message, "meeting1:here"))
    (answer,) = await arrive(press)
    assert said(answer) == say("meeting.not_yours")
    assert (await meeting.row()).host_here_at is None


async def test_five_more_minutes(meeting: Meeting) -> None:
    await meeting.held()
    done = await meeting.host.user.click(told(meeting.host, "meeting1:more"), label=say("meeting.more_time.button"))
    assert said(done).startswith("Go on until")
    assert meeting.host.mention in last(meeting.asker)


async def test_who_is_expected_elsewhere_by_now_reads_that_there_are_no_five_more(meeting: Meeting) -> None:
    await meeting.held()
    async with meeting.world.app.database.begin() as work:
        row, now = await meeting.row(), meeting.world.env.now()
        host, asker = await a_member(work, meeting.world.guild.id), await work.members.get(row.asker_id)
        assert asker is not None
        await an_agreement(work, host, asker, now, row.ends_at + timedelta(minutes=3))
    done = await meeting.host.user.click(told(meeting.host, "meeting1:more"), label=say("meeting.more_time.button"))
    assert said(done) == say("meeting.no_more")


async def test_how_it_was_is_one_tap_and_a_note_stays_private(meeting: Meeting) -> None:
    await meeting.held()
    message = told(meeting.asker, "meeting1:helped")
    assert said(await meeting.asker.user.click(message, label=say("outcome.yes.button"))) == say("meeting.thanks")
    assert said(await meeting.asker.user.click(message, label=say("outcome.not_yet.button"))) == say("meeting.thanks")
    form = await meeting.asker.user.click(message, label=say("meeting.note.button"))
    assert said(await meeting.asker.user.submit_modal(form, {"words": NOTE})) == say("meeting.note_kept")
    again = await meeting.asker.user.click(message, label=say("meeting.note.button"))
    assert again.modal is not None
    async with meeting.world.app.database.read() as work:
        kept = await work.meetings.impression(meeting.id, (await meeting.row()).asker_id)
    assert kept is not None
    assert (kept.helped, kept.note) == ("not_yet", NOTE)
    assert not any(
        NOTE in str(request.json) for request in meeting.world.env.http_requests if "callback" not in request.path
    )


async def test_what_helped_settles_the_question_it_came_from(world: World) -> None:
    await world.ask()
    meeting = await agreed(world, request_id=(await kept(world)).id)
    await meeting.held()
    message = told(meeting.asker, "meeting1:helped")
    assert say("meeting.check_settles") in message.content
    assert say("meeting.check_settles") not in last(meeting.host)
    await world.restart()
    answers = await arrive(*[button(meeting.asker.user, message, custom_id(message, "meeting1:helped"))] * 2)
    assert {said(each) for each in answers} <= {say("meeting.thanks_settled"), say("meeting.thanks")}
    assert await state(world) == "resolved"


async def test_the_third_time_somebody_may_object_and_a_moderator_lets_it_pass(world: World) -> None:
    channel, moderator = await moderators(world)
    meeting = await agreed(world)
    await missed(meeting)
    await meeting.at(0)
    await meeting.arrive(meeting.host)
    await meeting.at(10)
    await meeting.host.user.click(told(meeting.host, "meeting1:not_here"), label=NOT_HERE)
    asked = told(meeting.asker, "meeting1:appeal")
    assert said(await meeting.asker.user.click(asked, label=say("meeting.appeal_button.button"))) == say(
        "meeting.appealed"
    )
    letter = with_press(channel, "meeting1:excuse")
    assert meeting.host.mention not in letter.content
    assert said(await moderator.click(letter, label=say("meeting.excuse.button"))) == say("meeting.passed")
    assert last(meeting.asker) == say("meeting.excused")
    assert (await meeting.row()).is_excused


async def test_a_moderator_may_leave_it(world: World) -> None:
    channel, moderator = await moderators(world)
    meeting = await agreed(world)
    await missed(meeting)
    await meeting.at(0)
    await meeting.arrive(meeting.host)
    await meeting.at(10)
    await meeting.host.user.click(told(meeting.host, "meeting1:not_here"), label=NOT_HERE)
    await meeting.asker.user.click(told(meeting.asker, "meeting1:appeal"), label=say("meeting.appeal_button.button"))
    letter = with_press(channel, "meeting1:leave")
    assert said(await moderator.click(letter, label=say("meeting.leave.button"))) == say("meeting.left")
    assert last(meeting.asker).startswith("The moderators had a look")


async def test_with_closed_messages_the_thread_still_says_it(world: World) -> None:
    await world.ask()
    meeting = await agreed(world, thread_id=world.thread.id)
    close_mailbox(world, meeting.host)
    await meeting.at(0)
    message = with_press(world.thread, "meeting1:here")
    assert meeting.host.mention in message.content
    assert said(await meeting.host.click(message, label=HERE)).startswith("Lovely")


async def test_when_discord_breaks_nothing_is_lost(meeting: Meeting) -> None:
    path = f"/channels/{meeting.asker.user.dm_channel.id}/messages"
    meeting.world.env.inject_error("POST", path, status=500, code=0, times=2)
    await meeting.at(0)
    await meeting.at(3)
    await meeting.at(4)
    assert HERE in labels(told(meeting.asker, "meeting1:here"))


def labels(message: discord.Message) -> list[str]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [str(item.label) for row in rows for item in row.children if isinstance(item, discord.Button)]
