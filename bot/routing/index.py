"""Exact search over one guild's statements in one model's space."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.routing.ports import Match, Vectors

Ids = npt.NDArray[np.int64]
_TOP = 3
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each member fits one question; rows go by ascending member id.

    Other kinds of evidence are fused by combining the `expertise` of several `Scores` before `best` is asked.
    """

    member_ids: Ids
    """int64[m]"""
    statement_ids: Ids
    """int64[m], the statement of each member that fits best"""
    expertise: Vectors
    """float32[m]"""

    def best(self, limit: int | None = None, exclude: Collection[int] = ()) -> list[Match]:
        """List at most `limit` members (None: all) outside `exclude`, best first; ties go to the lower member id."""
        order = np.argsort(-self.expertise, kind="stable")
        if exclude:
            order = order[~np.isin(self.member_ids[order], np.fromiter(exclude, dtype=np.int64))]
        order = order[:limit]
        columns = (self.member_ids[order], self.statement_ids[order], self.expertise[order])
        return [Match(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


@dataclass(frozen=True, slots=True)
class Index:
    """Statements as one matrix, never changed: a replacement gives a new index, so that a search may run beside it.

    Rows are sorted by member, then statement: whatever order they came in, the same statements give the same ranking.
    """

    member_ids: Ids = field(repr=False)
    """int64[n], ascending"""
    statement_ids: Ids = field(repr=False)
    """int64[n]"""
    vectors: Vectors = field(repr=False)
    """float32[n, d], rows of unit length"""

    @classmethod
    def build(cls, member_ids: npt.ArrayLike, statement_ids: npt.ArrayLike, vectors: Vectors) -> Self:
        """Index float32[n, d] whose row `i` is statement `statement_ids[i]` of member `member_ids[i]`, in any order."""
        members = np.asarray(member_ids, dtype=np.int64)
        statements = np.asarray(statement_ids, dtype=np.int64)
        order = np.lexsort((statements, members))
        return cls(members[order], statements[order], np.ascontiguousarray(vectors[order], dtype=np.float32))

    def __len__(self) -> int:
        """Count the statements."""
        return len(self.member_ids)

    def replace(self, member_ids: Collection[int], rows: Self) -> Self:
        """Put `rows` in place of everything these members had; costs a copy of the matrix, encodes nothing."""
        is_kept = ~np.isin(self.member_ids, np.fromiter(member_ids, dtype=np.int64))
        return self.build(
            np.concatenate((self.member_ids[is_kept], rows.member_ids)),
            np.concatenate((self.statement_ids[is_kept], rows.statement_ids)),
            np.concatenate((self.vectors[is_kept], rows.vectors)),
        )

    def score(self, question: Vectors) -> Scores:
        """Score every member for float32[d]: the mean cosine of their three best statements.

        Neither the maximum (one lucky phrase would win) nor the mean of all (whoever lists many interests would lose).
        Somebody with one or two statements gets the missing places filled with the mean cosine of all the guild's
        statements to this question. That is neutral evidence: filling with nothing would let a single statement stand
        for three, and filling with zero would push newcomers down for having written little.
        """
        if not len(self):
            return Scores(self.member_ids, self.statement_ids, np.empty(0, dtype=np.float32))
        # Equal rows can differ in the last bit by their place in the matrix; without rounding that would decide ties.
        cosines = np.round(self.vectors @ question, _DECIMALS)
        members, starts, counts = np.unique(self.member_ids, return_index=True, return_counts=True)
        order = np.lexsort((-cosines, self.member_ids))
        expertise = _top_mean(cosines[order], starts, counts)
        return Scores(members, self.statement_ids[order[starts]], expertise)


def _top_mean(descending: Vectors, starts: Ids, counts: Ids) -> Vectors:
    """Average the first three of each run, given float32[n] sorted downwards inside runs that begin at `starts`."""
    neutral = descending.mean()
    last = len(descending) - 1
    total = np.zeros(len(starts), dtype=np.float32)
    for place in range(_TOP):
        total += np.where(counts > place, descending[np.minimum(starts + place, last)], neutral)
    return np.round(total / _TOP, _DECIMALS)
