"""Whoever would like fifteen minutes as soon as some are free."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import Waiting


class Waitlist:
    """The store of the waitlist."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    def add(self, waiting: Waiting) -> None:
        """Keep what somebody would like fifteen minutes for."""
        self._session.add(waiting)
