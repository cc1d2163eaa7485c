"""The queue of a walk-in hour in Discord: joined, held, left, and called."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.texts import say
from tests.cogs.conftest import World, inbox, said, shown
from tests.cogs.presses import arrive, button, filled
from tests.cogs.scenes import told
from tests.factories import a_member, a_series, an_occurrence

QUESTION = "How do I find out whether the labels or the loss is wrong?"


@dataclass
class WalkIn:
    """A walk-in hour that has just begun."""

    world: World
    id: int
    host: MemberActor

    async def join(self, actor: MemberActor) -> InteractionResult:
        """Let someone join by the form."""
        form = filled(actor, self.world.channel, f"queue1:send:{self.id}", {"words": QUESTION})
        (result,) = await arrive(form)
        return result

    async def next(self) -> str:
        """Let the host press *Next*; return what they read."""
        message = told(self.host, "queue1:next")
        return said(await self.host.user.click(message, label=say("queue.invite.button")))


@pytest.fixture
async def hour(world: World) -> WalkIn:
    return await walk_in_hour(world, world.join("joaquim"))


async def walk_in_hour(world: World, host: MemberActor) -> WalkIn:
    """Let someone's walk-in hour begin."""
    async with world.app.database.begin() as work:
        series = await a_series(work, await a_member(work, world.guild.id, host.id), is_walk_in=True)
        now = world.env.now()
        occurrence = await an_occurrence(work, series, starts_at=now, ends_at=now + timedelta(hours=1), day=now.date())
    await world.pass_time(seconds=1)
    return WalkIn(world, occurrence.id, host)


async def test_whoever_joins_is_called_in_turn(hour: WalkIn) -> None:
    second = hour.world.join("zawadi")
    assert "no one is before you" in said(await hour.join(hour.world.asker))
    assert "People before you: 1" in said(await hour.join(second))
    read = await hour.next()
    assert hour.world.asker.mention in read
    assert QUESTION in read
    assert hour.host.mention in inbox(hour.world.asker)[-1].content
    assert second.mention in await hour.next()
    assert await hour.next() == say("queue.nobody", held=0)


async def test_the_form_opens_from_a_button(hour: WalkIn) -> None:
    panel = hour.world.channel.history()[0]
    (form,) = await arrive(button(hour.world.asker, panel, f"queue1:join:{hour.id}"))
    assert form.modal is not None


async def test_a_place_can_be_held_and_taken_up_again(hour: WalkIn) -> None:
    private = shown(await hour.join(hour.world.asker))
    held = shown(await hour.world.asker.click(private, label=say("queue.hold.button")))
    assert held.content.startswith("I'll hold your place until")
    assert await hour.next() == say("queue.nobody", held=1)
    await hour.world.asker.click(held, label=say("queue.back.button"))
    assert hour.world.asker.mention in await hour.next()


async def test_a_place_can_be_left_also_after_a_restart_and_twice(hour: WalkIn) -> None:
    await hour.join(hour.world.asker)
    await hour.next()
    await hour.world.restart()
    message = told(hour.world.asker, "queue1:leave")
    left = await hour.world.asker.user.click(message, label=say("queue.leave.button"))
    assert said(left) == say("queue.left")
    assert await hour.next() == say("queue.nobody", held=0)


async def test_only_the_host_calls(hour: WalkIn) -> None:
    panel = hour.world.channel.history()[0]
    (answer,) = await arrive(button(hour.world.asker, panel, f"queue1:next:{hour.id}"))
    assert said(answer) == say("queue.not_host")


async def test_a_double_click_of_the_form_is_one_place(hour: WalkIn) -> None:
    form = filled(hour.world.asker, hour.world.channel, f"queue1:send:{hour.id}", {"words": QUESTION})
    await arrive(form, form)
    await hour.next()
    assert await hour.next() == say("queue.nobody", held=0)
