"""*I also read drafts*, under `/profile`: off until a member chooses how long and about what."""

from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.domain.drafts import Area
from bot.texts import say
from tests.cogs.conftest import STATEMENT, World, said
from tests.cogs.presses import arrive, button, filled
from tests.cogs.profiles import card, kept

CHOOSE = "reader1:choose:0"


async def form(world: World, actor: MemberActor) -> InteractionResult:
    return await actor.click(await card(world, actor), label=say("profile.reads.button"))


async def choose(world: World, actor: MemberActor, longest: str, *areas: Area) -> InteractionResult:
    return await actor.submit_modal(await form(world, actor), {"longest": [longest], "areas": list(areas)})


def chosen(shown: InteractionResult) -> dict[str, list[str]]:
    """Return what stands in the form before anything is chosen."""
    assert shown.modal is not None
    fields: list[dict[str, Any]] = [label["component"] for label in shown.modal["components"]]
    return {
        each["custom_id"]: [option["value"] for option in each["options"] if option.get("default")] for each in fields
    }


async def test_no_one_reads_drafts_until_they_say_so(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    assert say("profile.reads_none") in (await card(world, helper)).content
    assert chosen(await form(world, helper)) == {"longest": ["0"], "areas": []}


async def test_what_is_chosen_is_said_and_stands_in_the_form(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    anything = await choose(world, helper, "15")
    some = await choose(world, helper, "30", Area.ANALYSIS, Area.DESIGN)

    assert say("profile.reads_anything", minutes=15) in said(anything)
    areas = f"{say('draft.area.design')}, {say('draft.area.analysis')}"
    assert say("profile.reads_areas", minutes=30, areas=areas) in said(some)
    assert chosen(await form(world, helper)) == {"longest": ["30"], "areas": ["design", "analysis"]}


async def test_turning_it_off_forgets_the_areas(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await choose(world, helper, "45", Area.DIRECTION)

    off = await choose(world, helper, "0", Area.DIRECTION)

    assert say("profile.reads_none") in said(off)
    member, _ = await kept(world, helper)
    assert (member.longest_read, member.read_areas) == (None, [])


@pytest.mark.parametrize(("longest", "area"), [("20", "design"), ("30", "poetry"), ("often", "design"), ("-15", "")])
async def test_what_no_client_offers_is_refused(world: World, longest: str, area: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    (answer,) = await arrive(filled(helper, world.channel, "reader1:save:0", {}, longest=longest, areas=area))

    assert said(answer) == say("error.choice")
    assert (await kept(world, helper))[0].longest_read is None


async def test_a_form_without_a_choice_turns_it_off(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await choose(world, helper, "45")

    (answer,) = await arrive(filled(helper, world.channel, "reader1:save:0", {}))

    assert say("profile.reads_none") in said(answer)


async def test_choosing_twice_at_once_is_choosing_once(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    sent = [filled(helper, world.channel, "reader1:save:0", {}, longest="30", areas="design") for _ in range(2)]

    answers = await arrive(*sent)

    areas = say("draft.area.design")
    assert all(say("profile.reads_areas", minutes=30, areas=areas) in said(answer) for answer in answers)


async def test_another_persons_button_changes_nothing(world: World) -> None:
    helper, other = await world.helper("joaquim", STATEMENT), await world.helper("nadia", "Grant writing")
    member, _ = await kept(world, helper)
    shown = (await card(world, other)).message

    (opened,) = await arrive(button(other, shown, f"reader1:choose:{member.id}"))
    (saved,) = await arrive(filled(other, world.channel, f"reader1:save:{member.id}", {}, longest="45"))

    assert said(opened) == said(saved) == say("profile.not_yours")
    assert (await kept(world, helper))[0].longest_read is None


async def test_an_old_card_and_an_open_form_outlive_a_restart(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    old = await card(world, helper)
    opened = await helper.click(old, custom_id=CHOOSE)

    await world.restart()

    saved = await helper.submit_modal(opened, {"longest": ["45"], "areas": []})
    assert say("profile.reads_anything", minutes=45) in said(saved)
    assert chosen(await helper.click(old, custom_id=CHOOSE)) == {"longest": ["45"], "areas": []}


async def test_a_form_that_cannot_be_shown_is_said(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    shown = await card(world, helper)
    world.env.inject_error("POST", "/interactions/*/callback")

    answer = await helper.click(shown, custom_id=CHOOSE)

    assert said(answer) == say("error.not_taken")


async def test_without_a_database_nothing_is_lost(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    opened = await form(world, helper)
    async with world.app.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE member RENAME TO elsewhere")

    answer = await helper.submit_modal(opened, {"longest": ["45"], "areas": []})

    assert said(answer) == say("error.database")
