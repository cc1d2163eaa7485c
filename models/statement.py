"""One idea somebody can help with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, choice


class Statement(Base):
    """One expertise statement of a member, with its vector."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("member_id", "text_hash"),
        Index(None, "model_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(200))
    text_hash: Mapped[str] = mapped_column(String(32))
    added_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(choice("source", "declared", "learned"), default="declared")
    is_muted: Mapped[bool] = mapped_column(default=False)
    """Kept, and never a reason to ask."""
    model_id: Mapped[str | None] = mapped_column(String(255), default=None)
    """The encoder that made the vector; another one's vectors can't be compared with it."""
    dimension: Mapped[int | None] = mapped_column(default=None)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """float32[dimension], little-endian, unit length."""
