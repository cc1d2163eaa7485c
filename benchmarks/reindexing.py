"""Asking while every statement is encoded again: how much longer a question takes, over the length of one chunk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from benchmarks.figures import Figure, Samples, compared, milliseconds, p50
from benchmarks.wired import wired
from bot.clock import SystemClock
from bot.routing import worker
from bot.routing.cost import MOST_TEXTS
from bot.routing.ports import Role
from bot.routing.process import EncoderProcess
from bot.routing.router import Router
from bot.services.routing.community import source_of
from bot.tasks import spawn
from reliability import community
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID

QUESTIONS = 60
PAUSE = 0.11
"""Seconds between two questions; no multiple of a chunk, so that they come at any moment of one."""
AT_MOST = 1.0


async def measure() -> list[Figure]:
    """Time questions while nothing else is encoded, then while a sweep encodes 1,000 statements, and single chunks."""
    async with _encoder() as encoder:
        chunks = await _timed(lambda: encoder.embed(list(community.lines(0)) * (MOST_TEXTS // 2)), QUESTIONS // 2)
        alone = await _timed(lambda: encoder.embed([community.QUESTION], Role.QUESTION), QUESTIONS)
        during, made = await _while_reindexing(encoder)
    waits = np.asarray(during) - p50(np.asarray(alone))
    ratio = compared(waits.tolist(), chunks, p95)
    return [
        Figure(
            f"a question while {made:,} vectors are made, p50", milliseconds(during, p50),
            f"{milliseconds(alone, p50)} (nothing else to encode)", compared(during, alone, p50),
        ),
        Figure(
            "how much longer it waits, p95", f"{p95(waits) * 1000:.0f} ms",
            f"{milliseconds(chunks, p95)} (one chunk of {MOST_TEXTS})", ratio, f"≤ {AT_MOST:g} ×",
            is_met=ratio.middle <= AT_MOST,
        ),
    ]  # fmt: skip


def p95(samples: Samples) -> float:
    """Return what one sample in twenty exceeds."""
    return float(np.percentile(samples, 95))


async def _while_reindexing(encoder: EncoderProcess) -> tuple[list[float], int]:
    with TemporaryDirectory() as folder:
        database = await community.opened(Path(folder) / "morsel.sqlite3")
        await community.settle(database, GUILD_ID, HELP_CHANNEL_ID, community.HELPERS)
        router = Router(encoder, None, source_of(database.read))
        sweeping = spawn("sweep", wired(database, SystemClock(), router=router).reindexing.sweep())
        during = await _timed(lambda: router.read(community.QUESTION), QUESTIONS)
        sweeping.cancel()
        await asyncio.wait({sweeping})
        async with database.read() as work:
            missing, wanted = await work.statement_vectors.count([encoder.model_id], work.statements.ids(GUILD_ID))
        await database.close()
    return during, wanted - missing


async def _timed(work: Callable[[], Awaitable[object]], times: int) -> list[float]:
    samples = []
    for _ in range(times):
        await asyncio.sleep(PAUSE)
        begun = perf_counter()
        await work()
        samples.append(perf_counter() - begun)
    return samples


@asynccontextmanager
async def _encoder() -> AsyncIterator[EncoderProcess]:
    encoder = EncoderProcess(worker.Model())
    await encoder.start()
    try:
        await encoder.wait_warm()
        yield encoder
    finally:
        await encoder.close()
