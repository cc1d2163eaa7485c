"""Questions, as a kind of request: routed by their text, and learned from where everyone may read them."""

from collections.abc import Mapping, Sequence

from bot.domain.lifecycle import QuestionKind, Visibility
from bot.services.requests.kind import Kind, Subject
from bot.services.results import QuestionView, RequestFacts
from bot.store.unit_of_work import ReadingWork
from models import Question


async def _subjects(work: ReadingWork, questions: Sequence[Question]) -> Mapping[int, Subject]:
    stored = await work.question_vectors.of([each.id for each in questions])
    return {each.id: Subject(each.text, each.is_english, stored.get(each.id, {})) for each in questions}


def _view(question: Question, facts: RequestFacts) -> QuestionView:
    return QuestionView(**facts, tried=question.tried, kind=QuestionKind(question.kind))


def _text(question: Question) -> str:
    return question.text


def _lesson(question: Question) -> str | None:
    return question.text if question.visibility == Visibility.PUBLIC else None


QUESTION = Kind(Question, text=_text, subjects=_subjects, view=_view, lesson=_lesson)
