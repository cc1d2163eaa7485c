"""A person in one community."""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, Snowflake, Tags, choice


class Member(Base):
    """A person in one community: what they chose, opted in or not."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("guild_id", "user_id"), Index(None, "user_id"), NEVER_REUSED)

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    user_id: Mapped[Snowflake] = mapped_column(BigInteger)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when they aren't in the community any more; what they chose waits for their return."""
    is_helper: Mapped[bool] = mapped_column(default=False)
    """Opted in to being asked."""
    rate: Mapped[str] = mapped_column(choice("rate", "never", "one_a_week", "one_a_day", "more"), default="one_a_day")
    learning: Mapped[str | None] = mapped_column(Text, default=None)
    languages: Mapped[list[str]] = mapped_column(Tags, default_factory=list)
    """Language tags, most comfortable first."""
    zone: Mapped[str | None] = mapped_column(String(64), default=None)
    """An IANA name."""
    begins: Mapped[time | None] = mapped_column(default=None)
    ends: Mapped[time | None] = mapped_column(default=None)
    """Usual hours on the person's own clock; the end may lie after midnight."""
    longest_read: Mapped[int | None] = mapped_column(default=None)
    """Minutes of the longest draft this person would read; none: they read no drafts."""
    read_areas: Mapped[list[str]] = mapped_column(Tags, default_factory=list)
    """What they would give feedback on; none chosen: anything."""
    learns_from_help: Mapped[bool] = mapped_column(default=False)
    """Consents to statements learned from questions they helped with."""
    direct_messages: Mapped[str] = mapped_column(
        choice("direct_messages", "unknown", "open", "closed"), default="unknown"
    )
    told_closed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When this person last read that their direct messages are closed."""
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when this person isn't asked; none while they may be asked."""
    paused_until: Mapped[datetime | None] = mapped_column(default=None)
    """When the pause ends by itself; none means when they say so."""
    silences: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Invitations in a row that ran out without a word."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
