"""Bookings: fifteen minutes that two people agreed on."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import Booking


class Bookings:
    """The store of bookings."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    def add(self, booking: Booking) -> None:
        """Keep a new booking."""
        self._session.add(booking)
