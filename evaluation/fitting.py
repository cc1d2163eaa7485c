"""Weights that make those who answered likely, among all who could have: a conditional logit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

PENALTY = 0.01
"""What the sum of the squared weights costs, in mean logarithms of odds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One question: what was known of everyone, and who answered."""

    features: Numbers
    """float64[m, f]"""
    target: Numbers
    """float64[m], spread evenly over those who answered, 1 in all"""

    @property
    def is_telling(self) -> bool:
        """Tell whether anyone who could have answered did."""
        return bool(self.target.sum() > 0)


Bounds = Sequence[tuple[float | None, float | None]]


def fitted(choices: Sequence[Choice], bounds: Bounds | None = None) -> Numbers:
    """Return the weights, float64[f], under which the answers were likeliest; `bounds` are the least and most of each.

    Raises:
        ValueError: no one answered any of the questions.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - slow, and for this alone

    telling = [choice for choice in choices if choice.is_telling]
    if not telling:
        msg = "there is nothing to learn from: nobody answered"
        raise ValueError(msg)
    start = np.zeros(telling[0].features.shape[1])
    weights: Numbers = minimize(_loss, start, args=(telling,), jac=True, method="L-BFGS-B", bounds=bounds).x
    return weights


def _loss(weights: Numbers, choices: Sequence[Choice]) -> tuple[float, Numbers]:
    """Return how unlikely the answers are, a question's mean, and its slope, float64[f]."""
    loss, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
    for choice in choices:
        logarithm = choice.features @ weights
        logarithm -= logarithm.max()
        odds = np.exp(logarithm)
        loss -= float(choice.target @ (logarithm - np.log(odds.sum()))) / len(choices)
        slope -= choice.features.T @ (choice.target - odds / odds.sum()) / len(choices)
    return loss, slope
