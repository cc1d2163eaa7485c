"""What people did that is counted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.transactions import Session, Store, Writes
from models import Done


class Deeds(Store[Session]):
    """The store of what is counted."""

    def add(self: "Deeds[Writes]", member_id: int, deed: str, now: datetime) -> None:
        """Count once more."""
        self._session.add(Done(member_id=member_id, deed=deed, at=now))

    async def latest(self, member_id: int, deed: str, since: datetime, most: int) -> Sequence[datetime]:
        """Return when a member did something since a moment, the last `most` times, newest first."""
        return (
            await self._session.scalars(
                select(Done.at)
                .where(Done.member_id == member_id, Done.deed == deed, Done.at > since)
                .order_by(Done.at.desc())
                .limit(most)
            )
        ).all()

    async def forget(self: "Deeds[Writes]", before: datetime) -> None:
        """Forget what counts no longer."""
        await self._session.execute(delete(Done).where(Done.at <= before))
