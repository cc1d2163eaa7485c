"""No one forgotten: waves that end, pauses, blocks, referrals, kept answers, and who asked, revealed."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts by itself only in an INTEGER column

EVENTS = (
    "asked", "invited", "taken", "passed", "undelivered", "answered", "helped", "partly", "not_yet", "closed",
    "off_topic",
)  # fmt: skip
NEW_EVENTS = ("expired", "released", "referred", "archived", "reopened", "kept", "revealed")
INVITATIONS = ("asked", "taken", "passed", "undelivered", "withdrawn", "expired", "referred", "off_topic")
STATES = ("waiting", "taken", "answered", "resolved", "closed", "draft")
CLOSE_REASONS = ("asker", "moderator", "thread_gone", "not_posted")
LETTERS = ("post", "invitation", "notice", "outcome", "direct_message_check", "panel")
NEW_LETTERS = (
    "nudge", "choices", "archive", "digest", "moderator_digest", "reply", "thanks", "keep", "silence", "reveal",
)  # fmt: skip
REQUEST_CHECKS = {
    "ck_request_type": ("type", ("question",)),
    "ck_request_urgency": ("urgency", ("today", "this_week", "whenever")),
    "ck_request_visibility": ("visibility", ("public", "matched", "anonymous")),
}
Checks = Mapping[str, tuple[str, Sequence[str]]]


def upgrade() -> None:
    for name in ("private_channel_id", "moderator_channel_id"):
        op.add_column("guild_settings", sa.Column(name, sa.BigInteger))
    op.add_column("member", sa.Column("paused_at", MOMENT))
    op.add_column("member", sa.Column("paused_until", MOMENT))
    op.add_column("member", sa.Column("silences", sa.Integer, nullable=False, server_default=sa.text("0")))
    upgrade_request()
    upgrade_invitation()
    recheck_events((*EVENTS, *NEW_EVENTS))
    recheck_letters((*LETTERS, *NEW_LETTERS))
    create_block()
    create_referral()
    create_kept_answer()
    create_reveal()


def downgrade() -> None:
    for table in ("reveal", "kept_answer", "referral", "block"):
        op.drop_table(table)
    kept_letters, kept_events = (", ".join(f"'{each}'" for each in kept) for kept in (LETTERS, EVENTS))
    op.execute(f"DELETE FROM outbox WHERE kind NOT IN ({kept_letters})")  # noqa: S608
    op.execute(f"DELETE FROM event WHERE type NOT IN ({kept_events})")  # noqa: S608
    recheck_letters(LETTERS)
    recheck_events(EVENTS)
    downgrade_invitation()
    downgrade_request()
    for name in ("silences", "paused_until", "paused_at"):
        op.drop_column("member", name)
    for name in ("moderator_channel_id", "private_channel_id"):
        op.drop_column("guild_settings", name)


def upgrade_request() -> None:
    with remade("request", REQUEST_CHECKS) as batch:
        recheck(batch, "ck_request_state", "state", (*STATES, "archived"))
        recheck(batch, "ck_request_close_reason", "close_reason", (*CLOSE_REASONS, "rephrased"))
        batch.add_column(sa.Column("waiting_since", MOMENT))
        batch.add_column(sa.Column("next_look_at", MOMENT))
        batch.add_column(sa.Column("extra_invitations", sa.Integer, nullable=False, server_default=sa.text("0")))
        batch.create_index(op.f("ix_request_state_next_look_at"), ["state", "next_look_at"])
    op.execute("UPDATE request SET waiting_since = created_at WHERE state <> 'draft'")
    op.execute("UPDATE request SET next_look_at = created_at WHERE state = 'waiting'")


def downgrade_request() -> None:
    op.execute("UPDATE request SET state = 'closed', close_reason = 'moderator' WHERE state = 'archived'")
    op.execute("UPDATE request SET close_reason = 'asker' WHERE close_reason = 'rephrased'")
    with remade("request", REQUEST_CHECKS) as batch:
        batch.drop_index("ix_request_state_next_look_at")
        recheck(batch, "ck_request_state", "state", STATES)
        recheck(batch, "ck_request_close_reason", "close_reason", CLOSE_REASONS)
        for name in ("waiting_since", "next_look_at", "extra_invitations"):
            batch.drop_column(name)


def upgrade_invitation() -> None:
    with remade("invitation", {}) as batch:
        recheck(batch, "ck_invitation_state", "state", (*INVITATIONS, "released"))
        batch.add_column(sa.Column("expires_at", MOMENT))
        batch.add_column(sa.Column("referrer_id", ROW_ID))
        batch.create_foreign_key(
            op.f("fk_invitation_referrer_id_member"), "member", ["referrer_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_invitation_state_expires_at"), ["state", "expires_at"])
        batch.create_index(op.f("ix_invitation_referrer_id"), ["referrer_id"])
    is_sqlite = op.get_context().dialect.name == "sqlite"
    day_later = (
        "strftime('%Y-%m-%d %H:%M:%f000', created_at, '+1 day')" if is_sqlite else "created_at + INTERVAL '1 day'"
    )
    op.execute(f"UPDATE invitation SET expires_at = {day_later} WHERE state = 'asked'")  # noqa: S608


def downgrade_invitation() -> None:
    op.execute("UPDATE invitation SET state = 'passed' WHERE state = 'released'")
    with remade("invitation", {}) as batch:
        batch.drop_index("ix_invitation_referrer_id")
        batch.drop_index("ix_invitation_state_expires_at")
        batch.drop_constraint("fk_invitation_referrer_id_member", type_="foreignkey")
        recheck(batch, "ck_invitation_state", "state", INVITATIONS)
        batch.drop_column("referrer_id")
        batch.drop_column("expires_at")


def recheck_events(events: Sequence[str]) -> None:
    with remade("event", {}, counts=False) as batch:
        recheck(batch, "ck_event_type", "type", events)


def recheck_letters(kinds: Sequence[str]) -> None:
    with remade("outbox", {}, counts=False) as batch:
        recheck(batch, "ck_outbox_kind", "kind", kinds)


def create_block() -> None:
    op.create_table(
        "block",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("blocker_id", ROW_ID, nullable=False),
        sa.Column("blocked_id", ROW_ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("blocker_id", "blocked_id", name=op.f("uq_block_blocker_id_blocked_id")),
        references("fk_block_blocker_id_member", "blocker_id", "member"),
        references("fk_block_blocked_id_member", "blocked_id", "member"),
    )
    op.create_index(op.f("ix_block_blocked_id"), "block", ["blocked_id"])


def create_referral() -> None:
    op.create_table(
        "referral",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("referrer_id", ROW_ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("request_id", "member_id", name=op.f("uq_referral_request_id_member_id")),
        references("fk_referral_request_id_request", "request_id", "request"),
        references("fk_referral_member_id_member", "member_id", "member"),
        references("fk_referral_referrer_id_member", "referrer_id", "member"),
    )
    op.create_index(op.f("ix_referral_member_id"), "referral", ["member_id"])
    op.create_index(op.f("ix_referral_referrer_id"), "referral", ["referrer_id"])


def create_kept_answer() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("helper_id", ROW_ID, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("asker_agreed_at", MOMENT),
        sa.Column("helper_agreed_at", MOMENT),
        sa.Column("declined_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("request_id", name=op.f("uq_kept_answer_request_id")),
        references("fk_kept_answer_request_id_request", "request_id", "request"),
        references("fk_kept_answer_helper_id_member", "helper_id", "member"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_answer_helper_id"), "kept_answer", ["helper_id"])


def create_reveal() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("request_id", ROW_ID, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("moderator_id", ROW_ID),
        sa.Column("second_moderator_id", ROW_ID),
        sa.Column("revealed_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
        references("fk_reveal_request_id_request", "request_id", "request"),
        references("fk_reveal_moderator_id_member", "moderator_id", "member", ondelete="SET NULL"),
        references("fk_reveal_second_moderator_id_member", "second_moderator_id", "member", ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    for column in ("request_id", "moderator_id", "second_moderator_id"):
        op.create_index(op.f(f"ix_reveal_{column}"), "reveal", [column])


def references(name: str, column: str, table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(name), ondelete=ondelete)


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
