"""Who helped which asker, on what, when, and how it went."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, choice


class HelpInteraction(Base):
    """One helper's part in one request: many people may help one, and one may help many."""

    __tablename__ = "help_interaction"
    __table_args__ = (UniqueConstraint("request_id", "helper_id"), Index(None, "helper_id"), Index(None, "asker_id"))

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    """The helper's first message in the thread; its words are never read."""
    outcome: Mapped[str | None] = mapped_column(choice("outcome", "helped", "partly", "not_yet"), default=None)
    outcome_at: Mapped[datetime | None] = mapped_column(default=None)
