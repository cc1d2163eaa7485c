"""When readers of a draft compare their notes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # as the column that it refers to
PROPOSER = "fk_joint_note_proposer_id_member"


def upgrade() -> None:
    with op.batch_alter_table("joint_note") as batch:
        batch.add_column(sa.Column("meets_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("proposer_id", ROW_ID))
        batch.add_column(sa.Column("is_agreed", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.create_foreign_key(op.f(PROPOSER), "member", ["proposer_id"], ["id"], ondelete="SET NULL")
    op.create_index(op.f("ix_joint_note_proposer_id"), "joint_note", ["proposer_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_joint_note_proposer_id"), "joint_note")
    with op.batch_alter_table("joint_note") as batch:
        batch.drop_constraint(op.f(PROPOSER), type_="foreignkey")
        batch.drop_column("is_agreed")
        batch.drop_column("proposer_id")
        batch.drop_column("meets_at")
