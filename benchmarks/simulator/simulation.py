"""A record's questions put to the bot, moment by moment, and the people who read what it sends."""

import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import numpy as np

from benchmarks.simulator.outcomes import WEEK, Outcome
from benchmarks.simulator.people import Crowd
from benchmarks.simulator.town import NEVER, Arrived, Town

Act = Callable[[], Awaitable[None]]

_PUT_AWAY_AFTER = WEEK + 0.1


class Simulation:
    """One run: people act when their moment comes, and the bot sweeps when something of its own is due."""

    between_sweeps = timedelta(minutes=1)
    """How often the bot looks at what is due."""
    ends_after = WEEK + 24.0
    """Hours after the last question at which a run ends: by then each question is answered or put away."""

    def __init__(self, crowd: Crowd, town: Town) -> None:
        """Begin before the first question."""
        self._crowd, self._town, self._record = crowd, town, crowd.record
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = count(1)
        self._outcomes: dict[int, Outcome] = {}
        self._returns: dict[int, int] = defaultdict(int)
        self._now = self._swept = self._record.midnight

    async def run(self, rows: Sequence[int]) -> list[Outcome]:
        """Ask these questions at their times and return what became of them, in this order."""
        for row in rows:
            self._do(self._record.questions[row].at, partial(self._ask, row))
        end = self._record.moment(max(self._record.questions[row].at for row in rows) + self.ends_after)
        while await self._step(end):
            pass
        return [self._outcomes[row] for row in rows]

    @property
    def _hours(self) -> float:
        return self._record.hours(self._now)

    def _do(self, at: float, act: Act) -> None:
        """Let something happen at a moment, or never where that is infinite."""
        if np.isfinite(at):
            heapq.heappush(self._acts, (self._record.moment(at), next(self._numbers), act))

    async def _step(self, end: datetime) -> bool:
        """Do what comes next; returns False once nothing comes before the end."""
        due = max(self._town.due, self._swept + self.between_sweeps)
        next_act = self._acts[0][0] if self._acts else NEVER
        moment = max(min(due, next_act), self._now)
        if moment > end:
            return False
        self._now = moment
        if due < next_act:
            self._swept = moment
            await self._town.sweep(moment)
        else:
            await heapq.heappop(self._acts)[2]()
        self._see(self._town.arrived())
        return True

    async def _ask(self, row: int) -> None:
        self._outcomes[row] = Outcome(self._hours)
        await self._town.ask(row, self._now)
        self._do(self._hours + _PUT_AWAY_AFTER, partial(self._put_away, row))

    async def _put_away(self, row: int) -> None:
        if not self._outcomes[row].answers:
            await self._town.put_away(self._now)

    async def _read(self, row: int, column: int) -> None:
        """Take a question, pass it on, or say nothing; a person who finds it answered does nothing."""
        if self._outcomes[row].answers:
            return
        reactions = self._crowd.reactions(row)
        if reactions.would_answer()[column]:
            await self._town.take(row, column, self._now)
            self._later(column, reactions.writing[column], partial(self._answer, row, column))
        elif reactions.passes[column]:
            await self._town.pass_on(row, column, self._now)

    async def _answer(self, row: int, column: int) -> None:
        await self._town.answer(row, column, self._now)
        self._outcomes[row].answers.append(self._hours)

    async def _come_back(self, column: int) -> None:
        await self._town.come_back(column, self._now)

    def _see(self, arrived: Arrived) -> None:
        """Let people read what the bot wrote to them, in their own time."""
        for row, column in arrived.invited:
            self._outcomes[row].invited.append(column)
            self._later(column, self._crowd.reactions(row).reading[column], partial(self._read, row, column))
        for column in arrived.paused:
            self._returns[column] += 1
            reading = self._crowd.reading_of_return(column, self._returns[column])
            self._later(column, reading, partial(self._come_back, column))

    def _later(self, column: int, waking_hours: float, act: Act) -> None:
        self._do(self._crowd.after_waking(column, self._hours, waking_hours), act)
