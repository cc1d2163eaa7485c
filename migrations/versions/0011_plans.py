"""An index for what is looked for, so that no statement reads a table's whole history."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (
    ("outbox", "guild_id", "sent_at"),
    ("outbox", "guild_id", "first_attempt_at"),
    ("outbox", "due_at", "id"),
    ("event", "member_id"),
    ("help_interaction", "asker_id"),
    ("slot", "state", "starts_at"),
    ("slot", "host_id", "open_since"),
    ("queue_place", "member_id"),
    ("booking", "guild_id", "starts_at"),
    ("impression", "member_id"),
    ("member", "user_id"),
    ("request", "state", "looked_at"),
    ("occurrence", "state", "ends_at"),
    ("statement_vector", "model_id"),
    ("question_vector", "model_id"),
)
MOSTLY_EMPTY = {
    "outbox": ("request_id", "invitation_id", "occurrence_id", "booking_id", "waiting_id", "member_id", "after_id"),
    "booking": ("request_id",),
    "waiting": ("request_id", "host_id", "slot_id"),
}
SOME = {"created_at": sa.text("confirmed_at IS NULL"), "guild_id": sa.text("ended_at IS NULL")}
"""Of the table of office hours."""


def upgrade() -> None:
    op.add_column("request", sa.Column("looked_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_outbox_due_at", "outbox")
    op.drop_index("ix_outbox_after_id", "outbox")
    for table, *columns in INDEXES:
        op.create_index(name(table, *columns), table, columns)
    for table, some in MOSTLY_EMPTY.items():
        for column in some:
            where = sa.text(f"{column} IS NOT NULL")
            op.create_index(name(table, column), table, [column], sqlite_where=where, postgresql_where=where)
    for column, where in SOME.items():
        op.create_index(
            name("office_hours", column), "office_hours", [column], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for column in SOME:
        op.drop_index(name("office_hours", column), "office_hours")
    for table, some in MOSTLY_EMPTY.items():
        for column in some:
            op.drop_index(name(table, column), table)
    for table, *columns in INDEXES:
        op.drop_index(name(table, *columns), table)
    op.create_index("ix_outbox_after_id", "outbox", ["after_id"])
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.drop_column("request", "looked_at")


def name(table: str, *columns: str) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
