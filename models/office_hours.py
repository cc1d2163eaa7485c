"""Times at which a host helps the people who come: the series, its occurrences and their slots."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, Snowflake, choice

UNCONFIRMED = text("confirmed_at IS NULL")
"""Looked at, and not offered yet."""
GOING_ON = text("ended_at IS NULL")


class OfficeHours(Base):
    """When one person offers time, on their own clock: wall time, zone and rule are the truth."""

    __tablename__ = "office_hours"
    __table_args__ = (
        Index(None, "guild_id", "ended_at"),
        Index(None, "host_id"),
        Index(None, "created_at", sqlite_where=UNCONFIRMED, postgresql_where=UNCONFIRMED),
        Index(None, "guild_id", sqlite_where=GOING_ON, postgresql_where=GOING_ON),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    interaction_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True)
    """Discord's id of the confirmation: the same one twice is kept once."""
    zone: Mapped[str] = mapped_column(String(64))
    first: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    """Wall clock; not later than `begins` means the day after."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When its host said yes; none: they are only looking at what was understood, and no one else sees it."""
    typed: Mapped[str] = mapped_column(String(200), default="")
    """As it was typed, to be changed."""
    rule: Mapped[str] = mapped_column(String(200), default="")
    """An RFC 5545 rule; empty is once."""
    topics: Mapped[str | None] = mapped_column(Text, default=None)
    """What it is about; none: what the host's profile says. Personal, so kept out of logs and erased on request."""
    is_walk_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    """One queue instead of slots that are booked."""
    planned_until: Mapped[datetime | None] = mapped_column(default=None)
    """Up to when its occurrences are there; none: nothing was planned yet."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Occurrence(Base):
    """One time that a host's office hours take place."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("office_hours_id", "day"),
        Index(None, "guild_id", "starts_at"),
        Index(None, "host_id", "starts_at"),
        Index(None, "state", "ends_at"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    office_hours_id: Mapped[int] = mapped_column(ForeignKey("office_hours.id", ondelete="CASCADE"))
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    day: Mapped[date]
    """On the host's calendar: its name within the series, which no change of the clocks moves."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_moved: Mapped[bool] = mapped_column(default=False)
    """Its wall time is skipped by a change of the clocks."""
    state: Mapped[str] = mapped_column(choice("state", "planned", "cancelled", "superseded"), default="planned")
    """Superseded where its series moved to other days, which may be taken back."""
    event_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """Discord's scheduled event."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Slot(Base):
    """Fifteen minutes that one person can book."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "starts_at"),
        Index(None, "guild_id", "state", "starts_at"),
        Index(None, "state", "starts_at"),
        Index(None, "host_id", "open_since"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(choice("state", "open", "promised", "booked", "cancelled"), default="open")
    """Promised while a member from the waitlist may take it before everyone else."""
    open_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is there, or free again."""
    is_offered: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Was offered to askers of matching questions, which happens once."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class QueuePlace(Base):
    """A member's place in the queue of a walk-in hour."""

    __tablename__ = "queue_place"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "member_id"),
        Index(None, "state", "held_until"),
        Index(None, "member_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(Text)
    """One, specific; personal, so kept out of logs and erased on request."""
    since: Mapped[datetime]
    """By which the queue is ordered; a person who was carried over comes first with an earlier moment."""
    state: Mapped[str] = mapped_column(
        choice("state", "waiting", "held", "invited", "seen", "left", "carried_over"), default="waiting"
    )
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    interaction_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True, default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
