"""Office hours: series, occurrences and slots, bookings and who meets, a queue, and people who wait."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts by itself only in an INTEGER column

EVENTS = (
    "asked", "invited", "taken", "passed", "undelivered", "answered", "helped", "partly", "not_yet", "closed",
    "off_topic", "expired", "released", "referred", "archived", "reopened", "kept", "revealed",
)  # fmt: skip
NEW_EVENTS = ("offered", "booked", "unbooked", "held", "not_found", "waitlisted")
LETTERS = (
    "post", "invitation", "notice", "outcome", "direct_message_check", "panel", "nudge", "choices", "archive",
    "digest", "moderator_digest", "reply", "thanks", "keep", "silence", "reveal",
)  # fmt: skip
NEW_LETTERS = ("event", "booking", "reminder", "check_in", "check", "slot_offer", "which_clock")
ABOUT = ("occurrence", "booking", "waiting")
"""What a letter can be about, as of now."""
TABLES = ("office_hours", "occurrence", "slot", "queue_place", "booking", "appointment", "impression", "waiting")
GOING_ON = "state IN ('booked', 'under_way')"


def upgrade() -> None:
    op.add_column("guild_settings", sa.Column("meeting_channel_id", sa.BigInteger))
    create_office_hours()
    create_occurrence()
    create_slot()
    create_queue_place()
    create_booking()
    create_appointment()
    create_impression()
    create_waiting()
    recheck("event", "type", (*EVENTS, *NEW_EVENTS))
    recheck("outbox", "kind", (*LETTERS, *NEW_LETTERS))
    with op.batch_alter_table("outbox") as batch:
        for table in ABOUT:
            name = op.f(f"fk_outbox_{table}_id_{table}")
            batch.add_column(sa.Column(f"{table}_id", ROW_ID))
            batch.create_foreign_key(name, table, [f"{table}_id"], ["id"], ondelete="CASCADE")


def downgrade() -> None:
    kept_letters, kept_events = (", ".join(f"'{each}'" for each in kept) for kept in (LETTERS, EVENTS))
    op.execute(f"DELETE FROM outbox WHERE kind NOT IN ({kept_letters})")  # noqa: S608
    op.execute(f"DELETE FROM event WHERE type NOT IN ({kept_events})")  # noqa: S608
    with op.batch_alter_table("outbox") as batch:
        for table in ABOUT:
            batch.drop_constraint(f"fk_outbox_{table}_id_{table}", type_="foreignkey")
            batch.drop_column(f"{table}_id")
    recheck("outbox", "kind", LETTERS)
    recheck("event", "type", EVENTS)
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("guild_settings", "meeting_channel_id")


def create_office_hours() -> None:
    op.create_table(
        "office_hours",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("host_id", ROW_ID, nullable=False),
        sa.Column("interaction_id", sa.BigInteger),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("begins", sa.Time, nullable=False),
        sa.Column("ends", sa.Time, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("typed", sa.String(200), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("topics", sa.Text),
        sa.Column("is_walk_in", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("planned_until", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_office_hours_interaction_id")),
        references("fk_office_hours_guild_id_guild", "guild_id", "guild"),
        references("fk_office_hours_host_id_member", "host_id", "member"),
        sqlite_autoincrement=True,
    )
    index("office_hours", "guild_id", "ended_at")
    index("office_hours", "host_id")


def create_occurrence() -> None:
    op.create_table(
        "occurrence",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_hours_id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("host_id", ROW_ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("is_moved", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("office_hours_id", "day", name=op.f("uq_occurrence_office_hours_id_day")),
        one_of("ck_occurrence_state", "state", ("planned", "cancelled", "superseded")),
        references("fk_occurrence_office_hours_id_office_hours", "office_hours_id", "office_hours"),
        references("fk_occurrence_guild_id_guild", "guild_id", "guild"),
        references("fk_occurrence_host_id_member", "host_id", "member"),
        sqlite_autoincrement=True,
    )
    index("occurrence", "guild_id", "starts_at")
    index("occurrence", "host_id", "starts_at")


def create_slot() -> None:
    op.create_table(
        "slot",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("occurrence_id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("host_id", ROW_ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("open_since", MOMENT),
        sa.Column("is_offered", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("occurrence_id", "starts_at", name=op.f("uq_slot_occurrence_id_starts_at")),
        one_of("ck_slot_state", "state", ("open", "promised", "booked", "cancelled")),
        references("fk_slot_occurrence_id_occurrence", "occurrence_id", "occurrence"),
        references("fk_slot_guild_id_guild", "guild_id", "guild"),
        references("fk_slot_host_id_member", "host_id", "member"),
        sqlite_autoincrement=True,
    )
    index("slot", "guild_id", "state", "starts_at")


def create_queue_place() -> None:
    op.create_table(
        "queue_place",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("occurrence_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("held_until", MOMENT),
        sa.Column("interaction_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_place")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_queue_place_interaction_id")),
        sa.UniqueConstraint("occurrence_id", "member_id", name=op.f("uq_queue_place_occurrence_id_member_id")),
        one_of("ck_queue_place_state", "state", ("waiting", "held", "invited", "seen", "left", "carried_over")),
        references("fk_queue_place_occurrence_id_occurrence", "occurrence_id", "occurrence"),
        references("fk_queue_place_member_id_member", "member_id", "member"),
        sqlite_autoincrement=True,
    )
    index("queue_place", "state", "held_until")


def create_booking() -> None:
    op.create_table(
        "booking",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("slot_id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("host_id", ROW_ID, nullable=False),
        sa.Column("asker_id", ROW_ID, nullable=False),
        sa.Column("interaction_id", sa.BigInteger),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("request_id", ROW_ID),
        sa.Column("next_look_at", MOMENT),
        sa.Column("host_here_at", MOMENT),
        sa.Column("asker_here_at", MOMENT),
        sa.Column("cancelled_by", sa.String(9)),
        sa.Column("note", sa.Text),
        sa.Column("missing", sa.String(5)),
        sa.Column("is_excused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sequence", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        *booking_rules(),
        sqlite_autoincrement=True,
    )
    for columns in (("host_id", "starts_at"), ("asker_id", "starts_at"), ("state", "next_look_at")):
        index("booking", *columns)
    going_on = sa.text(GOING_ON)
    op.create_index(
        "uq_booking_slot_id", "booking", ["slot_id"], unique=True, sqlite_where=going_on, postgresql_where=going_on
    )


def booking_rules() -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_booking_interaction_id")),
        one_of("ck_booking_state", "state", ("booked", "under_way", "held", "not_found", "cancelled")),
        one_of("ck_booking_cancelled_by", "cancelled_by", ("host", "asker", "moderator")),
        one_of("ck_booking_missing", "missing", ("host", "asker", "both")),
        references("fk_booking_slot_id_slot", "slot_id", "slot"),
        references("fk_booking_guild_id_guild", "guild_id", "guild"),
        references("fk_booking_host_id_member", "host_id", "member"),
        references("fk_booking_asker_id_member", "asker_id", "member"),
        references("fk_booking_request_id_request", "request_id", "request", ondelete="SET NULL"),
    )


def create_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("booking_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("booking_id", "member_id", name=op.f("uq_appointment_booking_id_member_id")),
        sa.UniqueConstraint("member_id", "starts_at", name=op.f("uq_appointment_member_id_starts_at")),
        references("fk_appointment_booking_id_booking", "booking_id", "booking"),
        references("fk_appointment_member_id_member", "member_id", "member"),
        sqlite_autoincrement=True,
    )
    if op.get_context().dialect.name == "postgresql":
        # Ranges of one number each: GiST has no plain integers without an extension.
        op.execute(
            "ALTER TABLE appointment ADD CONSTRAINT ex_appointment_overlap EXCLUDE USING gist "
            "(int8range(member_id, member_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
        )


def create_impression() -> None:
    op.create_table(
        "impression",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("booking_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("helped", sa.String(7)),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impression")),
        sa.UniqueConstraint("booking_id", "member_id", name=op.f("uq_impression_booking_id_member_id")),
        one_of("ck_impression_helped", "helped", ("helped", "partly", "not_yet")),
        references("fk_impression_booking_id_booking", "booking_id", "booking"),
        references("fk_impression_member_id_member", "member_id", "member"),
        sqlite_autoincrement=True,
    )


def create_waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("interaction_id", sa.BigInteger),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("request_id", ROW_ID),
        sa.Column("host_id", ROW_ID),
        sa.Column("is_first", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("is_unasked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("slot_id", ROW_ID),
        sa.Column("offer_ends_at", MOMENT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_waiting_interaction_id")),
        one_of("ck_waiting_state", "state", ("looking", "waiting", "offered", "booked", "left")),
        references("fk_waiting_guild_id_guild", "guild_id", "guild"),
        references("fk_waiting_member_id_member", "member_id", "member"),
        references("fk_waiting_request_id_request", "request_id", "request", ondelete="SET NULL"),
        references("fk_waiting_host_id_member", "host_id", "member"),
        references("fk_waiting_slot_id_slot", "slot_id", "slot", ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    index("waiting", "guild_id", "state", "since")
    index("waiting", "member_id")
    index("waiting", "state", "offer_ends_at")


def index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def references(name: str, column: str, table: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(name), ondelete=ondelete)


def recheck(table: str, column: str, values: Sequence[str]) -> None:
    """Change which values a column takes; SQLite makes the table again for it, and forgets the old rule by itself."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    name = f"ck_{table}_{column}"
    with op.batch_alter_table(table, recreate="always" if is_sqlite else "never") as batch:
        if not is_sqlite:
            batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), one_of(name, column, values).sqltext)


def one_of(name: str, column: str, values: Sequence[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(name))
