"""What the use cases around a person's own things give back: frozen, and free of rows."""

from dataclasses import dataclass, field

from bot.domain.attention import Rate
from bot.services.office_hours.booking_results import OwnTimes
from bot.services.results import Duty, OwnQuestion, Pause


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
