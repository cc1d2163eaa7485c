"""What was found in a file that waits to leave, so that it isn't looked into at each choice."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | Sequence[str] | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outbox_file", sa.Column("found", sa.JSON))


def downgrade() -> None:
    op.drop_column("outbox_file", "found")
