"""Asking for feedback where 10,000 drafts were read before, over a community that never had one; the encoder apart.

Two communities of the same people, in files of their own, take turns: so both meet the same machine. Timed are the post
itself, to its receipt, and the sweep that ends the waits of its first readers and looks for the next ones. It is the
time of the processor, the database's included: other people's work on this machine doesn't count.
"""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from sqlalchemy import update

from benchmarks.figures import Figure, compared, milliseconds, p50
from benchmarks.history import Size, grow, topical
from benchmarks.ranking import ENGLISH, MULTILINGUAL, Counting
from benchmarks.wired import stay, wired
from benchmarks.writing import Written
from bot.app import set_apart
from bot.clock import SystemClock
from bot.routing.ports import to_bytes
from bot.routing.router import Router
from bot.services.routing.community import source_of
from bot.services.use_cases import UseCases
from bot.store.engine import Database
from models import Invitation
from reliability import community
from reliability.standin.world import HELP_CHANNEL_ID

COMMUNITY = 1
PAST, PEOPLE = 10_000, 500
REPEATS, WARM_UP = 100, 10
AT_MOST = 1.2
AUTHOR = 600_000_000_000_000_000
POST, SWEEP = "/feedback, to its receipt", "a sweep that looks for a draft's next readers"
_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Scene:
    """The bot's use cases over one database, and what its drafts took."""

    database: Database
    use_cases: UseCases
    clock: SystemClock = field(default_factory=SystemClock)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {POST: [], SWEEP: []})

    async def ask(self, number: int) -> None:
        """Post a draft, let its first readers say nothing, and look for others."""
        draft_id, author = await self._written(number), AUTHOR + number
        begun = process_time()
        receipt = await self.use_cases.posting.post(draft_id, author)
        self.seconds[POST].append(process_time() - begun)
        assert receipt.invited, "there are people to ask"  # noqa: S101
        await self.use_cases.delivering.deliver_due()
        await self._end_waits(draft_id)
        begun = process_time()
        asked = await self.use_cases.inviting.sweep()
        self.seconds[SWEEP].append(process_time() - begun)
        assert asked, "there are more people to ask"  # noqa: S101
        await self.use_cases.delivering.deliver_due()

    async def _written(self, number: int) -> int:
        """Keep a draft that encoders have read, as the form leaves it."""
        now = self.clock.now()
        (vector,) = topical(1, seed=number)
        draft = Written(
            guild_id=COMMUNITY, user_id=AUTHOR + number, about=f"On {', '.join(community.lines(number))}", words=2_000,
            needed_by=now + _WEEK, vectors=dict.fromkeys((ENGLISH, MULTILINGUAL), to_bytes(vector)),
        )  # fmt: skip
        return await draft.keep(self.database, now)

    async def _end_waits(self, draft_id: int) -> None:
        theirs = update(Invitation).where(Invitation.request_id == draft_id)
        async with self.database.engine.begin() as connection:
            await connection.execute(theirs.values(expires_at=self.clock.now()))


async def measure(
    past: int = PAST, people: int = PEOPLE, repeats: int = REPEATS, warm_up: int = WARM_UP
) -> list[Figure]:
    """Ask for feedback in both communities by turns."""
    async with AsyncExitStack() as stack:
        full, empty = [await stack.enter_async_context(_scene(Size(people, drafts=each))) for each in (past, 0)]
        set_apart()
        draw = random.Random(0)
        for number in range(repeats + warm_up):
            for each in draw.sample((full, empty), 2):
                await each.ask(number)
    return [_figure(name, past, full.seconds[name][warm_up:], empty.seconds[name][warm_up:]) for name in full.seconds]


def _figure(name: str, past: int, full: list[float], empty: list[float]) -> Figure:
    ratio = compared(full, empty, p50)
    return Figure(
        f"{name}, after {past:,} drafts", milliseconds(full, p50), f"{milliseconds(empty, p50)} (after none)", ratio,
        f"≤ {AT_MOST} ×", is_met=ratio.middle <= AT_MOST,
    )  # fmt: skip


@asynccontextmanager
async def _scene(size: Size) -> AsyncIterator[Scene]:
    """Fill a community of that size, which is gone afterwards."""
    with TemporaryDirectory() as folder:
        database = await community.opened(Path(folder) / "morsel.sqlite3")
        try:
            await grow(database, COMMUNITY, HELP_CHANNEL_ID, size, (ENGLISH, MULTILINGUAL))
            router = Router(Counting(ENGLISH), Counting(MULTILINGUAL), source_of(database.read))
            yield Scene(database, wired(database, SystemClock(), router=router, nudge=stay))
        finally:
            await database.close()
