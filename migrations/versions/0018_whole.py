"""How long a draft is in all, where readers are asked to read a part of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("whole_words", sa.Integer))
    op.execute("UPDATE draft SET whole_words = words")
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("whole_words", existing_type=sa.Integer, nullable=False)


def downgrade() -> None:
    op.drop_column("draft", "whole_words")
