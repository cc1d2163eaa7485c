"""`/stats`: one small true table, for those who moderate."""

import re
from datetime import timedelta

import discord
import pytest

from bot.store.unit_of_work import UnitOfWork
from bot.texts import say
from models import Member
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said
from tests.factories import a_member, a_question

ROWS = ("asked", "taken", "answered", "helped", "median_wait", "open")
NOTHING = say("stats.nothing")


async def table(world: World, **options: int) -> dict[str, tuple[str, str]]:
    """Return the table's rows: now, and before."""
    return read(said(await world.moderator.slash(world.channel, "stats", **options)))


def read(shown: str) -> dict[str, tuple[str, str]]:
    _, block, note = shown.split("```")
    heads, *lines = block.strip("\n").splitlines()
    assert re.split(r"\s{2,}", heads.strip()) == [say("stats.now"), say("stats.before")]
    assert note.strip() == say("stats.note")
    assert len({len(line) for line in lines}) == 1, "the columns line up"
    cells = [re.split(r"\s{2,}", line) for line in lines]
    assert [name for name, _, _ in cells] == [say(f"stats.{row}") for row in ROWS]
    return {row: (now, before) for row, (_, now, before) in zip(ROWS, cells, strict=True)}


def row(asked: int, taken: int, answered: int, helped: int, wait: str, still_open: int) -> dict[str, str]:
    """Return one column as `/stats` writes it."""
    return dict(zip(ROWS, map(str, (asked, taken, answered, helped, wait, still_open)), strict=True))


async def asked(world: World, work: UnitOfWork, asker: Member, *happened: str, ago: timedelta, wait: int = 0) -> None:
    """Write one question of the past: asked `ago`, answered after `wait` minutes, and what else happened."""
    at = world.env.now() - ago
    states = {"helped": "resolved", "answered": "answered", "taken": "taken", "closed": "closed"}
    state = next((states[each] for each in reversed(happened) if each in states), "waiting")
    question = await a_question(work, asker, created_at=at, state=state)
    work.facts.add("asked", question, at, asker.id)
    for each in happened:
        work.facts.add(each, question, at + timedelta(minutes=wait))
    await work.flush()


async def test_nobody_has_asked_anything(world: World) -> None:
    shown = said(await world.moderator.slash(world.channel, "stats"))

    assert shown.startswith(f"**{say('stats.heading', weeks=4)}**")
    assert read(shown) == dict.fromkeys(ROWS, ("0", "0")) | {"median_wait": (NOTHING, NOTHING)}


async def test_one_question_from_asking_to_helping(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask()
    assert await now(world) == row(1, 0, 0, 0, NOTHING, 1)

    await helper.user.click(invitations(helper)[-1], label="I'll take it")
    assert await now(world) == row(1, 1, 0, 0, NOTHING, 1)

    await world.pass_time(minutes=40)
    await helper.send(world.thread, "Look at the blank label first.")
    assert await now(world) == row(1, 1, 1, 0, "40 min", 0)

    await world.asker.user.click(inbox(world.asker)[-1], label="It helped")
    assert await now(world) == row(1, 1, 1, 1, "40 min", 0)


async def test_a_known_history_in_both_windows(world: World) -> None:
    day = timedelta(days=1)
    async with world.app.database.begin() as work:
        asker = await a_member(work, world.guild.id)
        await asked(world, work, asker, ago=day)
        await asked(world, work, asker, "closed", ago=2 * day)
        await asked(world, work, asker, "taken", ago=3 * day)
        await asked(world, work, asker, "taken", "answered", "helped", ago=4 * day, wait=10)
        await asked(world, work, asker, "answered", ago=5 * day, wait=60)
        await asked(world, work, asker, "answered", "helped", ago=27 * day, wait=24 * 60)
        await asked(world, work, asker, "answered", ago=29 * day, wait=3)
        await asked(world, work, asker, ago=55 * day)
        await asked(world, work, asker, "answered", "helped", ago=57 * day, wait=1)
        elsewhere = await a_member(work, world.guild.id + 1)
        await asked(world, work, elsewhere, "answered", ago=day, wait=5)

    four, twelve = await table(world, weeks=4), await table(world, weeks=12)

    assert {name: cells[0] for name, cells in four.items()} == row(6, 2, 3, 2, "60 min", 2)
    assert {name: cells[1] for name, cells in four.items()} == row(2, 0, 1, 0, "3 min", 1)
    assert {name: cells[0] for name, cells in twelve.items()} == row(9, 2, 5, 3, "10 min", 3)
    assert {name: cells[1] for name, cells in twelve.items()} == row(0, 0, 0, 0, NOTHING, 0)


async def test_what_turned_out_not_to_help_is_not_counted_as_help(world: World) -> None:
    async with world.app.database.begin() as work:
        asker = await a_member(work, world.guild.id)
        await asked(world, work, asker, "answered", "partly", "not_yet", "helped", ago=timedelta(days=1))
        await asked(world, work, asker, "answered", "helped", "not_yet", ago=timedelta(days=1))
        await asked(world, work, asker, "answered", "helped", "partly", ago=timedelta(days=1))

    assert (await now(world))["helped"] == "1"


async def test_only_two_windows_are_offered(world: World) -> None:
    with pytest.raises(Exception, match="only allows"):
        await world.moderator.slash(world.channel, "stats", weeks=5)


@pytest.mark.parametrize("rights", [discord.Permissions.none(), discord.Permissions(manage_threads=True)])
async def test_only_those_who_moderate_messages_see_it(world: World, rights: discord.Permissions) -> None:
    role = world.guild.create_role("Others", permissions=rights)
    other = world.guild.add_member(world.env.create_user("nadia"), roles=[role])

    assert "stats" in world.moderator.available_commands(world.channel)
    assert "stats" not in other.available_commands(world.channel)
    assert "stats" not in world.moderator.user.available_commands()


async def test_it_works_after_a_restart(world: World) -> None:
    await world.ask()
    await world.restart()

    assert (await now(world))["asked"] == "1"


async def test_a_database_that_is_down_is_a_sentence(world: World) -> None:
    async with world.app.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")

    assert said(await world.moderator.slash(world.channel, "stats")) == say("error.database")
    assert len(world.env.errors) == 1


async def now(world: World) -> dict[str, str]:
    """Return the column of the last four weeks."""
    return {name: cells[0] for name, cells in (await table(world)).items()}
