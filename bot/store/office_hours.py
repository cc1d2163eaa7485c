"""When people offer time: series, their occurrences, and the slots of these."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Occurrence, OfficeHours, Slot


class OfficeHoursStore:
    """The store of office hours."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    def add(self, series: OfficeHours) -> None:
        """Keep a new series."""
        self._session.add(series)

    def add_occurrence(self, occurrence: Occurrence) -> None:
        """Keep a new occurrence."""
        self._session.add(occurrence)

    def add_slots(self, slots: Iterable[Slot]) -> None:
        """Keep new slots."""
        self._session.add_all(slots)

    async def get(self, series_id: int) -> OfficeHours | None:
        """Return the series with this row id, as it is now."""
        return await self._session.get(OfficeHours, series_id, populate_existing=True)

    async def occurrence(self, occurrence_id: int) -> Occurrence | None:
        """Return the occurrence with this row id, as it is now."""
        return await self._session.get(Occurrence, occurrence_id, populate_existing=True)

    async def slot(self, slot_id: int) -> Slot | None:
        """Return the slot with this row id, as it is now."""
        return await self._session.get(Slot, slot_id, populate_existing=True)

    async def find_submitted(self, interaction_id: int) -> OfficeHours | None:
        """Return the series that came with this confirmation."""
        return await self._session.scalar(select(OfficeHours).where(OfficeHours.interaction_id == interaction_id))

    async def slots(self, occurrence_id: int) -> Sequence[Slot]:
        """Return the slots of an occurrence, in order."""
        wanted = select(Slot).where(Slot.occurrence_id == occurrence_id).order_by(Slot.starts_at)
        return (await self._session.scalars(wanted.execution_options(populate_existing=True))).all()

    async def days(self, series_id: int) -> set[date]:
        """Return the days on which a series takes place, or would have."""
        return set(await self._session.scalars(select(Occurrence.day).where(Occurrence.office_hours_id == series_id)))

    async def planned_of(self, host_id: int, since: datetime) -> Sequence[Occurrence]:
        """Return what somebody offers that isn't over at a moment, in order."""
        wanted = select(Occurrence).where(
            Occurrence.host_id == host_id, Occurrence.state == "planned", Occurrence.ends_at > since
        )
        return (await self._session.scalars(wanted.order_by(Occurrence.starts_at, Occurrence.id))).all()
