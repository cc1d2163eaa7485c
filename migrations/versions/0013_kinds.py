"""Kinds of requests as plain text, for a new one needs no migration; and what was never posted is called so."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = ("waiting", "taken", "answered", "resolved", "closed")
"""The first of them, which are called as before."""


def upgrade() -> None:
    with remade() as batch:
        batch.drop_constraint(op.f("ck_request_type"), type_="check")
        batch.drop_constraint(op.f("ck_request_state"), type_="check")
        batch.alter_column("type", type_=sa.String(20), existing_type=sa.String(8), existing_nullable=False)
    op.execute("UPDATE request SET state = 'unposted' WHERE state = 'draft'")
    with remade() as batch:
        be_one_of(batch, "state", *STATES, "unposted", "archived")


def downgrade() -> None:
    op.execute("DELETE FROM request WHERE type <> 'question'")
    with remade() as batch:
        batch.drop_constraint(op.f("ck_request_state"), type_="check")
    op.execute("UPDATE request SET state = 'draft' WHERE state = 'unposted'")
    with remade() as batch:
        be_one_of(batch, "state", *STATES, "draft", "archived")
        be_one_of(batch, "type", "question")
        batch.alter_column("type", type_=sa.String(8), existing_type=sa.String(20), existing_nullable=False)


def remade() -> AbstractContextManager[BatchOperations]:
    """Change the table; SQLite rebuilds it for that."""
    return op.batch_alter_table("request", table_kwargs={"sqlite_autoincrement": True})


def be_one_of(batch: BatchOperations, column: str, *values: str) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    batch.create_check_constraint(op.f(f"ck_request_{column}"), f"{column} IN ({listed})")
