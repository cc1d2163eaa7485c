"""What Discord is told of the commands, and when."""

from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from discord.ext import commands

from bot.app import App, Beside, Encoders, connect
from bot.client import Morsel, shape
from tests.cogs.conftest import World, WorldClock
from tests.statistician import FakeStatistician

GUILD, DIRECT = 0, 1
"""The context of a server. Source: https://discord.com/developers/docs/interactions/application-commands"""


def told(env: simcord.Env) -> int:
    """Count how often Discord was told the whole list."""
    return sum(request.method == "PUT" and request.path.endswith("/commands") for request in env.http_requests)


def payload(client: Morsel) -> dict[str, dict[str, Any]]:
    """Return what Discord is told, by name."""
    commands = list(client.tree.get_commands()) + list(client.tree.get_commands(type=discord.AppCommandType.message))
    return {command.name: dict(command.to_dict(client.tree)) for command in commands}


async def another(env: simcord.Env, app: App, description: str | None = None) -> None:
    """Start the bot once more, with a command described in other words if they are given."""
    clock = WorldClock()
    clock.env = env
    client = Reworded(description) if description else Morsel(guild_ready_timeout=0)
    connect(client, app.database, clock, Beside(Encoders(), app.attachments, FakeStatistician(app.database)))
    await env.restart_bot(client)


class Reworded(Morsel):
    """The bot of another version, which describes `/help` in other words."""

    def __init__(self, description: str) -> None:
        super().__init__(guild_ready_timeout=0)
        self._description = description

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:  # noqa: ANN401
        await super().add_cog(cog, **options)
        command = self.tree.get_command("help")
        if isinstance(command, app_commands.Command):
            command.description = self._description


async def test_a_first_start_tells_discord_once(env: simcord.Env) -> None:
    assert told(env) == 1


async def test_an_unchanged_start_tells_nothing(env: simcord.Env, app: App) -> None:
    await another(env, app)
    await another(env, app)

    assert told(env) == 1


async def test_a_changed_description_is_told_once(env: simcord.Env, app: App) -> None:
    await another(env, app, "Where to start")
    await another(env, app, "Where to start")

    assert told(env) == 2


async def test_what_discord_adds_is_no_change(env: simcord.Env, app: App) -> None:
    ours = list(payload(app.client).values())
    added = {
        "id": "1", "application_id": "2", "version": "3", "name_localizations": None, "dm_permission": False,
        "integration_types": [0],
    }  # fmt: skip
    theirs = [{**command, **added} for command in reversed(ours)]

    assert shape(theirs) == shape(ours)


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Other words"},
        {"default_member_permissions": "8"},
        {"contexts": [0, 1]},
        {"options": []},
        {"name": "statistics"},
    ],
)
async def test_what_we_decide_is_a_change(app: App, env: simcord.Env, change: dict[str, Any]) -> None:
    ours = payload(app.client)
    theirs = {**ours, "stats": {**ours["stats"], **change}}

    assert shape(list(theirs.values())) != shape(list(ours.values()))


async def test_permissions_are_the_same_as_a_number_and_as_text(app: App, env: simcord.Env) -> None:
    ours = payload(app.client)["stats"]
    permissions = discord.Permissions(manage_messages=True).value

    assert shape([{**ours, "default_member_permissions": str(permissions)}]) == shape(
        [{**ours, "default_member_permissions": permissions}]
    )


async def test_commands_work_inside_servers_and_ones_own_things_in_direct_messages_too(
    app: App, env: simcord.Env
) -> None:
    contexts = {name: command["contexts"] for name, command in payload(app.client).items()}

    assert contexts.pop("help") is None
    direct = {name for name, where in contexts.items() if tuple(where) == (GUILD, DIRECT)}
    assert direct == {"mine", "pause", "profile"}
    assert {tuple(where) for name, where in contexts.items() if name not in direct} == {(GUILD,)}
    assert set(contexts) == {
        "ask", "profile", "stats", "setup", "doctor", "why", "mine", "pause", "block", "reveal", "book", "offer-time",
        "office-hours", "Ask the mentors", "feedback", "Ask for feedback",
    }  # fmt: skip


async def test_only_four_commands_ask_for_rights(app: App, env: simcord.Env) -> None:
    rights = {name: command["default_member_permissions"] for name, command in payload(app.client).items()}

    assert {name: value for name, value in rights.items() if value is not None} == {
        "setup": discord.Permissions(manage_guild=True).value,
        "doctor": discord.Permissions(manage_guild=True).value,
        "stats": discord.Permissions(manage_messages=True).value,
        "reveal": discord.Permissions(manage_messages=True).value,
    }


async def test_everybody_sees_what_they_may_use(world: World) -> None:
    assert set(world.asker.available_commands(world.channel)) >= {
        "ask", "block", "help", "mine", "pause", "profile", "why",
    }  # fmt: skip
    assert not {"setup", "stats", "doctor", "reveal"} & set(world.asker.available_commands(world.channel))
    assert {"setup", "stats", "doctor", "reveal"} <= set(world.moderator.available_commands(world.channel))


def test_no_intent_is_privileged() -> None:
    intents = Morsel().intents

    assert not intents.members
    assert not intents.presences
    assert not intents.message_content
    assert {name for name, is_wanted in intents if is_wanted} == {"guilds", "guild_messages", "dm_messages"}


async def test_every_press_is_answered_while_the_bot_runs_and_by_one_door(env: simcord.Env, app: App) -> None:
    expected = [
        ("ask", "send"), ("block", "remove"), ("book", "cancel"), ("book", "note"), ("book", "pick"),
        ("book", "question"), ("book", "send"), ("panel", "book"), ("mine", "time"), ("waitlist", "host"),
        ("waitlist", "join"), ("waitlist", "leave"), ("waitlist", "pass"), ("waitlist", "take"),
        ("check", "arrived"), ("claim", "give_back"), ("draft", "drop"),
        ("draft", "edit"), ("draft", "post"), ("invitation", "know"), ("invitation", "off_topic"),
        ("invitation", "on_topic"), ("invitation", "pass"), ("invitation", "pause"), ("invitation", "take"),
        ("invitation", "why"), ("keep", "agree"), ("keep", "decline"), ("keep", "send"), ("keep", "write"),
        ("mine", "duty"), ("mine", "question"), ("outcome", "helped"), ("outcome", "not_yet"), ("outcome", "partly"),
        ("panel", "ask"), ("panel", "mine"), ("panel", "profile"), ("pause", "end"), ("profile", "check"),
        ("profile", "delete"), ("profile", "edit"), ("profile", "learn"), ("profile", "mute"), ("profile", "save"),
        ("profile", "stop_learning"), ("profile", "unlearn"), ("question", "close"),
        ("question", "close_for"), ("question", "more"),
        ("question", "reopen"), ("question", "rephrase"), ("question", "talk"), ("referral", "pick"),
        ("reply", "send"), ("reply", "write"), ("reveal", "agree"), ("reveal", "look"), ("reveal", "send"),
        ("thanks", "send"), ("thanks", "write"),
    ]  # fmt: skip
    assert all(press in app.client.presses for press in expected)

    for name in tuple(app.client.cogs):
        await app.client.remove_cog(name)

    assert not any(press in app.client.presses for press in expected)
