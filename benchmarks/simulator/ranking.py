"""Who fits each question: topics as the bot's own router ranked them, habits as seen while questions are asked again.

What people could say of themselves grows as in the record: each answer that they really gave adds its words and its
question's to their statements, as `evaluation` has it. What happens in the simulation adds none, so all settings meet
the same ranking of topics.
"""

from datetime import datetime, timedelta
from pathlib import Path

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


async def expertise(record: Record, folder: Path, *, has_encoders: bool = True) -> Numbers:
    """Return float64[q, m], how many times likelier an answer is from each helper, by topic; 0 where they don't match.

    Raises:
        Unavailable: an encoder can't be loaded, or refuses.
    """
    if not has_encoders:
        return await _ranked(record, folder, Router(None, None, nobody))
    async with encoders() as both:
        await both.prepare([replaying.texts(folder)])
        return await _ranked(record, folder, Router(both.english, both.multilingual, nobody))


async def _ranked(record: Record, folder: Path, router: Router) -> Numbers:
    column = {helper: number for number, helper in enumerate(record.helpers)}
    row = {question.name: number for number, question in enumerate(record.questions)}
    ranked = np.zeros((len(row), len(column)))
    replay = replaying.Replay(router, History.read(folder))
    async for question, query in replay.questions(row):
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        columns = [column[name] for name in replay.roll.names([match.member_id for match in matches])]
        ranked[row[question.id], columns] = [match.expertise for match in matches]
    return ranked


class Ranking:
    """One run's: habits are those of the answers before the first question, and of those given in the run since."""

    def __init__(self, record: Record, expertise: Numbers) -> None:
        """Take the ranking of topics, float64[q, m]."""
        self._record, self._expertise = record, expertise
        self._columns = [column for column, _ in record.earlier_answers]
        self._moments = [record.moment(at).timestamp() for _, at in record.earlier_answers]

    def ranked(self, row: int, now: datetime, within: timedelta | None) -> list[tuple[int, float, float]]:
        """Return (helper, expertise, availability) of all who match a question, best first."""
        columns = np.flatnonzero(self._record.could[row] & (self._expertise[row] > 0)).astype(np.int64)
        knows = self._expertise[row, columns]
        seen = Activity(np.asarray(self._columns, dtype=np.int64), np.asarray(self._moments))
        habits = fusion_for(len(seen), has_meaning=True).availability(seen.habits(columns, now, within))
        order = np.lexsort((columns, -knows * habits))
        return list(zip(*(each[order].tolist() for each in (columns, knows, habits)), strict=True))

    def note(self, column: int, at: datetime) -> None:
        """Take over that a helper answered."""
        self._columns.append(column)
        self._moments.append(at.timestamp())
