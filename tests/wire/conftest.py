"""The whole bot, connected to a stand-in for Discord that speaks its wire, with a few helpers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot.addresses import DISCORD_API
from bot.app import App, application, point_discord_at
from bot.settings import Settings
from models import Question
from reliability import community
from reliability.standin.server import Call, Hook, StandIn, standing_in, unharmed
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID, Interaction, Payload, World, leaves
from tests.conftest import kept_engine

ASKER = 200_000_000_000_000_000
MODERATOR = 210_000_000_000_000_000
HELPERS = community.HELPERS[:2]
QUESTION = community.QUESTION
ASKED: dict[str, str | list[str]] = {
    "question": QUESTION, "tried": "", "kind": ["stuck"], "urgency": ["today"], "visibility": ["public"],
}  # fmt: skip
"""The form of `/ask`, filled in."""
WORK = ("discord.py: on_", "CommandTree", "deliver", "letter")
"""How the names of tasks begin that do something because of an event."""
SOON = 0.1
"""Seconds in which an event has reached the bot."""


@dataclass
class Wired:
    """The stand-in and the bot that is connected to it."""

    discord: StandIn
    app: App

    async def ask(self, **form: str | list[str]) -> Interaction:
        """Send the form of `/ask`, and wait for nothing."""
        return await self.discord.submit(ASKER, "ask1:send:0", {**ASKED, **form})

    async def asked(self, **form: str | list[str]) -> Payload:
        """Ask, and return the question's thread once everyone is asked who is to be."""
        asking = await self.ask(**form)
        await self.discord.until(lambda: asking.replied_at)
        await self.settle()
        return self.discord.world.threads[-1]

    async def settle(self) -> None:
        """Deliver all that is due."""
        await self.app.use_cases.delivering.deliver_due()

    async def until_quiet(self) -> None:
        """Wait until the bot has heard everything, and nothing it does because of it is under way."""
        await asyncio.sleep(SOON)
        while any(task.get_name().startswith(WORK) for task in asyncio.all_tasks()):  # noqa: ASYNC110
            await asyncio.sleep(SOON)

    async def questions(self) -> int:
        """Count the questions that are kept."""
        async with self.app.database.read() as work:
            return await work._session.scalar(select(func.count()).select_from(Question)) or 0

    def invitation(self, user_id: int) -> Payload:
        """Return someone's newest invitation."""
        inbox = self.discord.world.inbox(user_id)
        return [each for each in inbox if press(each, "invitation1:take")][-1]


def press(message: Payload, beginning: str) -> str | None:
    """Return the custom_id of a message's button that begins so; None where it has none."""
    ids = (str(each.get("custom_id", "")) for each in leaves(message["components"]))
    return next((each for each in ids if each.startswith(beginning)), None)


def once(wrong: Exception, is_meant: Callable[[Call], bool], times: int = 1) -> Hook:
    """Return a hook that lets something go wrong at the first calls that are meant."""
    left = times

    async def hook(call: Call) -> None:
        nonlocal left
        if left and is_meant(call):
            left -= 1
            raise wrong

    return hook


@pytest.fixture
async def discord() -> AsyncIterator[StandIn]:
    """The stand-in, with no one connected."""
    async with standing_in(World()) as stand_in:
        yield stand_in


@pytest.fixture
async def wired(discord: StandIn, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wired]:
    """A community with a help channel and two helpers, and the bot connected to it."""
    monkeypatch.setattr("bot.app.create_engine", kept_engine)
    point_discord_at(discord.url)
    settings = Settings(_env_file=None, database_url=sqlite_url)  # type: ignore[arg-type]
    try:
        async with application(settings, has_encoders=False) as app, app.client:
            app.client._connection.guild_ready_timeout = 0.05
            await community.settle(app.database, GUILD_ID, HELP_CHANNEL_ID, HELPERS)
            await app.client.login("stand-in")
            connected = asyncio.create_task(app.client.connect())  # noqa: TID251 - ends with the block
            await app.client.wait_until_ready()
            wired = Wired(discord, app)
            yield wired
            discord.before = discord.after = unharmed
            await wired.until_quiet()
            connected.cancel()
            with suppress(asyncio.CancelledError):
                await connected
    finally:
        point_discord_at(DISCORD_API)
