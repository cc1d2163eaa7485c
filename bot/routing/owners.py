"""Rows that belong to owners, those of one owner together, and what rows say of their owners."""

from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from bot.routing.ports import Ids, Vectors

_TOP = 3
_DECIMALS = 5
_ALIKE = 1e-6
"""Scores that differ by less are the same."""

Places = npt.NDArray[np.int32]
_Float = TypeVar("_Float", bound=np.floating[Any])


@dataclass(frozen=True, slots=True)
class Top:
    """Scores of rows, float32[n], and of their owners, float32[m]: the mean of the three best rows, and the best."""

    rows: Vectors
    mean: Vectors
    best: Vectors


@dataclass(frozen=True, slots=True)
class Owners:
    """Whom rows belong to; never changed."""

    ids: Ids = field(repr=False)
    """int64[m], ascending"""
    starts: Ids = field(repr=False)
    """int64[m], where each owner's rows begin"""
    of_rows: Places = field(repr=False)
    """int32[n], each row's place among the owners"""

    @classmethod
    def of(cls, owner_ids: Ids) -> Self:
        """Take each row's owner, int64[n], ascending."""
        starts = runs(owner_ids)
        counts = np.diff(starts, append=len(owner_ids))
        return cls(owner_ids[starts], starts, np.repeat(np.arange(len(starts), dtype=np.int32), counts))

    def __len__(self) -> int:
        """Count the owners."""
        return len(self.ids)

    @property
    def of_each_row(self) -> Ids:
        """int64[n], each row's owner."""
        return self.ids[self.of_rows]

    def sums(self, rows: Vectors) -> Vectors:
        """Add up each owner's rows: float32[m] of float32[n], or float32[m, d] of float32[n, d]."""
        return np.add.reduceat(rows, self.starts) if len(self) else rows

    def highest(self, rows: Vectors) -> Vectors:
        """Return float32[m], each owner's highest score."""
        return np.maximum.reduceat(rows, self.starts) if len(self) else rows

    def best(self, rows: Vectors) -> Ids:
        """Return int64[m], each owner's row that scores highest; the first of equals."""
        best = np.flatnonzero(rows == self.highest(rows)[self.of_rows])
        return best[runs(self.of_rows[best])]

    def top(self, rows: Vectors, neutral: np.float32) -> Top:
        """Average each owner's three best rows; a missing one counts as `neutral`.

        That is to be the mean of all rows: filling with nothing would let a single statement stand for three, and
        filling with zero would push newcomers down for having written little.
        """
        counts = np.diff(self.starts, append=len(rows))
        left, highest = rows.copy(), []
        for place in range(min(_TOP, int(counts.max(initial=0)))):
            best = self.best(left)
            highest.append(np.where(counts > place, left[best], neutral))
            left[best] = -np.inf
        if not highest:
            return Top(rows, rows, rows)
        mean: Vectors = (sum(highest[1:], start=highest[0]) + (_TOP - len(highest)) * neutral) / np.float32(_TOP)
        return Top(rows, mean, highest[0])


def standardised(scores: npt.NDArray[_Float]) -> npt.NDArray[_Float]:
    """Return scores in standard deviations from their mean, rounded; all 0 where they don't differ."""
    if not len(scores) or (deviation := scores.std()) < _ALIKE:
        return np.zeros_like(scores)
    standard: npt.NDArray[_Float] = np.round((scores - scores.mean()) / deviation, _DECIMALS)
    return standard


def spread(rows: Vectors) -> Vectors:
    """Return float32[n] over its deviation, on one scale with others; all 0 where they don't differ."""
    deviation = rows.std() if len(rows) else np.float32(0)
    return rows / deviation if deviation >= _ALIKE else np.zeros_like(rows)


def runs(ascending: npt.NDArray[np.integer[Any]]) -> Ids:
    """Return where each run of equal numbers begins."""
    if not len(ascending):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
