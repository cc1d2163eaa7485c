"""Starting the bot as an operator does, with its real encoder, and what it takes of the machine's memory."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.asking import Scene
from benchmarks.figures import TOLD, Figure, compared, p50
from bot.routing.worker import PACKAGED_MODEL, PACKAGED_MULTILINGUAL
from reliability import community
from reliability.process import LOG, children, peak_memory, running
from reliability.standin.server import standing_in
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID

STARTS = 3
ASKS = 20
MOST_MEMORY = 150
"""MiB."""


@dataclass(frozen=True, slots=True)
class Life:
    """One start of a bot: seconds from starting the process, and peaks in MiB."""

    connected: float
    """Until the gateway has told it about its community."""
    ready: float
    """Until it says that it is ready: discord.py waits 2 s for one more community to be told."""
    warm: float
    memory: float
    encoder_memory: float


async def measure() -> list[Figure]:
    """Start the bot with 1,000 encoded statements and a bare discord.py by turns; ask the former a few questions."""
    morsel, bare = [], []
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = await community.opened(folder / "morsel.sqlite3")
        await community.settle(
            database, GUILD_ID, HELP_CHANNEL_ID, community.HELPERS, (PACKAGED_MODEL, PACKAGED_MULTILINGUAL)
        )
        await database.close()
        for _ in range(STARTS):
            morsel.append(await _live(folder, "bot", "run"))
            bare.append(await _live(folder, "benchmarks.bare"))
    return [*_starts(morsel, bare), *_memory(morsel, bare)]


def _starts(morsel: list[Life], bare: list[Life]) -> list[Figure]:
    connected, ready = [life.connected for life in morsel], [life.ready for life in morsel]
    bare_connected, bare_ready = [life.connected for life in bare], [life.ready for life in bare]
    warm = statistics.median(life.warm for life in morsel)
    return [
        Figure("start → ready, 1,000 statements", _seconds(ready), f"{_seconds(bare_ready)} (bare discord.py)",
               compared(ready, bare_ready, p50), TOLD),
        Figure("start → connected", _seconds(connected), f"{_seconds(bare_connected)} (bare discord.py)",
               compared(connected, bare_connected, p50), TOLD),
        Figure("start → encoder warm, beside it", f"{warm:.2f} s", "", None, TOLD),
    ]  # fmt: skip


def _memory(morsel: list[Life], bare: list[Life]) -> list[Figure]:
    ours, theirs = [life.memory for life in morsel], [life.memory for life in bare]
    encoder = max(life.encoder_memory for life in morsel)
    return [
        Figure("peak memory of the bot's process", f"{max(ours):.0f} MiB", f"{max(theirs):.0f} MiB (bare discord.py)",
               compared(ours, theirs, p50), f"≤ {MOST_MEMORY} MiB", is_met=max(ours) <= MOST_MEMORY),
        Figure("peak memory of the encoder's process", f"{encoder:.0f} MiB", "", None, TOLD),
    ]  # fmt: skip


async def _live(folder: Path, *arguments: str) -> Life:
    log = folder / LOG
    log.unlink(missing_ok=True)
    async with standing_in() as discord:
        environment = {**discord.environment(), "DATABASE_URL": community.address(folder / "morsel.sqlite3")}
        begun = perf_counter()
        async with running(folder, environment, *arguments) as process:
            await discord.until(lambda: discord.ready_at)
            ready = await _until_logged(log, lambda line: "ready" in line.split()) - begun
            is_whole = arguments[0] == "bot"
            warm = await _until_logged(log, lambda line: "encoder_warm" in line) - begun if is_whole else 0.0
            if is_whole:
                await _ask_around(Scene(discord))
            return Life(
                connected=discord.ready_at[0] - begun, ready=ready, warm=warm, memory=peak_memory(process.pid),
                encoder_memory=max(map(peak_memory, children(process.pid)), default=0.0),
            )  # fmt: skip


async def _ask_around(stage: Scene) -> None:
    stage.discord.after = stage.count
    for _ in range(ASKS):
        await stage.ask()
    await stage.until_delivered()


async def _until_logged(log: Path, is_it: Callable[[str], bool]) -> float:
    async with asyncio.timeout(60):
        while not any(map(is_it, log.read_text().splitlines())):  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.01)
    return perf_counter()


def _seconds(samples: list[float]) -> str:
    return f"{statistics.median(samples):.2f} s"
