"""Whose text an encoder reads next: one of each person at a time, and no more of it than leaves room for others."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.tasks import spawn

_Result = TypeVar("_Result")

AT_ONCE = 1_024
"""Tokens that a person may have read at once: ten questions, or two of the costliest."""
A_SECOND = 25
"""Tokens a person earns again: one who never pauses takes a twentieth of the slower encoder's time."""
_MOST_PEOPLE = 1_000
"""People remembered before those are forgotten who may have everything again."""


@dataclass(slots=True)
class _Allowance:
    left: float
    at: float
    reading: asyncio.Task[object] | None = None

    def refill(self, now: float) -> None:
        self.left, self.at = min(AT_ONCE, self.left + (now - self.at) * A_SECOND), now

    def is_free(self, now: float) -> bool:
        self.refill(now)
        return self.left > 0 and not self.is_reading

    @property
    def is_reading(self) -> bool:
        return self.reading is not None and not self.reading.done()

    @property
    def seconds_to_wait(self) -> float:
        return max(1.0, -self.left) / A_SECOND


@dataclass(slots=True)
class Turns:
    """Gives people their turn; kept in memory, since it is about the next minute only."""

    _people: dict[int, _Allowance] = field(default_factory=dict)

    async def take(
        self, person: int | None, cost: int, work: Callable[[], Coroutine[Any, Any, _Result]], patience: float
    ) -> _Result | None:
        """Do a person's work when their last is done and they have something left; None: for no one in particular.

        Returns None where that takes longer than `patience`, in seconds. Work that was begun ends by itself, and
        until then it is still that person's turn.
        """
        until = asyncio.get_running_loop().time() + patience
        allowance = await self._turn_of(person, until) if person is not None else None
        if person is not None and allowance is None:
            return None
        task = spawn("read", work())
        if allowance is not None:
            allowance.left -= cost
            allowance.reading = task
        return task.result() if await _ends(task, until) else None  # type: ignore[return-value]

    async def _turn_of(self, person: int, until: float) -> _Allowance | None:
        """Wait for a person's turn, however many of theirs wait for it; None where it doesn't come in time."""
        loop, allowance = asyncio.get_running_loop(), self._allowance(person)
        while not allowance.is_free(loop.time()):
            if loop.time() >= until:
                return None
            if allowance.reading is not None and allowance.is_reading:
                await _ends(allowance.reading, until)
            else:
                await asyncio.sleep(min(until - loop.time(), allowance.seconds_to_wait))
        return allowance

    def _allowance(self, person: int) -> _Allowance:
        now = asyncio.get_running_loop().time()
        if person not in self._people and len(self._people) >= _MOST_PEOPLE:
            self._forget_rested(now)
        return self._people.setdefault(person, _Allowance(AT_ONCE, now))

    def _forget_rested(self, now: float) -> None:
        for person, allowance in list(self._people.items()):
            allowance.refill(now)
            if allowance.left >= AT_ONCE and not allowance.is_reading:
                del self._people[person]


async def _ends(task: asyncio.Task[object], until: float) -> bool:
    """Wait for a task, which goes on in any case, and tell whether it ended in time."""
    done, _ = await asyncio.wait({task}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    return bool(done)
