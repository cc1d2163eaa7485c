"""Questions, as a kind of request: routed by their text, and learned from where everyone may read them."""

from collections.abc import Mapping, Sequence

from bot.domain.lifecycle import QuestionKind, Visibility
from bot.routing.ports import Query, to_bytes
from bot.services.requests.kind import Kind, Subject
from bot.services.results import QuestionView, RequestFacts
from bot.store.unit_of_work import ReadingWork, UnitOfWork
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


def keep_query(work: UnitOfWork, question: Question, query: Query) -> None:
    """Keep a new question as it was encoded, so that asking the next person needs no encoding again."""
    question.is_english = query.is_english
    work.question_vectors.add(question.id, {model_id: to_bytes(each) for model_id, each in query.vectors.items()})
