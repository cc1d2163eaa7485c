"""What two people agreed to keep for others."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.store.transactions import Session, Store, Writes
from models import KeptAnswer


class KeptAnswers(Store[Session]):
    """The store of kept answers, and of those that wait for the second yes."""

    def add(self: "KeptAnswers[Writes]", kept: KeptAnswer) -> None:
        """Keep a new proposal."""
        self._session.add(kept)

    async def replace(self: "KeptAnswers[Writes]", old: KeptAnswer | None, new: KeptAnswer) -> KeptAnswer:
        """Keep a new proposal, in the place of an older one where there is one; needs its question's lock."""
        if old is not None:
            await self._session.delete(old)
            await self._session.flush()
        self.add(new)
        await self._session.flush()
        return new

    async def request_of(self, kept_id: int) -> int | None:
        """Return the request of what is to be kept in certain words, or None where these were changed.

        It reads no row that could be taken for the present one after waiting for the question's lock.
        """
        return await self._session.scalar(select(KeptAnswer.request_id).where(KeptAnswer.id == kept_id))

    async def find(self, request_id: int) -> KeptAnswer | None:
        """Return what is to be kept, or was, of a request."""
        return await self._session.scalar(select(KeptAnswer).where(KeptAnswer.request_id == request_id))

    async def agreed(self, request_ids: Iterable[int]) -> dict[int, KeptAnswer]:
        """Return, by request, what both people agreed to of these."""
        rows = await self._session.scalars(
            select(KeptAnswer).where(
                KeptAnswer.request_id.in_(list(request_ids)),
                KeptAnswer.asker_agreed_at.is_not(None),
                KeptAnswer.helper_agreed_at.is_not(None),
            )
        )
        return {kept.request_id: kept for kept in rows}
