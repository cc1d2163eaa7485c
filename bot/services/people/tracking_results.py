"""What the use cases around a person's own things give back: frozen, and free of rows."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.attention import Rate
from bot.domain.lifecycle import RequestState, Visibility
from bot.services.feedback.seats import OwnDraft
from bot.services.office_hours.booking_results import OwnTimes
from bot.services.results import Duty, Pause


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question as its asker finds it again."""

    request_id: int
    guild_id: int
    text: str = field(repr=False)
    state: RequestState
    visibility: Visibility
    thread_id: int | None
    asked_at: datetime
    revealed_because: tuple[str, ...] = field(repr=False, default=())
    """Why two moderators learned who asked, where they did."""
    is_moderated: bool = False
    """A moderator closed it, so nothing more can be said or asked through it."""
    draft: OwnDraft | None = None
    """What a draft has beside that; None: it is none."""

    @property
    def led_to(self) -> int | None:
        """The thread, where its asker can open it."""
        return None if self.visibility.shuts_out else self.thread_id


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything of one person's that is going on."""

    questions: tuple[OwnQuestion, ...]
    duties: tuple[Duty, ...]
    rate: Rate
    is_helper: bool
    asked_last_day: int
    asked_last_week: int
    is_halved: bool
    """Asked half as often for now, after some silences."""
    pause: Pause
    times: OwnTimes = field(default_factory=OwnTimes)
    offers_time: bool = False
