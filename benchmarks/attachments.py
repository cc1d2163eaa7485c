"""Files of strangers, looked into as the bot does, beside pypdf in the bot's own process."""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import hostile
from benchmarks.figures import TOLD, Figure
from benchmarks.looking import FIRST, HONEST, LARGEST

BEARABLE, AFTERWARDS, GROWTH = 60.0, 1.0, 2.0
"""Seconds for all files in the bot's own process; seconds for the next honest file; MiB."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of one file."""

    name: str
    became: str
    seconds: float
    after: float
    """Seconds that the honest file after it took."""
    memory: float
    """MiB of the process that asked, afterwards."""


async def measure() -> list[Figure]:
    """Make the files, then let one process look into all of them in each way."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / HONEST).write_bytes(hostile.honest())
        (folder / LARGEST).write_bytes(b"word " * (hostile.MIB * 8 // 5))
        for number, make in enumerate(hostile.FILES.values()):
            (folder / f"{number:03}").write_bytes(make())
        ours, bare = await looked(folder), await looked(folder, "bare")
    before, ours = ours[: len(FIRST)], ours[len(FIRST) :]
    return [*_outcomes(ours, bare[len(FIRST) :]), *_costs(ours, bare), *_memory(before, ours, bare)]


async def looked(folder: Path, *arguments: str) -> list[Looked]:
    """Return what became of the largest honest file and of each hostile one, as far as there was time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.looking", str(folder), *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None, "there is a pipe"  # noqa: S101
    found = []
    try:
        async with asyncio.timeout(BEARABLE if arguments else None):
            async for line in process.stdout:
                found.append(Looked(*json.loads(line)))  # noqa: PERF401 - what came before the time was up counts
    except TimeoutError:
        process.kill()
    await process.wait()
    return found


def _outcomes(ours: list[Looked], bare: list[Looked]) -> list[Figure]:
    counts = Counter(each.became for each in ours)
    total = len(hostile.FILES)
    return [
        Figure(f"{total} hostile files: end in a sentence or are understood", str(len(ours)),
               f"{len(bare)} (pypdf in the bot's process, {BEARABLE:.0f} s)", bar="all", is_met=len(ours) == total),
        *[Figure(f"of these: {became}", str(count), "", bar=TOLD) for became, count in counts.most_common()],
    ]  # fmt: skip


def _costs(ours: list[Looked], bare: list[Looked]) -> list[Figure]:
    alone, after = min(each.after for each in ours), max(each.after for each in ours)
    return [
        Figure("longest of them", f"{max(each.seconds for each in ours):.2f} s",
               f"{max(each.seconds for each in bare):.2f} s, and all else waits", bar=TOLD),
        Figure("the next honest file of 12 pages, slowest", f"{after:.2f} s", f"{alone:.2f} s (fastest)",
               bar=f"≤ {AFTERWARDS:g} s", is_met=after <= AFTERWARDS),
    ]  # fmt: skip


def _memory(before: list[Looked], ours: list[Looked], bare: list[Looked]) -> list[Figure]:
    kept, grown = before[-1].memory - before[0].memory, ours[-1].memory - before[-1].memory
    return [
        Figure("the bot's memory after two honest files of 8 MiB", f"{kept:+.2f} MiB", "", bar=TOLD),
        Figure("and after all hostile ones", f"{grown:+.2f} MiB",
               f"{bare[-1].memory - bare[len(before) - 1].memory:+.2f} MiB", bar=f"± {GROWTH:g} MiB",
               is_met=abs(grown) <= GROWTH),
    ]  # fmt: skip
