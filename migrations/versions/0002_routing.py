"""Routing in depth: a vector for each encoder, what a choice was made of, what is learned, questions not posted yet."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts by itself only in an INTEGER column
COMPONENTS = ("dense", "profile", "bm25", "tfidf")

SOURCES = ("declared", "learned")
KINDS = ("concept", "resource", "stuck", "method", "writing", "career", "morale")
EVENTS = ("asked", "invited", "taken", "passed", "undelivered", "answered", "helped", "partly", "not_yet", "closed")
INVITATIONS = ("asked", "taken", "passed", "undelivered", "withdrawn", "expired", "referred")
STATES = ("waiting", "taken", "answered", "resolved", "closed")
REQUEST_CHECKS = {
    "ck_request_type": ("type", ("question",)),
    "ck_request_urgency": ("urgency", ("today", "this_week", "whenever")),
    "ck_request_close_reason": ("close_reason", ("asker", "moderator", "thread_gone", "not_posted")),
    "ck_request_visibility": ("visibility", ("public", "matched", "anonymous")),
}
Checks = Mapping[str, tuple[str, Sequence[str]]]


def upgrade() -> None:
    create_vectors("statement")
    create_vectors("question")
    with remade("statement", {"ck_statement_source": ("source", SOURCES)}) as batch:
        batch.drop_index("ix_statement_model_id")
        for name in ("model_id", "dimension", "vector"):
            batch.drop_column(name)
        batch.alter_column("text", type_=sa.Text(), existing_type=sa.String(200), existing_nullable=False)
        batch.add_column(sa.Column("request_id", ROW_ID))
        batch.add_column(sa.Column("labels_since", MOMENT))
        batch.create_foreign_key(
            op.f("fk_statement_request_id_request"), "request", ["request_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_unique_constraint(op.f("uq_statement_member_id_request_id"), ["member_id", "request_id"])
        batch.create_index(op.f("ix_statement_request_id"), ["request_id"])
    with remade("question", {"ck_question_kind": ("kind", KINDS)}, counts=False) as batch:
        batch.drop_column("model_id")
        batch.drop_column("vector")
        batch.add_column(sa.Column("is_english", sa.Boolean))
    choose_states((*EVENTS, "off_topic"), (*STATES, "draft"))
    with remade("invitation", {}) as batch:
        recheck(batch, "ck_invitation_state", "state", (*INVITATIONS, "off_topic"))
        for name in COMPONENTS:
            batch.add_column(sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0")))
        batch.add_column(sa.Column("is_exploratory", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.create_index(op.f("ix_invitation_statement_id"), ["statement_id"])


def downgrade() -> None:
    op.execute("UPDATE invitation SET state = 'passed' WHERE state = 'off_topic'")
    op.execute("UPDATE event SET type = 'passed' WHERE type = 'off_topic'")
    op.execute("DELETE FROM statement WHERE source = 'learned'")
    op.execute("DELETE FROM request WHERE state = 'draft'")
    with remade("invitation", {}) as batch:
        batch.drop_index("ix_invitation_statement_id")
        recheck(batch, "ck_invitation_state", "state", INVITATIONS)
        for name in (*COMPONENTS, "is_exploratory"):
            batch.drop_column(name)
    choose_states(EVENTS, STATES)
    with remade("question", {"ck_question_kind": ("kind", KINDS)}, counts=False) as batch:
        batch.drop_column("is_english")
        batch.add_column(sa.Column("model_id", sa.String(255)))
        batch.add_column(sa.Column("vector", sa.LargeBinary))
    with remade("statement", {"ck_statement_source": ("source", SOURCES)}) as batch:
        batch.drop_index("ix_statement_request_id")
        batch.drop_constraint("uq_statement_member_id_request_id", type_="unique")
        batch.drop_constraint("fk_statement_request_id_request", type_="foreignkey")
        batch.drop_column("request_id")
        batch.drop_column("labels_since")
        batch.alter_column("text", type_=sa.String(200), existing_type=sa.Text(), existing_nullable=False)
        for column in (sa.Column("model_id", sa.String(255)), sa.Column("dimension", sa.Integer)):
            batch.add_column(column)
        batch.add_column(sa.Column("vector", sa.LargeBinary))
        batch.create_index("ix_statement_model_id", ["model_id"])
    restore_vectors("question")
    restore_vectors("statement")
    op.execute("UPDATE statement SET dimension = length(vector) / 4 WHERE vector IS NOT NULL")
    op.drop_table("question_vector")
    op.drop_table("statement_vector")


def create_vectors(table: str) -> None:
    """Give each row a vector for every encoder, beginning with the one it has."""
    owner = f"{table}_id"
    op.create_table(
        f"{table}_vector",
        sa.Column(owner, ROW_ID, autoincrement=False, nullable=False),
        sa.Column("model_id", sa.String(255), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(owner, "model_id", name=op.f(f"pk_{table}_vector")),
        sa.ForeignKeyConstraint(
            [owner], [f"{table}.id"], name=op.f(f"fk_{table}_vector_{owner}_{table}"), ondelete="CASCADE"
        ),
    )
    op.execute(
        f"INSERT INTO {table}_vector ({owner}, model_id, vector) "  # noqa: S608
        f"SELECT id, model_id, vector FROM {table} WHERE model_id IS NOT NULL AND vector IS NOT NULL"
    )


def restore_vectors(table: str) -> None:
    """Keep one of each row's vectors: the others are made again by the encoder that needs them."""
    for name in ("vector", "model_id"):
        op.execute(
            f"UPDATE {table} SET {name} = (SELECT {name} FROM {table}_vector "  # noqa: S608
            f"WHERE {table}_id = {table}.id ORDER BY model_id LIMIT 1)"
        )


def choose_states(events: Sequence[str], states: Sequence[str]) -> None:
    with remade("event", {}, counts=False) as batch:
        recheck(batch, "ck_event_type", "type", events)
    with remade("request", REQUEST_CHECKS) as batch:
        recheck(batch, "ck_request_state", "state", states)


def remade(table: str, checks: Checks, *, counts: bool = True) -> AbstractContextManager[BatchOperations]:
    """Change a table; SQLite makes it again and has to be told the checks that stay, for it doesn't say them itself."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    return op.batch_alter_table(
        table,
        recreate="always" if is_sqlite else "never",
        table_args=tuple(one_of(name, *values) for name, values in checks.items()) if is_sqlite else (),
        table_kwargs={"sqlite_autoincrement": True} if counts else {},
    )


def recheck(batch: BatchOperations, name: str, column: str, values: Sequence[str]) -> None:
    if op.get_context().dialect.name != "sqlite":
        batch.drop_constraint(op.f(name), type_="check")
    batch.create_check_constraint(op.f(name), one_of(name, column, values).sqltext)


def one_of(name: str, column: str, values: Sequence[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(name))
