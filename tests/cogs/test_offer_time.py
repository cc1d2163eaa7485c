"""Offering time: `/offer-time`, *Offer time* on the panel, and everything one may do about one's own hours."""

from datetime import UTC, datetime, timedelta

import pytest
from discord.utils import format_dt
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import World, said, shown
from tests.cogs.presses import arrive, button, custom_id
from tests.cogs.profiles import refusal
from tests.cogs.scenes import choose, told, with_press

WEEKLY = "Tue 18:00-19:00 weekly"
OFFER, CHANGE, DROP = (say(f"offer_time.{each}.button") for each in ("confirm", "change", "drop"))


async def host(world: World, zone: str = "Europe/Paris") -> MemberActor:
    """Let someone in who has a time zone."""
    actor = world.join("joaquim")
    await actor.slash(world.channel, "profile", zone=zone)
    return actor


async def look(world: World, actor: MemberActor, when: str = WEEKLY, **more: object) -> ResponseMessage:
    """Type an offer; return what is shown of it."""
    return shown(await actor.slash(world.channel, "offer-time", when=when, **more))


async def offer(world: World, actor: MemberActor, when: str = WEEKLY, **more: object) -> InteractionResult:
    """Type an offer and say yes."""
    return await actor.click(await look(world, actor, when, **more), label=OFFER)


async def times(world: World, actor: MemberActor) -> list[datetime]:
    """Return when someone's hours begin that are coming."""
    hosting = world.app.use_cases.hosting
    found = await hosting.own(world.guild.id, actor.id)
    return [each.starts_at for hours in found for each in hours.coming]


async def own(world: World, actor: MemberActor) -> ResponseMessage:
    """Choose one's first series under `/offer-time`; return what it shows."""
    return shown(await choose(actor, shown(await actor.slash(world.channel, "offer-time")), "hours1:series"))


async def own_day(world: World, actor: MemberActor, place: int = 0) -> ResponseMessage:
    """Choose a day of one's first series; return what it shows."""
    return shown(await choose(actor, await own(world, actor), "hours1:time", place))


