"""Who isn't in a community any more: people, and the bot itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
REASONS = ("asker", "moderator", "thread_gone", "not_posted", "rephrased")
UNTOUCHED = {
    "type": ("question",),
    "state": ("waiting", "taken", "answered", "resolved", "closed", "draft", "archived"),
    "urgency": ("today", "this_week", "whenever"),
    "visibility": ("public", "matched", "anonymous"),
}
"""The other rules of the table, which SQLite has to be told again."""


def upgrade() -> None:
    op.add_column("guild", sa.Column("left_at", MOMENT))
    op.add_column("member", sa.Column("left_at", MOMENT))
    recheck_reasons((*REASONS, "left"))


def downgrade() -> None:
    op.execute("UPDATE request SET close_reason = 'asker' WHERE close_reason = 'left'")
    recheck_reasons(REASONS)
    op.drop_column("member", "left_at")
    op.drop_column("guild", "left_at")


def recheck_reasons(reasons: Sequence[str]) -> None:
    """Change why a request may be closed; SQLite makes the table again for it, and forgets the old rule by itself."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    rules = tuple(one_of(column, values) for column, values in UNTOUCHED.items())
    with op.batch_alter_table(
        "request",
        recreate="always" if is_sqlite else "never",
        table_args=rules if is_sqlite else (),
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch:
        if not is_sqlite:
            batch.drop_constraint(op.f("ck_request_close_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_request_close_reason"), one_of("close_reason", reasons).sqltext)


def one_of(column: str, values: Sequence[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_request_{column}"))
