"""How long people wait, where some still do: survival curves, and intervals of shares."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, binomtest, ecdf

from bot.domain.disclosure import FEW, Crowd, Few, Length, Share, estimate, length
from bot.statistics.record import Seconds

_FEWEST_AT_RISK = 5
"""Where fewer still wait, the curve says nothing any more."""
Ends = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The part of a crowd that still waits after each length of time, with 95 % intervals.

    Source: Kaplan & Meier 1958, https://doi.org/10.1080/01621459.1958.10501452; intervals by Greenwood's variance on
    the scale log(−log), https://doi.org/10.1002/9781118032985
    """

    crowd: Crowd
    ended: int
    times: Seconds
    """Lengths up to which waits were followed, in order; empty where none ended."""
    waiting: Seconds
    low: Seconds
    high: Seconds
    last: float
    """Up to where enough still waited to say anything."""

    def waiting_after(self, seconds: float) -> tuple[float, float, float] | None:
        """Return the part that waits longer than that, and its interval; None past the curve's end."""
        if seconds > self.last:
            return None
        place = int(np.searchsorted(self.times, seconds, side="right")) - 1
        return (1.0, 1.0, 1.0) if place < 0 else (self.waiting[place], self.low[place], self.high[place])

    def ended_within(self, seconds: float) -> Share | Few:
        """Return the share of waits that end within that time."""
        found = self.waiting_after(seconds)
        if found is None:
            return FEW
        waiting, low, high = (float(each) for each in found)
        return estimate(1 - waiting, self.crowd, (1 - high, 1 - low))

    def quantile(self, part: float) -> Length | Few:
        """Return after how long `part` of all waits have ended; its ends are where the interval's curves get there."""
        reached = [_reached(self.times, curve, 1 - part) for curve in (self.waiting, self.low, self.high)]
        return length(self.crowd, reached[0], (reached[1], reached[2]))


def curve(crowd: Crowd, waits: Seconds, followed: Seconds) -> Curve:
    """Follow the waits of a crowd: how long each took, NaN while it goes on, and how long each was looked at at least.

    A wait that ended later than it was followed counts as going on.
    """
    is_over = waits <= followed
    seconds = np.where(is_over, waits, followed)
    if not is_over.any():
        nothing = np.empty(0)
        return Curve(crowd, 0, nothing, nothing, nothing, nothing, _end(seconds))
    found = ecdf(CensoredData(uncensored=seconds[is_over], right=seconds[~is_over])).sf
    with warnings.catch_warnings():
        # It says that there is no interval where all, or none, still wait.
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = found.confidence_interval(method="log-log")
    times, waiting = found.quantiles, found.probabilities
    low, high = (_filled(each.probabilities, waiting) for each in (ends.low, ends.high))
    return Curve(crowd, int(is_over.sum()), times, waiting, low, high, _end(seconds))


def _filled(limits: Seconds, waiting: Seconds) -> Seconds:
    """Return limits where there are none because all, or no one, waits: the curve itself."""
    return np.where(np.isnan(limits), waiting, limits)


def _end(seconds: Seconds) -> float:
    """Return the longest length at which so many were still followed."""
    if len(seconds) < _FEWEST_AT_RISK:
        return 0.0
    return float(np.sort(seconds)[-_FEWEST_AT_RISK])


def _reached(times: Seconds, waiting: Seconds, level: float) -> float | None:
    places = np.flatnonzero(waiting <= level + 1e-12)
    return float(times[places[0]]) if len(places) else None


def wilson(some: int, everyone: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
    """
    found = binomtest(some, everyone).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
