"""Questions and where they stand."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.lifecycle import OPEN_STATES, RequestState
from models import Invitation, Member, Question


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
