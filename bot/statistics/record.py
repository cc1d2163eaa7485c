"""What happened in a community, as columns of numbers: one row of each is a person's, so none leaves this process."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.attention import Attention, Rate
from bot.domain.disclosure import Crowd
from bot.domain.windows import Weeks, counted_with, monday
from bot.store.columns import AnyRow
from bot.store.unit_of_work import ReadingWork

Seconds = NDArray[np.float64]
"""Moments since 1970, or lengths; NaN where there is none."""
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
WEEK = 7 * 86400.0
_ORIGIN = monday(0).timestamp()
NO_ONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """What happened to requests, in order of request and moment; four columns of one length."""

    request: Whole
    type: NDArray[np.str_]
    person: Whole
    """`NO_ONE` where the person is gone."""
    at: Seconds

    def only(self, *types: str) -> "Happened":
        """Return what is of these types."""
        return self.of(np.isin(self.type, types))

    def of(self, chosen: Mask) -> "Happened":
        """Return the chosen ones."""
        return Happened(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def week(self) -> Whole:
        """In which week each happened."""
        return week(self.at)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.at)

    def in_weeks(self, weeks: Weeks) -> "Happened":
        """Return what happened in these weeks, counted or not."""
        return self.of((self.week >= weeks.first) & (self.week < weeks.first + weeks.count))

    def crowd(self, chosen: Mask | None = None) -> Crowd:
        """Return who brought them about, or the chosen ones."""
        return Crowd.of((self.person if chosen is None else self.person[chosen]).tolist())

    def within(self, weeks: Weeks, fewest: int) -> Mask:
        """Tell which are counted in these weeks, where a quiet week waits until `fewest` people did something."""
        return _within(self.person, self.week, weeks, fewest)


@dataclass(frozen=True, slots=True, eq=False)
class HelpGiven:
    """Who helped whom with which request, and when they first did; four columns of one length."""

    request: Whole
    helper: Whole
    asker: Whole
    at: Seconds


@dataclass(frozen=True, slots=True)
class SelfSaid:
    """What a member said of themselves, and since when they use Morsel."""

    zone: str | None = None
    languages: tuple[str, ...] = ()
    joined: float = -math.inf
    left: float = math.inf
    is_helper: bool = False
    attention: Attention = field(default_factory=lambda: Attention(Rate.NEVER))
    """What they chose about being asked."""

    @property
    def helps(self) -> bool:
        """Tell whether they chose to be asked."""
        return self.is_helper and self.attention.rate != Rate.NEVER

    @property
    def is_here(self) -> bool:
        """Tell whether they haven't left."""
        return self.left == math.inf


@dataclass(frozen=True, slots=True, eq=False)
class RequestColumns:
    """Requests of one kind, in the order of their ids; columns of one length."""

    id: Whole
    asker: Whole
    asked: Seconds
    urgency: NDArray[np.str_]
    visibility: NDArray[np.str_]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.id)

    @property
    def person(self) -> Whole:
        """Who asked each."""
        return self.asker

    @property
    def week(self) -> Whole:
        """In which week each was asked."""
        return week(self.asked)

    def of(self, chosen: Mask) -> "RequestColumns":
        """Return the chosen ones."""
        return RequestColumns(*(getattr(self, name)[chosen] for name in self.__slots__))

    def crowd(self, chosen: Mask | None = None) -> Crowd:
        """Return who asked them, or the chosen ones."""
        return Crowd.of((self.asker if chosen is None else self.asker[chosen]).tolist())

    def asked_in(self, block: Weeks) -> Mask:
        """Tell which were asked in weeks that overlap no others that are shown."""
        return (self.week >= block.first) & (self.week < block.first + block.count)

    def within(self, weeks: Weeks, fewest: int) -> Mask:
        """Tell which are counted in these weeks, where a quiet week waits until `fewest` people have asked."""
        return _within(self.asker, self.week, weeks, fewest)

    def first(self, happened: Happened, *types: str) -> Seconds:
        """Return when something of these types first happened to each; what its asker did themselves doesn't count."""
        found = happened.only(*types)
        place = np.searchsorted(self.id, found.request)
        known = place < len(self)
        known[known] &= self.id[place[known]] == found.request[known]
        known[known] &= self.asker[place[known]] != found.person[known]
        moments = np.full(len(self), np.nan)
        np.fmin.at(moments, place[known], found.at[known])
        return moments


