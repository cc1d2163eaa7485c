"""A small community in a simulated Discord, with the whole unmodified bot in it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from pydantic import SecretStr
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle
from simcord.enums import OverwriteType
from simcord.results import InteractionResult, ResponseMessage

from bot.app import App, Beside, Encoders, application, connect
from bot.client import Morsel
from bot.routing.ports import MultilingualEmbedder, WarmingEmbedder
from bot.settings import Settings
from bot.store.engine import Database
from bot.tasks import spawn
from bot.ui.items import custom_ids
from tests.cogs.wording import awkward
from tests.conftest import inline_engine
from tests.openapi import complaints
from tests.statistician import FakeStatistician

QUESTION = "My CTC model puts every word a few frames late. How do I find out whether the labels or the loss is wrong?"
STATEMENT = "CTC loss, forced alignment"
PATIENCE = 60
"""Seconds of a busy machine's time that the bot may take over one thing before the test fails."""
ASKED = {"question": QUESTION, "kind": ["stuck"], "urgency": ["today"], "visibility": ["public"]}
"""The form of `/ask`, filled in."""


class WorldClock:
    """The bot's clock, following the simulated Discord's."""

    env: simcord.Env

    def now(self) -> datetime:
        return self.env.now()


class PromptEnv(simcord.Env):
    """A simulated Discord that looks again at once whether the bot is done, not after its usual 50 ms.

    It lets go of the clocks of patience that ran out before their time: it would look through all of them at each look.
    """

    def __init__(self, *bot: Any, **how: Any) -> None:  # noqa: ANN401
        super().__init__(*bot, **how)
        self._timers: list[Any] = []

    def _schedule_timer(self, record: Any, *how: Any) -> None:  # noqa: ANN401
        super()._schedule_timer(record, *how)
        self._timers.append(record)

    async def _settle_internal(self, **how: Any) -> None:  # noqa: ANN401
        self._let_go()
        await super()._settle_internal(**{**how, "idle": 0.001})

    def _let_go(self) -> None:
        for record in self._timers:
            if record.handle.cancelled() and record.real_handle is not None:
                record.real_handle.cancel()
        self._timers = [record for record in self._timers if record.real_handle and not record.real_handle.cancelled()]


@dataclass(frozen=True)
class World:
    """The simulated Discord and the people tests act as."""

    env: simcord.Env
    app: App
    guild: GuildHandle
    channel: ChannelHandle
    moderator: MemberActor
    asker: MemberActor

    def join(self, name: str) -> MemberActor:
        """Let one more person into the community."""
        return self.guild.add_member(self.env.create_user(name))

    async def helper(self, name: str, statements: str, **form: object) -> MemberActor:
        """Let someone in who fills in their profile."""
        actor = self.join(name)
        await self.fill_profile(actor, statements, **form)
        return actor

    async def fill_profile(self, actor: MemberActor, statements: str, **form: object) -> InteractionResult:
        """Fill in the form of `/profile`."""
        card = await actor.slash(self.channel, "profile")
        assert card.response is not None
        shown = await actor.click(card.response, custom_id="profile1:edit:0")
        filled = {"statements": statements, "languages": "English", "clock": "UTC 0-23:59", "rate": ["more"], **form}
        return await actor.submit_modal(shown, filled)

    async def ask(
        self, question: str = QUESTION, actor: MemberActor | None = None, **form: object
    ) -> InteractionResult:
        """Ask a question through `/ask`."""
        actor = actor or self.asker
        shown = await actor.slash(self.channel, "ask")
        return await actor.submit_modal(shown, {**ASKED, "question": question, **form})

    @property
    def thread(self) -> ChannelHandle:
        """The newest question's thread."""
        return self.channel.threads[-1]

    async def waiting(self, name: str = "joaquim", **form: object) -> tuple[MemberActor, discord.Message]:
        """Ask with one helper there; return them and their invitation."""
        helper = await self.helper(name, STATEMENT, **form)
        await self.ask()
        return helper, invitations(helper)[-1]

    async def answered(self) -> tuple[MemberActor, discord.Message]:
        """Ask and let someone answer; return them and the buttons that ask the asker how it went."""
        helper, _ = await self.waiting()
        await helper.send(self.thread, "Look at the blank label first.")
        return helper, inbox(self.asker)[-1]

    def deny(self, channel: ChannelHandle, *denied: str) -> None:
        """Let a channel's settings take these permissions from the bot, and give it back all others."""
        backend, taken = self.env.backend, discord.Permissions(**dict.fromkeys(denied, True))
        backend.set_overwrite(channel.id, Overwrite(backend.bot_user.id, OverwriteType.MEMBER, deny=taken.value))

    async def restart(
        self, encoder: WarmingEmbedder | None = None, multilingual: MultilingualEmbedder | None = None
    ) -> None:
        """Stop the bot and start another one over the same tables, as a new process would."""
        clock = WorldClock()
        clock.env = self.env
        client = Morsel(guild_ready_timeout=0)
        beside = Beside(Encoders(encoder, multilingual), self.app.attachments, FakeStatistician(self.app.database))
        connect(client, self.app.database, clock, beside)
        await self.env.restart_bot(client)

    async def break_database(self) -> None:
        """Put something in the database's place that no database reads."""
        path = self.app.database.engine.url.database
        assert path is not None
        await self.app.database.close()
        for ending in ("", "-wal", "-shm"):
            await asyncio.to_thread(Path(path + ending).write_bytes, b"no database" * 1_000)

    async def pass_time(self, **length: float) -> None:
        """Let time go by, and the sweeps look once."""
        await self.env.advance_time(timedelta(**length).total_seconds())
        with self.env._bot_scope():
            for sweep in self.app.sweeps:
                spawn(sweep.name, sweep.run())
        await self.env.settle()


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the last message the bot answered with, which only the person sees."""
    answer = result.followups[-1] if result.followups else result.response
    assert answer is not None
    assert answer.ephemeral
    return answer


def said(result: InteractionResult) -> str:
    """Return the last thing the bot answered, which only the person sees."""
    return shown(result).content


def posts(world: World) -> list[discord.Message]:
    """Return the help channel's questions, oldest first."""
    return [message for message in world.channel.history() if message.embeds]


