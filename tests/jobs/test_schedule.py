"""The schedule wakes the sweeps, skips none for being late, and stops with its block."""

import asyncio
from collections.abc import Iterator

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog.testing import capture_logs

from bot.jobs import schedule
from bot.jobs.schedule import scheduled
from bot.jobs.sweeps import Sweep, all_sweeps
from bot.store.engine import Database
from tests.fakes import House

AT_ONCE = 0.001
"""Seconds: as soon as the event loop comes round."""
PATIENCE = 10
"""Seconds after which a look that never came is missed."""


class Recorded(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler carries no types
    """A scheduler that can be looked at after it was made."""

    made: list["Recorded"] = []  # noqa: RUF012

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.made.append(self)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Recorded]]:
    monkeypatch.setattr(schedule, "AsyncIOScheduler", Recorded)
    yield Recorded.made
    Recorded.made.clear()


async def nothing() -> None:
    pass


async def test_every_sweep_is_registered_so_that_no_look_is_lost_or_doubled(made: list[Recorded]) -> None:
    async with scheduled([Sweep("deliver", 30, nothing), Sweep("invite", 300, nothing)]):
        (scheduler,) = made
        jobs = {job.id: job for job in scheduler.get_jobs()}
        assert {name: job.trigger.interval.total_seconds() for name, job in jobs.items()} == {
            "deliver": 30,
            "invite": 300,
        }
        for job in jobs.values():
            assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)


async def test_looks_come_again_and_again_even_after_one_that_failed() -> None:
    looks = 0
    is_enough = asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            is_enough.set()
        raise RuntimeError

    with capture_logs() as logs:
        async with scheduled([Sweep("look", AT_ONCE, look)]), asyncio.timeout(PATIENCE):
            await is_enough.wait()
    assert {entry["event"] for entry in logs} == {"sweep_failed"}


async def test_one_slow_sweep_holds_up_no_other() -> None:
    is_slow, came = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        is_slow.set()
        await asyncio.Event().wait()

    async def quick() -> None:
        await is_slow.wait()
        came.set()

    async with scheduled([Sweep("slow", PATIENCE * AT_ONCE, slow), Sweep("quick", PATIENCE * AT_ONCE, quick)]):
        async with asyncio.timeout(PATIENCE):
            await came.wait()


async def test_nothing_runs_after_the_block(made: list[Recorded]) -> None:
    is_inside, is_stopped = asyncio.Event(), asyncio.Event()

    async def look() -> None:
        is_inside.set()
        try:
            await asyncio.Event().wait()
        finally:
            is_stopped.set()

    async with scheduled([Sweep("look", AT_ONCE, look)]):
        async with asyncio.timeout(PATIENCE):
            await is_inside.wait()
    async with asyncio.timeout(PATIENCE):
        await is_stopped.wait()
    assert not made[0].running


async def test_an_error_in_the_block_stops_the_schedule_too(made: list[Recorded]) -> None:
    with pytest.raises(RuntimeError):
        async with scheduled([Sweep("look", 30, nothing)]):
            raise RuntimeError
    await asyncio.sleep(0)
    assert not made[0].running


async def test_each_sweep_is_one_use_case(sqlite_database: Database) -> None:
    house = House(sqlite_database)
    sweeps = all_sweeps(house, 30)
    assert {sweep.name: sweep.seconds for sweep in sweeps}["deliver"] == 30
    names = [
        "catch_up", "deliver", "digest", "fill", "forget_letters", "forget_unposted", "invite", "keep_time", "meet",
        "offer", "queue", "reindex", "release", "wait", "waitlist",
    ]  # fmt: skip
    assert sorted(sweep.name for sweep in sweeps) == names
    with capture_logs() as logs:
        for sweep in sweeps:
            await sweep.run()
    assert logs == []
