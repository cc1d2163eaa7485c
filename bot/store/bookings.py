"""Fifteen minutes that two people agreed on, the slots they can agree on, and whose time is spoken for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select

from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Appointment, Booking, Member, Occurrence, OfficeHours, Slot, Statement

GOING_ON = ("booked", "under_way")
"""The states of a booking that hold its slot."""
_IS_GOING_ON = Booking.state.in_(GOING_ON)


_OFFERED: Select[*tuple[Any, ...]] = (
    select(
        Slot.id, Slot.guild_id, Slot.host_id, Member.user_id, Member.languages, Slot.starts_at, Slot.ends_at,
        Slot.open_since, OfficeHours.id, OfficeHours.topics,
    )
    .join(Occurrence, Occurrence.id == Slot.occurrence_id)
    .join(OfficeHours, OfficeHours.id == Occurrence.office_hours_id)
    .join(Member, Member.id == Slot.host_id)
    .where(Occurrence.state == "planned", OfficeHours.is_walk_in.is_(False))
    .order_by(Slot.starts_at, Slot.id)
)  # fmt: skip
"""Slots that can be booked in advance, of hours that take place; columns instead of rows, for many are read at once."""


class Offered(NamedTuple):
    """A slot, and what has to be known of its host to tell whether a member may book it."""

    slot_id: int
    guild_id: int
    host_id: int
    host_user_id: int
    languages: frozenset[str]
    """Of the host."""
    starts_at: datetime
    ends_at: datetime
    open_since: datetime | None
    series_id: int
    topics: str | None
    """What these hours are about, where that was given."""
    line: str | None = None
    """The line of the host's profile that was asked for."""


class Hosted(NamedTuple):
    """A series of hours that has free slots, and what has to be known of its host to rank it."""

    series_id: int
    host_id: int
    host_user_id: int
    languages: frozenset[str]
    """Of the host."""
    topics: str | None
    """What these hours are about, where that was given."""


