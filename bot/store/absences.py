"""What stood still in a community while the bot wasn't in it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.lifecycle import OPEN_STATES
from bot.store.bookings import GOING_ON
from bot.store.transactions import Session, Store
from models import Booking, Invitation, OutboxLetter, Request


class Absences(Store[Session]):
    """The store of what goes on once the bot is back."""

    async def request_ids(self, guild_id: int) -> Sequence[int]:
        """Return the requests of a community that wait for an answer."""
        wanted = select(Request.id).where(Request.guild_id == guild_id, Request.state.in_(OPEN_STATES))
        return (await self._session.scalars(wanted)).all()

    async def invitations(self, guild_id: int) -> Sequence[Invitation]:
        """Return a community's invitations, claims among them, whose time runs."""
        return (
            await self._session.scalars(
                select(Invitation)
                .join(Request, Request.id == Invitation.request_id)
                .where(Request.guild_id == guild_id, Invitation.expires_at.is_not(None))
            )
        ).all()

    async def reminders(self, guild_id: int, kinds: Collection[str], since: datetime) -> Sequence[OutboxLetter]:
        """Return a community's letters of these kinds that were to leave after a moment and are still here."""
        return (
            await self._session.scalars(
                select(OutboxLetter).where(
                    OutboxLetter.guild_id == guild_id,
                    OutboxLetter.kind.in_(kinds),
                    OutboxLetter.due_at > since,
                )
            )
        ).all()

    async def over(self, guild_id: int, now: datetime) -> Sequence[Booking]:
        """Return a community's bookings that are over, but that no one has ended."""
        is_over = (Booking.state.in_(GOING_ON), Booking.ends_at <= now)
        return (await self._session.scalars(select(Booking).where(Booking.guild_id == guild_id, *is_over))).all()