def next_tuesday(world: World, hour: int = 17) -> datetime:
    """Return 18:00 in Paris of the next Tuesday, in winter."""
    now = world.env.now()
    day = now + timedelta(days=(1 - now.weekday()) % 7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


async def test_what_was_understood_is_shown_in_everybodys_own_clock(world: World) -> None:
    joaquim = await host(world)

    echo = await look(world, joaquim, f"{WEEKLY} until 2026-03-31", topics="CTC loss")

    first, last = next_tuesday(world), datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert format_dt(first, "F") in echo.content
    assert say("offer_time.last", when=format_dt(last, "F")) in echo.content
    assert "Every Tuesday, until Mar 31, 2026 · 18:00–19:00 (Europe/Paris)" in echo.content
    assert "CTC loss" in echo.content
    assert say("offer_time.slots", count=3) in echo.content
    assert await times(world, joaquim) == []


async def test_confirming_offers_four_weeks(world: World) -> None:
    joaquim = await host(world)

    answer = await offer(world, joaquim)

    first = next_tuesday(world)
    assert said(answer) == say("offer_time.done", when=format_dt(first, "F"))
    assert await times(world, joaquim) == [first + number * timedelta(weeks=1) for number in range(4)]


async def test_never_mind_offers_nothing(world: World) -> None:
    joaquim = await host(world)
    echo = await look(world, joaquim)

    assert said(await joaquim.click(echo, label=DROP)) == say("offer_time.dropped")
    assert not custom_ids(echo.message.components)
    assert await times(world, joaquim) == []


async def test_changing_opens_the_form_with_what_was_typed(world: World) -> None:
    joaquim = await host(world)
    form = await joaquim.click(await look(world, joaquim), label=CHANGE)

    echo = shown(await joaquim.submit_modal(form, {"when": "Wed 18:00-19:00 weekly", "manner": ["slots"]}))
    await joaquim.click(echo, label=OFFER)

    assert [each.weekday() for each in await times(world, joaquim)] == [2] * 4


async def test_the_panel_offers_time(world: World) -> None:
    joaquim = await host(world)
    panel = with_press(world.channel, "panel1:offer")

    form = await joaquim.click(panel, label=say("panel.offer.button"))
    echo = shown(await joaquim.submit_modal(form, {"when": WEEKLY, "manner": ["walk_in"]}))

    assert say("offer_time.walk_in") in echo.content
    answer = await joaquim.click(echo, label=OFFER)
    assert said(answer) == say("offer_time.done_walk_in", when=format_dt(next_tuesday(world), "F"))
    assert len(await times(world, joaquim)) == 4


async def test_without_a_zone_it_leads_to_the_profile(world: World) -> None:
    answer = await world.asker.slash(world.channel, "offer-time", when=WEEKLY)

    assert said(answer) == say("offer_time.no_zone")
    assert len(world.env.errors) == 1


@pytest.mark.parametrize("when", ["sometime soon", "5/12 18:00", "2020-01-01 18:00", "@everyone"])
async def test_what_is_not_understood_gets_examples_and_changes_nothing(world: World, when: str) -> None:
    joaquim = await host(world)

    answer = await joaquim.slash(world.channel, "offer-time", when=when)

    assert said(answer).count("`") >= 2
    assert len(world.env.errors) == 1
    async with world.app.database.read() as work:
        assert await work.office_hours.get(1) is None


async def test_pressing_twice_is_pressing_once(world: World) -> None:
    joaquim = await host(world)
    message = (await look(world, joaquim)).message
    presses = [button(joaquim, message, custom_id(message, "offer1:confirm")) for _ in range(2)]

    answers = await arrive(*presses)

    assert len({said(answer) for answer in answers}) == 1
    assert len(await times(world, joaquim)) == 4


async def test_after_a_restart_it_can_still_be_confirmed_and_changed(world: World) -> None:
    joaquim = await host(world)
    echo = await look(world, joaquim)
    await world.restart()

    await joaquim.click(echo, label=OFFER)

    assert len(await times(world, joaquim)) == 4


async def test_nobody_confirms_for_somebody_else(world: World) -> None:
    joaquim = await host(world)
    press = custom_id((await look(world, joaquim)).message, "offer1:confirm")

    (theirs,) = await arrive(button(world.asker, world.channel.history()[0], press))
    (nobodys,) = await arrive(button(world.asker, world.channel.history()[0], "offer1:confirm:999"))

    assert said(theirs) == say("offer_time.not_yours")
    assert said(nobodys) == say("offer_time.gone")


async def test_two_hours_at_once_are_refused(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)

    answer = await joaquim.slash(world.channel, "offer-time", when="Tue 18:30 weekly")

    assert said(answer) == refusal(
        "offer_time.overlaps", at=int((next_tuesday(world) + timedelta(minutes=30)).timestamp())
    )
    assert len(world.env.errors) == 1


async def test_own_hours_are_listed_also_under_mine(world: World) -> None:
    joaquim = await host(world)
    empty = shown(await joaquim.slash(world.channel, "offer-time"))
    await offer(world, joaquim)

    listed = shown(await joaquim.slash(world.channel, "offer-time"))
    mine = shown(await joaquim.slash(world.channel, "mine"))

    assert empty.content == say("hours.none")
    assert format_dt(next_tuesday(world), "F") in listed.content
    assert shown(await joaquim.click(mine, label=say("hours.list.button"))).content == listed.content
    assert "hours1:list:0" not in custom_ids(shown(await world.asker.slash(world.channel, "mine")).message.components)


async def test_a_day_is_called_off(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    before = await times(world, joaquim)

    answer = await joaquim.click(await own_day(world, joaquim), label=say("hours.cancel.button"))

    assert said(answer) == say("hours.cancelled")
    assert await times(world, joaquim) == before[1:]


async def test_a_day_is_moved(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    form = await joaquim.click(await own_day(world, joaquim), label=say("hours.move.button"))

    answer = await joaquim.submit_modal(form, {"when": "tomorrow 10:00-11:00"})

    moved = (await times(world, joaquim))[0]
    assert moved.hour == 9
    assert format_dt(moved, "F") in said(answer)


async def test_a_series_is_changed_and_ended(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    form = await joaquim.click(await own(world, joaquim), label=say("hours.change.button"))

    changed = await joaquim.submit_modal(form, {"when": "Thu 10:00-10:30 weekly"})
    assert "Every Thursday" in said(changed)
    assert [each.weekday() for each in await times(world, joaquim)] == [3] * 4
    ended = await joaquim.click(await own(world, joaquim), label=say("hours.end.button"))
    assert said(ended) == say("hours.ended")
    assert await times(world, joaquim) == []


@pytest.mark.parametrize(("choice", "moves"), [("follow", 6), ("stay", 0)])
async def test_whoever_moves_chooses_which_clock_counts(world: World, choice: str, moves: int) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    before = await times(world, joaquim)
    await joaquim.slash(world.channel, "profile", zone="America/New_York")

    question = told(joaquim, f"hours1:{choice}")
    answer = await joaquim.user.click(question, label=say(f"which_clock.{choice}.button"))

    kept = say("which_clock.followed", zone="America/New_York") if moves else say("which_clock.stayed")
    assert said(answer) == kept
    assert await times(world, joaquim) == [each + timedelta(hours=moves) for each in before]


async def test_hours_that_would_be_at_once_are_not_moved_and_the_question_stays(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    await joaquim.slash(world.channel, "profile", zone="America/New_York")
    question = told(joaquim, "hours1:follow")
    await offer(world, joaquim, when="Tue 18:30-19:30 weekly")
    before = await times(world, joaquim)

    answer = await joaquim.user.click(question, label=say("which_clock.follow.button"))

    assert said(answer).startswith("In your new time zone, two of your hours would be at once")
    assert await times(world, joaquim) == before
    assert told(joaquim, "hours1:follow").id == question.id


async def test_everybody_browses_without_asking(world: World) -> None:
    joaquim = await host(world)
    nothing = shown(await world.asker.slash(world.channel, "office-hours"))
    await offer(world, joaquim, topics="CTC loss")

    page = shown(await world.asker.slash(world.channel, "office-hours"))

    assert nothing.content == say("office_hours.none")
    assert format_dt(next_tuesday(world), "F") in page.content
    assert f"<@{joaquim.id}>" in page.content
    assert page.content.count("CTC loss") == 4
    assert say("office_hours.free", count=3) in page.content


async def test_many_hours_have_pages(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim, "daily 18:00-18:15")

    first = shown(await world.asker.slash(world.channel, "office-hours"))
    second = shown(await world.asker.click(first, label=say("office_hours.later.button")))

    assert first.content != second.content
    again = shown(await world.asker.click(second, label=say("office_hours.sooner.button")))
    assert again.content == first.content


async def test_somebody_blocked_sees_nothing_of_the_hours(world: World) -> None:
    joaquim = await host(world)
    await offer(world, joaquim)
    await joaquim.slash(world.channel, "block", member=world.asker)

    page = shown(await world.asker.slash(world.channel, "office-hours"))

    assert page.content == say("office_hours.none")


async def test_the_database_is_down_and_it_is_said(world: World) -> None:
    joaquim = await host(world)
    await world.break_database()

    assert said(await joaquim.slash(world.channel, "offer-time", when=WEEKLY)) == say("error.database")
    assert said(await joaquim.slash(world.channel, "office-hours")) == say("error.database")
    world.env.errors.clear()
