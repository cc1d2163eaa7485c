"""A figure, what it is measured against, and how sure that is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]
Statistic = Callable[[Samples], float]

DRAWS = 2_000
TOLD = "none"
"""The bar of what is only told."""
CONFIDENCE = (2.5, 97.5)
"""Percentiles between which 95 % of the resampled ratios lie."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient and the interval around it."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{self.middle:.2f} × ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; a figure without a bar is only told."""

    name: str
    measured: str
    baseline: str
    ratio: Ratio | None = None
    bar: str = ""
    is_met: bool | None = None

    def cells(self) -> list[str]:
        """Return the line's cells."""
        verdict = {True: "yes", False: "NO", None: ""}[self.is_met]
        return [self.name, self.measured, self.baseline, str(self.ratio or ""), self.bar, verdict]

    def record(self) -> dict[str, object]:
        """Return the line for a program to read."""
        return asdict(self)


def compared(measured: Sequence[float], baseline: Sequence[float], statistic: Statistic) -> Ratio:
    """Return `statistic` of one over that of the other, with a bootstrap interval of 95 %.

    Both are resampled, each with replacement; the same samples always give the same interval.
    """
    ours, theirs = np.asarray(measured, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    draw = np.random.default_rng(0)
    ratios = [
        statistic(draw.choice(ours, len(ours))) / statistic(draw.choice(theirs, len(theirs))) for _ in range(DRAWS)
    ]
    low, high = np.percentile(ratios, CONFIDENCE)
    return Ratio(statistic(ours) / statistic(theirs), float(low), float(high))


def p50(samples: Samples) -> float:
    """Return the median."""
    return float(np.percentile(samples, 50))


def p99(samples: Samples) -> float:
    """Return what one sample in a hundred exceeds."""
    return float(np.percentile(samples, 99))


def milliseconds(samples: Sequence[float], statistic: Statistic) -> str:
    """Return a statistic of seconds in ms."""
    return f"{statistic(np.asarray(samples)) * 1000:.2f} ms"


HEADINGS = ["figure", "measured", "baseline", "ratio (95 %)", "bar", "met"]


def table(figures: Sequence[Figure]) -> str:
    """Return all lines under their headings, as Markdown."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    wide = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in wide) + "|", *lines[1:]])
