"""Messages to be sent, written with the change that causes them."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Params, Snowflake, given


def new_nonce() -> str:
    """Return a nonce that no other letter has: 22 characters (Discord takes 25)."""
    return secrets.token_urlsafe(16)


class OutboxLetter(Base):
    """One message to be sent once; its words are made when it leaves, from the tables as they are then."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "due_at", "id"),
        Index(None, "guild_id", "sent_at"),
        Index(None, "guild_id", "first_attempt_at"),
        *(given(each) for each in ("request_id", "invitation_id", "occurrence_id", "booking_id", "waiting_id")),
        *(given(each) for each in ("member_id", "after_id")),
    )

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    """What it is, as the rooms of `bot.services` name their kinds; plain text, so that a new one needs no migration."""
    key: Mapped[str] = mapped_column(String(100), unique=True, insert_sentinel=True)
    """Names the occasion: the same occasion is written once. Rows that are added together are told apart by it."""
    due_at: Mapped[datetime | None]
    """When it may leave; none once it is sent or given up."""
    wanted_at: Mapped[datetime | None] = mapped_column(init=False, default=None)
    """When it was to leave as it was written, for an operator who asks later."""
    nonce: Mapped[str] = mapped_column(String(25), unique=True, default_factory=new_nonce)
    """Discord keeps one message for one nonce."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), default=None)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), default=None)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), default=None)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), default=None)
    waiting_id: Mapped[int | None] = mapped_column(ForeignKey("waiting.id", ondelete="CASCADE"), default=None)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), default=None)
    """The person it is for; none when it is for a channel."""
    text: Mapped[str | None] = mapped_column(String(60), default=None)
    """A notice's key in the catalogue."""
    params: Mapped[dict[str, str | int]] = mapped_column(Params, default_factory=dict)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), default=None)
    """A letter that has to be sent before this one."""
    is_public: Mapped[bool] = mapped_column(default=False)
    """Goes to the request's thread, because direct messages are closed."""
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[datetime | None] = mapped_column(default=None)
    leased_until: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(String(40), default=None)
    """Why it was given up."""
    channel_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    message_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)


class OutboxFile(Base):
    """A file that leaves with a letter; it is forgotten as soon as the letter has left, or never will."""

    __tablename__ = "outbox_file"
    __table_args__ = (Index(None, "request_id"),)

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Of its letter, which may be written later than the file."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    """None: it is about no request, and shows nothing of one."""
    name: Mapped[str] = mapped_column(String(100))
    """As the message shows it."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """What its author is shown of a look into it; none where it couldn't be read."""
