"""Asking in the simulated Discord that tests and playground use, over a handler that writes one row there.

People act one after another, as fast as the bot lets them: open the form, fill it, send it, and go on when everything
that followed has happened. So an ask counts when its receipt is shown, its thread is open and its invitations are
delivered. The simulation's own work is a part of both sides, and so is its waiting: it looks every 50 ms whether the
bot has come to rest. That is how fast people can act here, not how much the bot can bear; for the latter see
`benchmarks.asking`, where nothing waits, and an ask's nine requests and its rows stand against one row.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import discord
import simcord
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from benchmarks.asking import rate
from benchmarks.bot import WRITE_ROW, Plain
from benchmarks.figures import Figure
from bot.app import App, application
from bot.keeping import migrate
from bot.settings import Settings
from reliability import community

HELPERS = 100
ROUNDS, ACTS_A_ROUND = 8, 10
AT_LEAST = 0.5
MORNING = 10 * 60 * 60
"""Seconds after the simulation's midnight: people are awake."""


class _WorldClock:
    """The simulated Discord's clock."""

    env: simcord.Env

    def now(self) -> datetime:
        return self.env.now()


@dataclass(frozen=True, slots=True)
class _World:
    channel: ChannelHandle
    people: list[MemberActor]

    async def ask(self, number: int) -> None:
        actor = self.people[number % len(self.people)]
        shown = await actor.slash(self.channel, "ask")
        question = f"How do I begin with {', '.join(community.lines(number))}?"
        await actor.submit_modal(shown, {"question": question, "kind": ["stuck"], "urgency": ["today"]})

    async def write_row(self, number: int) -> None:
        actor = self.people[number % len(self.people)]
        shown = await actor.slash(self.channel, "row")
        await actor.submit_modal(shown, {"text": community.QUESTION})


async def measure() -> list[Figure]:
    """Let people ask, then write rows, by turns."""
    asks, rows = [], []
    async with _world() as world:
        for begin in range(0, ROUNDS * ACTS_A_ROUND, ACTS_A_ROUND):
            asks.append(await _rate(world.ask, begin))
            rows.append(await _rate(world.write_row, begin))
    return [rate("asks in the simulated Discord, all delivered", asks[1:], rows[1:], AT_LEAST)]


async def _rate(act: Callable[[int], Awaitable[None]], begin: int) -> float:
    begun = perf_counter()
    for number in range(begin, begin + ACTS_A_ROUND):
        await act(number)
    return ACTS_A_ROUND / (perf_counter() - begun)


@asynccontextmanager
async def _world() -> AsyncIterator[_World]:
    clock = _WorldClock()
    with TemporaryDirectory() as name:
        settings = Settings(database_url=SecretStr(community.address(Path(name) / "morsel.sqlite3")))
        await migrate(settings)
        async with application(settings, clock, has_encoders=False) as app:
            app.client.add_listener(Plain(app.database).on_interaction)
            app.client.tree.command(name="row", description="Write one row")(_open_form)
            clock.env = simcord.Env(app.client)
            await clock.env.start()
            try:
                yield await _settled(clock.env, app)
            finally:
                await clock.env.shutdown()


async def _settled(env: simcord.Env, app: App) -> _World:
    await env.advance_time(MORNING)
    guild = env.create_guild("Research")
    channel = guild.create_text_channel("help")
    people = [guild.add_member(env.create_user(f"person{number}")) for number in range(HELPERS)]
    await community.settle(app.database, guild.id, channel.id, [each.id for each in people])
    return _World(channel, people)


async def _open_form(interaction: discord.Interaction) -> None:
    form = discord.ui.Modal(title="One row", custom_id=WRITE_ROW)
    form.add_item(discord.ui.Label(text="Text", component=discord.ui.TextInput(custom_id="text")))
    form.stop()
    await interaction.response.send_modal(form)
