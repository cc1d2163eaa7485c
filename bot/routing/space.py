"""One encoder's vectors of many texts, at half the size: bfloat16 in memory, float32 in every computation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.routing.owners import Owners
from bot.routing.ports import Vectors

Halves = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]

_BLOCK = 2_048
"""Rows unpacked at once: they stay in the processor's cache, so that half the memory costs no time."""
_ROUNDING, _BITS = np.uint32(0x8000), np.uint32(16)
_DECIMALS = 5
"""Equal rows can differ in their last bits by their place in the matrix; without rounding that would decide ties."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors as they are kept; a bfloat16 is the upper half of a float32, which moves a cosine by about 0.0001."""

    halves: Halves = field(repr=False)
    """uint16[n, d]; zeros where the encoder hasn't read the text"""
    is_known: Flags = field(repr=False)
    """bool[n]"""

    @classmethod
    def pack(cls, stored: Sequence[bytes | None]) -> Self:
        """Take vectors as the tables hold them; none, or one shorter or longer than most, is unknown."""
        lengths = [len(vector) for vector in stored if vector]
        length = max(set(lengths), key=lambda each: (lengths.count(each), each), default=0)
        known = [vector for vector in stored if vector and len(vector) == length]
        is_known = np.asarray([bool(vector) and len(vector or b"") == length for vector in stored], dtype=bool)
        halves = np.zeros((len(stored), length // 4), dtype=np.uint16)
        bits = np.frombuffer(b"".join(known), dtype="<u4").reshape(len(known), length // 4)
        halves[is_known] = (bits + _ROUNDING) >> _BITS
        return cls(halves, is_known)

    def unpack(self) -> Vectors:
        """Return float32[n, d]."""
        return (self.halves.astype(np.uint32) << _BITS).view(np.float32)


@dataclass(frozen=True, slots=True)
class Space:
    """Rows, and what they say of their owners whatever is asked; never changed."""

    rows: Rows
    lengths: Vectors = field(repr=False)
    """float32[m], of the mean of each owner's vectors; 1 where there are none"""
    counts: Vectors = field(repr=False)
    """float32[m], known rows of each owner"""
    mean: Vectors = field(repr=False)
    """float32[d], of all known vectors"""

    @classmethod
    def build(cls, rows: Rows, owners: Owners) -> Self:
        """Measure rows, grouped by their owners."""
        vectors = rows.unpack()
        counts = owners.sums(rows.is_known.astype(np.float32))
        lengths = np.linalg.norm(owners.sums(vectors), axis=1) / np.maximum(counts, 1)
        lengths[lengths == 0] = 1
        mean = vectors.sum(axis=0) / max(int(rows.is_known.sum()), 1)
        return cls(rows, lengths.astype(np.float32), counts, mean.astype(np.float32))

    def profiles(self, sums: Vectors) -> Vectors:
        """Turn each owner's summed cosines, float32[m], into the cosine with the mean of their vectors.

        Whoever has none is like the mean of those who have.
        """
        profiles = sums / (np.maximum(self.counts, 1) * self.lengths)
        has_some = self.counts > 0
        profiles[~has_some] = profiles[has_some].mean() if has_some.any() else 0
        return profiles.astype(np.float32, copy=False)

    def cosines(self, question: Vectors) -> Vectors:
        """Return float32[n], the product of every row with float32[d]; an unknown row is like the mean of the known."""
        halves = self.rows.halves
        cosines = np.empty(len(halves), dtype=np.float32)
        block = np.zeros((min(_BLOCK, len(halves)), len(question)), dtype=np.float32)
        upper = block.view("<u2")[:, 1::2]
        for start in range(0, len(halves), _BLOCK):
            some = halves[start : start + _BLOCK]
            upper[: len(some)] = some
            np.dot(block[: len(some)], question, out=cosines[start : start + len(some)])
        cosines[~self.rows.is_known] = question @ self.mean
        return np.round(cosines, _DECIMALS)
