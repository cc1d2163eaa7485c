"""One community that talks on while its bot is killed and started again, until it is judged."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bot.store.unit_of_work import UnitOfWork
from bot.tasks import spawn
from reliability import community, tables
from reliability.bot import CLOCK_FILE, LOOKS_EVERY
from reliability.clock import MovedClock
from reliability.deadlines import LETTER, Ledger, due
from reliability.drafts import crowded
from reliability.judging import Verdict, judge
from reliability.lateness import Course, Delay, Waits, delays
from reliability.life import LOOK, Bot
from reliability.moments import Deadline
from reliability.offers import conflicts
from reliability.people import HELPERS, People
from reliability.standin.refusals import Refused
from reliability.standin.server import Call, StandIn, standing_in, unharmed
from reliability.standin.world import FORUM_ID, GUILD_ID, HELP_CHANNEL_ID, MODERATORS_ID, World

STRIDES: Final = {
    timedelta(minutes=31): 3,
    timedelta(hours=4): 3,
    timedelta(hours=12): 2,
    timedelta(hours=24): 2,
    timedelta(hours=48): 1,
    timedelta(days=7): 1,
}
"""How much time passes at once, and how often."""
LONGEST_MOMENT: Final = 1.5
"""Seconds from the beginning of what people do to the moment of the kill."""
MOST_CALLS: Final = 8
"""The bot's calls to Discord before one of which, or after, a kill may be set."""
PATIENCE: Final = 400
"""For how many looks for letters what is due is waited for; the slowest look, for what
was never posted, is every 120th."""
AT_ONCE: Final = 4
"""People who do something at the same time, at most."""
PAUSE: Final = 0.1
"""Seconds between two looks at the tables."""
_KILLED_WHILE_STARTING, _KILLED_AT_A_CALL, _TIME_PASSES, _WRITE_MEANWHILE = 0.15, 0.5, 0.35, 0.3
"""How often."""
_NO_TIME: Final = timedelta()
Also = Callable[[UnitOfWork, int, datetime], Awaitable[None]]
"""Brings about, in a community, what there is besides people."""


