"""One attention budget over everything a member may be asked for, and everything else that keeps a member in peace."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.hours import after_awake, is_awake, next_awake

HALVED_AFTER, PAUSED_AFTER = 3, 5
"""Silences in a row after which a member is asked half as often, and after which they aren't asked any more."""


class Rate(StrEnum):
    """How often a member may be asked."""

    NEVER = "never"
    ONE_A_WEEK = "one_a_week"
    ONE_A_DAY = "one_a_day"
    MORE = "more"


BUDGET: Mapping[Rate, tuple[int, int]] = {
    Rate.NEVER: (0, 0),
    Rate.ONE_A_WEEK: (1, 1),
    Rate.ONE_A_DAY: (1, 3),
    Rate.MORE: (3, 10),
}
"""Requests a day and a week."""


@dataclass(frozen=True, slots=True)
class Attention:
    """What a member chose about being asked, and how often they were asked, by any kind of request."""

    rate: Rate
    zone: str | None = None
    begins: time | None = None
    ends: time | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    silences: int = 0
    """Invitations in a row that ran out without a word."""
    asked_last_day: int = 0
    """Requests of the last 24 h."""
    asked_last_two_days: int = 0
    asked_last_week: int = 0
    asked_last_fortnight: int = 0
    asked_last_month: int = 0
    """Requests of the last 30 d."""

    def allows(self, now: datetime) -> bool:
        """Tell whether one more request may reach this person now: not paused, budget left, awake."""
        return self.has_budget() and not self.is_paused(now) and is_awake(now, self.zone, self.begins, self.ends)

    def has_budget(self) -> bool:
        """Tell whether one more request fits into what this person chose; after silences, into half of it."""
        per_day, per_week = BUDGET[self.rate]
        if self.silences >= HALVED_AFTER:
            return self.asked_last_two_days < per_day and self.asked_last_fortnight < per_week
        return self.asked_last_day < per_day and self.asked_last_week < per_week

    def is_paused(self, now: datetime) -> bool:
        """Tell whether this person wants to be asked nothing at all for now."""
        return self.paused_at is not None and (self.paused_until is None or now < self.paused_until)

    def next_chance(self, now: datetime) -> datetime | None:
        """Return when this person is awake next, or None where that alone would not do."""
        if not self.has_budget() or self.is_paused(now):
            return None
        return next_awake(now, self.zone, self.begins, self.ends)

    def after_waking(self, now: datetime, wait: timedelta) -> datetime:
        """Return when so much of this person's waking time has gone by."""
        return after_awake(now, wait, self.zone, self.begins, self.ends)

    def spent(self) -> "Attention":
        """Return what is left after one more request."""
        return replace(
            self,
            asked_last_day=self.asked_last_day + 1,
            asked_last_two_days=self.asked_last_two_days + 1,
            asked_last_week=self.asked_last_week + 1,
            asked_last_fortnight=self.asked_last_fortnight + 1,
            asked_last_month=self.asked_last_month + 1,
        )
