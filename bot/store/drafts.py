"""What drafts say, and who may be asked to read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, not_, or_, select, update

from bot.domain.lifecycle import RequestState
from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import (
    CoAuthor,
    Draft,
    DraftVector,
    Feedback,
    FeedbackPoint,
    HelpInteraction,
    Invitation,
    JointNote,
    Member,
    OutboxFile,
)


class Drafts(Store[Session]):
    """The store of what only drafts have."""

    async def get(self, draft_id: int) -> Draft | None:
        """Return the draft with this row id."""
        return await self._session.get(Draft, draft_id)

    async def readers(self, draft: Draft, minutes: int) -> set[int]:
        """Return the members who would read so long a draft about this, without those who wrote it."""
        wrote = select(CoAuthor.user_id).where(CoAuthor.draft_id == draft.id)
        rows = await self._session.execute(
            select(Member.id, Member.read_areas).where(
                Member.guild_id == draft.guild_id, Member.longest_read >= minutes, Member.user_id.not_in(wrote)
            )
        )
        wanted = set(draft.areas)
        return {row.id for row in rows if not wanted or not row.read_areas or wanted & set(row.read_areas)}

    async def rounds(self, guild_id: int, since: datetime, until: datetime) -> int:
        """Count the rounds of the drafts posted from `since` to before `until`."""
        posted = select(func.coalesce(func.sum(Draft.round), 0)).where(
            Draft.guild_id == guild_id,
            Draft.created_at >= since,
            Draft.created_at < until,
            Draft.state != RequestState.UNPOSTED,
        )
        return await self._session.scalar(posted) or 0

    async def waiting(self, now: datetime, limit: int) -> Sequence[Draft]:
        """Return up to `limit` drafts that wait for readers and are needed later, the first to be needed first."""
        theirs = (Draft.state == RequestState.WAITING, Draft.needed_by > now, is_served(Draft.guild_id))
        return (await self._session.scalars(select(Draft).where(*theirs).order_by(Draft.needed_by).limit(limit))).all()

    async def old_reviews(self, before: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, id) of up to `limit` drafts with a review's text that were needed before a moment."""
        old = select(Draft.guild_id, Draft.id).where(Draft.review_text.is_not(None), Draft.needed_by <= before)
        return [(row.guild_id, row.id) for row in await self._session.execute(old.order_by(Draft.id).limit(limit))]

    async def carry_over(self: "Drafts[Writes]", draft_id: int, settled: Iterable[str], now: datetime) -> None:
        """Mark the points that readers have sent and that aren't settled: a next round begins.

        What is said of them may change again; all other feedback stays as it is.
        """
        theirs = (Feedback.draft_id == draft_id, Feedback.sent_at.is_not(None))
        is_open = or_(FeedbackPoint.outcome.is_(None), FeedbackPoint.outcome.not_in(list(settled)))
        sent = FeedbackPoint.feedback_id.in_(select(Feedback.id).where(*theirs))
        await self._session.execute(update(FeedbackPoint).where(sent, is_open).values(is_carried=True))
        await self._session.execute(update(FeedbackPoint).where(sent, not_(is_open)).values(is_carried=False))
        goes_on = Feedback.id.in_(select(FeedbackPoint.feedback_id).where(sent, is_open))
        await self._session.execute(update(Feedback).where(*theirs, goes_on).values(closed_at=None))
        is_over = (not_(goes_on), Feedback.closed_at.is_(None))
        await self._session.execute(update(Feedback).where(*theirs, *is_over).values(closed_at=now))

    async def returning(self, draft: Draft) -> list[int]:
        """Return the members who read an earlier round of a draft and weren't asked for this one, in their order."""
        if draft.round == 1:
            return []
        asked = select(Invitation.member_id).where(Invitation.request_id == draft.id, Invitation.round == draft.round)
        read = select(HelpInteraction.helper_id).where(
            HelpInteraction.request_id == draft.id,
            HelpInteraction.answered_at < draft.round_at,
            HelpInteraction.helper_id.not_in(asked),
        )
        return list(await self._session.scalars(read.order_by(HelpInteraction.answered_at)))

    async def forget_words(self: "Drafts[Writes]", draft: Draft) -> None:
        """Take out of the tables what a draft says and what was made of it; feedback that its author has read stays."""
        draft.about, draft.questions, draft.areas, draft.words, draft.whole_words = "", [], [], 0, 0
        draft.link = draft.file_format = draft.review_text = draft.part = draft.changes = None
        unread = and_(Feedback.draft_id == draft.id, Feedback.read_at.is_(None))
        read = select(Feedback.id).where(Feedback.draft_id == draft.id, Feedback.read_at.is_not(None))
        words = update(FeedbackPoint).where(FeedbackPoint.feedback_id.in_(read)).values(outcome_note=None)
        await self._session.execute(words.execution_options(synchronize_session=False))
        for table, which in (
            (CoAuthor, CoAuthor.draft_id == draft.id),
            (DraftVector, DraftVector.draft_id == draft.id),
            (JointNote, JointNote.draft_id == draft.id),
            (OutboxFile, OutboxFile.request_id == draft.id),
            (Feedback, unread),
        ):
            await self._session.execute(delete(table).where(which))

    async def begun(self, draft_id: int, round_number: int) -> dict[int, datetime]:
        """Return when each reader of a round began to write something down, by member id."""
        wanted = select(Feedback.reader_id, Feedback.created_at).where(
            Feedback.draft_id == draft_id, Feedback.round == round_number
        )
        return {row.reader_id: row.created_at for row in await self._session.execute(wanted)}

    async def co_authors(self, draft_id: int) -> set[int]:
        """Return the users who wrote a draft too."""
        return set(await self._session.scalars(select(CoAuthor.user_id).where(CoAuthor.draft_id == draft_id)))

    async def name_co_authors(self: "Drafts[Writes]", draft_id: int, user_ids: Iterable[int]) -> None:
        """Keep who wrote a draft too, and no one else."""
        await self._session.execute(delete(CoAuthor).where(CoAuthor.draft_id == draft_id))
        self._session.add_all([CoAuthor(draft_id=draft_id, user_id=each) for each in sorted(set(user_ids))])
