"""Discord's scheduled events: one for each hour, moved and called off with it, and made once in any case."""

from datetime import timedelta
from typing import Any

import pytest

from bot.texts import say
from bot.ui.render import link
from tests.cogs.conftest import World, said, shown
from tests.cogs.scenes import choose
from tests.cogs.test_offer_time import host, next_tuesday, offer, own, own_day

SCHEDULED, CANCELLED = 1, 4
"""Source: https://discord.com/developers/docs/resources/guild-scheduled-event"""
WEEK = timedelta(weeks=1)


def events(world: World) -> list[Any]:
    """Return the community's events, in the order of their making."""
    found = world.env.backend.get_guild(world.guild.id).scheduled_events
    return [found[each] for each in sorted(found)]


def begins(world: World) -> list[str]:
    """Return when the events begin that take place."""
    return [each.scheduled_start_time for each in events(world) if each.status == SCHEDULED]


async def test_each_hour_has_one_event_two_weeks_before(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim, topics="CTC loss")

    first = next_tuesday(world)
    assert begins(world) == [(first + number * WEEK).isoformat() for number in range(2)]
    event = events(world)[0]
    assert event.name == say("office_hours.event.name", host="joaquim")
    assert f"<@{joaquim.id}>" in event.description
    assert "CTC loss" in event.description
    assert event.entity_metadata == {"location": link(world.guild.id, world.channel.id)}
    await world.pass_time(days=8)
    await world.pass_time(days=8)
    made = [each.scheduled_start_time for each in events(world)]
    assert made == [(first + number * WEEK).isoformat() for number in range(4)]


async def test_it_moves_with_its_hour(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    form = await joaquim.click(await own_day(world, joaquim), label=say("hours.move.button"))

    await joaquim.submit_modal(form, {"when": "tomorrow 10:00-11:00"})

    assert len(events(world)) == 2
    assert begins(world)[0] == (world.env.now().replace(hour=9, minute=0) + timedelta(days=1)).isoformat()


async def test_it_is_called_off_with_its_hour(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)

    await joaquim.click(await own_day(world, joaquim), label=say("hours.cancel.button"))

    assert [each.status for each in events(world)] == [CANCELLED, SCHEDULED]
    await joaquim.click(await own(world, joaquim), label=say("hours.end.button"))
    assert [each.status for each in events(world)] == [CANCELLED, CANCELLED]
    await world.pass_time(days=10)
    assert len(events(world)) == 2


async def test_one_that_somebody_deleted_stays_deleted(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    world.env.backend.delete_scheduled_event(world.guild.id, events(world)[0].id)

    await joaquim.click(await own_day(world, joaquim), label=say("hours.cancel.button"))

    assert [each.status for each in events(world)] == [SCHEDULED]


async def test_a_lost_answer_makes_no_second_event(world: World) -> None:
    joaquim = await host(world)
    create = world.env.backend.create_scheduled_event
    lost: list[object] = []

    def lose(*args: Any, **fields: Any) -> Any:  # noqa: ANN401 - as the one it stands in for
        made = create(*args, **fields)
        if not lost:
            lost.append(made)
            raise OSError
        return made

    world.env.backend.create_scheduled_event = lose  # type: ignore[method-assign]
    await offer(world, joaquim)
    await world.pass_time(minutes=1)
    await world.pass_time(minutes=1)

    assert begins(world) == [(next_tuesday(world) + number * WEEK).isoformat() for number in range(2)]
    world.env.errors.clear()


@pytest.mark.parametrize("status", [403, 500])
async def test_without_events_everything_else_works(world: World, status: int) -> None:
    joaquim = await host(world)
    path = f"/guilds/{world.guild.id}/scheduled-events"
    world.env.inject_error("POST", path, status=status, code=50013, times=None)

    await offer(world, joaquim)
    await world.pass_time(minutes=1)

    assert events(world) == []
    page = shown(await world.asker.slash(world.channel, "office-hours"))
    assert say("office_hours.free", count=3) in page.content


async def test_the_doctor_says_whether_events_can_be_made(world: World) -> None:
    assert say("doctor.events_fine") in said(await world.moderator.slash(world.channel, "doctor"))


async def test_people_join_a_walk_in_hour_from_the_list(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim, walk_in=True)

    page = shown(await world.asker.slash(world.channel, "office-hours"))
    form = await choose(world.asker, page, "browse1:queue")

    assert say("office_hours.walk_in") in page.content
    assert form.modal is not None


async def test_where_people_meet_is_where_the_event_is(world: World) -> None:
    voice = world.guild.create_voice_channel("office")
    answer = await world.moderator.slash(world.channel, "setup", meeting_channel=voice)
    joaquim = await host(world)

    await offer(world, joaquim)

    assert say("setup.meeting", channel=f"<#{voice.id}>") in said(answer)
    assert {event.channel_id for event in events(world)} == {voice.id}


async def test_a_voice_channel_that_lets_nobody_in_is_only_led_to(world: World) -> None:
    voice = world.guild.create_voice_channel("office")
    await world.moderator.slash(world.channel, "setup", meeting_channel=voice)
    world.deny(voice, "connect")
    joaquim = await host(world)

    await offer(world, joaquim)

    assert events(world)[0].entity_metadata == {"location": link(world.guild.id, voice.id)}
