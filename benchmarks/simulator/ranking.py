"""Who fits each question: topics as the bot's own router ranked them, habits as seen while questions are asked again.

What people could say of themselves grows as in the record: each answer that they really gave adds its words and its
question's to their statements, as `evaluation` has it. What happens in the simulation adds none, so all settings meet
the same ranking of topics.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.simulator.record import Record
from benchmarks.simulator.words import Numbers
from bot.routing.activity import Activity
from bot.routing.fusion import fusion_for
from bot.routing.router import Router
from evaluation import replaying
from evaluation.encoding import encoders
from evaluation.history import History
from evaluation.ranking import GUILD_ID, nobody


class Topics(NamedTuple):
    """How the bot's router ranked everyone for each question."""

    expertise: Numbers
    """float64[q, m], how many times likelier an answer is from each helper, by topic; 0 where they don't match."""
    fits: Numbers
    """float64[q, m], how well each helper fits a question that is asked as a draft; 0 where nothing is known."""


async def topics(record: Record, folder: Path, questions: int, *, has_encoders: bool = True) -> Topics:
    """Rank all helpers for each of the first `questions`, by what was known of them at its time.

    Raises:
        Unavailable: an encoder can't be loaded, or refuses.
    """
    history = History.read(folder).until(record.moment(record.questions[questions - 1].at))
    if not has_encoders:
        return await _ranked(record, history, Router(None, None, nobody))
    async with encoders() as both:
        await both.prepare([replaying.texts_of(history)])
        return await _ranked(record, history, Router(both.english, both.multilingual, nobody))


async def _ranked(record: Record, history: History, router: Router) -> Topics:
    column = {helper: number for number, helper in enumerate(record.helpers)}
    row = {question.name: number for number, question in enumerate(record.questions)}
    found = Topics(*np.zeros((2, len(row), len(column))))
    replay = replaying.Replay(router, history)
    async for question, query in replay.questions(row):
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        columns = [column[name] for name in replay.roll.names([match.member_id for match in matches])]
        found.expertise[row[question.id], columns] = [match.expertise for match in matches]
        fits = await router.fits(GUILD_ID, query)
        columns = [column[name] for name in replay.roll.names(list(fits))]
        found.fits[row[question.id], columns] = list(fits.values())
    return found


class Ranking:
    """One run's: habits are those of the answers before the first question, and of those given in the run since."""

    def __init__(self, record: Record, topics: Topics) -> None:
        """Take the ranking of topics."""
        self._record, self._topics = record, topics
        self._columns = [column for column, _ in record.earlier_answers]
        self._moments = [record.moment(at).timestamp() for _, at in record.earlier_answers]

    def ranked(self, row: int, now: datetime, within: timedelta | None) -> list[tuple[int, float, float]]:
        """Return (helper, expertise, availability) of all who match a question, best first."""
        columns = np.flatnonzero(self._record.could[row] & (self._topics.expertise[row] > 0)).astype(np.int64)
        knows = self._topics.expertise[row, columns]
        seen = Activity(np.asarray(self._columns, dtype=np.int64), np.asarray(self._moments))
        habits = fusion_for(len(seen), has_meaning=True).availability(seen.habits(columns, now, within))
        order = np.lexsort((columns, -knows * habits))
        return list(zip(*(each[order].tolist() for each in (columns, knows, habits)), strict=True))

    def fits(self, row: int) -> dict[int, float]:
        """Return how well a question fits each helper who was known by its time."""
        columns = np.flatnonzero(self._record.could[row])
        return dict(zip(columns.tolist(), self._topics.fits[row, columns].tolist(), strict=True))

    def note(self, column: int, at: datetime) -> None:
        """Take over that a helper answered."""
        self._columns.append(column)
        self._moments.append(at.timestamp())
