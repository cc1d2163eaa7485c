"""Questions and where they stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.lifecycle import ANSWERED_STATES, OPEN_STATES, RequestState, Visibility
from models import Invitation, Member, Question, Request


class Questions:
    """The store of questions."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    def add(self, question: Question) -> None:
        """Keep a new question."""
        self._session.add(question)

    async def get(self, request_id: int) -> Question | None:
        """Return the question with this row id."""
        return await self._session.get(Question, request_id)

    async def hold(self, request_id: int) -> Question | None:
        """Return the question as it is now, and let nobody else change it until the transaction ends.

        Everything that belongs to a request (invitations, parts) changes under its question's lock.
        """
        # `Session.get` would call a row stale that was read before somebody else changed it.
        return await self._session.scalar(
            select(Question)
            .where(Question.id == request_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )

    async def find_submitted(self, interaction_id: int) -> Question | None:
        """Return the question that came with this submission."""
        return await self._session.scalar(select(Question).where(Question.interaction_id == interaction_id))

    async def find_in_thread(self, thread_id: int) -> Question | None:
        """Return the question whose thread this is."""
        return await self._session.scalar(select(Question).where(Question.thread_id == thread_id))

    async def open_of(self, asker_id: int) -> Sequence[Question]:
        """Return a member's questions that nobody has answered, oldest first."""
        return (
            await self._session.scalars(
                select(Question)
                .where(Question.asker_id == asker_id, Question.state.in_(OPEN_STATES))
                .order_by(Question.id)
            )
        ).all()

    async def solved(self, guild_id: int, among: Sequence[int] | None = None) -> Sequence[Question]:
        """Return the questions of a community that were answered where everybody may read, oldest first.

        Only those `among` some ids, where these are given.
        """
        wanted = select(Question).where(is_solved(guild_id)).order_by(Question.id)
        if among is not None:
            wanted = wanted.where(Question.id.in_(among))
        return (await self._session.scalars(wanted)).all()

    def solved_ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of what `solved` returns."""
        return select(Question.id).where(is_solved(guild_id))

    def latest_ids(self, guild_id: int, limit: int) -> Select[int]:
        """Return the query for the ids of the last `limit` questions of a community that were posted."""
        is_posted = and_(Question.guild_id == guild_id, Question.state != RequestState.DRAFT)
        return select(Question.id).where(is_posted).order_by(Question.id.desc()).limit(limit)

    def ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of all questions of a community."""
        return select(Question.id).where(Question.guild_id == guild_id)

    async def delete_drafts(self, request_ids: Iterable[int]) -> None:
        """Forget these questions and everything that hangs on them; whatever was posted in the meantime stays."""
        is_draft = and_(Request.id.in_(list(request_ids)), Request.state == RequestState.DRAFT)
        await self._session.execute(delete(Request).where(is_draft))

    async def drafts(self, before: datetime) -> Sequence[int]:
        """Return ids of questions that were written before a moment and never posted."""
        return (
            await self._session.scalars(
                select(Question.id).where(Question.state == RequestState.DRAFT, Question.created_at < before)
            )
        ).all()

    async def open_in_threads(self, limit: int) -> Sequence[tuple[int, int]]:
        """Return (thread, asker's user id) of up to `limit` unanswered questions, newest first."""
        rows = await self._session.execute(
            select(Question.thread_id, Member.user_id)
            .join(Member, Member.id == Question.asker_id)
            .where(Question.state.in_(OPEN_STATES), Question.thread_id.is_not(None))
            .order_by(Question.id.desc())
            .limit(limit)
        )
        return [(row.thread_id, row.user_id) for row in rows]

    async def underinvited(self, wave_size: int, most: int, limit: int) -> list[int]:
        """Return ids of waiting questions with a free seat: in the wave, and among the `most` asked in all."""
        considering = func.count(Invitation.id).filter(Invitation.state == "asked")
        rows = await self._session.scalars(
            select(Question.id)
            .outerjoin(Invitation, Invitation.request_id == Question.id)
            .where(Question.state == RequestState.WAITING)
            .group_by(Question.id)
            .having(considering < wave_size, func.count(Invitation.id) < most)
            .order_by(Question.id)
            .limit(limit)
        )
        return list(rows)


def is_solved(guild_id: int) -> ColumnElement[bool]:
    """Tell whether others may learn from a question of a community: answered, in a thread that everybody may read."""
    return and_(
        Question.guild_id == guild_id,
        Question.state.in_(ANSWERED_STATES),
        Question.visibility == Visibility.PUBLIC,
        Question.thread_id.is_not(None),
    )
