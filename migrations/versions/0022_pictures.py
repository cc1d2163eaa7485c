"""Files that leave with a letter about no request: pictures of statistics."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("outbox_file") as batch:
        batch.alter_column("request_id", existing_type=ROW_ID, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM outbox_file WHERE request_id IS NULL")
    with op.batch_alter_table("outbox_file") as batch:
        batch.alter_column("request_id", existing_type=ROW_ID, nullable=False)
