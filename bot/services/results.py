"""What the use cases give back: frozen, and free of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Generic, Literal, TypedDict, TypeVar

from bot.domain.ask_well import Hint
from bot.domain.attention import Rate
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area, Stage
from bot.domain.lifecycle import InvitationState, Outcome, QuestionKind, RequestState, Urgency, Visibility
from bot.routing.ports import Evidence

Content_co = TypeVar("Content_co", covariant=True)
DirectMessages = Literal["unknown", "open", "closed"]


class LetterKind(StrEnum):
    """What a letter is: each room names its own, and `bot.services.letters` knows all of them."""


class RequestFacts(TypedDict):
    """What people see of a request of any kind."""

    type: str
    request_id: int
    guild_id: int
    asker_user_id: int | None
    text: str
    urgency: Urgency
    state: RequestState
    thread_id: int | None
    post_id: int | None
    visibility: Visibility
    is_moderated: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as people see it; each kind adds what is its own."""

    type: str
    """The name of its kind."""
    request_id: int
    guild_id: int
    asker_user_id: int | None
    """None where the asker stays unknown."""
    text: str = field(repr=False)
    """What it is called by, in lists and as a thread: of a question all of its words."""
    urgency: Urgency
    state: RequestState
    thread_id: int | None
    post_id: int | None = None
    """The message that opened the thread; None before it is there."""
    visibility: Visibility = Visibility.PUBLIC
    is_moderated: bool = False
    """A moderator closed it, so nothing more can be said or asked through it."""
    is_withdrawn: bool = False
    """Its words are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView(RequestView):
    """A question as people see it."""

    type: str = "question"
    tried: str | None = field(repr=False)
    kind: QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView(RequestView):
    """A draft as people see it who may read it."""

    type: str = "draft"
    about: str = field(repr=False)
    questions: tuple[str, ...] = field(repr=False)
    link: str | None = field(repr=False)
    has_file: bool
    words: int
    stage: Stage
    areas: tuple[Area, ...]
    """None of them: anything."""
    readers: int
    needed_by: datetime | None
    aim_for: datetime
    """The date that readers are shown before the deadline."""
    round: int
    part: str | None = field(repr=False, default=None)
    """Which part is to be read; None: all of it."""
    changes: str | None = field(repr=False, default=None)
    """Since the round before."""


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
    hint: Hint | None = None
    """What would make this one easier to answer; it is kept but not posted until its asker has seen it."""
    first_chance: datetime | None = None
    """When the first person is awake who matches, where everyone sleeps now."""

    is_hidden: bool = False
    """No one is to know who asked."""
    is_outside: bool = False
    """The thread is private, and they aren't let in: they stay unknown."""

    @property
    def is_posted(self) -> bool:
        """Tell whether it is on its way, or waits for its asker to look at something first."""
        return not self.similar and self.hint is None


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """A question that was answered before, where everyone may read it."""

    thread_id: int
    text: str = field(repr=False)
    answer: str | None = field(repr=False, default=None)
    """What helped, where both people agreed to keep it for others."""


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question that no one has taken yet."""

    thread_id: int
    text: str | None = field(repr=False)
    """None where only those may read it who are asked."""
    since: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, in the words in which two people may keep them for others."""

    request_id: int
    question: str = field(repr=False)
    answer: str = field(repr=False)
    thread_id: int | None = None
    kept_id: int = 0
    """Names these very words; 0 while there are none."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A person's part in a request: asked, taken and not answered yet, or waiting for a place to be free."""

    invitation_id: int
    state: InvitationState
    request: RequestView
    """Without a thread as well where that is private and only taking it lets in."""
    until: datetime | None
    """Until when the place is kept."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Whether a member wants to be asked nothing for now."""

    member_id: int
    is_paused: bool
    until: datetime | None = None
    """None: until they say so."""
    is_after_silences: bool = False


@dataclass(frozen=True, slots=True)
class Unveiled:
    """Where a moderator's wish to know who asked stands."""

    reveal_id: int
    reason: str = field(repr=False)
    is_own: bool
    """This very moderator's wish, which a second one has to share."""
    is_revealed: bool = False
    asker_user_id: int | None = None
    """None until two moderators agree."""
    is_told: bool | None = None
    """Whether the asker's message with the reason arrived; None: not yet, or that isn't known any more."""


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
    local: datetime | None = None
    """What their clock showed when this was read."""
    begins: time | None = None
    ends: time | None = None
    direct_messages: DirectMessages = "unknown"
    learns_from_help: bool = False
    longest_read: LongestRead | None = None
    """None: they read no drafts."""
    read_areas: tuple[Area, ...] = ()
    """None of them: anything."""
    pause: "Pause | None" = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a person was asked: the statement that matched, and what each part of the decision was."""

    invitation_id: int
    request: RequestView
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
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes = field(repr=False)
    description: str | None = None
    """What a picture shows, for people who can't see it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is in order, and a text that says so or gives the fix."""

    is_in_order: bool
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter(Generic[Content_co]):
    """One message on its way: what it says, and all there is to know about where it goes."""

    letter_id: int
    kind: str
    nonce: str
    guild_id: int
    attempts: int
    first_attempt_at: datetime
    user_id: int | None
    """Whose direct messages it goes to; None when it goes to `channel_id`."""
    channel_id: int | None
    addressee_id: int | None
    """The user it is meant for, in any channel."""
    content: Content_co
    """What its words are made of; each type has one way to be shown."""
    people: frozenset[int] = frozenset()
    """The users that must be there for it to be sent: the one it is for, and the one in whose name it speaks."""
    unsilenced: frozenset[int] = frozenset()
    """Those of them for whose timeout's end it waits."""
    is_secret: bool = False
    """Nothing of which its words are made may tell who these are."""
    guest_user_id: int | None = None
    """Who has to be let into a private thread before they can read the letter."""
    others: frozenset[int] = frozenset()
    """Messages that other letters became since this one was first tried; none of them is this one."""
    home_id: int | None = None
    """The channel in which its thread is, or is to be."""
    is_moot: bool = False
    """There is no reason to send it any more; what is left to find out is whether an earlier attempt arrived."""
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
    """That a person wrote, when and where; never what."""

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
    can_thank: bool = False
    """It helped, and a person is there to be thanked."""
    can_keep: bool = True
    """What was said may be kept for others, if both agree."""
    type: str = "question"
    """The name of its request's kind."""
