"""A specific question."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, PackedVector, choice
from models.request import Request


class Question(Request, kw_only=True):
    """One person's specific question in one community."""

    __tablename__ = "question"
    __mapper_args__ = {"polymorphic_identity": "question", "polymorphic_load": "inline"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), primary_key=True, init=False)
    text: Mapped[str] = mapped_column(Text)
    """20–1,500 characters; personal, so kept out of logs and erased on request."""
    tried: Mapped[str | None] = mapped_column(Text, default=None)
    kind: Mapped[str] = mapped_column(
        choice("kind", "concept", "resource", "stuck", "method", "writing", "career", "morale"), default="concept"
    )
    is_english: Mapped[bool | None] = mapped_column(default=None)
    """As far as the detector could tell; none before it has looked. It says which encoder reads it best."""


class QuestionVector(Base):
    """A question in one encoder's space."""

    __tablename__ = "question_vector"
    __table_args__ = (Index(None, "model_id"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    vector: Mapped[bytes] = mapped_column(PackedVector)
