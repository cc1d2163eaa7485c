"""A community's recorded questions and answers, as arrays: what is replayed, and what is known of who knows what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from benchmarks.simulator.words import Numbers, alike
from evaluation.folders import records

Flags = npt.NDArray[np.bool_]

_HOUR = timedelta(hours=1)
_MONTH = 30 * 24.0
_NEAREST = 2
"""Answered questions that tell how near a topic is to somebody: of `alike`, the mean of so many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked again."""

    name: str
    at: float
    """Hours since the record's midnight, as are all moments here."""
    asker: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A folder of the task `routing`, read once; helpers are columns in the order of `helpers`, questions are rows."""

    name: str
    midnight: datetime
    """The midnight, in UTC, before its first event."""
    questions: Sequence[Asked]
    """By time, those since the first that the benchmark scores: before it hardly anybody was known yet. Unlike the
    scored ones, they include those that nobody answered."""
    helpers: Sequence[str]
    """Everybody who answered anything."""
    could: Flags = field(repr=False)
    """bool[q, m], who was known by a question's time and didn't ask it."""
    around: Flags = field(repr=False)
    """bool[q, m], who asked or answered anything in the month before or after a question."""
    active: Numbers = field(repr=False)
    """float64[q, m], how much each had written by the time of a question; after a month it counts for a third."""
    acts: Sequence[Numbers] = field(repr=False)
    """By helper, float64[...], when they asked or answered, ascending."""
    answered: Flags = field(repr=False)
    """bool[q, m], who really answered."""
    nearness: Numbers = field(repr=False)
    """float64[q, m], how alike a question is to the others that somebody answered, later ones included."""
    earlier_answers: Sequence[tuple[int, float]] = field(repr=False)
    """(helper, moment) of what was answered before the first question here."""
    first_answers: Numbers = field(repr=False)
    """float64[q], hours until somebody really answered; infinite where nobody did."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder's `events.jsonl` and `qrels.jsonl`."""
        return cls(**_Reading(folder).columns())

    def moment(self, hours: float) -> datetime:
        """Return a moment of the record, in UTC."""
        return self.midnight + hours * _HOUR

    def hours(self, moment: datetime) -> float:
        """Return what `moment` is here."""
        return (moment - self.midnight) / _HOUR


