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
from bot.calendars.phrases import phrases
from bot.calendars.typed import LANGUAGES
from bot.client import Morsel
from bot.clock import Clock, SystemClock
from bot.jobs.schedule import scheduled
from bot.jobs.sweeps import Sweep, all_sweeps
from bot.routing import worker
from bot.routing.ports import Community, CommunitySource, MultilingualEmbedder, WarmingEmbedder
from bot.routing.process import EncoderProcess, MultilingualProcess, Patience
from bot.routing.router import Router
from bot.services.community.counting import Counting
from bot.services.community.diagnosing import Diagnosing
from bot.services.community.setting_up import SettingUp
from bot.services.office_hours.booking import Booking
from bot.services.office_hours.browsing import Browsing
from bot.services.office_hours.filling import Filling
from bot.services.office_hours.matching import Matching
from bot.services.office_hours.meeting import Meeting
from bot.services.office_hours.offering import Offering
from bot.services.office_hours.queueing import Queueing
from bot.services.office_hours.waitlisting import Waitlisting
from bot.services.outbox.delivering import Delivering
from bot.services.people.admitting import Admitting
from bot.services.people.belonging import Belonging
from bot.services.people.blocking import Blocking
from bot.services.people.profiling import Profiling
from bot.services.people.recognising import Recognising
from bot.services.people.tracking import Tracking
from bot.services.requests.asking import Asking
from bot.services.requests.catching_up import CatchingUp
from bot.services.requests.claiming import Claiming
from bot.services.requests.explaining import Explaining
from bot.services.requests.helping import Helping
from bot.services.requests.inviting import Inviting
from bot.services.requests.noticing import Noticing
from bot.services.requests.pausing import Pausing
from bot.services.requests.referring import Referring
from bot.services.requests.replying import Replying
from bot.services.requests.revealing import Revealing
from bot.services.requests.thanking import Thanking
from bot.services.requests.waiting import Waiting
from bot.services.routing.community import read_community, warm
from bot.services.routing.reindexing import Reindexing
from bot.services.use_cases import UseCases
from bot.settings import OFF, Settings
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
    sweeps: tuple[Sweep, ...]


@dataclass(frozen=True, slots=True)
class Encoders:
    """The models that read what people write; without any, words alone are compared."""

    english: WarmingEmbedder | None = None
    multilingual: MultilingualEmbedder | None = None


def wire(client: Morsel, database: Database, clock: Clock, encoders: Encoders) -> UseCases:
    """Tie the use cases to a client, a database, a clock and encoders, and give them to the client."""
    messenger = DiscordMessenger(client)
    router = Router(encoders.english, encoders.multilingual, _source(database))
    begin, read = database.begin, database.read

    def nudge() -> None:
        delivering.nudge()

    inviting = Inviting(begin, read, router, clock, nudge)
    belonging = Belonging(begin, read, DiscordMembership(client, clock), inviting, nudge, clock)
    delivering = Delivering(begin, messenger, clock, inviting.ask_more, belonging.standing)
    helping = Helping(begin, read, inviting, messenger, nudge, clock)
    catching_up = CatchingUp(begin, read, helping, clock)
    matching = Matching(router, clock)
    use_cases = UseCases(
        admitting=Admitting(read, belonging),
        asking=Asking(begin, inviting, messenger, delivering.deliver, nudge, clock),
        belonging=belonging,
        blocking=Blocking(begin, read, nudge, clock),
        booking=Booking(begin, read, matching, nudge, clock, belonging.standing),
        browsing=Browsing(read, clock),
        catching_up=catching_up,
        claiming=Claiming(begin, read, inviting, nudge, clock),
        counting=Counting(read, clock),
        delivering=delivering,
        diagnosing=Diagnosing(read, router, messenger, clock),
        explaining=Explaining(read),
        filling=Filling(begin, read, matching, nudge, clock),
        helping=helping,
        inviting=inviting,
        meeting=Meeting(begin, read, helping, nudge, clock),
        noticing=Noticing(begin, read, catching_up, messenger, nudge, clock),
        offering=Offering(begin, read, nudge, clock),
        pausing=Pausing(begin, read, helping, clock),
        profiling=Profiling(begin, read, router, nudge, clock),
        queueing=Queueing(begin, read, nudge, clock, belonging.standing),
        recognising=Recognising(read, belonging),
        referring=Referring(begin, inviting, clock),
        reindexing=Reindexing(begin, read, router),
        replying=Replying(begin, read, nudge, clock),
        revealing=Revealing(begin, read, delivering.deliver, belonging.standing, nudge, clock),
        setting_up=SettingUp(begin, read, messenger, nudge, clock),
        thanking=Thanking(begin, read, nudge, clock),
        tracking=Tracking(begin, read, clock),
        waiting=Waiting(begin, read, inviting, nudge, clock),
        waitlisting=Waitlisting(begin, read, matching, nudge, clock, belonging.standing),
    )
    client.use_cases = use_cases
    return use_cases


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
        client = Morsel()
        use_cases = wire(client, database, clock or SystemClock(), encoders)
        yield App(client, database, use_cases, tuple(all_sweeps(use_cases, settings.sweep_seconds)))


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
    # Takes a second, so it is done while nobody waits for the loop yet.
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


def _source(database: Database) -> CommunitySource:
    async def source(guild_id: int) -> Community:
        async with database.read() as work:
            return await read_community(work, guild_id)

    return source
