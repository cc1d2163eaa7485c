"""What happens when with a draft: every moment is counted from its deadline, and none comes after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_CLAIM = timedelta(hours=72)
"""For which a seat is kept for a reader who took it, where the deadline leaves so much."""
SHORT_NOTICE = timedelta(hours=48)
"""With less than this left, most people find no time: the author reads so before anything is sent."""
DELETED_AFTER = timedelta(days=14)
"""How long after its deadline a review's text is deleted."""
SENT_AFTER = timedelta(days=1)
"""How soon a reader who wrote in the thread sends their feedback, if they do."""
OUTCOMES_AGAIN_AFTER = timedelta(days=3)
"""When an author is reminded once to say what became of the points."""

_AHEAD = timedelta(hours=24)
"""By how much the date that readers aim for lies before the deadline, at least."""
_AHEAD_SHARE = 5
"""A fifth of what is left, where that is more."""
_CLAIM_SHARE = 3


@dataclass(frozen=True, slots=True)
class DraftDates:
    """The course of one round: it began at `posted_at` and closes at `needed_by`, both aware.

    What depends on a reader is counted from the moment it began for them. Of a later deadline, no moment is earlier.
    """

    posted_at: datetime
    needed_by: datetime

    @property
    def second_wave_at(self) -> datetime:
        """When more people are asked if a seat is free: half of the time is over."""
        return self._after(2, 4)

    @property
    def moderators_at(self) -> datetime:
        """When moderators are told that no one reads it: three quarters of the time are over."""
        return self._after(3, 4)

    @property
    def choices_at(self) -> datetime:
        """When an author without feedback chooses how to go on."""
        return self.needed_by

    @property
    def text_deleted_at(self) -> datetime:
        """When the text of a review goes for good; the one moment that lies after the deadline."""
        return self.needed_by + DELETED_AFTER

    def aim_for(self, asked_at: datetime) -> datetime:
        """Return the date that a reader asked at this moment is shown before the deadline.

        It is a day or a fifth of what is left before it, whichever is more, but never more than half of what is left;
        the full hour before that, where there is one in between.
        """
        left = self._left(asked_at)
        aim = self.needed_by - min(max(_AHEAD, left / _AHEAD_SHARE), left / 2)
        full_hour = aim.replace(minute=0, second=0, microsecond=0)
        return full_hour if full_hour > asked_at else aim

    def claimed_until(self, taken_at: datetime) -> datetime:
        """Return until when a seat is kept for a reader who took it: 72 hours, or a third of what is left if less."""
        return self.needed_by - self._left(taken_at) + self._claim(taken_at)

    def reminded_at(self, taken_at: datetime) -> datetime:
        """Return when a reader is reminded, once: at half of that time."""
        return self.needed_by - self._left(taken_at) + self._claim(taken_at) / 2

    def is_short_notice(self, now: datetime) -> bool:
        """Tell whether so little time is left that most readers would need more."""
        return self._left(now) < SHORT_NOTICE

    def _after(self, share: int, of: int) -> datetime:
        return self.posted_at + (self.needed_by - self.posted_at) * share / of

    def _left(self, moment: datetime) -> timedelta:
        """Return what is left of the time at a moment; after the deadline nothing is."""
        return max(self.needed_by - moment, timedelta())

    def _claim(self, taken_at: datetime) -> timedelta:
        return min(LONGEST_CLAIM, self._left(taken_at) / _CLAIM_SHARE)
