"""What people did that is counted, so that one person can't do it without end."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "done",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("deed", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_done_member_id_member", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_done"),
    )
    op.create_index("ix_done_member_id_deed_at", "done", ["member_id", "deed", "at"])
    op.create_index("ix_done_at", "done", ["at"])


def downgrade() -> None:
    op.drop_table("done")
