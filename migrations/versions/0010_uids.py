"""A name for each booking that no other installation gives, for people's calendars."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BOOKING = sa.table("booking", sa.column("id", sa.Integer), sa.column("uid", sa.String))


def upgrade() -> None:
    op.add_column("booking", sa.Column("uid", sa.String(64), nullable=False, server_default=sa.text("''")))
    # Calendars know these by this name, so they keep it: a change has to find them.
    op.execute(BOOKING.update().values(uid=sa.literal("booking-") + sa.cast(BOOKING.c.id, sa.String) + "@morsel"))


def downgrade() -> None:
    op.drop_column("booking", "uid")
