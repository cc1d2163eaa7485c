"""What became of each question that was asked again."""

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

    at: float
    """Hours since the record's midnight."""
    invited: list[int] = field(default_factory=list)
    """Helpers, in the order in which they were asked."""
    answers: list[float] = field(default_factory=list)
    """Hours since the record's midnight."""

    @property
    def hours_to_answer(self) -> float:
        """Return hours until the first answer; infinite where none comes within a week, when the bot puts it away."""
        first = min(self.answers, default=np.inf) - self.at
        return first if first <= WEEK else np.inf


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcomes of one run as arrays, questions in the order of the record."""

    hours: Numbers = field(repr=False)
    """float64[q], until the first answer; infinite where there is none"""
    invited: Flags = field(repr=False)
    """bool[q, m], who was asked"""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], helpers: int) -> "Tally":
        """Count outcomes, one of each question, among so many helpers."""
        invited = np.zeros((len(outcomes), helpers), dtype=np.bool_)
        for row, outcome in enumerate(outcomes):
            invited[row, outcome.invited] = True
        return cls(np.asarray([outcome.hours_to_answer for outcome in outcomes]), invited)
