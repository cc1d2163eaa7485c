"""When people offer time: series, their occurrences, and the slots of these."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, update

from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Member, Occurrence, OfficeHours, Slot

_GOES_ON = and_(OfficeHours.confirmed_at.is_not(None), OfficeHours.ended_at.is_(None))
_IS_PLANNED = Occurrence.state == "planned"
_FRESH = {"populate_existing": True}
"""A row that was read before waiting for a lock is read again."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One time that anyone may come to, as everyone sees it."""

    occurrence_id: int
    host_id: int
    host_user_id: int
    topics: str | None = field(repr=False)
    is_walk_in: bool
    starts_at: datetime
    ends_at: datetime
    free: int
    """Slots that can be booked."""


class OfficeHoursStore(Store[Session]):
    """The store of office hours; every change needs the community's lock."""

    def add(self: "OfficeHoursStore[Writes]", series: OfficeHours) -> None:
        """Keep a new series."""
        self._session.add(series)

    def add_occurrence(self: "OfficeHoursStore[Writes]", occurrence: Occurrence) -> None:
        """Keep a new occurrence."""
        self._session.add(occurrence)

    def add_slots(self: "OfficeHoursStore[Writes]", slots: Iterable[Slot]) -> None:
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
        """Return the series that came with this submission."""
        return await self._session.scalar(select(OfficeHours).where(OfficeHours.interaction_id == interaction_id))

    async def slots(self, occurrence_id: int) -> Sequence[Slot]:
        """Return the slots of an occurrence, in order."""
        wanted = select(Slot).where(Slot.occurrence_id == occurrence_id).order_by(Slot.starts_at)
        return (await self._session.scalars(wanted.execution_options(**_FRESH))).all()

    async def days(self, series_id: int) -> set[date]:
        """Return the days on which a series takes place, or would have."""
        return set(await self._session.scalars(select(Occurrence.day).where(Occurrence.office_hours_id == series_id)))

    async def coming(self, series_id: int, since: datetime) -> Sequence[Occurrence]:
        """Return a series' occurrences that begin after a moment, in any state, in order."""
        wanted = select(Occurrence).where(Occurrence.office_hours_id == series_id, Occurrence.starts_at > since)
        ordered = wanted.order_by(Occurrence.starts_at, Occurrence.id).execution_options(**_FRESH)
        return (await self._session.scalars(ordered)).all()

    async def planned_of(self, host_id: int, since: datetime) -> Sequence[Occurrence]:
        """Return what a host offers that isn't over at a moment, in order."""
        wanted = select(Occurrence).where(Occurrence.host_id == host_id, _IS_PLANNED, Occurrence.ends_at > since)
        ordered = wanted.order_by(Occurrence.starts_at, Occurrence.id).execution_options(**_FRESH)
        return (await self._session.scalars(ordered)).all()

    async def with_event(self, guild_id: int, since: datetime) -> int:
        """Count what takes place in a community, isn't over at a moment, and is on Discord's calendar."""
        is_counted = and_(Occurrence.guild_id == guild_id, Occurrence.event_id.is_not(None), Occurrence.ends_at > since)
        counted = select(func.count()).select_from(Occurrence).where(is_counted, _IS_PLANNED)
        # An hour lasts a day at most, and only the beginning is indexed.
        return await self._session.scalar(counted.where(Occurrence.starts_at > since - timedelta(days=1))) or 0

    async def going_on(self, host_id: int) -> Sequence[OfficeHours]:
        """Return the series that a host has confirmed and not ended, oldest first."""
        wanted = select(OfficeHours).where(OfficeHours.host_id == host_id, _GOES_ON).order_by(OfficeHours.id)
        return (await self._session.scalars(wanted.execution_options(**_FRESH))).all()

    async def opened_in_week(self, host_id: int, monday: date, besides: int = 0) -> int:
        """Count the slots that a host has in a week on their calendar, those of one occurrence left out."""
        is_in_week = Occurrence.day.between(monday, monday + timedelta(days=6))
        is_counted = and_(Occurrence.host_id == host_id, is_in_week, _IS_PLANNED, Occurrence.id != besides)
        counted = select(func.count()).select_from(Slot).join(Occurrence, Occurrence.id == Slot.occurrence_id)
        return await self._session.scalar(counted.where(is_counted, Slot.state != "cancelled")) or 0

    async def due(self, until: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, id) of up to `limit` series whose occurrences aren't there up to a moment, by guild."""
        is_short = or_(OfficeHours.planned_until.is_(None), OfficeHours.planned_until < until)
        wanted = select(OfficeHours.guild_id, OfficeHours.id).where(_GOES_ON, is_short, is_served(OfficeHours.guild_id))
        rows = await self._session.execute(wanted.order_by(OfficeHours.guild_id, OfficeHours.id).limit(limit))
        return [(row.guild_id, row.id) for row in rows]

    async def forget(self: "OfficeHoursStore[Writes]", series_id: int) -> None:
        """Forget a series that its host never confirmed; one that they did stays."""
        is_draft = and_(OfficeHours.id == series_id, OfficeHours.confirmed_at.is_(None))
        await self._session.execute(delete(OfficeHours).where(is_draft))

    async def forget_before(self: "OfficeHoursStore[Writes]", moment: datetime) -> None:
        """Forget every series that was looked at before a moment and never confirmed."""
        is_old = and_(OfficeHours.created_at < moment, OfficeHours.confirmed_at.is_(None))
        await self._session.execute(delete(OfficeHours).where(is_old))

    async def note_event(self: "OfficeHoursStore[Writes]", occurrence_id: int, event_id: int | None) -> None:
        """Note which event of Discord's stands for an occurrence, without disturbing another change meanwhile."""
        await self._session.execute(
            update(Occurrence)
            .where(Occurrence.id == occurrence_id)
            .values(event_id=event_id)
            .execution_options(synchronize_session=False)
        )

    async def browse(self, guild_id: int, since: datetime) -> list[Coming]:
        """Return what takes place in a community and isn't over at a moment, soonest first."""
        free = (
            select(func.count())
            .where(Slot.occurrence_id == Occurrence.id, Slot.state == "open", Slot.starts_at > since)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(
                Occurrence.id, Occurrence.host_id, Member.user_id, OfficeHours.topics, OfficeHours.is_walk_in,
                Occurrence.starts_at, Occurrence.ends_at, free,
            )
            .join(OfficeHours, OfficeHours.id == Occurrence.office_hours_id)
            .join(Member, Member.id == Occurrence.host_id)
            .where(Occurrence.guild_id == guild_id, _IS_PLANNED, Occurrence.ends_at > since)
            .order_by(Occurrence.starts_at, Occurrence.id)
        )  # fmt: skip
        return [Coming(*row) for row in rows]