class _Reading:
    """What is gathered while a folder is read."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        events = list(records(folder / "events.jsonl"))
        self.asked = {event["id"]: event for event in events if event["type"] == "question"}
        self.answers = [event for event in events if event["type"] == "answer"]
        first = min(_moment(event) for event in events)
        self.midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        self.helpers = sorted({str(event["member"]) for event in self.answers})
        self.column = {helper: column for column, helper in enumerate(self.helpers)}
        scored = (self._at(self.asked[record["qid"]]) for record in records(folder / "qrels.jsonl"))
        self.begins = min(scored, default=0.0)

    def columns(self) -> dict[str, Any]:
        everything = sorted(map(self._question, self.asked.values()), key=lambda each: each.at)
        questions = [each for each in everything if each.at >= self.begins]
        acts = self._acts()
        return {
            "name": self.name,
            "midnight": self.midnight,
            "questions": questions,
            "helpers": self.helpers,
            "could": self._could(questions),
            "around": _by_question(questions, acts, _is_within_a_month).astype(np.bool_),
            "active": _by_question(questions, acts, _what_is_left),
            "acts": acts,
            "answered": self._answered(questions),
            "nearness": self._nearness(questions),
            "earlier_answers": [(column, at) for column, at in self._moments() if at < self.begins],
            "first_answers": self._first_answers(questions),
        }

    def _question(self, event: Mapping[str, Any]) -> Asked:
        # Whoever left the community before it was recorded asked as nobody.
        asker = event["member"] or f"whoever asked {event['id']}"
        return Asked(event["id"], self._at(event), asker, f"{event['title']}\n{event['text']}")

    def _at(self, event: Mapping[str, Any]) -> float:
        return (_moment(event) - self.midnight) / _HOUR

    def _moments(self) -> list[tuple[int, float]]:
        return sorted(
            ((self.column[each["member"]], self._at(each)) for each in self.answers), key=lambda each: each[1]
        )

    def _could(self, questions: Sequence[Asked]) -> Flags:
        since = np.full(len(self.helpers), np.inf)
        for column, at in self._moments():
            since[column] = min(since[column], at)
        could = since < np.asarray([question.at for question in questions])[:, np.newaxis]
        for row, question in enumerate(questions):
            if question.asker in self.column:
                could[row, self.column[question.asker]] = False
        return could

    def _acts(self) -> list[Numbers]:
        acts: dict[str, list[float]] = {helper: [] for helper in self.helpers}
        for event in (*self.asked.values(), *self.answers):
            if event["member"] in acts:
                acts[event["member"]].append(self._at(event))
        return [np.sort(np.asarray(acts[helper])) for helper in self.helpers]

    def _answered(self, questions: Sequence[Asked]) -> Flags:
        row = {question.name: number for number, question in enumerate(questions)}
        answered = np.zeros((len(questions), len(self.helpers)), dtype=np.bool_)
        for answer in self.answers:
            if answer["question_id"] in row:
                answered[row[answer["question_id"]], self.column[answer["member"]]] = True
        return answered

    def _nearness(self, questions: Sequence[Asked]) -> Numbers:
        names = list(self.asked)
        row = {name: number for number, name in enumerate(names)}
        theirs: list[set[int]] = [set() for _ in self.helpers]
        for answer in self.answers:
            if answer["question_id"] in row:
                theirs[self.column[answer["member"]]].add(row[answer["question_id"]])
        texts = [f"{self.asked[name]['title']}\n{self.asked[name]['text']}" for name in names]
        wanted = [row[question.name] for question in questions]
        return _nearest(alike(texts), wanted, [sorted(each) for each in theirs])

    def _first_answers(self, questions: Sequence[Asked]) -> Numbers:
        first: dict[str, float] = {}
        for answer in self.answers:
            at = self._at(answer)
            first[answer["question_id"]] = min(first.get(answer["question_id"], np.inf), at)
        return np.asarray([max(first.get(each.name, np.inf) - each.at, 0.0) for each in questions])


def _nearest(likeness: Numbers, rows: Sequence[int], answered: Sequence[Sequence[int]]) -> Numbers:
    """Average each helper's best questions but the one compared; one that is missing counts as the middle of all."""
    missing = float(likeness[~np.eye(len(likeness), dtype=np.bool_)].mean()) if len(likeness) > 1 else 0.0
    nearest = np.full((len(rows), len(answered)), missing)
    for column, theirs in enumerate(answered):
        scores = likeness[np.ix_(rows, theirs)]
        scores[np.equal.outer(np.asarray(rows), np.asarray(theirs, dtype=np.int64))] = missing
        padded = np.concatenate((scores, np.full((len(rows), _NEAREST), missing)), axis=1)
        nearest[:, column] = -np.sort(-padded, axis=1)[:, :_NEAREST].mean(axis=1)
    return nearest


def _by_question(questions: Sequence[Asked], acts: Sequence[Numbers], weigh: Callable[[Numbers], Numbers]) -> Numbers:
    """Return float64[q, m]: for each helper the sum of all acts, weighed by how many hours ago they were."""
    columns = np.repeat(np.arange(len(acts)), [len(each) for each in acts])
    moments = np.concatenate([np.zeros(0), *acts])
    sums = (np.bincount(columns, weigh(question.at - moments), len(acts)) for question in questions)
    return np.stack(list(sums))


def _is_within_a_month(ago: Numbers) -> Numbers:
    return (np.abs(ago) <= _MONTH).astype(np.float64)


def _what_is_left(ago: Numbers) -> Numbers:
    left: Numbers = np.where(ago > 0, np.exp(-np.maximum(ago, 0.0) / _MONTH), 0.0)
    return left


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["ts"].rstrip("Z")[:26]).replace(tzinfo=UTC)
