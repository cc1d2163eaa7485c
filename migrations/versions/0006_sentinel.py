"""A column by which SQLite tells apart invitations that are added together."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("invitation", sa.Column("_sentinel", sa.Integer))


def downgrade() -> None:
    op.drop_column("invitation", "_sentinel")
