"""A record's questions put to a bot, moment by moment, and the people who read what it sends."""

import heapq
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from benchmarks.simulator.bots import NEVER, Bot, Fact
from benchmarks.simulator.outcomes import WEEK, Outcome
from benchmarks.simulator.people import Crowd
from benchmarks.simulator.referee import Referee

Act = Callable[[], Awaitable[None]]

BETWEEN_SWEEPS = timedelta(minutes=1)
"""How often the bot looks at what is due."""
_PUT_AWAY_AFTER = WEEK + 0.1
_ENDS_AFTER = WEEK + 24.0
"""Hours after the last question at which a run ends: everything is answered or put away by then."""
_SPOKE = {"taken", "passed"}


class Simulation:
    """One run: people act when their moment comes, and the bot sweeps whenever something of its own is due."""

    def __init__(self, crowd: Crowd, bot: Bot, referee: Referee | None = None) -> None:
        """Begin before the first question."""
        self._crowd, self._bot, self._referee = crowd, bot, referee
        self._record = crowd.record
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = count(1)
        self._outcomes: dict[int, Outcome] = {}
        self._load: dict[int, list[float]] = defaultdict(list)
        self._returns: dict[int, int] = defaultdict(int)
        self._now = self._swept = self._record.midnight
        self.facts: list[Fact] = []
        """Everything that happened, in order."""

    async def run(self, rows: Sequence[int]) -> list[Outcome]:
        """Ask these questions at their times and return what became of them."""
        last = max(self._record.questions[row].at for row in rows)
        for row in rows:
            self._do(self._record.questions[row].at, partial(self._ask, row))
        for at, column, length in self._crowd.pauses:
            if at <= last:
                self._do(at, partial(self._pause, column, length))
        end = self._record.moment(last + _ENDS_AFTER)
        while await self._step(end):
            pass
        return list(self._outcomes.values())

    @property
    def _hours(self) -> float:
        return self._record.hours(self._now)

    def _do(self, at: float, act: Act) -> None:
        """Let something happen at a moment, or never where that is infinite."""
        if at < float("inf"):
            heapq.heappush(self._acts, (self._record.moment(at), next(self._numbers), act))

    async def _step(self, end: datetime) -> bool:
        """Do what comes next; returns False once nothing comes before the end."""
        due = max(await self._bot.due(), self._swept + BETWEEN_SWEEPS)
        next_act = self._acts[0][0] if self._acts else NEVER
        moment = max(min(due, next_act), self._now)
        if moment > end:
            return False
        self._now = moment
        if due < next_act:
            self._swept = moment
            await self._bot.sweep(moment)
        else:
            await heapq.heappop(self._acts)[2]()
        for fact in await self._bot.facts():
            self._see(fact)
        return True

    async def _ask(self, row: int) -> None:
        at = self._record.questions[row].at
        self._outcomes[row] = Outcome(row, at)
        await self._bot.ask(row, self._now)
        self._do(at + _PUT_AWAY_AFTER, partial(self._put_away, row))

    async def _put_away(self, row: int) -> None:
        if not self._outcomes[row].answered:
            await self._bot.put_away(self._now)

    async def _pause(self, column: int, length: float) -> None:
        if self._referee:
            self._referee.paused(column, self._hours + length)
        await self._bot.pause(column, self._now + timedelta(hours=length), self._now)

    async def _read(self, row: int, column: int) -> None:
        """Take a question, pass it on, or say nothing; whoever finds it answered does nothing."""
        if self._outcomes[row].answered:
            return
        reactions = self._crowd.reactions(row)
        if self._would_answer(row, column):
            await self._bot.take(row, column, self._now)
            written = self._crowd.after_waking(column, self._hours, reactions.writing[column])
            self._do(written, partial(self._answer, row, column))
        elif reactions.passes[column]:
            await self._bot.pass_on(row, column, self._now)

    def _would_answer(self, row: int, column: int) -> bool:
        fatigue = self._crowd.model.fatigue
        before = sum(self._hours - at < WEEK for at in self._load[column]) - 1 if fatigue else 0
        return bool(self._crowd.reactions(row).would_answer((1 - fatigue) ** before)[column])

    async def _answer(self, row: int, column: int) -> None:
        await self._bot.answer(row, column, self._now)
        self._outcomes[row].answered.append((column, self._hours))
        if self._referee:
            self._referee.spoke(column)

    async def _come_back(self, column: int) -> None:
        await self._bot.come_back(column, self._now)
        if self._referee:
            self._referee.came_back(column)

    def _see(self, fact: Fact) -> None:
        """Let the referee see a fact, and whoever it reaches read it in their own time."""
        self.facts.append(fact)
        at, column = self._record.hours(fact.at), fact.column
        if self._referee:
            self._tell(self._referee, fact, at)
        if fact.kind == "invited":
            self._load[column].append(at)
            self._outcomes[fact.row].invited.append(column)
            reading = self._crowd.reactions(fact.row).reading[column]
            self._do(self._crowd.after_waking(column, at, reading), partial(self._read, fact.row, column))
        elif fact.kind == "paused":
            self._returns[column] += 1
            reading = self._crowd.reading_of_return(column, self._returns[column])
            self._do(self._crowd.after_waking(column, at, reading), partial(self._come_back, column))

    def _tell(self, referee: Referee, fact: Fact, at: float) -> None:
        if fact.kind == "invited":
            referee.invited(fact.row, fact.column, at)
        elif fact.kind == "expired":
            referee.kept_silent(fact.column)
        elif fact.kind in _SPOKE:
            referee.spoke(fact.column)
