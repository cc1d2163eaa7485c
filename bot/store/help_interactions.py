"""Who helped whom, on what, when, and how it went."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import HelpInteraction, Question


class HelpInteractions:
    """The store of who helped whom."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    async def ensure(self, question: Question, helper_id: int) -> HelpInteraction:
        """Return one helper's part in a question, made on first sight."""
        part = await self._session.scalar(
            select(HelpInteraction).where(
                HelpInteraction.request_id == question.id, HelpInteraction.helper_id == helper_id
            )
        )
        if part is None:
            part = HelpInteraction(request_id=question.id, helper_id=helper_id, asker_id=question.asker_id)
            self._session.add(part)
        return part

    async def of(self, request_id: int) -> Sequence[HelpInteraction]:
        """Return everybody's part in a request, in the order they came."""
        return (
            await self._session.scalars(
                select(HelpInteraction).where(HelpInteraction.request_id == request_id).order_by(HelpInteraction.id)
            )
        ).all()
