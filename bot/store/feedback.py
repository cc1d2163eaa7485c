"""What readers say about drafts, and what became of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from bot.store.transactions import Session, Store, Writes
from models import Feedback, FeedbackPoint, JointNote


class FeedbackStore(Store[Session]):
    """The store of feedback and its points; all of a draft's change under the draft's lock."""

    def add(self: "FeedbackStore[Writes]", row: Feedback | FeedbackPoint | JointNote) -> None:
        """Keep new feedback, a new point of it, or what readers do together."""
        self._session.add(row)

    async def draft_of(self, feedback_id: int) -> int | None:
        """Return the draft that feedback is about; it reads no row that could be stale after waiting for a lock."""
        return await self._session.scalar(select(Feedback.draft_id).where(Feedback.id == feedback_id))

    async def feedback_of(self, point_id: int) -> int | None:
        """Return the feedback that a point belongs to, in the same way."""
        return await self._session.scalar(select(FeedbackPoint.feedback_id).where(FeedbackPoint.id == point_id))

    async def get(self, feedback_id: int) -> Feedback | None:
        """Return the feedback with this row id."""
        return await self._session.get(Feedback, feedback_id)

    async def hold(self: "FeedbackStore[Writes]", feedback_id: int) -> Feedback | None:
        """Return feedback as it is now, and let no one else change it until the transaction ends."""
        wanted = select(Feedback).where(Feedback.id == feedback_id).with_for_update()
        return await self._session.scalar(wanted.execution_options(populate_existing=True))

    async def of_reader(self, draft_id: int, reader_id: int) -> Sequence[Feedback]:
        """Return what a reader says about a draft, of the newest round first."""
        theirs = (Feedback.draft_id == draft_id, Feedback.reader_id == reader_id)
        return (await self._session.scalars(select(Feedback).where(*theirs).order_by(Feedback.round.desc()))).all()

    async def sent(self, draft_id: int) -> Sequence[Feedback]:
        """Return the feedback on a draft that was sent, in that order."""
        is_sent = (Feedback.draft_id == draft_id, Feedback.sent_at.is_not(None))
        wanted = select(Feedback).where(*is_sent).order_by(Feedback.sent_at, Feedback.id)
        return (await self._session.scalars(wanted)).all()

    async def points(self, feedback_ids: Iterable[int]) -> dict[int, list[FeedbackPoint]]:
        """Return the points of each of these, in their order."""
        found: dict[int, list[FeedbackPoint]] = {each: [] for each in feedback_ids}
        wanted = select(FeedbackPoint).where(FeedbackPoint.feedback_id.in_(list(found)))
        for point in await self._session.scalars(wanted.order_by(FeedbackPoint.feedback_id, FeedbackPoint.ordinal)):
            found[point.feedback_id].append(point)
        return found

    async def remove(self: "FeedbackStore[Writes]", point_id: int) -> None:
        """Forget a point."""
        await self._session.execute(delete(FeedbackPoint).where(FeedbackPoint.id == point_id))

    async def joint_note(self, draft_id: int, round_number: int) -> JointNote | None:
        """Return what readers of a round agreed on, and say together."""
        theirs = (JointNote.draft_id == draft_id, JointNote.round == round_number)
        return await self._session.scalar(select(JointNote).where(*theirs))

    async def by_readers(self, member_ids: Iterable[int]) -> Sequence[int]:
        """Return the ids of all feedback by these members."""
        return (await self._session.scalars(select(Feedback.id).where(Feedback.reader_id.in_(list(member_ids))))).all()

    async def forget_notes(self: "FeedbackStore[Writes]", reader_ids: Iterable[int]) -> None:
        """Forget what these members said together with others: no one can tell whose words are whose."""
        readers = list(reader_ids)
        drafts = select(Feedback.draft_id).where(Feedback.reader_id.in_(readers))
        theirs = exists().where(
            Feedback.draft_id == JointNote.draft_id,
            Feedback.round == JointNote.round,
            Feedback.reader_id.in_(readers),
        )
        # The first condition is for the index.
        forgetting = delete(JointNote).where(JointNote.draft_id.in_(drafts), theirs)
        await self._session.execute(forgetting.execution_options(synchronize_session=False))

    async def note_read(self: "FeedbackStore[Writes]", feedback_ids: Iterable[int], now: datetime) -> None:
        """Note when an author first looked at these."""
        await self._mark(Feedback.id.in_(list(feedback_ids)), Feedback.read_at.is_(None), read_at=now)

    async def close(self: "FeedbackStore[Writes]", feedback_id: int, now: datetime) -> None:
        """Note when its reader is told what became of their points: from then on nothing of it changes."""
        await self._mark(Feedback.id == feedback_id, Feedback.closed_at.is_(None), closed_at=now)

    async def _mark(self: "FeedbackStore[Writes]", *which: object, **values: datetime) -> None:
        marking = update(Feedback).where(*which).values(**values)  # type: ignore[arg-type]
        await self._session.execute(marking.execution_options(synchronize_session="fetch"))
