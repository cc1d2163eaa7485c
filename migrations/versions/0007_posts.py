"""The message that opened a request's thread, and kinds of letters as plain text: a new one needs no migration."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LETTERS = (
    "post", "invitation", "notice", "outcome", "direct_message_check", "panel", "nudge", "choices", "archive",
    "digest", "moderator_digest", "reply", "thanks", "keep", "silence", "reveal", "event", "booking", "reminder",
    "check_in", "check", "slot_offer", "which_clock", "room", "room_over",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("request", sa.Column("post_id", sa.BigInteger))
    op.execute("UPDATE request SET post_id = thread_id WHERE visibility <> 'matched'")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        batch.alter_column("kind", type_=sa.String(20), existing_nullable=False)


def downgrade() -> None:
    listed = ", ".join(f"'{each}'" for each in LETTERS)
    op.execute(f"DELETE FROM outbox WHERE kind NOT IN ({listed})")  # noqa: S608
    with op.batch_alter_table("outbox") as batch:
        batch.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({listed})")
    op.drop_column("request", "post_id")
