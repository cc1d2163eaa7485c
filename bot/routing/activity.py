"""When people answer: how often, how lately, at what hours of their week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.routing.ports import Answered, Ids

Numbers = npt.NDArray[np.float64]

_DAY = 86_400.0
_HOUR = 3_600
_WEEK = 168
"""Hours."""
_MONTH_DECAY, _WEEK_DECAY = 30.0, 7.0
"""Days after which an answer counts for a third."""
_SILENCE = 0.02
"""What stands for no answer at all, so that the first one isn't infinitely more."""
_LONGEST_IDLE = 365.0
"""Days; a person who never answered counts as idle for so long."""
_SMOOTHING = 5.0
"""Answers at the community's hours that are added to each person's own."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What some members' answers say of the next one, each float64[m]."""

    month: Numbers
    """Logarithm of the answers of about a month, older ones fading."""
    week: Numbers
    idle: Numbers
    """Logarithm of the days since the last answer."""
    hours: Numbers
    """Share of the member's answers that fall into the hours asked about, over the community's share; around 1."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Every answer of a guild as two columns, never changed."""

    member_ids: Ids
    """int64[e]"""
    moments: Numbers
    """float64[e], seconds since 1970 in UTC"""

    @classmethod
    def build(cls, answers: Sequence[Answered]) -> Self:
        """Take answers in any order."""
        return cls(
            np.asarray([answer.member_id for answer in answers], dtype=np.int64),
            np.asarray([answer.at.timestamp() for answer in answers], dtype=np.float64),
        )

    def __len__(self) -> int:
        """Count the answers."""
        return len(self.member_ids)

    def add(self, answers: Sequence[Answered]) -> Self:
        """Return the activity with these answers too; one that is there already counts once."""
        more = self.build(answers)
        columns = np.stack(
            (
                np.concatenate((self.member_ids.astype(np.float64), more.member_ids.astype(np.float64))),
                np.concatenate((self.moments, more.moments)),
            )
        )
        both = np.unique(columns, axis=1)
        return type(self)(both[0].astype(np.int64), both[1])

    def habits(self, member_ids: Ids, now: datetime, within: timedelta | None = None) -> Habits:
        """Look at int64[m], ascending, as of `now`, for an answer `within` so long (None, or a week: at any hour)."""
        place = np.searchsorted(member_ids, self.member_ids)
        is_theirs = np.isin(self.member_ids, member_ids)
        place, moments = place[is_theirs], self.moments[is_theirs]
        days = np.maximum((now.timestamp() - moments) / _DAY, 0.0)
        idle = np.full(len(member_ids), _LONGEST_IDLE)
        np.minimum.at(idle, place, days)
        return Habits(
            month=np.log(_sums(place, np.exp(-days / _MONTH_DECAY), len(member_ids)) + _SILENCE),
            week=np.log(_sums(place, np.exp(-days / _WEEK_DECAY), len(member_ids)) + _SILENCE),
            idle=np.log(idle + 0.1),
            hours=_hours(place, moments, len(member_ids), now, within),
        )


def _hours(
    place: npt.NDArray[np.intp], moments: Numbers, count: int, now: datetime, within: timedelta | None
) -> Numbers:
    length = _WEEK if within is None else round(within.total_seconds() / _HOUR)
    if length >= _WEEK or not len(moments):
        return np.ones(count, dtype=np.float64)
    # 1970 began on a Thursday; which hour counts as the week's first makes no difference here.
    first = int(now.timestamp()) // _HOUR
    is_inside = ((moments // _HOUR - first) % _WEEK) < length
    share = (is_inside.sum() + _SMOOTHING * length / _WEEK) / (len(moments) + _SMOOTHING)
    inside, answers = _sums(place, is_inside.astype(np.float64), count), _sums(place, np.ones(len(place)), count)
    hours: Numbers = (inside + _SMOOTHING * share) / ((answers + _SMOOTHING) * share)
    return hours


def _sums(place: npt.NDArray[np.intp], amounts: Numbers, count: int) -> Numbers:
    return np.bincount(place, weights=amounts, minlength=count).astype(np.float64)
