"""Two moderators who had a reason to know who asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key


class Reveal(Base):
    """One moderator's wish to know who asked anonymously, and the second moderator who agreed; the audit of both."""

    __tablename__ = "reveal"
    __table_args__ = (
        Index(None, "request_id"), Index(None, "moderator_id"), Index(None, "second_moderator_id"), NEVER_REUSED,
    )  # fmt: skip

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    """In the moderator's words; the asker reads it."""
    created_at: Mapped[datetime]
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    second_moderator_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), default=None)
    revealed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
