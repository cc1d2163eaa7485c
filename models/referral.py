"""A person who was asked knows another person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Referral(Base):
    """A wish that a member be asked in the referrer's name; it waits until they may be, and is gone once they are."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("request_id", "member_id"), Index(None, "member_id"), Index(None, "referrer_id"))

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    referrer_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
