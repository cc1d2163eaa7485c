"""What happened in a community, as the benchmark tells it, and as much of it as the bot would have kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from evaluation.folders import records

LONGEST = 1_000
"""Characters of a question that are compared; the English encoder reads about as many."""
LONGEST_ANSWER = 600
"""Characters of an answer that stand for what its author would have said of themselves, in three lines."""


@dataclass(frozen=True, slots=True)
class Question:
    """A person asked."""

    id: str
    at: datetime
    member: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A person answered."""

    at: datetime
    member: str
    texts: Sequence[str] = field(repr=False)
    """What it says of the person who gave it: their own words, and the question that they could answer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """All that happened at one time: none of it knew of the rest."""

    questions: Sequence[Question] = ()
    answers: Sequence[Answer] = ()


@dataclass(frozen=True, slots=True)
class History:
    """All that happened, in any order."""

    name: str
    questions: Sequence[Question]
    answers: Sequence[Answer] = ()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder's `events.jsonl`."""
        events = list(records(folder / "events.jsonl"))
        questions = {event["id"]: _question(event) for event in events if event["type"] == "question"}
        answers = [_answer(event, questions.get(event["question_id"])) for event in events if event["type"] == "answer"]
        return cls(folder.name, list(questions.values()), answers)

    def until(self, moment: datetime) -> Self:
        """Return what happened until a moment, and then."""
        questions = [each for each in self.questions if each.at <= moment]
        return replace(self, questions=questions, answers=[each for each in self.answers if each.at <= moment])

    def moments(self) -> Iterator[Moment]:
        """Yield what happened, by time."""
        events: list[Question | Answer] = sorted([*self.questions, *self.answers], key=lambda event: event.at)
        for _, some in groupby(events, key=lambda event: event.at):
            together = list(some)
            yield Moment(
                [each for each in together if isinstance(each, Question)],
                [each for each in together if isinstance(each, Answer)],
            )


def clipped(text: str, longest: int = LONGEST) -> str:
    """Return as much of a text as is compared."""
    return text[:longest]


def _question(event: dict[str, Any]) -> Question:
    text = clipped(f"{event['title']}\n{event['text']}")
    return Question(event["id"], _moment(event["ts"]), event["member"], text)


def _answer(event: dict[str, Any], question: Question | None) -> Answer:
    at, texts = _moment(event["ts"]), [clipped(event["text"], LONGEST_ANSWER)]
    # An answer dated before its question would let that question be found by its own words.
    if question is not None and question.at <= at:
        texts.append(question.text)
    return Answer(at, event["member"], [text for text in texts if text.strip()])


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written.rstrip("Z")[:26]).replace(tzinfo=UTC)
