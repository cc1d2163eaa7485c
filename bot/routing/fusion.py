"""How evidence becomes one number: weights in logarithms of odds, from a file that people review."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from bot.routing.activity import Habits, Numbers
from bot.routing.index import Scores
from bot.routing.owners import standardised

FILE = Path(__file__).with_suffix(".toml")
NEEDED_ANSWERS = 50
"""Answers a community must have given before the learned weights are used; those they were learned on had."""
_DECIMALS = 9
_FURTHEST = 4.0
"""No one is believed to be further than this from the community's middle, in logarithms of odds."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """What one standard deviation of each kind of evidence counts, in logarithms of odds."""

    dense: float
    profile: float
    bm25: float
    tfidf: float
    month: float
    week: float
    idle: float

    @classmethod
    def read(cls, weights: Mapping[str, Any]) -> Self:
        """Take the weights from a table of the file, and nothing else from it."""
        return cls(**{each.name: float(weights[each.name]) for each in fields(cls)})

    def expertise(self, scores: Scores) -> Numbers:
        """Return float64[m]: how many times likelier an answer is than from the community's middle, by topic."""
        logarithm = (
            self.dense * scores.dense + self.profile * scores.profile
            + self.bm25 * scores.bm25 + self.tfidf * scores.tfidf
        )  # fmt: skip
        return np.where(scores.is_match, np.round(np.exp(logarithm.astype(np.float64)), _DECIMALS), 0.0)

    def availability(self, habits: Habits) -> Numbers:
        """Return float64[m]: the same by habit, within some 50 times of the middle either way."""
        logarithm = (
            self.month * standardised(habits.month)
            + self.week * standardised(habits.week)
            + self.idle * standardised(habits.idle)
        )
        availability: Numbers = np.exp(np.clip(logarithm, -_FURTHEST, _FURTHEST)) * habits.hours
        return np.round(availability, _DECIMALS)


def fusion_for(answers: int, *, has_meaning: bool) -> Fusion:
    """Return the weights for a community that has given so many answers, and for a question read by a model or not."""
    if not has_meaning:
        return _read()["words"]
    return _read()["learned" if answers >= NEEDED_ANSWERS else "fixed"]


@cache
def _read() -> dict[str, Fusion]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Fusion.read(tables[name]) for name in ("words", "fixed", "learned")}
