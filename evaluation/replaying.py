"""Task `routing`: a community's questions and answers happen again, and for each question members are ranked."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from bot.routing.ports import Answered, Query, StoredText
from bot.routing.router import Router
from evaluation.folders import records
from evaluation.history import Answer, History, Question
from evaluation.progress import progress
from evaluation.ranking import GUILD_ID, Ranking, Texts, by_policy, found

NEEDS = ("events.jsonl", "qrels.jsonl")
_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Roll:
    """Numbers for members, in the order in which they are first heard of."""

    _numbers: dict[str, int] = field(default_factory=dict)

    def number(self, member: str) -> int:
        """Return a member's number, from 1."""
        return self._numbers.setdefault(member, len(self._numbers) + 1)

    def names(self, numbers: Sequence[int]) -> list[str]:
        """Return the members who have these numbers."""
        names = list(self._numbers)
        return [names[number - 1] for number in numbers]


@dataclass(slots=True)
class Replay:
    """A history that happens again before a router that knew nothing; every question finds only what came earlier."""

    router: Router
    history: History
    roll: Roll = field(default_factory=Roll)
    answers: list[Answered] = field(default_factory=list)
    """Those given so far."""
    _statements: dict[int, list[StoredText]] = field(default_factory=lambda: defaultdict(list))
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    async def questions(self, wanted: Collection[str]) -> AsyncIterator[tuple[Question, Query]]:
        """Yield each question whose id is `wanted` at its time, before anything else of that time has happened."""
        await found(self.router)
        with progress(f"replaying {self.history.name}", len(self.history.questions)) as advance:
            for moment in self.history.moments():
                queries = [await self.router.read(question.text) for question in moment.questions]
                for question, query in zip(moment.questions, queries, strict=True):
                    if question.id in wanted:
                        yield question, query
                for query in queries:
                    self.router.note_question(GUILD_ID, query)
                for answer in moment.answers:
                    await self._note(answer)
                advance(len(queries))

    async def _note(self, answer: Answer) -> None:
        member_id = self.roll.number(answer.member)
        encoded = await self.router.encode(answer.texts)
        self._statements[member_id] += [
            StoredText(next(self._ids), member_id, text, vectors)
            for text, vectors in zip(answer.texts, encoded, strict=True)
        ]
        self.router.replace(GUILD_ID, member_id, self._statements[member_id])
        self.answers.append(Answered(member_id, answer.at))
        self.router.note_answer(GUILD_ID, self.answers[-1])


@dataclass(slots=True)
class Invited:
    """Who was asked, and when."""

    _invitations: list[tuple[datetime, int]] = field(default_factory=list)

    def in_the_week_before(self, now: datetime) -> Counter[int]:
        """Count each member's invitations of the last seven days."""
        return Counter(member_id for at, member_id in self._invitations if now - at < _WEEK)

    def note(self, now: datetime, member_ids: Sequence[int]) -> None:
        """Take over that these members are asked."""
        self._invitations += [(now, member_id) for member_id in member_ids]


def texts(folder: Path) -> Texts:
    """Return every question, and what every answer says of the person who gave it."""
    return texts_of(History.read(folder))


def texts_of(history: History) -> Texts:
    """Return what is encoded of a history, questions and what answers say."""
    return Texts(
        [question.text for question in history.questions],
        [text for answer in history.answers for text in answer.texts],
    )


async def rankings(router: Router, folder: Path) -> list[Ranking]:
    """Rank everyone for each scored question; the first wave of each counts as invited."""
    replay, invited = Replay(router, History.read(folder)), Invited()
    scored = {record["qid"] for record in records(folder / "qrels.jsonl")}
    ranked: list[Ranking] = []
    wave = DEFAULT.size(Urgency.THIS_WEEK, 1)
    async for question, query in replay.questions(scored):
        asker = replay.roll.number(question.member)
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        others = [match for match in matches if match.member_id != asker]
        order = by_policy(others, invited.in_the_week_before(question.at))
        invited.note(question.at, order[:wave])
        ranked.append({"qid": question.id, "ranking": replay.roll.names(order)})
    return ranked
