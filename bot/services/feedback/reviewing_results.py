"""What readers and authors see of feedback on drafts."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.drafts import Missing, Point, PointOutcome
from bot.services.results import DraftView


@dataclass(frozen=True, slots=True)
class PointView:
    """One point, and what became of it."""

    point_id: int
    said: Point = field(repr=False)
    outcome: PointOutcome | None = None
    note: str | None = field(repr=False, default=None)
    """What the author says to it."""
    is_carried: bool = False
    """It is of an earlier round, and its author hasn't said since that round what became of it."""


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What one reader says about a draft in one round."""

    feedback_id: int
    reader_user_id: int
    round: int
    summary: str = field(repr=False)
    strengths: str = field(repr=False, default="")
    answers: str = field(repr=False, default="")
    """To the author's questions."""
    uses_model: bool = False
    points: tuple[PointView, ...] = ()
    sent_at: datetime | None = None
    is_closed: bool = False
    """Its reader was told what became of their points, so nothing of it changes any more."""

    @property
    def is_settled(self) -> bool:
        """Tell whether its author said of every point what became of it."""
        return bool(self.points) and all(each.outcome is not None and not each.is_carried for each in self.points)


@dataclass(frozen=True, slots=True)
class OwnFeedback:
    """What a reader says about a draft, as they see it themselves."""

    draft: DraftView
    feedback: FeedbackView
    others: int = 0
    """Readers besides them who have sent theirs in this round."""
    carried: tuple[PointView, ...] = ()
    """Their points of earlier rounds that are still open."""
    missing: Missing | None = None
    """What the point that was just added lacks."""


@dataclass(frozen=True, slots=True)
class Received:
    """What one reader says about a draft, as its author sees it, or another reader."""

    draft: DraftView
    feedback: FeedbackView
