"""One idea a member can help with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, PackedVector, choice


class Statement(Base):
    """One expertise statement of a member, declared by them or learned from a question they helped with."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("member_id", "text_hash"),
        UniqueConstraint("member_id", "request_id"),
        Index(None, "request_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    """At most 200 characters where declared; a learned one is the question's own text."""
    text_hash: Mapped[str] = mapped_column(String(32))
    added_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(choice("source", "declared", "learned"), default="declared")
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), default=None)
    """The question it was learned from, and with which it goes."""
    is_muted: Mapped[bool] = mapped_column(default=False)
    """Kept, and never a reason to ask."""
    labels_since: Mapped[datetime | None] = mapped_column(default=None)
    """What happened to its invitations before this moment is forgotten."""


class StatementVector(Base):
    """A statement in one encoder's space."""

    __tablename__ = "statement_vector"
    __table_args__ = (Index(None, "model_id"),)

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    vector: Mapped[bytes] = mapped_column(PackedVector)
