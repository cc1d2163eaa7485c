"""Whom a question would be put to first, from the recorded ranking of topics and the habits seen in the simulation."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.simulator.record import Flags, Record
from benchmarks.simulator.words import Numbers
from bot.routing.activity import Activity
from bot.routing.fusion import fusion_for
from bot.services.requests.inviting import MATCHES

Columns = npt.NDArray[np.int64]


class Ranked(NamedTuple):
    """Helpers, best first, with what a policy weighs; each array is as long as the others."""

    columns: Columns
    expertise: Numbers
    availability: Numbers


class Ranking:
    """The bot's own ranking, or another one.

    By the bot's, topics are as the router ranked them when the record was replayed; habits are those of the answers
    given before the first question, and of those given in the simulation since.
    """

    def __init__(self, record: Record, expertise: Numbers, *, has_habits: bool = True) -> None:
        """Take float64[q, m] by which people are ordered; where habits don't count, by nothing else."""
        self._record, self._expertise, self._has_habits = record, expertise, has_habits
        self._columns = [column for column, _ in record.earlier_answers]
        self._moments = [record.moment(at).timestamp() for _, at in record.earlier_answers]

    def matches(self, row: int) -> Flags:
        """Return bool[m], who is known and matches a question."""
        matches: Flags = self._record.could[row] & (self._expertise[row] > 0)
        return matches

    def ranked(self, row: int, now: datetime, within: timedelta | None, limit: int = MATCHES) -> Ranked:
        """Rank those; ties go to the lower column."""
        columns = np.flatnonzero(self.matches(row)).astype(np.int64)
        knows = self._expertise[row, columns]
        habits = self._availability(columns, now, within) if self._has_habits else np.ones(len(columns))
        order = np.lexsort((columns, -knows * habits))[:limit]
        return Ranked(columns[order], knows[order], habits[order])

    def note(self, column: int, at: datetime) -> None:
        """Take over that a helper answered."""
        self._columns.append(column)
        self._moments.append(at.timestamp())

    def _availability(self, columns: Columns, now: datetime, within: timedelta | None) -> Numbers:
        seen = Activity(np.asarray(self._columns, dtype=np.int64), np.asarray(self._moments))
        return fusion_for(len(seen), has_meaning=True).availability(seen.habits(columns, now, within))
