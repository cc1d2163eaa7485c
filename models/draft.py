"""A draft that its author wants feedback on."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PackedVector, Snowflake, Tags, choice
from models.request import Request


class Draft(Request, kw_only=True):
    """One author's draft in one community; the draft itself is never kept, only what its author says about it."""

    __tablename__ = "draft"
    __mapper_args__ = {"polymorphic_identity": "draft", "polymorphic_load": "selectin"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), primary_key=True, init=False)
    about: Mapped[str] = mapped_column(Text)
    """Title and abstract, or what it is about: 40–3,000 characters.

    It and the questions are all that readers are found by.
    """
    questions: Mapped[list[str]] = mapped_column(Tags, default_factory=list)
    """What readers should answer."""
    link: Mapped[str | None] = mapped_column(String(500), default=None)
    """Where the draft is; the bot never opens it."""
    file_format: Mapped[str | None] = mapped_column(choice("file_format", "pdf", "markdown", "text"), default=None)
    """What its file is; none where there is no file. The bytes wait in the outbox until the thread has them."""
    review_text: Mapped[str | None] = mapped_column(Text, default=None)
    """A review that is the draft; forgotten 14 days after its deadline."""
    part: Mapped[str | None] = mapped_column(String(200), default=None)
    """Which part of it is to be read, in its author's words; none: all of it."""
    changes: Mapped[str | None] = mapped_column(Text, default=None)
    """What changed since the round before, in its author's words."""
    words: Mapped[int] = mapped_column(default=0)
    """Of what readers are asked to read; 0 while its author hasn't said."""
    whole_words: Mapped[int] = mapped_column(default=0)
    """Of all of it."""
    stage: Mapped[str] = mapped_column(
        choice("stage", "idea", "outline", "draft", "camera_ready", "review", "rebuttal", "talk", "code"),
        default="draft",
    )
    areas: Mapped[list[str]] = mapped_column(Tags, default_factory=list)
    """What feedback is wanted on; none: anything."""
    readers: Mapped[int] = mapped_column(default=2)
    """How many people are to read it: 1–3."""
    may_read: Mapped[bool] = mapped_column(default=False)
    """Its author lets the bot read the text, so that readers fit better; the text isn't kept for that."""
    may_show: Mapped[bool] = mapped_column(default=False)
    """Its author says that their venue allows to show it."""
    round: Mapped[int] = mapped_column(default=1)
    round_at: Mapped[datetime | None] = mapped_column(default=None)
    """When this round began; none before the first."""
    is_english: Mapped[bool | None] = mapped_column(default=None)


class CoAuthor(Base):
    """A person who wrote a draft too: they are never asked to read it."""

    __tablename__ = "co_author"

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[Snowflake] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class DraftVector(Base):
    """What a draft is routed by, in one encoder's space."""

    __tablename__ = "draft_vector"
    __table_args__ = (Index(None, "model_id"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    vector: Mapped[bytes] = mapped_column(PackedVector)
