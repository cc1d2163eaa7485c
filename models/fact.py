"""Facts, appended and never changed: the source of every statistic."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, choice


class Fact(Base):
    """One thing that happened, written in the transaction that made it happen."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "guild_id", "at"), Index(None, "request_id", "type"), Index(None, "member_id"))

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(
        choice(
            "type",
            "asked",
            "invited",
            "taken",
            "passed",
            "undelivered",
            "answered",
            "helped",
            "partly",
            "not_yet",
            "closed",
            "off_topic",
            "expired",
            "released",
            "referred",
            "archived",
            "reopened",
            "kept",
            "revealed",
            "offered",
            "booked",
            "unbooked",
            "held",
            "not_found",
            "waitlisted",
        )
    )
    at: Mapped[datetime]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), default=None)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), default=None)
