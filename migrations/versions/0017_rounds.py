"""Rounds of drafts: people are asked once a round; what changed, which part is to be read, and drafts taken back."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REASONS = ("asker", "moderator", "thread_gone", "not_posted", "rephrased", "left")
ONCE, ONCE_A_ROUND = ("request_id", "member_id"), ("request_id", "member_id", "round")


def upgrade() -> None:
    with remade("request") as batch:
        batch.drop_constraint(op.f("ck_request_close_reason"), type_="check")
        batch.create_check_constraint(
            op.f("ck_request_close_reason"), f"close_reason IN ({listed(*REASONS, 'withdrawn')})"
        )
    with remade("invitation") as batch:
        batch.add_column(sa.Column("round", sa.Integer, nullable=False, server_default=sa.text("1")))
        batch.drop_constraint(op.f("uq_invitation_request_id_member_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_invitation_request_id_member_id_round"), ONCE_A_ROUND)
    op.add_column("draft", sa.Column("part", sa.String(200)))
    op.add_column("draft", sa.Column("changes", sa.Text))


def downgrade() -> None:
    op.drop_column("draft", "changes")
    op.drop_column("draft", "part")
    op.execute("DELETE FROM invitation WHERE round > 1")
    with remade("invitation") as batch:
        batch.drop_constraint(op.f("uq_invitation_request_id_member_id_round"), type_="unique")
        batch.create_unique_constraint(op.f("uq_invitation_request_id_member_id"), ONCE)
        batch.drop_column("round")
    op.execute("UPDATE request SET close_reason = 'asker' WHERE close_reason = 'withdrawn'")
    with remade("request") as batch:
        batch.drop_constraint(op.f("ck_request_close_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_request_close_reason"), f"close_reason IN ({listed(*REASONS)})")


def listed(*values: str) -> str:
    return ", ".join(f"'{each}'" for each in values)


def remade(table: str) -> AbstractContextManager[BatchOperations]:
    """Change a table; SQLite rebuilds it for that."""
    return op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True})
