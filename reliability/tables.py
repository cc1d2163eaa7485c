"""What the bot's tables say, read beside it: the file is opened only to read, and only for a moment."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

_PATIENCE: Final = 10.0
"""Seconds to wait for the holder of the file."""
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row of the outbox."""

    id: int
    kind: str
    key: str
    nonce: str
    due_at: datetime | None = None
    leased_until: datetime | None = None
    request_id: int | None = None
    after_id: int | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    failure: str | None = None
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request of any kind, and who asked it."""

    id: int
    type: str = "question"
    user_id: int
    created_at: datetime
    interaction_id: int | None = None
    state: str = "waiting"
    visibility: str = "public"
    thread_id: int | None = None
    waiting_since: datetime | None = None
    needed_by: datetime | None = None
    next_look_at: datetime | None = None
    close_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """What a draft has beside other requests."""

    id: int
    readers: int = 2
    round: int = 1
    round_at: datetime | None = None
    stage: str = "draft"
    file_format: str | None = None
    has_words: int = 1
    has_review: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reader says about a draft."""

    id: int
    draft_id: int
    round: int = 1
    sent_at: datetime | None = None
    has_points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file that leaves with the letter of this occasion."""

    key: str
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, and the person it invites."""

    id: int
    request_id: int
    user_id: int
    state: str = "asked"
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact, and whose it is, if it has an owner."""

    type: str
    request_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Fifteen minutes between two people."""

    id: int
    host_id: int
    asker_id: int
    slot_id: int = 0
    starts_at: datetime
    interaction_id: int | None = None
    state: str = "booked"
    missing: str | None = None
    next_look_at: datetime | None = None
    host_here_at: datetime | None = None
    asker_here_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistPlace:
    """A member's place on the waitlist."""

    id: int
    user_id: int
    state: str = "waiting"
    slot_id: int | None = None
    offer_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Fifteen minutes that one person can book."""

    id: int
    starts_at: datetime
    state: str = "open"
    open_since: datetime | None = None
    is_offered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One time that a host's office hours take place."""

    id: int
    office_hours_id: int
    starts_at: datetime
    ends_at: datetime
    state: str = "planned"
    is_walk_in: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """A member's place in the queue of a walk-in hour."""

    id: int
    occurrence_id: int
    user_id: int
    since: datetime
    state: str = "waiting"
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression:
    """What a person thought of fifteen minutes."""

    booking_id: int
    user_id: int
    helped: str | None = None
    has_note: int = 0


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything at one moment."""

    letters: list[Letter]
    questions: list[Question]
    invitations: list[Invitation]
    events: list[Fact]
    bookings: list[Booking] = field(default_factory=list)
    waiting: list[WaitlistPlace] = field(default_factory=list)
    impressions: list[Impression] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    hours: list[Hour] = field(default_factory=list)
    places: list[QueuePlace] = field(default_factory=list)
    drafts: list[DraftRow] = field(default_factory=list)
    feedback: list[Said] = field(default_factory=list)
    files: list[WaitingFile] = field(default_factory=list)
    spoken_for: int = 0
    """People's times that bookings speak for."""


_LETTERS: Final = """
SELECT id, kind, key, nonce, due_at, leased_until, request_id, after_id, attempts, sent_at, failure, channel_id,
    message_id
FROM outbox ORDER BY id
"""
_QUESTIONS: Final = """
SELECT request.id, type, user_id, created_at, interaction_id, state, visibility, thread_id, waiting_since, needed_by,
    next_look_at, close_reason
FROM request JOIN member ON member.id = asker_id ORDER BY request.id
"""
_DRAFTS: Final = """
SELECT id, readers, round, round_at, stage, file_format, about <> '' AS has_words, review_text IS NOT NULL AS has_review
FROM draft ORDER BY id
"""
_FEEDBACK: Final = """
SELECT id, draft_id, round, sent_at,
    EXISTS (SELECT 1 FROM feedback_point WHERE feedback_id = feedback.id) AS has_points
FROM feedback ORDER BY id
"""
_FILES: Final = "SELECT key, request_id FROM outbox_file ORDER BY key"
_INVITATIONS: Final = """
SELECT invitation.id, request_id, user_id, state, expires_at
FROM invitation JOIN member ON member.id = member_id ORDER BY invitation.id
"""
_EVENTS: Final = """
SELECT type, request_id, user_id FROM event LEFT JOIN member ON member.id = member_id ORDER BY event.id
"""
_BOOKINGS: Final = """
SELECT id, host_id, asker_id, slot_id, starts_at, interaction_id, state, missing, next_look_at, host_here_at,
    asker_here_at
FROM booking ORDER BY id
"""
_WAITING: Final = """
SELECT waiting.id, user_id, state, slot_id, offer_ends_at
FROM waiting JOIN member ON member.id = member_id ORDER BY waiting.id
"""
_IMPRESSIONS: Final = """
SELECT booking_id, user_id, helped, note IS NOT NULL AS has_note
FROM impression JOIN member ON member.id = member_id ORDER BY impression.id
"""
_SLOTS: Final = "SELECT id, starts_at, state, open_since, is_offered FROM slot ORDER BY id"
_HOURS: Final = """
SELECT occurrence.id, office_hours_id, starts_at, ends_at, state, is_walk_in
FROM occurrence JOIN office_hours ON office_hours.id = office_hours_id ORDER BY occurrence.id
"""
_PLACES: Final = """
SELECT queue_place.id, occurrence_id, user_id, since, state, held_until
FROM queue_place JOIN member ON member.id = member_id ORDER BY queue_place.id
"""


def read(file: Path) -> Tables:
    """Return what an SQLite file says now.

    Opened to be written, a file that a killed process left behind would be tidied up here, and not by the bot.
    """
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=_PATIENCE)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return Tables(
            letters=_rows(connection, Letter, _LETTERS),
            questions=_rows(connection, Question, _QUESTIONS),
            invitations=_rows(connection, Invitation, _INVITATIONS),
            events=_rows(connection, Fact, _EVENTS),
            bookings=_rows(connection, Booking, _BOOKINGS),
            waiting=_rows(connection, WaitlistPlace, _WAITING),
            impressions=_rows(connection, Impression, _IMPRESSIONS),
            slots=_rows(connection, Slot, _SLOTS),
            hours=_rows(connection, Hour, _HOURS),
            places=_rows(connection, QueuePlace, _PLACES),
            drafts=_rows(connection, DraftRow, _DRAFTS),
            feedback=_rows(connection, Said, _FEEDBACK),
            files=_rows(connection, WaitingFile, _FILES),
            spoken_for=connection.execute("SELECT count(*) FROM appointment").fetchone()[0],
        )


def _rows(connection: sqlite3.Connection, kind: type[_Row], statement: str) -> list[_Row]:
    return [kind(**{name: _value(name, row[name]) for name in row.keys()}) for row in connection.execute(statement)]  # noqa: SIM118 - iterating a row gives its values


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - anything SQLite holds
    is_moment = value is not None and name.endswith(("_at", "since", "_until", "_by"))
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if is_moment else value
