"""The composition root: settings become a running application, and everything opened is closed again."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.addresses import DISCORD_API
from bot.attachments.reading import Attachments
from bot.calendars.phrases import phrases
from bot.calendars.typed import LANGUAGES
from bot.client import Morsel
from bot.clock import Clock, SystemClock
from bot.domain.policy import DEFAULT
from bot.jobs.schedule import scheduled
from bot.jobs.sweeps import Sweep, all_sweeps
from bot.routing import worker
from bot.routing.ports import MultilingualEmbedder, WarmingEmbedder
from bot.routing.process import EncoderProcess, MultilingualProcess, Patience
from bot.routing.router import Router
from bot.services.ports import Statistician
from bot.services.routing.community import source_of, warm
from bot.services.use_cases import Outside, UseCases, wire
from bot.settings import OFF, Settings
from bot.statistics.process import StatisticsProcess
from bot.store.engine import Database, create_engine
from bot.tasks import spawn
from bot.ui.membership import DiscordMembership
from bot.ui.messenger import DiscordMessenger

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """A wired application, not connected yet."""

    client: Morsel
    database: Database
    use_cases: UseCases
    attachments: Attachments
    """Looks into files that people send."""
    sweeps: tuple[Sweep, ...]


POLICY = DEFAULT
"""The numbers that everything in this house goes by."""


@dataclass(frozen=True, slots=True)
class Encoders:
    """The models that read what people write; without any, words alone are compared."""

    english: WarmingEmbedder | None = None
    multilingual: MultilingualEmbedder | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What works beside the bot, in processes of its own."""

    encoders: Encoders
    attachments: Attachments
    statistician: Statistician


def connect(client: Morsel, database: Database, clock: Clock, beside: Beside) -> UseCases:
    """Wire the use cases to a client and to what is around it, and give them to the client."""
    encoders = beside.encoders
    client.use_cases = wire(
        outside=Outside(
            begin=database.begin,
            read=database.read,
            router=Router(encoders.english, encoders.multilingual, source_of(database.read)),
            messenger=DiscordMessenger(client),
            membership=DiscordMembership(client, clock),
            files=beside.attachments,
            statistician=beside.statistician,
            clock=clock,
        ),
        policy=POLICY,
    )
    return client.use_cases


@asynccontextmanager
async def application(
    settings: Settings, clock: Clock | None = None, *, has_encoders: bool = True
) -> AsyncIterator[App]:
    """Build an application from its settings; the encoders warm in the background while the block lasts.

    Raises:
        Unavailable: the database can't be reached.
    """
    async with AsyncExitStack() as stack:
        database = Database(create_engine(settings.database_url.get_secret_value()))
        stack.push_async_callback(database.close)
        encoders = await _started_encoders(settings, stack) if has_encoders else Encoders()
        attachments = Attachments()
        stack.push_async_callback(attachments.close)
        statistician = StatisticsProcess(settings.database_url)
        stack.push_async_callback(statistician.close)
        client = Morsel()
        beside = Beside(encoders, attachments, statistician)
        use_cases = connect(client, database, clock or SystemClock(), beside)
        yield App(client, database, use_cases, attachments, tuple(all_sweeps(use_cases, settings.sweep_seconds)))


async def _started_encoders(settings: Settings, stack: AsyncExitStack) -> Encoders:
    patience = Patience(chunk=settings.encoder_timeout)
    english = EncoderProcess(worker.Model(settings.encoder_model), patience)
    multilingual = MultilingualProcess(model, patience) if (model := multilingual_model(settings)) else None
    for encoder in (english, multilingual):
        if encoder is not None:
            stack.push_async_callback(encoder.close)
            await encoder.start()
    return Encoders(english, multilingual)


def multilingual_model(settings: Settings) -> worker.Model | None:
    """Return the second encoder's model, or None where it is switched off or not installed."""
    if settings.multilingual_model in {OFF, settings.encoder_model}:
        return None
    try:
        worker.locate(settings.multilingual_model)
    except worker.ModelRefused as refusal:
        log.warning("multilingual_refused", reason=str(refusal))
        return None
    return worker.Model(settings.multilingual_model, is_multilingual=True)


async def serve(settings: Settings, clock: Clock | None = None, *, has_encoders: bool = True) -> None:
    """Run the bot until it is cancelled, by the machine's clock or another one, with or without its models.

    Raises:
        Unavailable: the database can't be reached, or its migrations are behind.
        discord.DiscordException: Discord refused the token, or closed the connection for good.
    """
    point_discord_at(settings.discord_api_base)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    # Takes a second, so it is done while no one waits for the loop yet.
    phrases(LANGUAGES)
    async with application(settings, clock, has_encoders=has_encoders) as app, app.client:
        if app.database.is_single_process:
            await app.use_cases.delivering.take_over()
        await app.client.login(token)
        sweeping = spawn("sweeps", _sweep_once_ready(app))
        try:
            await app.client.connect()
            if app.client.ended_by is not None:
                raise app.client.ended_by
        finally:
            sweeping.cancel()


def point_discord_at(base: str) -> None:
    """Send REST and the gateway of discord.py to `base`; Discord's own address restores both."""
    Route.BASE = base
    loopback = yarl.URL(base).with_scheme("ws").with_path("/gateway")
    official = yarl.URL("wss://gateway.discord.gg/")
    DiscordWebSocket.DEFAULT_GATEWAY = official if base == DISCORD_API else loopback


async def _sweep_once_ready(app: App) -> None:
    await app.client.wait_until_ready()
    set_apart()
    spawn("warm", warm(app.database.read, app.use_cases.reindexing.router, {each.id for each in app.client.guilds}))
    async with scheduled(app.sweeps):
        await asyncio.Event().wait()


def set_apart() -> None:
    """Keep what is there by now out of every later garbage collection: looking through all of it takes 100 ms.

    And let threads that count and compare give way to the event loop after 1 ms, rather than 5 ms each.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(0.001)
