"""Task `related`: the earlier questions of the same community that are most alike."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from bot.routing.ports import Query, StoredText
from bot.routing.router import Router
from evaluation.folders import records
from evaluation.history import History, Moment
from evaluation.progress import progress
from evaluation.ranking import GUILD_ID, Ranking, Texts, found

NEEDS = ("events.jsonl", "related.jsonl")


def texts(folder: Path) -> Texts:
    """Return every question, as it is asked and as it is found."""
    questions = [question.text for question in History.read(folder).questions]
    return Texts(questions, questions)


async def rankings(router: Router, folder: Path) -> list[Ranking]:
    """Rank all questions of an earlier time, answered or not, for each question that has related ones."""
    search = _Search(router, {record["qid"] for record in records(folder / "related.jsonl")})
    history = replace(History.read(folder), answers=())
    await found(router)
    with progress(f"searching {folder.name}", len(history.questions)) as advance:
        for moment in history.moments():
            await search.ask(moment)
            advance(len(moment.questions))
    return search.ranked


class _Search:
    """Questions asked one moment after the other."""

    def __init__(self, router: Router, wanted: set[str]) -> None:
        self._router, self._wanted = router, wanted
        self._names: dict[int, str] = {}
        self._ids = count(1)
        self.ranked: list[Ranking] = []

    async def ask(self, moment: Moment) -> None:
        """Search for those that are wanted, before any of this moment can be found."""
        queries = [await self._router.read(question.text) for question in moment.questions]
        for question, query in zip(moment.questions, queries, strict=True):
            if question.id in self._wanted:
                alike = await self._router.similar(GUILD_ID, query)
                self.ranked.append({"qid": question.id, "ranking": [self._names[each.question_id] for each in alike]})
        for question, query in zip(moment.questions, queries, strict=True):
            await self._settle(question.id, query)

    async def _settle(self, name: str, query: Query) -> None:
        (vectors,) = await self._router.encode([query.text])
        question_id = next(self._ids)
        self._names[question_id] = name
        self._router.settle(GUILD_ID, question_id, StoredText(question_id, question_id, query.text, vectors))
        self._router.note_question(GUILD_ID, query)
