"""What two people agreed to keep for others."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key


class KeptAnswer(Base):
    """A question and its answer in the words of those who agree to keep it; kept once both have agreed."""

    __tablename__ = "kept_answer"
    __table_args__ = (Index(None, "helper_id"), NEVER_REUSED)

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), unique=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    """Both personal, so kept out of logs and erased on request."""
    created_at: Mapped[datetime]
    asker_agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When each agreed to these very words; a change asks the other again."""
    helper_agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    declined_at: Mapped[datetime | None] = mapped_column(default=None)
    """One of them would rather not; the words are gone then."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
