"""A community, and what it chose."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Snowflake


class Guild(Base):
    """A Discord server that Morsel has met."""

    __tablename__ = "guild"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when the bot isn't in it any more; nothing of it is acted on meanwhile."""


class GuildSettings(Base):
    """What a community chose; every number has the product's default."""

    __tablename__ = "guild_settings"

    guild_id: Mapped[int] = mapped_column(
        ForeignKey("guild.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    help_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    panel_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """Where the panel is; a forum's panel is a post, so this is a thread then."""
    panel_message_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    private_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """A text channel for private threads, where the help channel is a forum, which has none."""
    moderator_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """Where moderators read what no one has answered."""
    meeting_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """Where people meet for fifteen minutes: a voice channel, or a text channel in whose threads they do."""
    room_channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """A text channel in which each booked fifteen minutes get a private thread of their own; none: they get none."""
    open_limit: Mapped[int] = mapped_column(default=3)
    """Questions one person may have waiting at once."""
    digest_week: Mapped[int | None] = mapped_column(default=None)
    """The last week of which moderators had a digest, counted from the first Monday of 1970; none: they want none."""