class Bookings(Store[Session]):
    """The store of bookings; booking and ending one need the community's lock."""

    def add(self: "Bookings[Writes]", booking: Booking) -> None:
        """Keep a new booking."""
        self._session.add(booking)

    async def get(self, booking_id: int) -> Booking | None:
        """Return the booking with this row id."""
        return await self._session.get(Booking, booking_id)

    async def hold(self: "Bookings[Writes]", booking_id: int) -> Booking | None:
        """Return the booking as it is now, and let no one else change it until the transaction ends."""
        return await self._session.scalar(
            select(Booking)
            .where(Booking.id == booking_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def hold_slot(self: "Bookings[Writes]", slot_id: int) -> Slot | None:
        """Do as `hold` for a slot."""
        return await self._session.scalar(
            select(Slot)
            .where(Slot.id == slot_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def find_picked(self, interaction_id: int) -> Booking | None:
        """Return the booking that came with this press."""
        return await self._session.scalar(select(Booking).where(Booking.interaction_id == interaction_id))

    async def going_on(self, member_id: int) -> Sequence[Booking]:
        """Return the bookings of a member, as host or asker, that aren't over, soonest first."""
        is_theirs = or_(Booking.host_id == member_id, Booking.asker_id == member_id)
        return (
            await self._session.scalars(
                select(Booking).where(is_theirs, _IS_GOING_ON).order_by(Booking.starts_at, Booking.id)
            )
        ).all()

    async def of_slot(self, slot_id: int) -> Booking | None:
        """Return the booking that holds a slot."""
        return await self._session.scalar(select(Booking).where(Booking.slot_id == slot_id, _IS_GOING_ON))

    async def has_booked(self, member_id: int) -> bool:
        """Tell whether a member has ever booked anything that they didn't cancel."""
        wanted = exists().where(Booking.asker_id == member_id, Booking.state != "cancelled")
        return bool(await self._session.scalar(select(wanted)))

    async def no_shows(self, member_id: int, since: datetime) -> list[datetime]:
        """Return when a member was waited for in vain as an asker, oldest first; what was excused doesn't count."""
        return list(
            await self._session.scalars(
                select(Booking.starts_at)
                .where(
                    Booking.asker_id == member_id,
                    Booking.missing == "asker",
                    Booking.is_excused.is_(False),
                    Booking.starts_at >= since,
                )
                .order_by(Booking.starts_at)
            )
        )

    async def busy(self, member_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> set[int]:
        """Return those of these members whose time is spoken for anywhere in [starts_at, ends_at)."""
        return set(
            await self._session.scalars(
                select(Appointment.member_id).where(
                    Appointment.member_id.in_(list(member_ids)),
                    Appointment.starts_at < ends_at,
                    Appointment.ends_at > starts_at,
                )
            )
        )

    async def busy_times(self, member_id: int, since: datetime) -> list[tuple[datetime, datetime]]:
        """Return (from, until) of everything that a member's time is taken for after a moment."""
        rows = await self._session.execute(
            select(Appointment.starts_at, Appointment.ends_at).where(
                Appointment.member_id == member_id, Appointment.ends_at > since
            )
        )
        return [(row.starts_at, row.ends_at) for row in rows]

    async def speak_for(self: "Bookings[Writes]", booking: Booking) -> None:
        """Speak for the time of both people.

        Raises:
            IntegrityError: one of them is somewhere else by then.
        """
        for member_id in (booking.host_id, booking.asker_id):
            self._session.add(
                Appointment(
                    booking_id=booking.id, member_id=member_id, starts_at=booking.starts_at, ends_at=booking.ends_at
                )
            )
        await self._session.flush()

    async def set_free(self: "Bookings[Writes]", booking_id: int) -> None:
        """Give both people their time back."""
        await self._session.execute(delete(Appointment).where(Appointment.booking_id == booking_id))

    async def open_series(self, guild_id: int, since: datetime) -> list[Hosted]:
        """Return a community's series that have free slots which begin at a moment or later, in no order."""
        free = (
            select(Occurrence.office_hours_id)
            .join(Slot, Slot.occurrence_id == Occurrence.id)
            .where(Slot.guild_id == guild_id, *_is_free(since), Occurrence.state == "planned")
        )
        rows = await self._session.execute(
            select(OfficeHours.id, Member.id, Member.user_id, Member.languages, OfficeHours.topics)
            .join(Member, Member.id == OfficeHours.host_id)
            .where(OfficeHours.id.in_(free), OfficeHours.is_walk_in.is_(False))
        )
        return [
            Hosted(series_id, host_id, user_id, frozenset(languages), topics)
            for series_id, host_id, user_id, languages, topics in rows
        ]

    async def open_slots(self, guild_id: int, since: datetime) -> list[Offered]:
        """Return a community's free slots that begin at a moment or later, soonest first."""
        return await self._read(_OFFERED.where(Slot.guild_id == guild_id, *_is_free(since)))

    async def slots_of(self, series_ids: Iterable[int], since: datetime, statement_ids: Iterable[int]) -> list[Offered]:
        """Return the free slots of some series that begin at a moment or later, soonest first.

        Each comes with that of these statements which is its host's.
        """
        is_line = and_(Statement.member_id == Slot.host_id, Statement.id.in_(list(statement_ids)))
        with_line = _OFFERED.add_columns(Statement.text).outerjoin(Statement, is_line)
        return await self._read(with_line.where(OfficeHours.id.in_(list(series_ids)), *_is_free(since)))

    async def unbooked(self, since: datetime, until: datetime, limit: int) -> list[Offered]:
        """Return free slots of all communities that begin in a while and weren't offered to anyone yet, by guild."""
        is_soon = and_(Slot.state == "open", Slot.starts_at > since, Slot.starts_at <= until)
        is_due = and_(is_soon, is_served(Slot.guild_id))
        return await self._read(_OFFERED.where(is_due, Slot.is_offered.is_(False)).limit(limit))

    async def slots(self, slot_ids: Iterable[int]) -> list[Offered]:
        """Return these slots, booked or not, soonest first."""
        return await self._read(_OFFERED.where(Slot.id.in_(list(slot_ids))))

    async def opened_with(self, slot: Offered) -> list[int]:
        """Return the slots of one host that were there, or free again, from the same moment on; the slot among them."""
        is_same = and_(Slot.host_id == slot.host_id, Slot.open_since == slot.open_since)
        return list(await self._session.scalars(select(Slot.id).where(or_(Slot.id == slot.slot_id, is_same))))

    async def taken(self, guild_id: int, since: datetime) -> tuple[int, int]:
        """Return (taken, all) of a community's slots that begin at a moment or later."""
        is_taken: ColumnElement[int] = func.count().filter(Slot.state != "open")
        row = (
            await self._session.execute(
                select(is_taken.label("taken"), func.count().label("all")).where(
                    Slot.guild_id == guild_id, Slot.starts_at >= since, Slot.state != "cancelled"
                )
            )
        ).one()
        return row.taken, row.all

    async def _read(self, wanted: Select[*tuple[Any, ...]]) -> list[Offered]:
        rows = await self._session.execute(wanted)
        return [
            Offered(slot_id, guild_id, host_id, user_id, frozenset(languages), *rest)
            for slot_id, guild_id, host_id, user_id, languages, *rest in rows
        ]


def _is_free(since: datetime) -> tuple[ColumnElement[bool], ...]:
    return Slot.state == "open", Slot.starts_at >= since
