"""When the sweeps run."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs.sweeps import Sweep


@asynccontextmanager
async def scheduled(sweeps: Sequence[Sweep]) -> AsyncIterator[None]:
    """Run the sweeps at their intervals while the block lasts.

    Nothing is kept about them: the tables hold what is due, so a missed look is made up by the next one.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    for sweep in sweeps:
        # By default a look that is a second late would be skipped, and two could overlap.
        scheduler.add_job(
            sweep.run, "interval", seconds=sweep.seconds, id=sweep.name, coalesce=True, max_instances=1,
            misfire_grace_time=None,
        )  # fmt: skip
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
