"""What an author reads of feedback, and what its reader reads of what became of it."""

from datetime import datetime
from typing import ClassVar

from bot.domain.lifecycle import RequestState
from bot.services.feedback.contents import BecameOf, FeedbackCame, PointsUnsettled, ReaderAnswered
from bot.services.feedback.letters import FeedbackLetter, became_now_key
from bot.services.feedback.readers import received_by_author
from bot.services.feedback.views import feedback_views, shown_draft
from bot.services.outbox.describing import Description, Pairs, no_pairs
from bot.services.requests.about_question import QuestionLetter
from bot.services.requests.letters import will_ask_again
from bot.store.unit_of_work import UnitOfWork
from models import Draft, Feedback, Member, OutboxLetter, Request


class FeedbackCameLetter(QuestionLetter):
    """What a reader says, for the author alone: where others read, only that it is there."""

    kind = FeedbackLetter.FEEDBACK
    contents = (FeedbackCame,)

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> FeedbackCame | None:
        """Return the feedback; None where it went with its reader."""
        views = await feedback_views(work, await _feedback_of(work, row))
        return FeedbackCame(*await shown_draft(work, row, question), views[0]) if views else None

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put the author before the reader."""
        return {(row.member_id or 0, each.reader_id) for each in await _feedback_of(work, row)}

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Note that the author has the words, unless only the thread says that there are some."""
        request = await work.requests.get(row.request_id) if row.request_id else None
        if request is not None and row.channel_id != request.thread_id:
            found = row.key.removeprefix(f"{FeedbackLetter.FEEDBACK}:")
            await work.feedback.note_read([int(found)], now)


class BecameOfLetter(QuestionLetter):
    """What became of a reader's points, once; where others read, only that it can be read."""

    kind = FeedbackLetter.BECAME
    contents = (BecameOf,)

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> BecameOf | None:
        """Return the feedback with what its author said of it."""
        views = await feedback_views(work, await _feedback_of(work, row))
        return BecameOf(*await shown_draft(work, row, question), views[0]) if views else None

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether its author had it said at once, while this one waited for more."""
        at_once = became_now_key(_feedback_id(row), _round(row))
        return row.key != at_once and await work.outbox.find(at_once) is not None

    async def before_leaving(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Let nothing of it change from now on, unless it is carried over to a next round."""
        draft = await work.drafts.get(row.request_id or 0)
        if draft is not None and draft.round == _round(row):
            await work.feedback.close(_feedback_id(row), now)

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether its thread may read that there is something: it has read before whose feedback came."""
        return True

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put the reader before the author."""
        request = await work.requests.get(row.request_id) if row.request_id else None
        return {(row.member_id or 0, request.asker_id)} if request is not None else set()


class UnsettledLetter(QuestionLetter):
    """The one reminder to say what became of the points."""

    kind = FeedbackLetter.UNSETTLED
    contents = (PointsUnsettled,)
    leaves_nights_alone: ClassVar[bool] = True
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> PointsUnsettled:
        """Return the draft."""
        return PointsUnsettled(*await shown_draft(work, row, question))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether any point of the round is settled, there is none, or they are asked about all of it anyway."""
        if question.state == RequestState.CLOSED or await will_ask_again(work, question):
            return True
        sent = await received_by_author(work, question) if isinstance(question, Draft) else []
        points = await work.feedback.points([each.id for each in sent if each.round == _round(row)])
        outcomes = [point.outcome for some in points.values() for point in some]
        return not outcomes or any(outcomes)


class AnswerLetter(QuestionLetter):
    """What a reader answers a hidden author; it stays in the outbox only until it has arrived."""

    kind = FeedbackLetter.ANSWER
    contents = (ReaderAnswered,)

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> ReaderAnswered | None:
        """Return the words; None where they went with their reader."""
        reader = await _reader_of(work, row)
        if reader is None:
            return None
        return ReaderAnswered(*await shown_draft(work, row, question), str(row.params.get("words", "")), reader.user_id)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the draft is closed."""
        return question.state == RequestState.CLOSED or await super().is_over(work, row, question, now)

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put the author before the reader."""
        reader = await _reader_of(work, row)
        return {(row.member_id or 0, reader.id)} if reader is not None else set()


DESCRIPTIONS: tuple[Description, ...] = (FeedbackCameLetter(), BecameOfLetter(), UnsettledLetter(), AnswerLetter())


def _feedback_id(row: OutboxLetter) -> int:
    return int(row.params.get("feedback", 0))


def _round(row: OutboxLetter) -> int:
    return int(row.params.get("round", 0))


async def _reader_of(work: UnitOfWork, row: OutboxLetter) -> Member | None:
    return await work.members.find(row.guild_id, int(row.params.get("helper", 0)))


async def _feedback_of(work: UnitOfWork, row: OutboxLetter) -> list[Feedback]:
    feedback = await work.feedback.get(_feedback_id(row))
    return [feedback] if feedback is not None else []
