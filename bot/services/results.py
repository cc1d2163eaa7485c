"""What the use cases give back: frozen, and free of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

from bot.domain.lifecycle import Outcome, QuestionKind, RequestState, Urgency
from bot.domain.policy import Rate
from bot.routing.ports import Evidence

LetterKind = Literal["post", "invitation", "notice", "outcome", "direct_message_check", "panel"]
DirectMessages = Literal["unknown", "open", "closed"]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as people see it."""

    request_id: int
    guild_id: int
    asker_user_id: int
    text: str = field(repr=False)
    tried: str | None = field(repr=False)
    kind: QuestionKind
    urgency: Urgency
    state: RequestState
    thread_id: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an asker gets back at once."""

    request_id: int
    invited: int
    """People asked now."""
    thread_id: int | None
    """None when Discord is slow: the thread follows."""
    is_fallback: bool
    """Matched by words alone, for the encoder isn't ready."""
    similar: tuple["SimilarQuestion", ...] = ()
    """Questions answered before; while there are any, this one is kept but not posted."""


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """A question that was answered before, where everybody may read it."""

    thread_id: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One statement as its owner sees it."""

    statement_id: int
    text: str = field(repr=False)
    is_muted: bool
    is_learned: bool
    weight: float = 1.0
    """What its evidence counts by now, 1 as written."""


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """Everything a member may see about themselves."""

    user_id: int
    is_helper: bool
    rate: Rate
    statements: tuple[StatementLine, ...]
    learning: str | None = field(repr=False, default=None)
    languages: tuple[str, ...] = ()
    zone: str | None = None
    begins: time | None = None
    ends: time | None = None
    direct_messages: DirectMessages = "unknown"
    learns_from_help: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody was asked: the statement that matched, and what each part of the decision was."""

    invitation_id: int
    question: QuestionView
    asked_at: datetime
    reason: str | None = field(repr=False)
    """The statement, in its owner's words; None where it was deleted."""
    is_learned: bool
    evidence: Evidence
    expertise: float
    availability: float
    freshness: float
    wave: int
    is_exploratory: bool
    policy_version: str


@dataclass(frozen=True, slots=True)
class Window:
    """What became of the questions asked in one stretch of time."""

    asked: int
    taken: int
    answered: int
    helped: int
    open: int
    median_wait: timedelta | None
    """From asking to the first answer; None when nothing was answered."""


@dataclass(frozen=True, slots=True)
class StatsTable:
    """A window beside the window before."""

    weeks: int
    now: Window
    before: Window


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is in order, and a text that says so or gives the fix."""

    is_in_order: bool
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way, with all that its words are made of."""

    letter_id: int
    kind: LetterKind
    nonce: str
    guild_id: int
    attempts: int
    first_attempt_at: datetime
    user_id: int | None
    """Whose direct messages it goes to; None when it goes to `channel_id`."""
    channel_id: int | None
    addressee_id: int | None
    """The user it is meant for, wherever it goes."""
    question: QuestionView | None = None
    invitation_id: int | None = None
    member_id: int | None = None
    reason: str | None = field(default=None, repr=False)
    """The statement that matched, in its owner's words."""
    is_learned: bool = False
    """The reason is a question that its addressee helped with, not their own words."""
    text: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    tells_closed: bool = False
    """Says once in a while that direct messages are closed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a letter ended up."""

    channel_id: int
    """For a post, its thread."""
    message_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """That somebody wrote, when and where; never what."""

    thread_id: int
    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an asker's outcome led to."""

    outcome: Outcome
    invited: int
    """People asked now, after *not yet*."""
    thread_id: int | None
