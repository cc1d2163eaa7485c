"""The week of which moderators last had a digest of statistics."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("guild_settings", sa.Column("digest_week", sa.Integer))


def downgrade() -> None:
    op.drop_column("guild_settings", "digest_week")
