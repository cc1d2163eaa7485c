"""The queues of walk-in hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Occurrence, OfficeHours, QueuePlace

IN_LINE = ("waiting", "held", "invited")
"""The states of a place whose turn is still to come, or is now."""


class QueuePlaces(Store[Session]):
    """The store of places in queues; to change anything takes the community's lock."""

    def add(self: "QueuePlaces[Writes]", place: QueuePlace) -> None:
        """Keep a new place."""
        self._session.add(place)

    async def hold(self: "QueuePlaces[Writes]", place_id: int) -> QueuePlace | None:
        """Return the place as it is now."""
        return await self._session.get(QueuePlace, place_id, populate_existing=True)

    async def find(self, occurrence_id: int, member_id: int) -> QueuePlace | None:
        """Return a member's place in a queue, in any state."""
        return await self._session.scalar(
            select(QueuePlace)
            .where(QueuePlace.occurrence_id == occurrence_id, QueuePlace.member_id == member_id)
            .execution_options(populate_existing=True)
        )

    async def line(self, occurrence_id: int) -> Sequence[QueuePlace]:
        """Return whose turn is still to come or is now, whose it is first."""
        return (
            await self._session.scalars(
                select(QueuePlace)
                .where(QueuePlace.occurrence_id == occurrence_id, QueuePlace.state.in_(IN_LINE))
                .order_by(QueuePlace.since, QueuePlace.id)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def leave_all(self, member_id: int) -> None:
        """Give up every place of a member whose turn is still to come, or is now."""
        is_theirs = and_(QueuePlace.member_id == member_id, QueuePlace.state.in_(IN_LINE))
        for place in await self._session.scalars(select(QueuePlace).where(is_theirs)):
            place.state, place.held_until = "left", None

    async def run_out(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, place) of up to `limit` places that were held for long enough."""
        rows = await self._session.execute(
            select(Occurrence.guild_id, QueuePlace.id)
            .join(Occurrence, Occurrence.id == QueuePlace.occurrence_id)
            .where(QueuePlace.state == "held", QueuePlace.held_until <= now, is_served(Occurrence.guild_id))
            .order_by(Occurrence.guild_id, QueuePlace.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in rows]

    async def left_over(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, occurrence) of up to `limit` hours that are over, or won't be, with a person in line."""
        waited_for = select(QueuePlace.occurrence_id).where(QueuePlace.state.in_(IN_LINE))
        rows = await self._session.execute(
            select(Occurrence.guild_id, Occurrence.id)
            .where(
                or_(Occurrence.ends_at <= now, Occurrence.state != "planned"),
                Occurrence.id.in_(waited_for),
                is_served(Occurrence.guild_id),
            )
            .order_by(Occurrence.guild_id, Occurrence.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in rows]

    async def next_of(self, occurrence: Occurrence, now: datetime) -> Occurrence | None:
        """Return the next time that the same hours take place and aren't over."""
        return await self._session.scalar(
            select(Occurrence)
            .where(
                Occurrence.office_hours_id == occurrence.office_hours_id,
                Occurrence.state == "planned",
                Occurrence.starts_at > occurrence.starts_at,
                Occurrence.ends_at > now,
            )
            .order_by(Occurrence.starts_at)
            .limit(1)
        )

    async def begun(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, occurrence) of up to `limit` walk-in hours that take place now."""
        rows = await self._session.execute(
            select(Occurrence.guild_id, Occurrence.id)
            .join(OfficeHours, OfficeHours.id == Occurrence.office_hours_id)
            .where(
                OfficeHours.is_walk_in,
                Occurrence.state == "planned",
                Occurrence.starts_at <= now,
                Occurrence.ends_at > now,
                is_served(Occurrence.guild_id),
            )
            .order_by(Occurrence.guild_id, Occurrence.id)
            .limit(limit)
        )
        return [(guild_id, occurrence_id) for guild_id, occurrence_id in rows]

    async def is_walk_in(self, occurrence_id: int) -> bool:
        """Tell whether an hour has a queue, and takes place."""
        is_queue = and_(Occurrence.id == occurrence_id, Occurrence.state == "planned", OfficeHours.is_walk_in)
        found = select(Occurrence.id).join(OfficeHours, OfficeHours.id == Occurrence.office_hours_id).where(is_queue)
        return await self._session.scalar(found) is not None
