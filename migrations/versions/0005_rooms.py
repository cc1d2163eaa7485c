"""A private thread for each booked fifteen minutes, where a community wants that."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LETTERS = (
    "post", "invitation", "notice", "outcome", "direct_message_check", "panel", "nudge", "choices", "archive",
    "digest", "moderator_digest", "reply", "thanks", "keep", "silence", "reveal", "event", "booking", "reminder",
    "check_in", "check", "slot_offer", "which_clock",
)  # fmt: skip
NEW_LETTERS = ("room", "room_over")


def upgrade() -> None:
    op.add_column("guild_settings", sa.Column("room_channel_id", sa.BigInteger))
    op.add_column("booking", sa.Column("room_id", sa.BigInteger))
    recheck_letters((*LETTERS, *NEW_LETTERS))


def downgrade() -> None:
    kept = ", ".join(f"'{each}'" for each in LETTERS)
    op.execute(f"DELETE FROM outbox WHERE kind NOT IN ({kept})")  # noqa: S608
    recheck_letters(LETTERS)
    op.drop_column("booking", "room_id")
    op.drop_column("guild_settings", "room_channel_id")


def recheck_letters(kinds: Sequence[str]) -> None:
    """Change which kinds a letter has; SQLite makes the table again for it, and forgets the old rule by itself."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outbox", recreate="always" if is_sqlite else "never") as batch:
        if not is_sqlite:
            batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({listed})")
