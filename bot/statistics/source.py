"""Where a panel's figures come from: one community's record, read in one transaction."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np

from bot.domain.disclosure import FEWEST_OF_SHARE, Crowd
from bot.domain.windows import monday
from bot.routing.ports import Vectors, to_vector
from bot.statistics.draft_record import DraftColumns, drafts
from bot.statistics.record import (
    NO_ONE,
    Happened,
    HelpGiven,
    Mask,
    RequestColumns,
    Seconds,
    SelfSaid,
    Whole,
    happened,
    helped,
    members,
    offered,
    requests,
)
from bot.statistics.telling import AskedText
from bot.store.unit_of_work import ReadingWork

QUESTION = "question"
_Columns = TypeVar("_Columns", Happened, RequestColumns)
_WEEKS_BEFORE = 6
"""Weeks that are read before those needed, to find one in which many people asked."""


def _busy_week(people: Whole, weeks: Whole, before: int) -> int | None:
    """Return the first week, of those before one, that hides its people by itself."""
    some = (week for week in np.unique(weeks).tolist() if week < before)
    return next((week for week in some if Crowd.of(people[weeks == week].tolist()).hides(FEWEST_OF_SHARE)), None)


async def _recent(read: Callable[[datetime], Awaitable[_Columns]], needed: int) -> _Columns:
    """Read what people did, at least from a week on.

    How quiet weeks are counted together depends on the weeks before. A week that hides its people by itself ends that,
    whatever was before it: what is older isn't read where such a week comes soon enough.
    """
    for before in (1, _WEEKS_BEFORE):
        recent = await read(monday(needed - before))
        busy = _busy_week(recent.person, recent.week, needed)
        if busy is not None:
            return recent.of(recent.week > busy)
    return await read(monday(0))


def _by_people(happened: Happened) -> Happened:
    return happened.of(happened.person != NO_ONE)


@dataclass(frozen=True, slots=True)
class Source:
    """Reads what happened in one community."""

    work: ReadingWork
    guild_id: int

    async def questions(self, until: datetime, needed: int | None = None) -> RequestColumns:
        """Return the questions that were asked before a moment: all, or at least those `needed`, from a week on."""

        async def read(since: datetime) -> RequestColumns:
            return await requests(self.work, self.guild_id, QUESTION, since, until)

        return await (read(monday(0)) if needed is None else _recent(read, needed))

    async def drafts(self, until: datetime) -> DraftColumns:
        """Return all drafts that were posted before a moment, and what had happened to them by then."""
        return await drafts(self.work, self.guild_id, until)

    async def happened(self, since: datetime, until: datetime, *types: str) -> Happened:
        """Return what happened of some types."""
        return await happened(self.work, self.guild_id, types, since, until)

    async def firsts(self, until: datetime) -> Whole:
        """Return the first question of each person who asked one before a moment."""
        found = await self.work.statistics.first_asked(self.guild_id, QUESTION, until)
        return np.array(found, dtype=np.int64)

    async def members(self) -> dict[int, SelfSaid]:
        """Return what members said of themselves."""
        return await members(self.work, self.guild_id)

    async def done(self, until: datetime, needed: int, *types: str) -> Happened:
        """Return what people did before a moment, at least from a week on, as `questions` does; not of erased ones."""

        async def read(since: datetime) -> Happened:
            return _by_people(await self.happened(since, until, *types))

        return await _recent(read, needed)

    async def offered(self, until: datetime, needed: int) -> Happened:
        """Return the slots that hosts offered for the time before a moment, at least from a week on."""
        return await _recent(lambda since: offered(self.work, self.guild_id, since, until), needed)

    async def helped(self, until: datetime) -> HelpGiven:
        """Return who ever helped whom before a moment."""
        return await helped(self.work, self.guild_id, until)

    async def texts(self, questions: RequestColumns) -> dict[int, AskedText]:
        """Return the words of questions, by their ids and in their order."""
        askers = dict(zip(questions.id.tolist(), questions.asker.tolist(), strict=True))
        rows = await self.work.statistics.texts(list(askers))
        return {each.id: AskedText(askers[each.id], each.text, each.is_english) for each in rows}

    async def vectors(self, question_ids: Sequence[int]) -> tuple[str, dict[int, Vectors]]:
        """Return the encoder that has read most of these questions, and what it made of them; all of one length.

        Of encoders that have read as many, it is the first by name: the same every time.
        """
        found = await self.work.question_vectors.of(question_ids)
        models = Counter(model for each in found.values() for model in each)
        model = min(models, key=lambda name: (-models[name], name), default="")
        packed = {each: stored[model] for each, stored in sorted(found.items()) if model in stored}
        lengths = Counter(map(len, packed.values()))
        usual = max(lengths, key=lambda length: lengths[length], default=0)
        return model, {each: to_vector(stored) for each, stored in packed.items() if len(stored) == usual}

    async def offers(self, model: str, dimension: int) -> Vectors:
        """Return what an encoder made of what helpers offer, float32[n, dimension]."""
        rows = await self.work.statistics.offers(self.guild_id, model)
        unit = [vector for each in rows if len(vector := to_vector(each.vector)) == dimension]
        return np.stack(unit) if unit else np.empty((0, dimension), np.float32)

    async def since(self, asked: RequestColumns, until: datetime, *types: str) -> Happened:
        """Return what happened of some types since the first of these was asked."""
        if not len(asked):
            return await self.happened(until, until, *types)
        return await self.happened(datetime.fromtimestamp(asked.asked.min(), UTC), until, *types)

    async def first(self, asked: RequestColumns, chosen: Mask, until: datetime, *types: str) -> Seconds:
        """Return when something of these types first happened to each of the chosen, at least, before a moment."""
        return asked.first(await self.since(asked.of(chosen), until, *types), *types)
