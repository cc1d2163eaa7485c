"""A request tied to a person who was asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, orm_insert_sentinel

from models.base import NEVER_REUSED, Base, Key, choice


class Invitation(Base):
    """One person asked to help with one request, or with one round of it, and why they were."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(None, "member_id", "created_at", "state"),
        UniqueConstraint("request_id", "member_id", "round"),
        Index(None, "statement_id"),
        Index(None, "state", "expires_at"),
        Index(None, "referrer_id"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id", ondelete="SET NULL"))
    """The statement that matched best; its words are the reason shown."""
    created_at: Mapped[datetime]
    expertise: Mapped[float]
    availability: Mapped[float]
    freshness: Mapped[float]
    policy_version: Mapped[str] = mapped_column(String(20))
    dense: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    """How near in meaning, in standard deviations from the community's middle; so are the next three."""
    profile: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    bm25: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    tfidf: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    is_exploratory: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Asked in the seat that is kept for people who are seldom asked."""
    wave: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """Of a draft, for which they were asked: each time they are asked again is a row of its own, and costs as much."""
    state: Mapped[str] = mapped_column(
        choice(
            "state",
            "asked",
            "taken",
            "passed",
            "undelivered",
            "withdrawn",
            "expired",
            "referred",
            "off_topic",
            "released",
            "alternate",
        ),
        default="asked",
    )
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the place of a person who hasn't answered goes to the next person; once taken, when the claim ends."""
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), default=None)
    """In whose name they were asked, outside the places that routing fills."""
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)
    _sentinel: Mapped[int | None] = orm_insert_sentinel()
    """Lets SQLAlchemy add many rows in one statement; means nothing afterwards."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
