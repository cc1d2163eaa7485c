"""The first question, asked and answered: communities, people, what they know, and what is sent to which person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts by itself only in an INTEGER column


def upgrade() -> None:
    create_guild()
    create_guild_settings()
    create_member()
    create_statement()
    create_request()
    create_question()
    create_invitation()
    create_help_interaction()
    create_outbox()
    create_event()


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("outbox")
    op.drop_table("help_interaction")
    op.drop_table("invitation")
    op.drop_table("question")
    op.drop_table("request")
    op.drop_table("statement")
    op.drop_table("member")
    op.drop_table("guild_settings")
    op.drop_table("guild")


def one_of(name: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(name))


def references(name: str, column: str, table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(name), ondelete=ondelete)


def create_guild() -> None:
    op.create_table(
        "guild",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guild")),
    )


def create_guild_settings() -> None:
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("help_channel_id", sa.BigInteger),
        sa.Column("panel_channel_id", sa.BigInteger),
        sa.Column("panel_message_id", sa.BigInteger),
        sa.Column("open_limit", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_guild_settings")),
        references("fk_guild_settings_guild_id_guild", "guild_id", "guild"),
    )


def create_member() -> None:
    op.create_table(
        "member",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("is_helper", sa.Boolean, nullable=False),
        sa.Column("rate", sa.String(10), nullable=False),
        sa.Column("learning", sa.Text),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("begins", sa.Time),
        sa.Column("ends", sa.Time),
        sa.Column("learns_from_help", sa.Boolean, nullable=False),
        sa.Column("direct_messages", sa.String(7), nullable=False),
        sa.Column("told_closed_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_member_guild_id_user_id")),
        references("fk_member_guild_id_guild", "guild_id", "guild"),
        one_of("ck_member_rate", "rate", "never", "one_a_week", "one_a_day", "more"),
        one_of("ck_member_direct_messages", "direct_messages", "unknown", "open", "closed"),
        sqlite_autoincrement=True,
    )


def create_statement() -> None:
    op.create_table(
        "statement",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("is_muted", sa.Boolean, nullable=False),
        sa.Column("model_id", sa.String(255)),
        sa.Column("dimension", sa.Integer),
        sa.Column("vector", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("member_id", "text_hash", name=op.f("uq_statement_member_id_text_hash")),
        references("fk_statement_member_id_member", "member_id", "member"),
        one_of("ck_statement_source", "source", "declared", "learned"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_statement_model_id"), "statement", ["model_id"])


def create_request() -> None:
    op.create_table(
        "request",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("type", sa.String(8), nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("asker_id", ROW_ID, nullable=False),
        sa.Column("interaction_id", sa.BigInteger),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("urgency", sa.String(9), nullable=False),
        sa.Column("visibility", sa.String(9), nullable=False),
        sa.Column("close_reason", sa.String(11)),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_request_interaction_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_request_thread_id")),
        references("fk_request_guild_id_guild", "guild_id", "guild"),
        references("fk_request_asker_id_member", "asker_id", "member"),
        one_of("ck_request_type", "type", "question"),
        one_of("ck_request_state", "state", "waiting", "taken", "answered", "resolved", "closed"),
        one_of("ck_request_urgency", "urgency", "today", "this_week", "whenever"),
        one_of("ck_request_visibility", "visibility", "public", "matched", "anonymous"),
        one_of("ck_request_close_reason", "close_reason", "asker", "moderator", "thread_gone", "not_posted"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_request_guild_id_created_at"), "request", ["guild_id", "created_at"])
    op.create_index(op.f("ix_request_asker_id_state"), "request", ["asker_id", "state"])


def create_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("tried", sa.Text),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("model_id", sa.String(255)),
        sa.Column("vector", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        references("fk_question_id_request", "id", "request"),
        one_of("ck_question_kind", "kind", "concept", "resource", "stuck", "method", "writing", "career", "morale"),
    )


def create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("statement_id", ROW_ID),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expertise", sa.Double, nullable=False),
        sa.Column("availability", sa.Double, nullable=False),
        sa.Column("freshness", sa.Double, nullable=False),
        sa.Column("policy_version", sa.String(20), nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("request_id", "member_id", name=op.f("uq_invitation_request_id_member_id")),
        references("fk_invitation_request_id_request", "request_id", "request"),
        references("fk_invitation_member_id_member", "member_id", "member"),
        references("fk_invitation_statement_id_statement", "statement_id", "statement", ondelete="SET NULL"),
        one_of(
            "ck_invitation_state",
            "state",
            *("asked", "taken", "passed", "undelivered", "withdrawn", "expired", "referred"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitation_member_id_created_at"), "invitation", ["member_id", "created_at"])


def create_help_interaction() -> None:
    op.create_table(
        "help_interaction",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("helper_id", ROW_ID, nullable=False),
        sa.Column("asker_id", ROW_ID, nullable=False),
        sa.Column("taken_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("outcome", sa.String(7)),
        sa.Column("outcome_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_interaction")),
        sa.UniqueConstraint("request_id", "helper_id", name=op.f("uq_help_interaction_request_id_helper_id")),
        references("fk_help_interaction_request_id_request", "request_id", "request"),
        references("fk_help_interaction_helper_id_member", "helper_id", "member"),
        references("fk_help_interaction_asker_id_member", "asker_id", "member"),
        one_of("ck_help_interaction_outcome", "outcome", "helped", "partly", "not_yet"),
    )
    op.create_index(op.f("ix_help_interaction_helper_id"), "help_interaction", ["helper_id"])


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("nonce", sa.String(25), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("request_id", ROW_ID),
        sa.Column("invitation_id", ROW_ID),
        sa.Column("member_id", ROW_ID),
        sa.Column("text", sa.String(60)),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("after_id", ROW_ID),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_attempt_at", MOMENT),
        sa.Column("leased_until", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("failure", sa.String(40)),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("nonce", name=op.f("uq_outbox_nonce")),
        references("fk_outbox_guild_id_guild", "guild_id", "guild"),
        references("fk_outbox_request_id_request", "request_id", "request"),
        references("fk_outbox_invitation_id_invitation", "invitation_id", "invitation"),
        references("fk_outbox_member_id_member", "member_id", "member"),
        references("fk_outbox_after_id_outbox", "after_id", "outbox"),
        one_of(
            "ck_outbox_kind",
            "kind",
            *("post", "invitation", "notice", "outcome", "direct_message_check", "panel"),
        ),
    )
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"])
    op.create_index(op.f("ix_outbox_after_id"), "outbox", ["after_id"])


def create_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(11), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("request_id", ROW_ID),
        sa.Column("member_id", ROW_ID),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        references("fk_event_guild_id_guild", "guild_id", "guild"),
        references("fk_event_request_id_request", "request_id", "request"),
        references("fk_event_member_id_member", "member_id", "member", ondelete="SET NULL"),
        one_of(
            "ck_event_type",
            "type",
            *(
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
            ),
        ),
    )
    op.create_index(op.f("ix_event_guild_id_at"), "event", ["guild_id", "at"])
    op.create_index(op.f("ix_event_request_id_type"), "event", ["request_id", "type"])
