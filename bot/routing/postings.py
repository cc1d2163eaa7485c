"""Which texts hold which terms, and how well a question's terms tell texts apart: BM25, counted when it is asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bot.routing.ports import Flags, Ids, Vectors

Whole = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.uint16]
_MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of some texts, never changed.

    Nothing in it depends on more than one text, so a text that comes or goes leaves the others' entries as they are.
    """

    terms: Ids = field(repr=False)
    """int64[v], ascending; a term goes by its hash"""
    starts: Whole = field(repr=False)
    """int32[v + 1], where each term's entries begin"""
    texts: Whole = field(repr=False)
    """int32[p], the text of each entry"""
    counts: Counts = field(repr=False)
    """uint16[p], how often it holds the term"""
    lengths: Whole = field(repr=False)
    """int32[n], terms of each text"""

    @classmethod
    def build(cls, terms: Ids, texts: Whole, size: int) -> Self:
        """Take every occurrence of a term, int64[t], and the text that holds it, int32[t], of `size` texts."""
        order = np.lexsort((texts, terms))
        terms, texts = terms[order], texts[order]
        is_first = np.ones(len(terms), dtype=bool)
        is_first[1:] = (terms[1:] != terms[:-1]) | (texts[1:] != texts[:-1])
        entries = np.flatnonzero(is_first)
        counts = np.minimum(np.diff(entries, append=len(terms)), _MOST).astype(np.uint16)
        lengths = np.bincount(texts, minlength=size).astype(np.int32)
        return cls._of(terms[entries], texts[entries].astype(np.int32), counts, lengths)

    @classmethod
    def _of(cls, terms: Ids, texts: Whole, counts: Counts, lengths: Whole) -> Self:
        """Take entries by ascending term."""
        starts = np.flatnonzero(np.diff(terms, prepend=terms[:1] - 1)) if len(terms) else np.zeros(0, dtype=np.int64)
        return cls(terms[starts], np.append(starts, len(terms)).astype(np.int32), texts, counts, lengths)

    def joined(self, is_kept: Flags, other: Self, places: Ids) -> Self:
        """Return what is kept of these texts, bool[n], and all of the other's, renumbered by int64[kept + m]."""
        kept = int(is_kept.sum())
        renumbered = np.full(len(self.lengths), -1, dtype=np.int32)
        renumbered[is_kept] = places[:kept]
        texts = renumbered[self.texts]
        stays = texts >= 0
        terms, texts, counts = self._of_each_entry[stays], texts[stays], self.counts[stays]
        added = other._of_each_entry
        at = np.searchsorted(terms, added)
        lengths = np.empty(len(places), dtype=np.int32)
        lengths[places] = np.concatenate((self.lengths[is_kept], other.lengths))
        return self._of(
            np.insert(terms, at, added),
            np.insert(texts, at, places[kept:][other.texts].astype(np.int32)),
            np.insert(counts, at, other.counts),
            lengths,
        )

    def score(self, terms: Iterable[int], k1: float, b: float) -> Vectors:
        """Score every text for a question's terms, float32[n], 0 where nothing is shared.

        Source: Lucene's BM25, as in Kamphuis et al. (2020), Which BM25 Do You Mean?
        """
        asked = Counter(terms)
        found, times = self._found(np.fromiter(asked, dtype=np.int64), np.fromiter(asked.values(), dtype=np.float64))
        if not len(found):
            return np.zeros(len(self.lengths), dtype=np.float32)
        size, average = len(self.lengths), self.lengths.mean()
        held = self.starts[found + 1] - self.starts[found]
        weights = times * self._rarity(held)
        entries = ranges(self.starts[found], held)
        texts, counts = self.texts[entries], self.counts[entries].astype(np.float32)
        norms = (k1 * ((1 - b) + b * self.lengths / average)).astype(np.float32)
        amounts = np.repeat(weights.astype(np.float32), held) * (counts / (norms[texts] + counts))
        return np.bincount(texts, weights=amounts, minlength=size).astype(np.float32)

    def cosines(self, terms: Iterable[int]) -> Vectors:
        """Compare every text with a question's terms, float32[n]: 0 where they share nothing, 1 where they are alike.

        A term that no text holds counts as the rarest: a question about something else is like no text. Unlike a score,
        a cosine means the same for a long question and a short one. Reads every entry, 20 ms for 100,000 short texts.

        Source: Salton and Buckley (1988), Term-weighting approaches in automatic text retrieval.
        """
        asked = Counter(terms)
        damped = _damped(np.fromiter(asked.values(), dtype=np.float64))
        found, damped_found = self._found(np.fromiter(asked, dtype=np.int64), damped)
        if not len(found):
            return np.zeros(len(self.lengths), dtype=np.float32)
        held = np.diff(self.starts)
        rarity = self._rarity(held)
        unknown = float(self._rarity(np.zeros(1))[0]) ** 2 * ((damped**2).sum() - (damped_found**2).sum())
        wanted = damped_found * rarity[found]
        length = np.sqrt((wanted**2).sum() + max(unknown, 0.0))
        parts = _damped(self.counts) * np.repeat(rarity, held)
        norms = np.sqrt(np.bincount(self.texts, weights=parts**2, minlength=len(self.lengths)))
        entries = ranges(self.starts[found], held[found])
        amounts = np.repeat(wanted, held[found]) * parts[entries]
        shared = np.bincount(self.texts[entries], weights=amounts, minlength=len(self.lengths))
        cosines: Vectors = (shared / (length * np.where(norms > 0, norms, 1.0))).astype(np.float32)
        return cosines

    def _rarity(self, held: npt.NDArray[Any]) -> Numbers:
        """Return how much a term tells, float64[k], by how many texts hold it, [k]."""
        rarity: Numbers = np.log1p((len(self.lengths) - held + 0.5) / (held + 0.5))
        return rarity

    @property
    def _of_each_entry(self) -> Ids:
        """int64[p], each entry's term."""
        return np.repeat(self.terms, np.diff(self.starts))

    def _found(self, terms: Ids, times: Numbers) -> tuple[Ids, Numbers]:
        """Return the places of those terms that some text holds, in the question's order."""
        if not len(self.terms):
            return np.zeros(0, dtype=np.int64), times[:0]
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        is_there = self.terms[places] == terms
        return places[is_there], times[is_there]


def _damped(counts: npt.NDArray[Any]) -> Numbers:
    """Return what it counts that a text holds a term so often, float64[k]: ten times is not ten times as much."""
    damped: Numbers = 1.0 + np.log(counts, dtype=np.float64)
    return damped


def ranges(starts: Ids | Whole, lengths: Whole) -> Ids:
    """Return all numbers of ranges, one after the other: where each begins, and how many it has."""
    if not len(lengths):
        return np.zeros(0, dtype=np.int64)
    ends = np.cumsum(lengths)
    numbers: Ids = np.arange(ends[-1]) + np.repeat(starts - (ends - lengths), lengths)
    return numbers
