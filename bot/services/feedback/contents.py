"""What letters about drafts are made of."""

from dataclasses import dataclass, field

from bot.services.office_hours.booking_results import Attachment
from bot.services.requests.contents import AboutQuestion
from bot.services.results import DraftView


@dataclass(frozen=True, slots=True)
class AboutDraft(AboutQuestion):
    """A draft, as everything shows it that is about one."""

    question: DraftView


@dataclass(frozen=True, slots=True)
class Guide(AboutDraft):
    """How to give feedback on a draft, with what there is to read."""

    review: str | None = field(repr=False, default=None)
    """The words of a review that is the draft."""
    file: Attachment | None = None
