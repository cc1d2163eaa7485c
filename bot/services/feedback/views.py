"""From rows of drafts and of feedback to what leaves a transaction."""

from collections.abc import Iterable, Sequence

from bot.domain.drafts import Area, Confidence, Point, PointOutcome
from bot.services.feedback.reviewing_results import FeedbackView, PointView
from bot.services.requests.about_question import is_to_hidden
from bot.services.requests.views import request_view
from bot.services.results import DraftView
from bot.store.unit_of_work import ReadingWork
from models import Draft, Feedback, FeedbackPoint, OutboxLetter, Request


async def draft_view(work: ReadingWork, draft: Request) -> DraftView:
    """Return a draft as its readers see it."""
    view = await request_view(work, draft)
    assert isinstance(view, DraftView), "a draft looks like one"  # noqa: S101
    return view


async def shown_draft(work: ReadingWork, row: OutboxLetter, draft: Request) -> tuple[DraftView, bool]:
    """Return what every letter about a draft is made of: the draft, and whether it goes to a hidden author."""
    return await draft_view(work, draft), is_to_hidden(row, draft)


async def feedback_views(work: ReadingWork, some: Iterable[Feedback]) -> Sequence[FeedbackView]:
    """Return feedback as people see it, in the same order; what a person said who is gone went with them."""
    wanted = list(some)
    points = await work.feedback.points([each.id for each in wanted])
    readers = {each.reader_id: await work.members.get(each.reader_id) for each in wanted}
    return [
        FeedbackView(
            feedback_id=each.id,
            reader_user_id=reader.user_id,
            round=each.round,
            summary=each.summary,
            strengths=each.strengths,
            answers=each.answers,
            uses_model=each.uses_model,
            points=tuple(map(point_view, points[each.id])),
            sent_at=each.sent_at,
            is_closed=each.closed_at is not None,
        )
        for each in wanted
        if (reader := readers[each.reader_id]) is not None
    ]


async def carried_points(work: ReadingWork, draft: Draft, reader_id: int) -> tuple[PointView, ...]:
    """Return a reader's points of earlier rounds that are still open, of the newest round first."""
    said = [each.id for each in await work.feedback.of_reader(draft.id, reader_id) if each.round < draft.round]
    points = await work.feedback.points(said)
    return tuple(point_view(each) for some in said for each in points[some] if each.is_carried)


def point_view(point: FeedbackPoint) -> PointView:
    """Return a point as people see it."""
    said = Point(Area(point.area), point.remark, Confidence(point.confidence), point.location, point.suggestion)
    outcome = PointOutcome(point.outcome) if point.outcome is not None else None
    return PointView(point.id, said, outcome, point.outcome_note, point.is_carried)
