"""People who left the server: old direct messages do nothing, and letters look seldom whether they are."""

from datetime import datetime, timedelta

import pytest
from simcord.actors import MemberActor

from bot.domain.rows import Row
from bot.texts import say
from bot.ui.doors import Entrance
from bot.ui.membership import DiscordMembership
from models import Guild, Member
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, invitations, posts, said
from tests.cogs.presses import CHOICE, arrive, button
from tests.cogs.scenes import TAKE, said_in, told
from tests.store.test_communities import rows


def leave(world: World, actor: MemberActor) -> None:
    world.guild.remove_member(actor)


def time_out(world: World, actor: MemberActor, until: datetime) -> None:
    world.env.backend.get_member(world.guild.id, actor.id).timed_out_until = until.isoformat()


def looks(world: World, actor: MemberActor) -> int:
    path = f"/guilds/{world.guild.id}/members/{actor.id}"
    return sum(each.method == "GET" and each.path.endswith(path) for each in world.env.http_requests)


def entrances(world: World) -> list[tuple[Entrance, Row]]:
    """Return everything that can be pressed about a row."""
    return [(each, row) for each in world.app.client.presses if (row := each.chosen or each.row) is not None]


async def test_no_old_button_does_anything_for_somebody_who_left(world: World) -> None:
    helper, invitation = await world.waiting()
    leave(world, helper)
    row_ids = await rows(world.app.database, world.guild.id)

    for entrance, row in entrances(world):
        is_chosen = entrance.chosen is not None
        custom_id = f"{entrance.kind}1:{entrance.verb}:{0 if is_chosen else row_ids[row]}"
        press = button(helper.user, invitation, custom_id)
        if is_chosen:
            press.payload["data"] |= {"component_type": CHOICE, "values": [str(row_ids[row])]}
        (answer,) = await arrive(press)
        if not entrance.needs.value:
            assert said(answer) == say("belonging.gone"), custom_id
    assert not said_in(world.thread)
    assert looks(world, helper) <= 3


async def test_somebody_who_is_timed_out_reads_until_when(world: World) -> None:
    helper, invitation = await world.waiting()
    until = world.env.now() + timedelta(hours=2)
    time_out(world, helper, until)
    answer = await helper.user.click(invitation, label=TAKE)
    assert said(answer) == say("belonging.silenced", until=int(until.timestamp()))
    assert not said_in(world.thread)
    await world.env.advance_time(2 * 60 * 60)
    assert "Thank you!" in said(await helper.user.click(invitation, label=TAKE))


async def test_where_discord_cannot_say_nothing_is_published(world: World) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("GET", f"/guilds/{world.guild.id}/members/{helper.id}", status=403, code=40001, times=None)
    answer = await helper.user.click(invitation, label=TAKE)
    assert said(answer) == say("belonging.unknown")
    assert not said_in(world.thread)


async def test_whoever_is_banned_while_a_form_is_open_sends_nothing(world: World) -> None:
    await world.ask(visibility=["anonymous"])
    await world.pass_time(hours=49)
    form = await world.asker.user.click(told(world.asker, "question1:rephrase"), label="Rephrase")
    leave(world, world.asker)
    answer = await world.asker.user.submit_modal(form, {**ASKED, "question": f"{QUESTION} Or the data?"})
    assert said(answer).startswith(say("belonging.gone"))
    assert len(posts(world)) == 1


@pytest.mark.parametrize("command", ["mine", "pause", "profile"])
async def test_a_command_in_direct_messages_asks_discord_first(world: World, command: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    leave(world, helper)
    assert said(await helper.user.slash(command)) == say("belonging.gone")
    assert said(await helper.user.slash(command)) == say("direct.stranger")
    assert len(world.env.errors) == 2


async def test_letters_look_at_nobody_twice_within_a_minute(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.env.advance_time(61)
    for _ in range(3):
        await world.ask()
    assert len(invitations(helper)) == 3
    assert looks(world, helper) == 1


async def test_a_server_without_the_bot_is_left_alone_until_it_is_back(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask()
    asked = len(invitations(helper))

    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id)})
    await world.env.settle()
    async with world.app.database.read() as work:
        guild = await work.guilds.hold(world.guild.id)
        assert isinstance(guild, Guild)
        assert guild.left_at is not None
    await world.pass_time(days=8)
    assert len(invitations(helper)) == asked
    assert len(posts(world)) == 1

    async with world.app.database.read() as work:
        member = await work.members.find(world.guild.id, helper.id)
        assert isinstance(member, Member)
        assert (member.is_helper, member.left_at) == (True, None)


async def test_an_outage_is_no_removal(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id), "unavailable": True})
    await world.env.settle()
    membership = world.app.use_cases.belonging.membership
    assert isinstance(membership, DiscordMembership)
    assert (await membership.standing(world.guild.id, world.asker.id)).where == "unknown"
    assert world.guild.id in membership.communities()
    async with world.app.database.read() as work:
        assert set((await work.guilds.left()).values()) == {False}
