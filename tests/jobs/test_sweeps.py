"""Sweeps: a failure is logged without a word of it, and the next look still comes."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.jobs.sweeps import Sweep


async def broken() -> None:
    msg = "what somebody wrote"
    raise RuntimeError(msg)


async def test_a_sweep_looks() -> None:
    looked: list[str] = []

    async def look() -> None:
        looked.append("here")

    await Sweep("look", 30, look).run()
    assert looked == ["here"]


async def test_a_failure_is_logged_and_swallowed() -> None:
    with capture_logs() as logs:
        await Sweep("look", 30, broken).run()
    (entry,) = logs
    assert (entry["event"], entry["sweep"], entry["error"]) == ("sweep_failed", "look", "RuntimeError")
    assert "what somebody wrote" not in str(entry)


async def test_a_cancellation_is_not_a_failure() -> None:
    async def look() -> None:
        raise asyncio.CancelledError

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await Sweep("look", 30, look).run()
    assert logs == []
