"""A community's recorded questions and answers, as arrays: what is asked again, and what is known of its people."""

from collections.abc import Mapping, Sequence
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
"""Answered questions that show how near a topic is to a person: the mean of so many, by `alike`."""


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

    midnight: datetime
    """The midnight, in UTC, before its first event."""
    questions: Sequence[Asked]
    """By time, answered or not, since the first that the benchmark scores: before it hardly anyone was known."""
    helpers: Sequence[str]
    """All who answered anything."""
    could: Flags = field(repr=False)
    """bool[q, m], who was known by a question's time and didn't ask it."""
    around: Flags = field(repr=False)
    """bool[q, m], who asked or answered anything in the month before or after a question."""
    acts: Sequence[Numbers] = field(repr=False)
    """By helper, float64[...], when they asked or answered, ascending."""
    answered: Flags = field(repr=False)
    """bool[q, m], who really answered."""
    nearness: Numbers = field(repr=False)
    """float64[q, m], how alike a question is to the others that a helper answered, later ones included."""
    earlier_answers: Sequence[tuple[int, float]] = field(repr=False)
    """(helper, moment) of what was answered before the first question here."""

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
        acts, answers = self._acts(), self._moments()
        return {
            "midnight": self.midnight,
            "questions": questions,
            "helpers": self.helpers,
            "could": self._could(questions, answers),
            "around": np.stack([_around(each, questions) for each in acts], axis=1),
            "acts": acts,
            "answered": self._answered(questions),
            "nearness": self._nearness(questions),
            "earlier_answers": [(column, at) for column, at in answers if at < self.begins],
        }

    def _question(self, event: Mapping[str, Any]) -> Asked:
        # A person who had left before the community was recorded has no name there.
        asker = event["member"] or f"the asker of {event['id']}"
        return Asked(event["id"], self._at(event), asker, _text(event))

    def _at(self, event: Mapping[str, Any]) -> float:
        return (_moment(event) - self.midnight) / _HOUR

    def _moments(self) -> list[tuple[int, float]]:
        """Return (helper, moment) of every answer, by time."""
        return sorted(((self.column[each["member"]], self._at(each)) for each in self.answers), key=lambda one: one[1])

    def _could(self, questions: Sequence[Asked], answers: Sequence[tuple[int, float]]) -> Flags:
        since = np.full(len(self.helpers), np.inf)
        for column, at in answers:
            since[column] = min(since[column], at)
        could: Flags = since < np.asarray([question.at for question in questions])[:, np.newaxis]
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
        row = {name: number for number, name in enumerate(self.asked)}
        theirs: list[set[int]] = [set() for _ in self.helpers]
        for answer in self.answers:
            if answer["question_id"] in row:
                theirs[self.column[answer["member"]]].add(row[answer["question_id"]])
        wanted = [row[question.name] for question in questions]
        return _nearest(alike(list(map(_text, self.asked.values()))), wanted, [sorted(each) for each in theirs])


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


def _around(acts: Numbers, questions: Sequence[Asked]) -> Flags:
    moments = np.asarray([question.at for question in questions])
    around: Flags = np.searchsorted(acts, moments - _MONTH) < np.searchsorted(acts, moments + _MONTH, "right")
    return around


def _text(event: Mapping[str, Any]) -> str:
    return f"{event['title']}\n{event['text']}"


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["ts"].rstrip("Z")[:26]).replace(tzinfo=UTC)
