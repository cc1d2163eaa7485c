"""`/help`: where to start, everywhere."""

import re

from bot.texts import say
from tests.cogs.conftest import World, said


async def test_everybody_gets_the_explanation_alone(world: World) -> None:
    assert said(await world.asker.slash(world.channel, "help")) == say("help.text")


async def test_it_works_in_direct_messages_and_before_setup(fresh: World) -> None:
    assert "help" in fresh.asker.user.available_commands()
    assert said(await fresh.asker.user.slash("help")) == say("help.text")


async def test_it_names_every_command_there_is_and_no_other(world: World) -> None:
    named = set(re.findall(r"`/([\w-]+)`", say("help.text")))

    assert named | {"help"} == {
        command.name for command in world.app.client.tree.get_commands() if command.name.islower()
    }


async def test_it_works_after_a_restart(world: World) -> None:
    await world.restart()

    assert said(await world.asker.slash(world.channel, "help")) == say("help.text")


async def test_an_answer_discord_loses_is_said(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback")

    assert said(await world.asker.slash(world.channel, "help")) == say("error.not_taken")
    assert len(world.env.errors) == 1
