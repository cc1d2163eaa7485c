"""One encoder's vectors of many texts, at half the size: bfloat16 in memory, float32 in every computation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.routing.owners import Owners, Weave
from bot.routing.ports import LONGEST, Flags, Vectors

Halves = npt.NDArray[np.uint16]

_BLOCK = 2_048
"""Rows unpacked at once: they stay in the processor's cache, so that half the memory costs no time."""
_ROUNDING, _BITS = np.uint32(0x8000), np.uint32(16)
_BYTES = 4
_DECIMALS = 5
"""Equal rows can differ in their last bits by their place in the matrix; without rounding that would decide ties."""


@dataclass(frozen=True, slots=True)
class VectorRows:
    """Vectors as they are kept; a bfloat16 is the upper half of a float32, which moves a cosine by about 0.0001."""

    halves: Halves = field(repr=False)
    """uint16[n, d]; zeros where the encoder hasn't read the text"""
    is_known: Flags = field(repr=False)
    """bool[n]"""
    odd: Mapping[int, bytes] = field(repr=False, default_factory=dict)
    """By row, vectors that are no use: shorter or longer than most, in case they become most, or out of range."""

    @classmethod
    def pack(cls, stored: Sequence[bytes | None]) -> Self:
        """Take vectors as the tables hold them.

        None is unknown; so is one shorter or longer than most, and one with numbers that no unit vector has.
        """
        whole = [vector if vector and not len(vector) % _BYTES else None for vector in stored]
        times = Counter(len(vector) for vector in whole if vector)
        length = max(times, key=lambda each: (times[each], each), default=0)
        known = [row for row, vector in enumerate(whole) if vector and len(vector) == length]
        bits = np.frombuffer(b"".join(whole[row] or b"" for row in known), dtype="<u4")
        bits = bits.reshape(len(known), length // _BYTES)
        # Not a number is not below anything.
        is_unit = (np.abs(bits.view("<f4")) < LONGEST).all(axis=1)
        halves = np.zeros((len(stored), length // _BYTES), dtype=np.uint16)
        is_known = np.zeros(len(stored), dtype=bool)
        rows = np.asarray(known, dtype=np.int64)[is_unit]
        halves[rows], is_known[rows] = (bits[is_unit] + _ROUNDING) >> _BITS, True
        odd = {row: vector for row, vector in enumerate(whole) if vector and not is_known[row]}
        return cls(halves, is_known, odd)

    @classmethod
    def none(cls, count: int) -> Self:
        """Return rows of which none is known."""
        return cls(np.zeros((count, 0), dtype=np.uint16), np.zeros(count, dtype=bool))

    def unpack(self) -> Vectors:
        """Return float32[n, d]."""
        return (self.halves.astype(np.uint32) << _BITS).view(np.float32)

    def stored(self) -> list[bytes | None]:
        """Return the rows as `pack` takes them."""
        vectors: list[bytes | None] = [
            vector.tobytes() if is_known else None
            for vector, is_known in zip(self.unpack().astype("<f4"), self.is_known.tolist(), strict=True)
        ]
        for row, vector in self.odd.items():
            vectors[row] = vector
        return vectors

    def chosen(self, is_chosen: Flags) -> Self:
        """Return only these rows, bool[n], without the odd ones."""
        return type(self)(self.halves[is_chosen], self.is_known[is_chosen])

    def is_alike(self, other: Self) -> bool:
        """Tell whether neither holds vectors that could change which length is the usual one."""
        lengths = {each.halves.shape[1] for each in (self, other) if each.is_known.any()}
        return len(lengths) <= 1 and not self.odd and not other.odd

    def joined(self, other: Self, weave: Weave) -> Self:
        """Return what is kept of these and all of the other's, which are alike."""
        length = max(each.halves.shape[1] for each in (self, other))
        halves = weave.of_rows(self._widened(length), other._widened(length))
        return type(self)(halves, weave.of_rows(self.is_known, other.is_known))

    def _widened(self, length: int) -> Halves:
        """Return uint16[n, length] of rows that are so long, or that none is known of."""
        is_so_long = self.halves.shape[1] == length
        return self.halves if is_so_long else np.zeros((len(self.halves), length), dtype=np.uint16)


@dataclass(frozen=True, slots=True)
class Space:
    """Rows, and what they say of their owners for any question; never changed."""

    rows: VectorRows
    lengths: Vectors = field(repr=False)
    """float32[m], of the mean of each owner's vectors; 1 where there are none"""
    counts: Vectors = field(repr=False)
    """float32[m], known rows of each owner"""
    total: npt.NDArray[np.float64] = field(repr=False)
    """float64[d], of all known vectors: exact, in any order"""

    @classmethod
    def build(cls, rows: VectorRows, owners: Owners) -> Self:
        """Measure rows, grouped by their owners."""
        vectors = rows.unpack()
        counts = owners.sums(rows.is_known.astype(np.float32))
        lengths = np.linalg.norm(owners.sums(vectors), axis=1) / np.maximum(counts, 1)
        lengths[lengths == 0] = 1
        return cls(rows, lengths.astype(np.float32), counts, vectors.sum(axis=0, dtype=np.float64))

    @classmethod
    def none(cls, owners: Owners) -> Self:
        """Return a space of which no row is known."""
        none = np.zeros(len(owners), dtype=np.float32)
        return cls(VectorRows.none(owners.count), none + 1, none, np.zeros(0, dtype=np.float64))

    @property
    def is_empty(self) -> bool:
        """Tell whether no text was read."""
        return not (self.rows.is_known.any() or self.rows.odd)

    def joined(self, fresh: Self, weave: Weave) -> Self:
        """Return what is kept of this space and all of the other, measured again only where it is fresh."""
        if not self.rows.is_alike(fresh.rows):
            stored = weave.listed(self.rows.stored(), fresh.rows.stored())
            return type(self).build(VectorRows.pack(stored), weave.owners)
        gone = self.rows.chosen(~weave.is_kept).unpack()
        rows = self.rows.joined(fresh.rows, weave)
        totals = [each for each in (self.total, -gone.sum(axis=0, dtype=np.float64), fresh.total) if len(each)]
        return type(self)(
            rows,
            weave.of_owners(self.lengths, fresh.lengths),
            weave.of_owners(self.counts, fresh.counts),
            np.sum(totals, axis=0) if totals else self.total,
        )

    @property
    def mean(self) -> Vectors:
        """float32[d], of all known vectors."""
        return (self.total / max(int(self.rows.is_known.sum()), 1)).astype(np.float32)

    def profiles(self, sums: Vectors) -> Vectors:
        """Turn each owner's summed cosines, float32[m], into the cosine with the mean of their vectors.

        A person who has none is like the mean of those who have.
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