class Scene:
    """A world, the bot in it, and the people; open it with `opened`."""

    looks_every = 0.05
    """Seconds between two of the bot's looks for letters."""
    people_are: type[People] = People
    strides = STRIDES
    away = timedelta(days=10)
    """How long everyone is away in the end: longer than anything may take."""

    def __init__(self, discord: StandIn, bot: Bot, file: Path, clock: MovedClock, draw: random.Random) -> None:
        """Begin before the bot's first life, with the database in `file`."""
        self.discord = discord
        self.bot = bot
        self.people = self.people_are(discord, draw)
        self.ledger = Ledger()
        self.waits = Waits()
        self.conflicts: set[str] = set()
        """What contradicted itself in the tables, at any look."""
        self.slowest = 0.0
        """Seconds until all was done that was due at a start, or when time had passed."""
        self._file = file
        self._clock = clock
        self._draw = draw

    async def play(self, kills: int, on_kill: Callable[[int], object]) -> Verdict:
        """Kill the bot this many times, each time at another moment, and judge what is left in the end."""
        for _ in range(kills):
            await self._live()
            on_kill(1)
        await self._pass_time(self.away)
        await self.bot.start()
        await self.bot.until_connected()
        await self._catch_up()
        verdict = await self._judge()
        await self.bot.kill()
        return verdict

    def said(self) -> Counter[str]:
        """Return how often there was each occasion to say something, and how often it was over before it was said."""
        letters = tables.read(self._file).letters
        return Counter(each.key.split(":")[0] + (" (moot)" if each.failure == "moot" else "") for each in letters)

    def delays(self) -> dict[str, Delay]:
        """Return what was due by kind, and how late it came; once the last life is over."""
        keys = {letter.nonce: letter.key for letter in tables.read(self._file).letters}
        arrivals = [
            (self._clock.came_at(datetime.fromisoformat(each.message["timestamp"])), keys[each.nonce])
            for each in self.discord.world.written
            if each.nonce in keys
        ]
        came_at = partial(_came_at, self._clock)
        course = Course(self.bot.looks, self.bot.every, self.discord.ready_at, arrivals, came_at)
        return delays(self.waits.all, course)

    async def _live(self) -> None:
        """Play one life of the bot's, from its start to its end, and what happens until the next."""
        await self.bot.start()
        if self._happens(_KILLED_WHILE_STARTING):
            await asyncio.sleep(self._draw.uniform(0, LONGEST_MOMENT))
        else:
            await self.bot.until_connected()
            await self._catch_up()
            await self._go_on()
            await self._do_until_killed()
        await self.bot.kill()
        self._come(_NO_TIME)
        await self._while_down()

    async def _go_on(self) -> None:
        """Let people talk for a while, and time pass."""
        async with self._looking():
            for _ in range(self._draw.randint(1, 5)):
                await self._do_something()
        if self._happens(_TIME_PASSES):
            await self._catch_up()
            await self._pass_time(self._stride())
            await self._catch_up()

    async def _while_down(self) -> None:
        if self._happens(_WRITE_MEANWHILE):
            await self.people.write()
        if self._happens(_TIME_PASSES):
            await self._pass_time(self._stride())

    async def _do_something(self) -> None:
        async with asyncio.TaskGroup() as people:
            for _ in range(self._draw.randint(1, AT_ONCE)):
                people.create_task(self.people.act())

    async def _do_until_killed(self) -> None:
        """Kill the bot while people do something: at any moment, or at one of its calls to Discord."""
        if self._happens(_KILLED_AT_A_CALL):
            self._kill_at_a_call()
        doing = spawn("people", self._do_something())
        async with self._looking():
            # Most of what people do is done soon, so most moments are early ones.
            await self._while_running(LONGEST_MOMENT * self._draw.random() ** 2)
        await self.bot.kill()
        self.discord.before = self.discord.after = unharmed
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing

    def _kill_at_a_call(self) -> None:
        """Have the bot killed before one of its next calls takes effect, or after, but unanswered."""
        when, left = self._draw.choice(("before", "after")), self._draw.randint(1, MOST_CALLS)

        async def kill(_call: Call) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                await self.bot.kill()
                raise Refused(503, 0)

        setattr(self.discord, when, kill)

    async def _while_running(self, seconds: float) -> None:
        ends_at = perf_counter() + seconds
        while self.bot.is_running and perf_counter() < ends_at:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)

    async def _catch_up(self) -> None:
        """Wait until nothing is due any more; what isn't done when patience ends was missed."""
        begun = perf_counter()
        while True:
            left = self._look()
            waited = perf_counter() - begun
            self.ledger.look(left)
            if not left:
                self.slowest = max(self.slowest, waited)
                return
            if waited > self._patience or not self.bot.is_running:
                self.ledger.give_up(left)
                return
            await asyncio.sleep(PAUSE)

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[None]:
        looking = spawn("looks", self._look_on())
        try:
            yield
        finally:
            looking.cancel()

    async def _look_on(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(PAUSE)

    def _look(self) -> set[Deadline]:
        """Note what is due now, what of it no sweep is about to do, and what contradicts itself; return the first."""
        begun, now = perf_counter(), tables.read(self._file)
        left, moment = due(now, self._clock.now()), self._clock.now()
        leased = {each.id for each in now.letters if each.leased_until is not None and each.leased_until > moment}
        self.waits.see({each for each in left if not _is_on_its_way(each, leased)}, begun, perf_counter())
        self.conflicts.update([*conflicts(now), *crowded(now)])
        return left

    async def _pass_time(self, by: timedelta) -> None:
        self._come(by)
        self._clock.move_on(by)
        self._look()
        await self.discord.archive_idle()

    def _come(self, within: timedelta) -> None:
        until = self._clock.now() + within
        self.ledger.come(due(tables.read(self._file), until), is_running=self.bot.is_running)

    async def _judge(self) -> Verdict:
        """Judge once nothing is missing, or when patience ends: an answer given meanwhile is looked for by a sweep."""
        ends_at = perf_counter() + self._patience
        while True:
            verdict = judge(tables.read(self._file), self.discord.world)
            if not verdict.lost or perf_counter() > ends_at:
                return verdict
            await asyncio.sleep(PAUSE)

    @property
    def _patience(self) -> float:
        return PATIENCE * self.looks_every

    def _stride(self) -> timedelta:
        (stride,) = self._draw.choices(list(self.strides), list(self.strides.values()))
        return stride

    def _happens(self, likelihood: float) -> bool:
        return self._draw.random() < likelihood


@asynccontextmanager
async def opened(
    draw: random.Random, *, is_forum: bool, kind: type[Scene] = Scene, also: Also | None = None
) -> AsyncIterator[Scene]:
    """Found a community that helps in a text channel or a forum; one of its helpers takes no direct messages.

    It is played as a scene of that kind, and `also` brings about what else there is to begin with.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, clock = folder / "morsel.sqlite3", MovedClock(folder / "clock")
        await _found(file, FORUM_ID if is_forum else HELP_CHANNEL_ID, clock.now(), also)
        world = World(clock)
        world.closed_mailboxes.add(HELPERS[-1])
        async with standing_in(world) as discord:
            environment = {"DATABASE_URL": community.address(file), CLOCK_FILE: str(folder / "clock")}
            bot = Bot(discord, folder, environment | {LOOKS_EVERY: str(kind.looks_every)})
            try:
                yield kind(discord, bot, file, clock, draw)
            finally:
                await bot.kill()


def _came_at(clock: MovedClock, deadline: Deadline) -> float:
    return clock.came_at(deadline.at)


def _is_on_its_way(deadline: Deadline, leased: Container[int]) -> bool:
    return deadline.what == LETTER and deadline.row in leased


async def _found(file: Path, channel_id: int, now: datetime, also: Also | None) -> None:
    database = await community.opened(file)
    await community.settle(database, GUILD_ID, channel_id, HELPERS)
    async with database.begin() as work:
        settings = await work.guilds.settings(GUILD_ID)
        assert settings is not None, "it has just been settled"  # noqa: S101
        settings.private_channel_id, settings.moderator_channel_id = HELP_CHANNEL_ID, MODERATORS_ID
        if also is not None:
            await also(work, GUILD_ID, now)
    await database.close()
