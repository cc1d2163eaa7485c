"""When a letter was to leave, kept also once it has left."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("wanted_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE outbox SET wanted_at = due_at")


def downgrade() -> None:
    op.drop_column("outbox", "wanted_at")
