"""What is routed to people: the parent of questions, and of other kinds."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from models.base import NEVER_REUSED, Base, Key, Snowflake, choice


class KindName(TypeDecorator[str]):
    """The name of a kind of request, kept as plain text: a new kind needs no migration."""

    impl = String(20)
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:
        """Return the name.

        Raises:
            ValueError: there is no such kind.
        """
        if value is not None and value in Request.__mapper__.polymorphic_map:
            return value
        msg = "no kind of request"
        raise ValueError(msg)


class Request(Base):
    """One person's request to a community."""

    __tablename__ = "request"
    __table_args__ = (
        Index(None, "guild_id", "created_at"),
        Index(None, "asker_id", "state"),
        Index(None, "state", "next_look_at"),
        Index(None, "state", "looked_at"),
        NEVER_REUSED,
    )

    id: Mapped[Key] = mapped_column(init=False)
    type: Mapped[str] = mapped_column(KindName, init=False)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guild.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    interaction_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True)
    """Discord's id of the submission: the same one twice is kept once."""
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(
        choice("state", "waiting", "taken", "answered", "resolved", "closed", "unposted", "archived"), default="waiting"
    )
    urgency: Mapped[str] = mapped_column(choice("urgency", "today", "this_week", "whenever"), default="this_week")
    visibility: Mapped[str] = mapped_column(
        choice("visibility", "public", "matched", "anonymous", "matched_anonymous"), default="public"
    )
    close_reason: Mapped[str | None] = mapped_column(
        choice("close_reason", "asker", "moderator", "thread_gone", "not_posted", "rephrased", "left", "withdrawn"),
        default=None,
    )
    thread_id: Mapped[Snowflake | None] = mapped_column(BigInteger, unique=True, default=None)
    post_id: Mapped[Snowflake | None] = mapped_column(BigInteger, default=None)
    """The message that opened the thread: it says how the request stands."""
    needed_by: Mapped[datetime | None] = mapped_column(default=None)
    """From when on an answer is of no use any more; none: it always is."""
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when the asker waits for an answer; begins again when a question is opened again."""
    next_look_at: Mapped[datetime | None] = mapped_column(default=None)
    """When its free places are looked at again; none while all are filled, or there is no one left to ask."""
    looked_at: Mapped[datetime | None] = mapped_column(default=None)
    """When its thread was last looked through for answers that Discord didn't tell of."""
    extra_invitations: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """People its asker wanted asked beyond the usual number."""
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"polymorphic_on": "type", "version_id_col": version}  # noqa: RUF012
