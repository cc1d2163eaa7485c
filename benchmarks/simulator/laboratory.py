"""Whatever is to be measured of one record: each way of asking with each seed, on paper or through the use cases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.simulator import at_once
from benchmarks.simulator.arms import Arm
from benchmarks.simulator.attentive import Helpers
from benchmarks.simulator.bots import Fact
from benchmarks.simulator.outcomes import Tally
from benchmarks.simulator.paper import Paper
from benchmarks.simulator.people import Crowd, PeopleModel
from benchmarks.simulator.ranking import Ranking
from benchmarks.simulator.record import Record
from benchmarks.simulator.referee import Referee
from benchmarks.simulator.resampling import Resamples
from benchmarks.simulator.simulation import Simulation
from benchmarks.simulator.town import settle
from benchmarks.simulator.wired import Wired
from benchmarks.simulator.words import Numbers

_HARDLY = 1e-3


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: what became of each question, all that happened, and what the referee saw."""

    tally: Tally = field(repr=False)
    facts: Sequence[Fact] = field(repr=False)
    referee: Referee = field(repr=False)


class Laboratory:
    """One record and its ranking, and whoever lives there."""

    def __init__(self, record: Record, expertise: Numbers, questions: int | None = None) -> None:
        """Take the first so many questions of the record; None: all."""
        self.record, self._expertise = record, expertise
        self.rows = range(len(record.questions))[:questions]
        self._crowd: tuple[tuple[PeopleModel, int], Crowd] | None = None

    def resamples(self) -> Resamples:
        """Return resamples of the questions, over whoever could be asked for any of them."""
        could_help = np.logical_or.reduce(self.record.could[: len(self.rows)], axis=0)
        return Resamples(len(self.rows), could_help)

    def crowd(self, model: PeopleModel, seed: int) -> Crowd:
        """Return the people; those asked for last are kept, for they fill 20 MB."""
        key = (model, seed)
        if self._crowd is None or self._crowd[0] != key:
            self._crowd = (key, Crowd(self.record, model, seed))
        return self._crowd[1]

    async def on_paper(self, arm: Arm, model: PeopleModel, seed: int) -> Ran:
        """Run a way of asking by the bot's rules alone."""
        crowd = self.crowd(model, seed)
        helpers = Helpers(crowd, arm.rate, has_budget=arm.has_budget)
        return await self._run(crowd, arm, Paper(crowd, self._ranking(arm, crowd), arm.policy, helpers))

    async def through_services(self, arm: Arm, model: PeopleModel, seed: int) -> Ran:
        """Run a way of asking through the real use cases, over an SQLite file that is gone afterwards."""
        crowd = self.crowd(model, seed)
        with TemporaryDirectory() as folder:
            town = await settle(crowd, Path(folder) / "simulator.sqlite3", arm.rate)
            database = town.open()
            try:
                return await self._run(crowd, arm, Wired(crowd, self._ranking(arm, crowd), town, database, arm.policy))
            finally:
                await database.close()

    def at_once(self, chosen: at_once.Chosen, model: PeopleModel, seed: int, *, is_call: bool = False) -> Tally:
        """Run a way of asking that asks everybody it asks at once: by one call to all, or each in person."""
        outcomes = at_once.simulate(self.crowd(model, seed), self.rows, chosen, is_call=is_call)
        return Tally.of(outcomes, len(self.record.helpers))

    async def _run(self, crowd: Crowd, arm: Arm, bot: Paper | Wired) -> Ran:
        referee = Referee(self.record, crowd, arm.rate)
        simulation = Simulation(crowd, bot, referee)
        outcomes = await simulation.run(self.rows)
        return Ran(Tally.of(outcomes, len(self.record.helpers)), simulation.facts, referee)

    def _ranking(self, arm: Arm, crowd: Crowd) -> Ranking:
        match arm.order:
            case "match":
                return Ranking(self.record, self._expertise)
            case "activity":
                return Ranking(self.record, self.record.active, has_habits=False)
            case "truth":
                return Ranking(self.record, self._truth(crowd), has_habits=False)

    def _truth(self, crowd: Crowd) -> Numbers:
        """Return float64[q, m], how likely everybody's answer is, as the model has it."""
        rows = (crowd.reactions(row) for row in range(len(self.record.questions)))
        return np.stack([np.where(each.knows, each.willingness, _HARDLY) for each in rows])
