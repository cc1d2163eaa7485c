"""Background tasks that are named, kept alive and logged when they fail."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)

_running: set[asyncio.Task[Any]] = set()


def spawn(name: str, coroutine: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
    """Run `coroutine` in the background of the running loop.

    The event loop keeps only weak references to tasks, so this module keeps a strong one until the task ends.
    """
    task: asyncio.Task[object] = asyncio.get_running_loop().create_task(coroutine, name=name)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


def _finished(task: asyncio.Task[object]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    if error := task.exception():
        log.error("task_failed", task=task.get_name(), **describe(error))


class Rest:
    """Does something once nothing was asked for a while: what is kept ready for the next wish is put away."""

    def __init__(self, name: str, seconds: float, put_away: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Wait for the first `begin`."""
        self._name = name
        self._seconds = seconds
        self._put_away = put_away
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Count the seconds from now."""
        self.put_off()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._over)

    def put_off(self) -> None:
        """Stop counting."""
        if self._timer is not None:
            self._timer.cancel()

    def _over(self) -> None:
        spawn(self._name, self._put_away())


def describe(error: BaseException) -> dict[str, object]:
    """Say what failed and where, without the error's own words: they may quote a person."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"error": type(error).__qualname__, "where": frames[-6:]}
