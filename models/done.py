"""What people did that is counted, so that one person can't do it without end."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Done(Base):
    """One thing that a member did once; appended, never changed, and forgotten after a day."""

    __tablename__ = "done"
    __table_args__ = (Index(None, "member_id", "deed", "at"), Index(None, "at"))

    id: Mapped[Key] = mapped_column(init=False)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    deed: Mapped[str] = mapped_column(String(20))
    """Which of `bot.domain.limits.Deed`."""
    at: Mapped[datetime]
