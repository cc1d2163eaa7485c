"""What happens in fifteen minutes and after them: what is due about bookings, and what both thought of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from bot.store.bookings import GOING_ON
from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Booking, Impression, Slot


class Meetings(Store[Session]):
    """The store of what comes of bookings; to change anything takes the community's lock."""

    async def due(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, booking) of up to `limit` bookings of which something is due, by community."""
        rows = await self._session.execute(
            select(Booking.guild_id, Booking.id)
            .where(Booking.state.in_(GOING_ON), Booking.next_look_at <= now, is_served(Booking.guild_id))
            .order_by(Booking.guild_id, Booking.next_look_at, Booking.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in rows]

    async def those(self, booking_ids: Iterable[int]) -> Sequence[Booking]:
        """Return these bookings as they are now, soonest first."""
        return (
            await self._session.scalars(
                select(Booking)
                .where(Booking.id.in_(list(booking_ids)))
                .order_by(Booking.next_look_at, Booking.id)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def is_wanted_next(self, booking: Booking, until: datetime) -> bool:
        """Tell whether either of both meets another person after this booking's end and not later than `until`.

        A slot that is kept for a member of the waitlist counts as taken.
        """
        both = (booking.host_id, booking.asker_id)
        follows = (Booking.starts_at >= booking.ends_at, Booking.starts_at <= until, Booking.state.in_(GOING_ON))
        theirs = or_(Booking.host_id.in_(both), Booking.asker_id.in_(both))
        promised = select(Slot.id).where(
            Slot.host_id == booking.host_id,
            Slot.state == "promised",
            Slot.starts_at >= booking.ends_at,
            Slot.starts_at <= until,
        )
        booked = select(Booking.id).where(theirs, Booking.id != booking.id, *follows)
        return any([await self._session.scalar(each.limit(1)) is not None for each in (booked, promised)])

    async def note_room(self: "Meetings[Writes]", booking_id: int, room_id: int) -> None:
        """Note which thread is a booking's own, without disturbing another change meanwhile."""
        await self._session.execute(
            update(Booking)
            .where(Booking.id == booking_id)
            .values(room_id=room_id)
            .execution_options(synchronize_session=False)
        )

    async def lose_room(self: "Meetings[Writes]", room_id: int) -> None:
        """Let people meet elsewhere when their own thread can't be used any more."""
        await self._session.execute(
            update(Booking)
            .where(Booking.room_id == room_id)
            .values(room_id=None)
            .execution_options(synchronize_session=False)
        )

    async def impression(self, booking_id: int, member_id: int) -> Impression | None:
        """Return what one of both thought of it, where they said so."""
        return await self._session.scalar(
            select(Impression)
            .where(Impression.booking_id == booking_id, Impression.member_id == member_id)
            .execution_options(populate_existing=True)
        )

    def add_impression(self: "Meetings[Writes]", impression: Impression) -> None:
        """Keep what one of both thought of it."""
        self._session.add(impression)
