"""By when a request was needed at the time of a fact: each round of a draft has a date of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("event", sa.Column("needed_by", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE event SET needed_by = (SELECT request.needed_by FROM request WHERE request.id = event.request_id)"
    )


def downgrade() -> None:
    op.drop_column("event", "needed_by")
