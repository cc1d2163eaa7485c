"""How long people wait, where some of them still do; pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

_HALF = 0.5 + 1e-9
"""With room for what is lost in a product of many shares."""


def median_wait(ended: Sequence[timedelta], going_on: Sequence[timedelta]) -> timedelta | None:
    """Return the time in which half of all waits end, given those that ended and those going on for so long by now.

    None: fewer than half can be said to have ended. A wait that goes on never makes it shorter. O(n log n).

    Source: Kaplan & Meier 1958, https://doi.org/10.1080/01621459.1958.10501452
    """
    everything, waiting = sorted([*ended, *going_on]), 1.0
    for moment, count in sorted(Counter(ended).items()):
        at_risk = len(everything) - bisect_left(everything, moment)
        waiting *= 1 - count / at_risk
        if waiting <= _HALF:
            return moment
    return None
