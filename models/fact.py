"""Facts, appended and never changed: the source of every statistic."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Fact(Base):
    """One thing that happened, written in the transaction that made it happen."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "guild_id", "at"), Index(None, "request_id", "type"), Index(None, "member_id"))

    id: Mapped[Key] = mapped_column(init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(20))
    """What happened, as the code names it; plain text, so that a new fact needs no migration."""
    at: Mapped[datetime]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), default=None)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), default=None)
    needed_by: Mapped[datetime | None] = mapped_column(default=None)
    """When its request was needed, as it was said then: a later round has another date."""
