"""The weeks that statistics look at; pure.

They are whole weeks, from Monday to Monday by UTC, for every viewer: a window that slid by a day, or by a zone, could
be subtracted from the one before, and what is left would be one person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.disclosure import FEWEST, Crowd

_FIRST_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_WEEK = timedelta(weeks=1)
BLOCK = 12
"""Weeks of what is broken down by who people are; such a block never overlaps another."""

_STEP = 4


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many weeks in a row; weeks are counted from the first Monday of 1970."""

    first: int
    count: int

    @property
    def since(self) -> datetime:
        """When the first of them begins."""
        return monday(self.first)

    @property
    def until(self) -> datetime:
        """When the last of them is over."""
        return monday(self.first + self.count)

    @property
    def before(self) -> "Weeks":
        """As many weeks right before."""
        return Weeks(self.first - self.count, self.count)

    def earlier(self, weeks: int) -> "Weeks":
        """Return as many weeks, so many weeks earlier."""
        return Weeks(self.first - weeks, self.count)

    def __contains__(self, week: object) -> bool:
        """Tell whether a week is one of them."""
        return isinstance(week, int) and self.first <= week < self.first + self.count


def week_of(moment: datetime) -> int:
    """Return the week of a moment."""
    return (moment - _FIRST_MONDAY) // _WEEK


def monday(week: int) -> datetime:
    """Return when a week begins."""
    return _FIRST_MONDAY + week * _WEEK


def last_weeks(now: datetime, count: int) -> Weeks:
    """Return the last weeks that are over; the running one isn't among them."""
    return Weeks(week_of(now) - count, count)


def last_block(now: datetime) -> Weeks:
    """Return the last block of twelve weeks that is over: the same for twelve weeks."""
    return Weeks(week_of(now) // BLOCK * BLOCK - BLOCK, BLOCK)


def last_followed(now: datetime) -> Weeks:
    """Return the last twelve weeks up to a boundary of four, a week ago at least: the same for four weeks.

    Each of their questions was followed for a week by then.
    """
    return Weeks((week_of(now) - 1) // _STEP * _STEP - BLOCK, BLOCK)


def counted_with(crowds: Mapping[int, Crowd], last: int, fewest: int) -> dict[int, int]:
    """Say with which week each week is counted: one that doesn't hide its people waits for the next ones.

    So every sum over weeks is one over crowds that hide theirs, and so is the difference of any two sums: those of
    shares, which need more people, are made of those of counts. Weeks after `last`, and those at the end that wait
    still, are counted with none; and so is a week whose one busy person would be seen even among the many of the next.
    """
    of_counts = together({week: [crowd] for week, crowd in crowds.items() if week <= last})
    if fewest == FEWEST:
        return of_counts
    units: dict[int, Crowd] = {}
    for week, unit in of_counts.items():
        units[unit] = units.get(unit, Crowd({})) | crowds[week]
    wider = together({unit: [crowd] for unit, crowd in units.items()}, fewest)
    return {week: wider[unit] for week, unit in of_counts.items() if unit in wider}


def together(crowds: Mapping[int, Sequence[Crowd]], fewest: int = FEWEST) -> dict[int, int]:
    """Say with which of these weeks each is shown, where several crowds of a week are shown beside each other."""
    counted: dict[int, int] = {}
    waiting: list[int] = []
    met: list[Crowd] = []
    for week in sorted(crowds):
        waiting.append(week)
        met = [one | other for one, other in zip(met, crowds[week], strict=True)] if met else list(crowds[week])
        if _hide(met, fewest):
            counted.update(dict.fromkeys(waiting, week))
        elif _hide(crowds[week], fewest):
            counted[week] = week
        else:
            continue
        waiting, met = [], []
    return counted


def _hide(crowds: Sequence[Crowd], fewest: int) -> bool:
    return all(each.hides(fewest) or not each.people for each in crowds)
