"""Who learned, and why, who asked anonymously."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from bot.store.transactions import Session, Store, Writes
from models import Reveal


class Reveals(Store[Session]):
    """The store of moderators' wishes to know who asked; rows are never deleted, for they are the audit."""

    def add(self: "Reveals[Writes]", reveal: Reveal) -> None:
        """Keep a new wish."""
        self._session.add(reveal)

    async def get(self, reveal_id: int) -> Reveal | None:
        """Return the wish with this row id."""
        return await self._session.get(Reveal, reveal_id)

    async def open_of(self, member_id: int) -> Sequence[Reveal]:
        """Return a moderator's wishes that no second moderator has shared, oldest first."""
        is_open = and_(Reveal.moderator_id == member_id, Reveal.revealed_at.is_(None))
        return (await self._session.scalars(select(Reveal).where(is_open).order_by(Reveal.id))).all()

    async def of(self, request_id: int) -> Sequence[Reveal]:
        """Return every wish to know who asked this, granted or not, oldest first."""
        found = select(Reveal).where(Reveal.request_id == request_id).order_by(Reveal.id)
        return (await self._session.scalars(found)).all()
