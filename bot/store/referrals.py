"""Wishes that a member be asked in another's name."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from bot.store.transactions import Session, Store, Writes
from models import Referral


class Referrals(Store[Session]):
    """The store of referrals that wait for their moment."""

    def add(self: "Referrals[Writes]", referral: Referral) -> None:
        """Keep a new referral."""
        self._session.add(referral)

    async def of(self, request_ids: Iterable[int]) -> dict[int, list[Referral]]:
        """Return the referrals to these requests, oldest first."""
        wanted = list(request_ids)
        found: dict[int, list[Referral]] = {request_id: [] for request_id in wanted}
        rows = await self._session.scalars(
            select(Referral).where(Referral.request_id.in_(wanted)).order_by(Referral.id)
        )
        for referral in rows:
            found[referral.request_id].append(referral)
        return found

    async def delete(self: "Referrals[Writes]", referral_ids: Iterable[int]) -> None:
        """Forget these: their people are asked, or may not be."""
        await self._session.execute(delete(Referral).where(Referral.id.in_(list(referral_ids))))
