"""`/block`: two people are kept apart, no one is told, and it can be taken back."""

import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said, shown
from tests.cogs.offered import book, host
from tests.cogs.presses import arrive, chosen, custom_id
from tests.cogs.scenes import close_mailbox, options, pings, said_in

REMOVE = "block1:remove"


async def block(world: World, who: MemberActor, whom: MemberActor) -> ResponseMessage:
    return shown(await who.slash(world.channel, "block", member=whom.user))


async def blocked(world: World, who: MemberActor) -> ResponseMessage:
    return shown(await who.slash(world.channel, "block"))


def done(*people: MemberActor) -> str:
    return f"{say('block.done')}\n{say('block.list', people=', '.join(each.mention for each in people))}"


async def test_neither_is_asked_for_the_other_and_nobody_is_told(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    before = len(inbox(helper))

    private = await block(world, world.asker, helper)
    await world.ask()
    await world.fill_profile(world.asker, STATEMENT)
    await world.ask(actor=helper)

    assert private.content == done(helper)
    assert pings(world, private.message) == []
    assert not invitations(helper)
    assert not invitations(world.asker)
    assert len(inbox(helper)) == before
    assert not said_in(world.thread)


async def test_whoever_was_kept_away_keeps_nobody_away(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await block(world, world.asker, helper)

    assert (await blocked(world, helper)).content == say("block.none")


async def test_others_are_asked_all_the_same(world: World) -> None:
    helper, other = await world.helper("joaquim", STATEMENT), await world.helper("nadia", STATEMENT)
    await block(world, helper, world.asker)

    await world.ask()

    assert [len(invitations(each)) for each in (helper, other)] == [0, 1]


async def test_the_list_lets_them_in_again(world: World) -> None:
    helper, other = await world.helper("joaquim", STATEMENT), world.join("nadia")
    await block(world, world.asker, helper)
    private = await block(world, world.asker, other)
    assert private.content == done(helper, other)
    assert [each["label"] for each in options(private, REMOVE)] == ["joaquim", "nadia"]

    answer = await world.asker.select(private, [options(private, REMOVE)[0]["value"]])
    await world.ask()

    assert said(answer) == say("block.list", people=other.mention)
    assert invitations(helper)
    last = shown(answer)
    assert said(await world.asker.select(last, [options(last, REMOVE)[0]["value"]])) == say("block.none")


async def test_nobody_is_kept_away_to_begin_with(fresh: World) -> None:
    private = await blocked(fresh, fresh.asker)

    assert private.content == say("block.none")
    assert not custom_ids(private.message.components)


async def test_somebody_who_left_can_be_let_in_again(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await block(world, world.asker, helper)
    world.guild.remove_member(helper)
    await world.restart()

    private = await blocked(world, world.asker)

    assert [each["label"] for each in options(private, REMOVE)] == ["joaquim"]
    assert said(await world.asker.select(private, [options(private, REMOVE)[0]["value"]])) == say("block.none")


async def test_somebody_who_is_not_there_any_more_hinders_nothing(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await block(world, world.asker, helper)
    world.guild.remove_member(helper)
    await world.restart()
    world.env.inject_error("GET", f"/users/{helper.id}", status=404, code=10013, times=None)

    private = await blocked(world, world.asker)

    assert private.content == say("block.list", people=helper.mention)
    assert [each["label"] for each in options(private, REMOVE)] == [str(helper.id)]


async def test_oneself_is_refused(world: World) -> None:
    answer = await world.asker.slash(world.channel, "block", member=world.asker.user)

    assert said(answer) == say("block.yourself")
    assert len(world.env.errors) == 1
    assert (await blocked(world, world.asker)).content == say("block.none")


async def test_twenty_five_are_the_most(world: World) -> None:
    people = [world.join(f"person{number}") for number in range(26)]
    private = [await block(world, world.asker, person) for person in people[:25]][-1]

    answer = await world.asker.slash(world.channel, "block", member=people[25].user)

    assert len(options(private, REMOVE)) == 25
    assert said(answer) == say("block.limit", limit=25)
    assert len(world.env.errors) == 1
    again = await block(world, world.asker, people[3])
    assert again.content.startswith(say("block.done"))
    assert len(again.content) <= 2_000


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_letting_in_twice_is_letting_in_once(world: World, *, is_at_once: bool) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    private = await block(world, world.asker, helper)
    value = options(private, REMOVE)[0]["value"]
    presses = [chosen(world.asker, private.message, custom_id(private, REMOVE), value) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert [said(answer) for answer in answers] == [say("block.none")] * 2


async def test_blocking_twice_is_blocking_once(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await block(world, world.asker, helper)

    assert (await block(world, world.asker, helper)).content == done(helper)


async def test_nobody_changes_somebody_elses_list(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    private = await block(world, world.asker, helper)
    value = options(private, REMOVE)[0]["value"]

    (answer,) = await arrive(chosen(helper, world.channel.history()[0], f"{REMOVE}:0", value))

    assert said(answer) == say("block.none")
    assert (await blocked(world, world.asker)).content == say("block.list", people=helper.mention)


async def test_after_a_restart_the_list_still_works(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    private = await block(world, world.asker, helper)
    await world.restart()

    assert said(await world.asker.select(private, [options(private, REMOVE)[0]["value"]])) == say("block.none")


async def test_with_closed_direct_messages_it_is_the_same(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    close_mailbox(world, world.asker)

    assert (await block(world, world.asker, helper)).content == done(helper)
    await world.ask()
    assert not said_in(world.thread)


async def test_what_is_called_off_by_it_is_told_at_once(world: World) -> None:
    helper = await host(world)
    await book(world)
    before = len(inbox(helper))

    await block(world, world.asker, helper)

    assert len(inbox(helper)) == before + 1
    assert "can't come after all" in inbox(helper)[-1].content


async def test_what_discord_loses_is_said(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    world.env.inject_error("POST", "/interactions/*/*/callback")
    unheard = await world.asker.slash(world.channel, "block", member=helper.user)
    untouched = await blocked(world, world.asker)
    world.env.inject_error("POST", "/webhooks/*")
    lost = await world.asker.slash(world.channel, "block", member=helper.user)

    assert said(unheard) == say("error.not_taken")
    assert untouched.content == say("block.none")
    assert said(lost) == say("error.not_shown")
    assert (await blocked(world, world.asker)).content == say("block.list", people=helper.mention)
    assert len(world.env.errors) == 2


async def test_the_database_is_down_and_it_is_said(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    private = await block(world, world.asker, helper)
    await world.break_database()

    assert said(await world.asker.slash(world.channel, "block")) == say("error.database")
    select = await world.asker.select(private, [options(private, REMOVE)[0]["value"]])
    assert said(select) == say("error.database")
    assert len(world.env.errors) == 1


async def test_it_is_offered_inside_servers_only(world: World) -> None:
    assert "block" not in world.asker.user.available_commands()
