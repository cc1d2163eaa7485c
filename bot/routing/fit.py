"""How well one person fits one text, by measures that mean the same for every text.

Ranking asks who of a community comes first, so its evidence is in deviations from the others, and each question has a
scale of its own. A draft is a bigger favour: it takes a reader whom it fits, however the others stand.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.routing.activity import Numbers
from bot.routing.ports import Vectors

_DECIMALS = 6


class Measure(NamedTuple):
    """One way of telling how near a person is to a text, and what it counts."""

    share: float
    """What it counts beside the others."""
    nothing: float
    """The cosine of a person and a text that have nothing to do with each other."""
    step: float
    """How many more are one step."""
    common: float
    """How much of what everyone here has in common with a text is taken away: from 0, nothing, to 1, all."""


class Near(NamedTuple):
    """How near people are to a text by one measure."""

    measure: Measure
    cosines: Vectors
    """float32[m], of each person's nearest statements and of all of theirs; see `Owners.typical`."""


ENGLISH = Measure(share=1.0, nothing=0.0, step=0.14, common=0.5)
MULTILINGUAL = Measure(share=0.5, nothing=0.78, step=0.02, common=0.75)
WORDS = Measure(share=0.5, nothing=0.0, step=0.05, common=0.5)
"""Chosen on questions and headlines, and never on ratings of papers. A step of the first two is a standard deviation
there. Abstracts share more words than questions do, so a step in words is wider.

Source: docs/measurements/reviewers.md, with `python -m evaluation.stand_in`.
"""


def fit(near: Sequence[Near]) -> Numbers:
    """Return how well each person fits a text, float64[m], in steps: 0 is not at all, above 2 is rare.

    One person's fits to two texts can be compared, and so can two people's to one. What is missing, such as a model
    that isn't warm, leaves the others to say it.
    """
    total = sum(each.measure.share for each in near)
    parts = [each.measure.share / total * _steps(each) for each in near]
    fits: Numbers = np.round(np.sum(parts, axis=0), _DECIMALS) if parts else np.zeros(0)
    return fits


def _steps(near: Near) -> Numbers:
    beyond = near.cosines.astype(np.float64) - near.measure.nothing
    common = beyond.mean() if len(beyond) else 0.0
    steps: Numbers = (beyond - near.measure.common * common) / near.measure.step
    return steps
