"""Drafts, what readers say about them, files on their way, who reads drafts, and what is needed by when."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts by itself only in an INTEGER column

VISIBILITIES = ("public", "matched", "anonymous")
INVITED = (
    "asked", "taken", "passed", "undelivered", "withdrawn", "expired", "referred", "off_topic", "released",
)  # fmt: skip
FACTS = (
    "asked", "invited", "taken", "passed", "undelivered", "answered", "helped", "partly", "not_yet", "closed",
    "off_topic", "expired", "released", "referred", "archived", "reopened", "kept", "revealed",
    "offered", "booked", "unbooked", "held", "not_found", "waitlisted",
)  # fmt: skip
NEW_TABLES = ("outbox_file", "joint_note", "feedback_point", "feedback", "draft_vector", "co_author", "draft")


def upgrade() -> None:
    be_one_of("request", "visibility", (*VISIBILITIES, "matched_anonymous"), length=17)
    be_one_of("invitation", "state", (*INVITED, "alternate"))
    with remade("event") as batch:
        batch.drop_constraint(op.f("ck_event_type"), type_="check")
        batch.alter_column("type", type_=sa.String(20), existing_type=sa.String(11), existing_nullable=False)
    op.add_column("request", sa.Column("needed_by", MOMENT))
    op.add_column("member", sa.Column("longest_read", sa.Integer))
    op.add_column("member", sa.Column("read_areas", sa.JSON))
    op.execute("UPDATE member SET read_areas = '[]'")
    with remade("member") as batch:
        batch.alter_column("read_areas", existing_type=sa.JSON, nullable=False)
    create_draft()
    create_feedback()
    create_points()
    op.create_table(
        "outbox_file",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox_file")),
        references("outbox_file", "request_id", "request"),
    )
    op.create_index(op.f("ix_outbox_file_request_id"), "outbox_file", ["request_id"])


def create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("link", sa.String(500)),
        sa.Column("file_format", sa.String(8)),
        sa.Column("review_text", sa.Text),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("readers", sa.Integer, nullable=False),
        sa.Column("may_read", sa.Boolean, nullable=False),
        sa.Column("may_show", sa.Boolean, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("round_at", MOMENT),
        sa.Column("is_english", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        one_of("draft", "file_format", ("pdf", "markdown", "text")),
        one_of(
            "draft",
            "stage",
            ("idea", "outline", "draft", "camera_ready", "review", "rebuttal", "talk", "code"),
        ),
        references("draft", "id", "request"),
    )
    op.create_table(
        "co_author",
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_co_author")),
        references("co_author", "draft_id", "draft"),
    )
    op.create_table(
        "draft_vector",
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("model_id", sa.String(255), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "model_id", name=op.f("pk_draft_vector")),
        references("draft_vector", "draft_id", "draft"),
    )
    op.create_index(op.f("ix_draft_vector_model_id"), "draft_vector", ["model_id"])


def create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("reader_id", ROW_ID, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("strengths", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("uses_model", sa.Boolean, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("draft_id", "reader_id", "round", name=op.f("uq_feedback_draft_id_reader_id_round")),
        references("feedback", "draft_id", "draft"),
        references("feedback", "reader_id", "member"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feedback_reader_id"), "feedback", ["reader_id"])


def create_points() -> None:
    op.create_table(
        "feedback_point",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("feedback_id", ROW_ID, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("location", sa.String(80), nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("suggestion", sa.Text, nullable=False),
        sa.Column("confidence", sa.String(11), nullable=False),
        sa.Column("outcome", sa.String(11)),
        sa.Column("outcome_note", sa.Text),
        sa.Column("is_carried", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_point")),
        sa.UniqueConstraint("feedback_id", "ordinal", name=op.f("uq_feedback_point_feedback_id_ordinal")),
        one_of("feedback_point", "area", ("direction", "design", "analysis", "presentation")),
        one_of("feedback_point", "confidence", ("sure", "fairly_sure", "a_guess")),
        one_of("feedback_point", "outcome", ("changed", "partly", "not_now", "differently")),
        references("feedback_point", "feedback_id", "feedback"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "joint_note",
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "round", name=op.f("pk_joint_note")),
        references("joint_note", "draft_id", "draft"),
    )


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM request WHERE type <> 'question'")
    op.execute("UPDATE request SET visibility = 'anonymous' WHERE visibility = 'matched_anonymous'")
    op.execute("UPDATE invitation SET state = 'passed' WHERE state = 'alternate'")
    listed = ", ".join(f"'{each}'" for each in FACTS)
    op.execute(f"DELETE FROM event WHERE type NOT IN ({listed})")  # noqa: S608
    for table, column in (("member", "read_areas"), ("member", "longest_read"), ("request", "needed_by")):
        op.drop_column(table, column)
    be_one_of("request", "visibility", VISIBILITIES, length=9)
    be_one_of("invitation", "state", INVITED)
    with remade("event") as batch:
        batch.alter_column("type", type_=sa.String(11), existing_type=sa.String(20), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_event_type"), f"type IN ({listed})")


def remade(table: str) -> AbstractContextManager[BatchOperations]:
    """Change a table; SQLite rebuilds it for that."""
    counts_on = {"request", "invitation", "member"}
    return op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True} if table in counts_on else {})


def be_one_of(table: str, column: str, values: Sequence[str], length: int | None = None) -> None:
    """Change which values a column takes."""
    name, listed = op.f(f"ck_{table}_{column}"), ", ".join(f"'{value}'" for value in values)
    with remade(table) as batch:
        batch.drop_constraint(name, type_="check")
        if length is not None:
            batch.alter_column(column, type_=sa.String(length), existing_nullable=False)
        batch.create_check_constraint(name, f"{column} IN ({listed})")


def one_of(table: str, column: str, values: Sequence[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
