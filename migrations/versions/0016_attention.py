"""An index that counts how often people were asked lately, without a look at each invitation."""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW, OLD = ["member_id", "created_at", "state"], ["member_id", "created_at"]


def upgrade() -> None:
    op.create_index(op.f("ix_invitation_member_id_created_at_state"), "invitation", NEW)
    op.drop_index(op.f("ix_invitation_member_id_created_at"), "invitation")


def downgrade() -> None:
    op.create_index(op.f("ix_invitation_member_id_created_at"), "invitation", OLD)
    op.drop_index(op.f("ix_invitation_member_id_created_at_state"), "invitation")
