"""Background tasks are kept alive, named, and logged when they fail."""

import asyncio
import gc

from structlog.testing import capture_logs

from bot.tasks import _running, describe, spawn

SECRET = "what somebody wrote"


async def broken() -> None:
    raise ValueError(SECRET)


async def test_a_task_nobody_holds_runs_to_its_end() -> None:
    is_done, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        is_done.set()

    spawn("work", work())
    await asyncio.sleep(0)
    gc.collect()
    assert [task.get_name() for task in _running] == ["work"]
    go_on.set()
    await is_done.wait()
    await asyncio.sleep(0)
    assert not _running


async def test_a_failure_is_logged_without_its_words() -> None:
    with capture_logs() as logs:
        await asyncio.gather(spawn("break", broken()), return_exceptions=True)
        await asyncio.sleep(0)
    (entry,) = logs
    assert (entry["event"], entry["task"], entry["error"]) == ("task_failed", "break", "ValueError")
    assert SECRET not in str(entry)


async def test_a_cancellation_is_no_failure() -> None:
    with capture_logs() as logs:
        task = spawn("wait", asyncio.Event().wait())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)
    assert logs == []
    assert not _running


async def test_a_result_is_handed_on() -> None:
    async def work() -> int:
        return 5

    assert await spawn("work", work()) == 5


async def test_a_description_says_what_failed_and_where_and_no_more() -> None:
    (error,) = await asyncio.gather(broken(), return_exceptions=True)
    assert isinstance(error, ValueError)
    described = describe(error)
    assert described["error"] == "ValueError"
    assert str(described["where"]).startswith("['broken:")
    assert SECRET not in str(described)


def test_an_error_that_was_never_raised_happened_nowhere() -> None:
    assert describe(KeyError(SECRET)) == {"error": "KeyError", "where": []}
