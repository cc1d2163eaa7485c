"""Statistics of outcomes, each with all of its resamples, so that any two can be compared on the same questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from benchmarks.figures import CONFIDENCE, Ratio
from benchmarks.simulator.outcomes import DAY, Tally
from benchmarks.simulator.record import Flags
from benchmarks.simulator.words import Numbers

DRAWS = 1_000
_MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic as measured, and as every resample of the questions gives it."""

    values: Numbers = field(repr=False)
    """float64[1 + draws], the first as measured."""

    @property
    def middle(self) -> float:
        """Return it as measured."""
        return float(self.values[0])

    @property
    def interval(self) -> tuple[float, float]:
        """Return between which values 95 % of the resamples lie."""
        # An infinite wait is a wait like any other: nothing may be averaged with it.
        low, high = np.percentile(self.values[1:], CONFIDENCE, method="nearest")
        return float(low), float(high)

    def minus(self, other: Self) -> "Estimate":
        """Return the difference, resample by resample."""
        with np.errstate(invalid="ignore"):
            return Estimate(np.nan_to_num(self.values - other.values, nan=0.0, posinf=np.inf, neginf=-np.inf))

    def over(self, other: Self) -> Ratio:
        """Return the quotient, resample by resample."""
        with np.errstate(invalid="ignore", divide="ignore"):
            quotient = Estimate(np.asarray(self.values / other.values, dtype=np.float64))
        return Ratio(quotient.middle, *quotient.interval)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of one way of asking."""

    within_a_day: Estimate
    """Share of questions that somebody answered within 24 h; `ever` within a week, when they are put away."""
    ever: Estimate
    per_question: Estimate
    """Invitations."""
    per_answer: Estimate
    median: Estimate
    """Hours to the first answer, over all questions: infinite where too few are answered."""
    p80: Estimate
    gini_invited: Estimate
    """How unevenly invitations spread over everybody who could be asked: 0 all alike, 1 all to one."""
    most_asked: Estimate
    """Share of the invitations that went to the three people who got most."""
    gini_helped: Estimate


class Resamples:
    """Questions and draws of people, each drawn again with replacement; the same for everything that is compared.

    What happens to one question hangs on who is tired of others, so a whole run may turn out better or worse: that is
    why runs are drawn again too.
    """

    def __init__(self, questions: int, could_help: Flags, draws: int = DRAWS) -> None:
        """Draw; `could_help` is bool[m], over whom load is said to spread."""
        self._draws = draws
        self._weights = self._drawn(questions, purpose=0)
        self._could_help = could_help

    def summary(self, tallies: Sequence[Tally]) -> Summary:
        """Return what is told of one way of asking, given the outcomes of each draw of people."""
        invitations = self._mean([each.invitations for each in tallies])
        answers = self._mean([each.answers for each in tallies])
        hours = [each.hours for each in tallies]
        invited, helped = ([self._loads(load) for load in loads] for loads in _loads(tallies))
        return Summary(
            within_a_day=Estimate(self._mean([each <= DAY for each in hours])),
            ever=Estimate(self._mean([np.isfinite(each) for each in hours])),
            per_question=Estimate(invitations),
            per_answer=Estimate(invitations / np.maximum(answers, 1e-9)),
            median=Estimate(self._quantile(hours, 0.5)),
            p80=Estimate(self._quantile(hours, 0.8)),
            gini_invited=self._centred([gini(each) for each in invited]),
            most_asked=self._centred([most_asked(each) for each in invited]),
            gini_helped=self._centred([gini(each) for each in helped]),
        )

    def _drawn(self, count: int, purpose: int) -> Numbers:
        """Return float64[1 + draws, count], how often each is drawn; all once in the first row."""
        draw = np.random.default_rng(purpose)
        counts = draw.multinomial(count, np.full(count, 1 / count), self._draws)
        return np.concatenate((np.ones((1, count)), counts))

    def _loads(self, parts: Flags) -> Numbers:
        """Return float64[1 + draws, m] of bool[q, m]."""
        return np.asarray(self._weights @ parts[:, self._could_help].astype(np.float64), dtype=np.float64)

    def _mean(self, columns: Sequence[Numbers | Flags]) -> Numbers:
        means = [self._weights @ np.asarray(each, dtype=np.float64) / self._weights.shape[1] for each in columns]
        return self._over_runs(means)

    def _over_runs(self, values: Sequence[Numbers]) -> Numbers:
        """Average what each run gives, float64[1 + draws], over the runs that were drawn."""
        weights = self._drawn(len(values), purpose=1)
        return np.asarray((weights * np.stack(values, axis=1)).mean(axis=1), dtype=np.float64)

    def _quantile(self, columns: Sequence[Numbers], share: float) -> Numbers:
        """Return the smallest value that so large a share of the questions of all runs doesn't exceed."""
        values, runs = np.concatenate(columns), self._drawn(len(columns), purpose=1)
        weights = np.concatenate([self._weights * runs[:, [run]] for run in range(len(columns))], axis=1)
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(weights[:, order], axis=1)
        first = (reached >= share * reached[:, -1:]).argmax(axis=1)
        return np.asarray(values[order][first], dtype=np.float64)

    def _centred(self, values: Sequence[Numbers]) -> Estimate:
        """Average over runs, and take the resamples' bias away.

        Questions drawn twice pile the same load on the same people, so load seems less even in every resample.
        """
        means = self._over_runs(values)
        means[1:] += means[0] - means[1:].mean()
        return Estimate(means)


def _loads(tallies: Sequence[Tally]) -> tuple[list[Flags], list[Flags]]:
    return [each.invited for each in tallies], [each.helped for each in tallies]


def gini(loads: Numbers) -> Numbers:
    """Return float64[n], the Gini coefficient of each row of float64[n, m]; 0 where there is nothing to spread."""
    ordered, count = np.sort(loads, axis=1), loads.shape[1]
    total = ordered.sum(axis=1)
    ranks = np.arange(1, count + 1)
    coefficients: Numbers = 2 * (ordered @ ranks) / (count * np.maximum(total, 1e-9)) - (count + 1) / count
    return np.where(total > 0, coefficients, 0.0)


def most_asked(loads: Numbers) -> Numbers:
    """Return float64[n], the share that the three largest of each row of float64[n, m] carry together."""
    largest = np.sort(loads, axis=1)[:, -_MOST_ASKED:].sum(axis=1)
    shares: Numbers = largest / np.maximum(loads.sum(axis=1), 1e-9)
    return shares
