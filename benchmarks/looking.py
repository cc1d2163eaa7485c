"""Look into every hostile file, a folder of them, and say what became of each: `python -m benchmarks.looking FOLDER`.

With `bare`, pypdf reads them in this very process instead, as a bot without a child would.
"""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from bot import app
from bot.attachments import reading
from bot.errors import HouseError
from reliability.process import memory

HONEST, LARGEST = "honest", "largest"
"""Files: the one that comes first and after each of the others, and one of 8 MiB."""
FIRST = (HONEST, LARGEST, LARGEST)
"""What comes before the hostile files, which have numbers: the C library keeps room for a second file of that size."""
BOT = app
"""Loaded so that this process is as large as the bot's."""
Look = Callable[[bytes], Awaitable[str]]


async def run(folder: Path, look: Look) -> None:
    """Print a line for each file: its name, what became of it, seconds, seconds of the honest one after it, and MiB."""
    hostile = sorted(folder.glob("[0-9]*"))  # noqa: ASYNC240 - nothing else runs here
    for path in (*(folder / name for name in FIRST), *hostile):
        became, seconds = await _timed(look, path)
        _, after = await _timed(look, folder / HONEST)
        gc.collect()
        print(json.dumps([path.name, became, seconds, after, memory(os.getpid())]), flush=True)


async def _timed(look: Look, path: Path) -> tuple[str, float]:
    data = path.read_bytes()  # noqa: ASYNC240 - nothing else runs here
    begun = perf_counter()
    became = await look(data)
    return became, perf_counter() - begun


async def apart(folder: Path) -> None:
    """Look as the bot does."""
    attachments = reading.Attachments()

    async def look(data: bytes) -> str:
        try:
            return (await attachments.inspect(data, wants_text=True)).format
        except HouseError as refusal:
            return refusal.key

    await run(folder, look)
    await attachments.close()


async def bare(folder: Path) -> None:
    """Read with pypdf here, without a limit."""
    from bot.attachments import worker  # noqa: PLC0415 - the other way never loads pypdf

    async def look(data: bytes) -> str:
        line, _ = worker.answered(data, "text")
        return str(line.get("refused") or line["format"])

    await run(folder, look)


if __name__ == "__main__":
    asyncio.run((bare if "bare" in sys.argv else apart)(Path(sys.argv[1])))
