"""Rows that belong to owners, those of one owner together, and what rows say of their owners."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from bot.routing.ports import Flags, Ids, Vectors

_TOP = 3
_DECIMALS = 5
_ALIKE = 1e-6
"""Scores that differ by less are the same."""

Positions = npt.NDArray[np.int32]
_Any = TypeVar("_Any", bound=np.generic)
_Item = TypeVar("_Item")
_Float = TypeVar("_Float", bound=np.floating[Any])


@dataclass(frozen=True, slots=True)
class Top:
    """Scores of rows, float32[n], and of their owners, float32[m]: the mean of the three best rows, and the best."""

    rows: Vectors
    mean: Vectors
    best: Vectors


@dataclass(frozen=True, slots=True)
class Owners:
    """The people rows belong to; never changed."""

    ids: Ids = field(repr=False)
    """int64[m], ascending"""
    starts: Ids = field(repr=False)
    """int64[m], where each owner's rows begin"""
    of_rows: Positions = field(repr=False)
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
    def count(self) -> int:
        """Count the rows."""
        return len(self.of_rows)

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

    def typical(self, rows: Vectors) -> Vectors:
        """Return float32[m], halfway between the mean of each owner's three best rows and the mean of all of theirs.

        Of fewer than three, all count as the best: unlike `top`, this doesn't depend on what others have.
        """
        counts = np.diff(self.starts, append=len(rows)).astype(np.float32)
        best = self.top(rows, np.float32(0)).mean * _TOP / np.minimum(counts, _TOP)
        return ((best + self.sums(rows) / counts) / 2).astype(np.float32)


class OwnedRows(Protocol):
    """Texts by owner and id, in that order."""

    @property
    def owners(self) -> Owners:
        """The people the rows belong to."""

    @property
    def text_ids(self) -> Ids:
        """Return int64[n]."""


@dataclass(frozen=True, slots=True)
class Weave:
    """How what is kept of some rows, and all of some others, come together by owner and text."""

    is_kept: Flags
    """bool[n]"""
    is_owner_kept: Flags
    """bool[m]"""
    places: Ids
    """int64[kept + k], where each row goes: those that are kept, then the others"""
    owner_places: Ids
    """int64[owners], the same of their owners"""
    owners: Owners

    @classmethod
    def of(cls, before: OwnedRows, fresh: OwnedRows, replaced: Collection[int]) -> Self:
        """Put one's rows in place of everything that these owners had among the other's."""
        gone = np.fromiter(replaced, dtype=np.int64)
        is_owner_kept = ~np.isin(before.owners.ids, gone)
        is_kept = is_owner_kept[before.owners.of_rows]
        owner_ids = np.concatenate((before.owners.of_each_row[is_kept], fresh.owners.of_each_row))
        order = np.lexsort((np.concatenate((before.text_ids[is_kept], fresh.text_ids)), owner_ids))
        owner_order = np.argsort(np.concatenate((before.owners.ids[is_owner_kept], fresh.owners.ids)))
        return cls(is_kept, is_owner_kept, _inverse(order), _inverse(owner_order), Owners.of(owner_ids[order]))

    def of_rows(self, before: npt.NDArray[_Any], fresh: npt.NDArray[_Any]) -> npt.NDArray[_Any]:
        """Weave a column, or a matrix, of both."""
        return _woven(before[self.is_kept], fresh, self.places)

    def of_owners(self, before: npt.NDArray[_Any], fresh: npt.NDArray[_Any]) -> npt.NDArray[_Any]:
        """Weave what is known of the owners of both."""
        return _woven(before[self.is_owner_kept], fresh, self.owner_places)

    def listed(self, before: Sequence[_Item], fresh: Sequence[_Item]) -> list[_Item]:
        """Weave a list of both."""
        both = [*compress(before, self.is_kept.tolist()), *fresh]
        woven = list(both)
        for place, each in zip(self.places.tolist(), both, strict=True):
            woven[place] = each
        return woven


def _inverse(order: Ids) -> Ids:
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _woven(before: npt.NDArray[_Any], fresh: npt.NDArray[_Any], places: Ids) -> npt.NDArray[_Any]:
    woven = np.empty((len(places), *before.shape[1:]), dtype=before.dtype)
    woven[places[: len(before)]], woven[places[len(before) :]] = before, fresh
    return woven


def standardised(scores: npt.NDArray[_Float]) -> npt.NDArray[_Float]:
    """Return scores in standard deviations from their mean, rounded; all 0 where they don't differ."""
    # In float32, the mean of equal scores may be another number than each of them.
    exact = scores.astype(np.float64)
    if not len(exact) or (deviation := exact.std()) < _ALIKE:
        return np.zeros_like(scores)
    standard: npt.NDArray[_Float] = np.round((exact - exact.mean()) / deviation, _DECIMALS).astype(scores.dtype)
    return standard


def spread(rows: Vectors) -> Vectors:
    """Return float32[n] over its deviation, on one scale with others; all 0 where they don't differ."""
    deviation = np.float32(rows.std(dtype=np.float64)) if len(rows) else np.float32(0)
    return rows / deviation if deviation >= _ALIKE else np.zeros_like(rows)


def runs(ascending: npt.NDArray[np.integer[Any]]) -> Ids:
    """Return where each run of equal numbers begins."""
    if not len(ascending):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
