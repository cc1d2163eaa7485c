"""Fifteen minutes that two people agreed on, and the members who wait for some."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, Snowflake, choice, given

GOING_ON = text("state IN ('booked', 'under_way')")
"""Holds its slot."""
NO_OVERLAP = ExcludeConstraint(
    (text("int8range(member_id, member_id, '[]')"), "&&"),
    (text("tstzrange(starts_at, ends_at)"), "&&"),
    name="ex_appointment_overlap",
    using="gist",
).ddl_if(dialect="postgresql")
"""Ranges of one number each: GiST has no plain integers without an extension."""


class Booking(Base):
    """One person's fifteen minutes with another."""

    __tablename__ = "booking"
    __table_args__ = (
        Index("uq_booking_slot_id", "slot_id", unique=True, sqlite_where=GOING_ON, postgresql_where=GOING_ON),
        Index(None, "host_id", "starts_at"),
        Index(None, "asker_id", "starts_at"),
        Index(None, "state", "next_look_at"),
        Index(None, "guild_id", "starts_at"),
        given("request_id"),
        given("room_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    interaction_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True)
    """Discord's id of the pick: the same one twice is kept once."""
    question: Mapped[str] = mapped_column(Text)
    """20–1,500 characters; personal, so kept out of logs and erased on request."""
    booked_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(
        choice("state", "booked", "under_way", "held", "not_found", "cancelled"), default="booked"
    )
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"), default=None)
    """The question it came from, where there is one."""
    next_look_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the next step of it is due: a reminder, the start, a look whether both came, the end."""
    host_here_at: Mapped[datetime | None] = mapped_column(default=None)
    asker_here_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_by: Mapped[str | None] = mapped_column(choice("cancelled_by", "host", "asker", "moderator"), default=None)
    note: Mapped[str | None] = mapped_column(Text, default=None)
    """Why it was cancelled late; personal."""
    missing: Mapped[str | None] = mapped_column(choice("missing", "host", "asker", "both"), default=None)
    """Who didn't come, where they couldn't find each other; only these two ever see it."""
    is_excused: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A moderator agreed that not coming doesn't count."""
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Raised with every change, for calendars."""
    thread_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """The thread of the question it came from, in which both are reminded."""
    room_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """A private thread of its own, where both meet."""
    uid: Mapped[str] = mapped_column(String(64), default_factory=lambda: str(uuid4()), server_default=text("''"))
    """By which calendars know it, in the whole world and through every change."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Appointment(Base):
    """One person's time that a booking speaks for, for as long as it is going on: no one is in two places at once.

    PostgreSQL excludes what overlaps; SQLite's one writer looks before it writes. With five minutes more the whole is
    spoken for again; once it is over it is in no one's way.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("booking_id", "member_id"),
        UniqueConstraint("member_id", "starts_at"),
        NO_OVERLAP,
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Impression(Base):
    """What one of both thought of their fifteen minutes; no one but them reads the note."""

    __tablename__ = "impression"
    __table_args__ = (UniqueConstraint("booking_id", "member_id"), Index(None, "member_id"), NEVER_REUSED)

    id: Mapped[Key] = mapped_column(init=False)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    helped: Mapped[str | None] = mapped_column(choice("helped", "helped", "partly", "not_yet"), default=None)
    note: Mapped[str | None] = mapped_column(Text, default=None)
    """Personal."""


class WaitlistPlace(Base):
    """A member who would like fifteen minutes as soon as some are free."""

    __tablename__ = "waiting"
    __table_args__ = (
        Index(None, "guild_id", "state", "since"),
        Index(None, "member_id"),
        Index(None, "state", "offer_ends_at"),
        given("request_id"),
        given("host_id"),
        given("slot_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    interaction_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True)
    question: Mapped[str] = mapped_column(Text)
    """One, specific; personal, so kept out of logs and erased on request."""
    since: Mapped[datetime]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"), default=None)
    """The question it came from, where there is one."""
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), default=None)
    """The host; none: anyone who matches."""
    is_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Comes before others, for the last time they couldn't find each other."""
    is_unasked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """They were told of a slot that they hadn't looked for, which counts as asking for their attention."""
    state: Mapped[str] = mapped_column(
        choice("state", "looking", "waiting", "offered", "booked", "left"), default="waiting"
    )
    """Looking: only looks through what is free, and is forgotten after a day."""
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="SET NULL"), default=None)
    """Offered to them now."""
    offer_ends_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