def week(moments: Seconds) -> Whole:
    """Return the week of each moment."""
    weeks: Whole = np.floor((moments - _ORIGIN) / WEEK).astype(np.int64)
    return weeks


def _within(people: Whole, each_week: Whole, weeks: Weeks, fewest: int) -> Mask:
    counted = counted_in(people, each_week, weeks.first + weeks.count - 1, fewest)
    return (counted >= weeks.first) & (counted < weeks.first + weeks.count)


def counted_in(people: Whole, weeks: Whole, last: int, fewest: int) -> Whole:
    """Return with which week each thing is counted, from who did it and when; `NO_ONE` for with none yet."""
    each_week, place = np.unique(weeks, return_inverse=True)
    in_order = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place, minlength=len(each_week)))[:-1]
    by_week = dict(zip(each_week.tolist(), np.split(people[in_order], ends), strict=False))
    counted = counted_with({each: Crowd.of(some.tolist()) for each, some in by_week.items()}, last, fewest)
    found: Whole = np.array([counted.get(each, NO_ONE) for each in each_week.tolist()], dtype=np.int64)
    return found[place] if len(place) else found


async def requests(work: ReadingWork, guild_id: int, kind: str, since: datetime, until: datetime) -> RequestColumns:
    """Read all requests of a kind that were asked in some time."""
    return requests_in(await work.statistics.asked(guild_id, kind, since, until))


def requests_in(rows: Sequence[Any]) -> RequestColumns:
    """Return rows of requests as columns."""
    ids, askers, moments, urgencies, visibilities = _columns(rows, 5)
    named = np.array(urgencies, str), np.array(visibilities, str)
    return RequestColumns(_whole(ids), _whole(askers), _seconds(moments), *named)


async def happened(
    work: ReadingWork, guild_id: int, types: Collection[str], since: datetime, until: datetime
) -> Happened:
    """Read what happened of some types."""
    return happened_in(await work.statistics.happened(guild_id, types, since, until))


def happened_in(rows: Sequence[Any]) -> Happened:
    """Return rows of what happened as columns."""
    ids, names, people, moments = _columns(rows, 4)
    return Happened(_whole(ids), np.array(names, str), _whole(people), _seconds(moments))


async def offered(work: ReadingWork, guild_id: int, since: datetime, until: datetime) -> Happened:
    """Read the slots that hosts offered for some time; what happened to each is its state."""
    ids, states, hosts, moments = _columns(await work.statistics.offered(guild_id, since, until), 4)
    return Happened(_whole(ids), np.array(states, str), _whole(hosts), _seconds(moments))


async def members(work: ReadingWork, guild_id: int) -> dict[int, SelfSaid]:
    """Read what members said of themselves."""
    return {each.id: _said(each) for each in await work.statistics.members(guild_id)}


def _said(row: AnyRow) -> SelfSaid:
    left = row.left_at.timestamp() if row.left_at else math.inf
    attention = Attention(Rate(row.rate), row.zone, row.begins, row.ends, row.paused_at, row.paused_until)
    return SelfSaid(row.zone, tuple(row.languages), row.joined_at.timestamp(), left, row.is_helper, attention)


async def helped(work: ReadingWork, guild_id: int, until: datetime) -> HelpGiven:
    """Read who helped whom before a moment."""
    ids, helpers, askers, moments = _columns(await work.statistics.helped(guild_id, until), 4)
    return HelpGiven(_whole(ids), _whole(helpers), _whole(askers), _seconds(moments))


def _columns(rows: Sequence[Any], count: int) -> Sequence[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * count


def _whole(values: Iterable[int | None]) -> Whole:
    return np.array([NO_ONE if each is None else each for each in values], dtype=np.int64)


def _seconds(values: Iterable[datetime]) -> Seconds:
    return np.array([each.timestamp() for each in values], dtype=np.float64)
