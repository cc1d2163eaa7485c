"""Other numbers of the policy beside the default, on the same questions and people, and how sure each difference is."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np

from benchmarks.figures import CONFIDENCE
from benchmarks.simulator.outcomes import DAY, Tally
from benchmarks.simulator.people import Crowd, PeopleModel
from benchmarks.simulator.ranking import Ranking, Topics
from benchmarks.simulator.record import Flags, Record
from benchmarks.simulator.simulation import Simulation
from benchmarks.simulator.town import town
from benchmarks.simulator.words import Numbers
from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT, Policy, Wave
from bot.log import configure_logging
from evaluation.progress import progress
from evaluation.report import table

DRAWS = 1_000
_PERCENT = 100.0
_MOST_ASKED = 3
Setting = TypeVar("Setting")
Played = TypeVar("Played")
_HEADINGS = ("setting", "answered in 24 h, %", "in a week, %", "invitations a question", "3 most asked carry, %")


def _waves(size: int | None = None, times: float = 1.0) -> Mapping[Urgency, tuple[Wave, ...]]:
    """Return the default's waves, with another size or longer waits."""
    return {
        urgency: tuple(Wave(size or wave.size, wave.wait * times) for wave in waves)
        for urgency, waves in DEFAULT.waves.items()
    }


SETTINGS: Mapping[str, Policy] = {
    "1 person a wave": replace(DEFAULT, waves=_waves(size=1)),
    "3 people a wave": replace(DEFAULT, waves=_waves(size=3)),
    "waits halved": replace(DEFAULT, waves=_waves(times=0.5)),
    "waits doubled": replace(DEFAULT, waves=_waves(times=2.0)),
    "at most 10 invitations": replace(DEFAULT, most_invitations=10),
    "at most 20 invitations": replace(DEFAULT, most_invitations=20),
}
"""What is compared with the default; each differs from it in one thing. Add here what you think of changing."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every run of a comparison shares."""

    record: Record = field(repr=False)
    topics: Topics = field(repr=False)
    questions: int
    """The first so many of the record are asked."""
    model: PeopleModel = field(default_factory=PeopleModel)

    async def run(self, policy: Policy, seed: int) -> Tally:
        """Ask the questions by a policy's numbers, of the people that a seed draws."""
        crowd = Crowd(self.record, self.model, seed)
        async with town(crowd, Ranking(self.record, self.topics), policy) as bot:
            outcomes = await Simulation(crowd, bot).run(range(self.questions))
        return Tally.of(outcomes, len(self.record.helpers))


def compared(ground: Ground, settings: Mapping[str, Policy], seeds: int, processes: int | None) -> str:
    """Return a table of the default, and of each setting minus the default; runs share the processes."""
    default, *others = played(partial(_run, ground), [DEFAULT, *settings.values()], seeds, processes)
    return tabled(default, dict(zip(settings, others, strict=True)))


def played(
    play: Callable[[Setting, int], Played], settings: Sequence[Setting], seeds: int, processes: int | None
) -> list[list[Played]]:
    """Play every setting with every draw of people, each in a process of its own; return what came of each setting."""
    wanted = [(setting, seed) for setting in settings for seed in range(seeds)]
    context = multiprocessing.get_context("spawn")
    quiet = partial(configure_logging, "ERROR", "text")
    with ProcessPoolExecutor(processes, context, quiet) as pool, progress("asking", len(wanted)) as advance:
        came = []
        for each in pool.map(play, *zip(*wanted, strict=True)):
            came.append(each)
            advance(1)
    return [came[start : start + seeds] for start in range(0, len(came), seeds)]


def _run(ground: Ground, policy: Policy, seed: int) -> Tally:
    return asyncio.run(ground.run(policy, seed))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic as measured, and as every resample gives it."""

    values: Numbers = field(repr=False)
    """float64[1 + draws], the first as measured."""

    def minus(self, other: "Estimate") -> "Estimate":
        """Return the difference, resample by resample."""
        return Estimate(self.values - other.values)

    def told(self, form: str) -> str:
        """Return it, and between which values 95 % of the resamples lie."""
        ends = np.percentile(self.values[1:], CONFIDENCE)
        middle, low, high = (format(float(each), form) for each in (self.values[0], *ends))
        return f"{middle} ({low} to {high})"


@dataclass(frozen=True, slots=True)
class Resamples:
    """Questions and draws of people, each drawn again with replacement; the same for all that is compared.

    What becomes of one question depends on who is tired of others, so a whole run may turn out better or worse: that is
    why runs are drawn again too.
    """

    questions: Numbers = field(repr=False)
    """float64[1 + draws, q], how often each is drawn; all once in the first row."""
    runs: Numbers = field(repr=False)
    """The same of the draws of people."""

    @classmethod
    def of(cls, questions: int, runs: int) -> "Resamples":
        """Draw; the same numbers always give the same resamples."""
        return cls(_drawn(questions, seed=0), _drawn(runs, seed=1))

    def estimates(self, tallies: Sequence[Tally]) -> Iterator[Estimate]:
        """Yield the statistics of one setting in the order of the table's columns, given each draw of people."""
        yield self.mean([each.hours <= DAY for each in tallies], _PERCENT)
        yield self.mean([np.isfinite(each.hours) for each in tallies], _PERCENT)
        yield self.mean([each.invited.sum(axis=1) for each in tallies])
        yield self.carried([each.invited for each in tallies])

    def carried(self, invited: Sequence[Flags]) -> Estimate:
        """Return what the most asked carry together, in percent, given bool[q, m] of each draw of people."""
        loads = (self.questions @ each.astype(np.float64) for each in invited)
        shares = self._over_runs([_PERCENT * most_asked(each) for each in loads])
        # A question drawn twice puts its load on the same people again, so every resample looks less even.
        shares.values[1:] += shares.values[0] - shares.values[1:].mean()
        return shares

    def mean(self, columns: Sequence[Numbers | Flags], times: float = 1.0) -> Estimate:
        """Return the mean of something over all questions, given [q] of each draw of people."""
        times /= self.questions.shape[1]
        return self._over_runs([times * (self.questions @ each.astype(np.float64)) for each in columns])

    def _over_runs(self, values: Sequence[Numbers]) -> Estimate:
        return Estimate((self.runs * np.stack(values, axis=1)).mean(axis=1))


def tabled(default: Sequence[Tally], others: Mapping[str, Sequence[Tally]]) -> str:
    """Return the table, given the runs of each setting."""
    resamples = Resamples.of(len(default[0].hours), len(default))
    base = list(resamples.estimates(default))
    rows = [["the default", *(each.told(".2f") for each in base)]]
    for name, tallies in others.items():
        pairs = zip(resamples.estimates(tallies), base, strict=True)
        rows.append([f"{name}, minus it", *(ours.minus(theirs).told("+.2f") for ours, theirs in pairs)])
    return table(_HEADINGS, rows)


def most_asked(loads: Numbers) -> Numbers:
    """Return float64[n], the share that the three largest of each row of float64[n, m] carry together."""
    largest = np.sort(loads, axis=1)[:, -_MOST_ASKED:].sum(axis=1)
    shares: Numbers = largest / np.maximum(loads.sum(axis=1), 1e-9)
    return shares


def _drawn(count: int, seed: int) -> Numbers:
    counts = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), DRAWS)
    return np.concatenate((np.ones((1, count)), counts))