def invitations(actor: MemberActor) -> list[discord.Message]:
    """Return the invitations in someone's direct messages, oldest first."""
    return [message for message in inbox(actor) if any("invitation" in each for each in custom_ids(message.components))]


def inbox(actor: MemberActor) -> list[discord.Message]:
    """Return someone's direct messages, oldest first."""
    return actor.user.dm_channel.history()


@pytest.fixture
def world_settings(sqlite_url: str) -> Settings:
    """Settings that read no file and no environment of the machine."""
    return Settings(_env_file=None, database_url=sqlite_url)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> WorldClock:
    """The clock of the bot under test."""
    return WorldClock()


def statistician(url: SecretStr) -> FakeStatistician:
    """Count in this process: another one takes seconds to start."""
    return FakeStatistician(Database(inline_engine(url.get_secret_value())))


@pytest.fixture
async def app(world_settings: Settings, clock: WorldClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The bot without encoders, which compares words alone, not connected yet."""
    monkeypatch.setattr("bot.app.create_engine", inline_engine)
    monkeypatch.setattr("bot.app.StatisticsProcess", statistician)
    async with application(world_settings, clock, has_encoders=False) as built:
        yield built


@pytest.fixture
async def env(app: App, clock: WorldClock) -> AsyncIterator[simcord.Env]:
    """The simulated Discord; errors that no one looked at and bodies that Discord would refuse fail the test."""
    clock.env = PromptEnv(app.client, settle_timeout=PATIENCE)
    await clock.env.start()
    yield clock.env
    await clock.env.shutdown()
    clock.env._raise_errors_since(clock.env._errors_acknowledged)
    assert not complaints(clock.env.http_requests)
    assert not awkward(clock.env.http_requests)


@pytest.fixture
async def world(fresh: World) -> World:
    """A community of a moderator and an asker at ten in the morning, with #help set up."""
    await fresh.moderator.slash(fresh.channel, "setup", channel=fresh.channel)
    return fresh


@pytest.fixture
async def fresh(env: simcord.Env, app: App) -> World:
    """The same community before anyone has set it up."""
    await env.advance_time(10 * 60 * 60)
    guild = env.create_guild("Research")
    channel = guild.create_text_channel("help")
    rights = discord.Permissions(manage_guild=True, manage_messages=True, manage_threads=True)
    moderator = guild.add_member(env.create_user("mo"), roles=[guild.create_role("Moderators", permissions=rights)])
    asker = guild.add_member(env.create_user("amina"))
    return World(env, app, guild, channel, moderator, asker)
