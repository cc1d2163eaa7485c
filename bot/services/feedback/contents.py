"""What letters about drafts are made of."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.services.feedback.reviewing_results import FeedbackView
from bot.services.requests.contents import AboutQuestion
from bot.services.results import Attachment, DraftView


@dataclass(frozen=True, slots=True)
class AboutDraft(AboutQuestion):
    """A draft, as everything shows it that is about one."""

    question: DraftView


@dataclass(frozen=True, slots=True)
class Unread(AboutDraft):
    """That a draft finds no readers, for moderators."""


@dataclass(frozen=True, slots=True)
class Guide(AboutDraft):
    """How to give feedback on a draft, with what there is to read."""

    review: str | None = field(repr=False, default=None)
    """The words of a review that is the draft."""
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class FeedbackCame(AboutDraft):
    """What a reader says, for the author."""

    feedback: FeedbackView


@dataclass(frozen=True, slots=True)
class BecameOf(AboutDraft):
    """What became of a reader's points, for the reader."""

    feedback: FeedbackView


@dataclass(frozen=True, slots=True)
class PointsUnsettled(AboutDraft):
    """That an author hasn't said of any point what became of it."""


@dataclass(frozen=True, slots=True)
class ReaderAnswered(AboutDraft):
    """What a reader answers an author who can't read the thread."""

    words: str = field(repr=False)
    reader_user_id: int


@dataclass(frozen=True, slots=True)
class NotesCompared(AboutDraft):
    """When readers compare their notes: proposed, agreed on, or now."""

    text: str
    """Its key in the catalogue."""
    at: datetime
    reader_user_id: int
    readers: tuple[int, ...] = ()
    """The users who have sent their feedback in this round."""
    is_agreed: bool = False


@dataclass(frozen=True, slots=True)
class NoteTogether(AboutDraft):
    """What readers say together."""

    words: str = field(repr=False)
    writer_user_id: int
    is_for_author: bool = True
