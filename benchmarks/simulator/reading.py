"""Drafts put to the bot beside a record's questions, and the people who read them."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from benchmarks.simulator.outcomes import DAY, Outcome
from benchmarks.simulator.readers import Readers
from benchmarks.simulator.simulation import Simulation
from benchmarks.simulator.town import Arrived, Town


class Reading(Simulation):
    """One run in which some of the questions are asked as drafts."""

    between_sweeps = timedelta(minutes=30)
    """Drafts that find no one are looked at again each hour for days: some of them at the same time."""
    ends_after = 15 * DAY

    def __init__(self, readers: Readers, town: Town, drafts: Collection[int]) -> None:
        """Begin before the first question; `drafts` are rows of the record."""
        super().__init__(readers.crowd, town)
        self._readers, self._drafts = readers, drafts

    async def _ask(self, row: int) -> None:
        if row not in self._drafts:
            await super()._ask(row)
            return
        self._outcomes[row], facts = Outcome(self._hours), self._readers.facts(row)
        needed_by = self._record.moment(self._hours + facts.hours)
        await self._town.ask_for_feedback(row, facts.words, needed_by, self._now)

    async def _read(self, row: int, column: int) -> None:
        """Take a draft, pass it on, or say nothing; a person who finds it taken by others waits for a place."""
        if row not in self._drafts:
            await super()._read(row, column)
        elif self._readers.would_read(row)[column]:
            if await self._town.take(row, column, self._now):
                self._begin(row, column)
        elif self._crowd.reactions(row).passes[column]:
            await self._town.pass_on(row, column, self._now)

    def _see(self, arrived: Arrived) -> None:
        super()._see(arrived)
        for row, column in arrived.freed:
            self._begin(row, column)

    def _begin(self, row: int, column: int) -> None:
        """Let a reader who has a place read when they get to it, whether or not it is kept for them so long."""
        done = self._readers.done_at(row, column, self._outcomes[row].at, self._hours)
        self._do(done, partial(self._answer, row, column))
