"""What readers say about drafts, and what became of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSED, Base, Key, choice


class Feedback(Base):
    """What one reader says about a draft in one round; before it is sent, they alone see it."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("draft_id", "reader_id", "round"), Index(None, "reader_id"), NEVER_REUSED)

    id: Mapped[Key] = mapped_column(init=False)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    round: Mapped[int]
    created_at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(Text, default="")
    """What the draft says, in the reader's words."""
    strengths: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[str] = mapped_column(Text, default="")
    """To the author's questions."""
    uses_model: Mapped[bool] = mapped_column(default=False)
    """Some of the ideas are from a language model."""
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    """When its author first looked at it."""
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the reader was told what became of their points."""


class FeedbackPoint(Base):
    """One point of a reader, and what the author did with it."""

    __tablename__ = "feedback_point"
    __table_args__ = (UniqueConstraint("feedback_id", "ordinal"), NEVER_REUSED)

    id: Mapped[Key] = mapped_column(init=False)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    """From 1."""
    area: Mapped[str] = mapped_column(
        choice("area", "direction", "design", "analysis", "presentation"), default="presentation"
    )
    location: Mapped[str] = mapped_column(String(80), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[str] = mapped_column(choice("confidence", "sure", "fairly_sure", "a_guess"), default="sure")
    outcome: Mapped[str | None] = mapped_column(
        choice("outcome", "changed", "partly", "not_now", "differently"), default=None
    )
    outcome_note: Mapped[str | None] = mapped_column(Text, default=None)
    is_carried: Mapped[bool] = mapped_column(default=False)
    """Was open when a next round began, and its author hasn't said since what became of it."""


class JointNote(Base):
    """When readers of a draft compare their notes, and what they say together after it; one a round."""

    __tablename__ = "joint_note"
    __table_args__ = (Index(None, "proposer_id"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    written_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    """None yet: ""."""
    meets_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they compare their notes, as one of them proposed last."""
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), default=None)
    is_agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Another reader can make it."""
