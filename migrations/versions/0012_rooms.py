"""An index by which the booking is found whose room is gone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GIVEN = sa.text("room_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_booking_room_id", "booking", ["room_id"], sqlite_where=GIVEN, postgresql_where=GIVEN)


def downgrade() -> None:
    op.drop_index("ix_booking_room_id", "booking")
