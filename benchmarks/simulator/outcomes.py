"""What became of each simulated question, and arrays of it to compute with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.simulator.record import Flags
from benchmarks.simulator.words import Numbers

DAY, WEEK = 24.0, 168.0
"""Hours."""


@dataclass(slots=True)
class Outcome:
    """One question, asked once."""

    row: int
    at: float
    """Hours since the record's midnight."""
    invited: list[int] = field(default_factory=list)
    """Helpers, in the order in which they were asked."""
    answered: list[tuple[int, float]] = field(default_factory=list)
    """(helper, hours since the record's midnight), by time."""

    @property
    def hours_to_answer(self) -> float:
        """Return hours until the first answer; infinite where there is none within a week, when it is put away."""
        first = min((at for _, at in self.answered), default=np.inf) - self.at
        return first if first <= WEEK else np.inf


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcomes of one seed as arrays, questions in the order of the record."""

    hours: Numbers = field(repr=False)
    """float64[q], until the first answer; infinite where there is none"""
    invitations: Numbers = field(repr=False)
    """float64[q]"""
    answers: Numbers = field(repr=False)
    """float64[q]"""
    invited: Flags = field(repr=False)
    """bool[q, m], who was asked"""
    helped: Flags = field(repr=False)
    """bool[q, m], who answered"""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], helpers: int) -> "Tally":
        """Count outcomes, one of each question, among so many helpers."""
        ordered = sorted(outcomes, key=lambda outcome: outcome.row)
        invited, helped = np.zeros((2, len(ordered), helpers), dtype=np.bool_)
        for place, outcome in enumerate(ordered):
            invited[place, outcome.invited] = True
            helped[place, [helper for helper, at in outcome.answered if at - outcome.at <= WEEK]] = True
        return cls(
            hours=np.asarray([outcome.hours_to_answer for outcome in ordered]),
            invitations=np.asarray([len(outcome.invited) for outcome in ordered], dtype=np.float64),
            answers=helped.sum(axis=1).astype(np.float64),
            invited=invited,
            helped=helped,
        )
