"""What helpers chose and how they were asked of late, so that whom nobody may ask is left out at a glance."""

from bisect import bisect_right
from datetime import datetime, timedelta

import numpy as np

from benchmarks.simulator.people import Crowd
from benchmarks.simulator.record import Flags
from benchmarks.simulator.words import Numbers
from bot.domain.attention import BUDGET, HALVED_AFTER, PAUSED_AFTER, Attention, Rate
from bot.domain.hours import QUIET_FROM, QUIET_UNTIL

LANGUAGES = frozenset({"en"})
"""What everybody asks in."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_WINDOWS = tuple(timedelta(days=days) for days in (1, 2, 7, 14, 30))
_DAY_SECONDS, _HOUR_SECONDS = 86_400.0, 3_600.0
_SLACK = 0.01
"""Seconds: who is left out at a glance is surely out; all others are looked at exactly."""


class Helpers:
    """All helpers of a crowd, by column."""

    def __init__(self, crowd: Crowd, rate: str | None, *, has_budget: bool = True) -> None:
        """Know everybody's profile; with a `rate`, all chose that one; without a budget, nobody is ever spared."""
        self._has_budget = has_budget
        self._profiles = crowd.profiles
        count = len(crowd.profiles)
        self._rates = [Rate(rate or profile.rate) for profile in crowd.profiles]
        self._asked: list[list[datetime]] = [[] for _ in range(count)]
        self._silences = [0] * count
        self._pauses: list[tuple[datetime | None, datetime | None]] = [(None, None)] * count
        self._free_from, self._paused_until = np.full((2, count), -np.inf)
        self._is_open = np.asarray(
            [profile.is_helper and not LANGUAGES.isdisjoint(profile.languages) for profile in crowd.profiles]
        )
        self._ahead, self._begins, self._ends = _clocks(crowd)
        for column in range(count):
            self._budget_changed(column)

    def with_budget(self, now: datetime) -> Flags:
        """Return bool[m], who surely isn't closed to requests, whatever the hour."""
        moment = now.timestamp() + _SLACK
        free: Flags = self._is_open & (self._free_from <= moment) & (self._paused_until <= moment)
        return free

    def awake(self, now: datetime) -> Flags:
        """Return bool[m], who is awake as far as the bot knows."""
        return self._is_awake_at(now.timestamp())

    def wakes_within(self, now: datetime, length: timedelta) -> Flags:
        """Return bool[m], who sleeps and will be awake by then."""
        later = self._is_awake_at(now.timestamp() + length.total_seconds() + _SLACK)
        wakes: Flags = later & ~self._is_awake_at(now.timestamp() + _SLACK)
        return wakes

    def attention(self, column: int, now: datetime) -> Attention:
        """Return what is left of somebody's attention."""
        profile, asked = self._profiles[column], self._asked[column]
        # As the tables count: what lies exactly a window's length back is out of it.
        counts = [len(asked) - bisect_right(asked, now - length) for length in _WINDOWS] if self._has_budget else []
        return Attention(
            self._rates[column], profile.zone, profile.begins, profile.ends, *self._pauses[column],
            self._silences[column], *counts,
        )  # fmt: skip

    def languages(self, column: int) -> frozenset[str]:
        """Return what somebody speaks."""
        return frozenset(self._profiles[column].languages)

    def ask(self, column: int, now: datetime) -> None:
        """Note that somebody is asked."""
        self._asked[column].append(now)
        self._budget_changed(column)

    def spoke(self, column: int) -> None:
        """Note that somebody said something."""
        if self._silences[column]:
            self._silences[column] = 0
            self._budget_changed(column)

    def kept_silent(self, column: int, now: datetime) -> bool:
        """Note that somebody said nothing; returns whether they are paused by that."""
        self._silences[column] += 1
        self._budget_changed(column)
        is_paused = self._silences[column] >= PAUSED_AFTER
        if is_paused:
            self.pause(column, None, now)
        return is_paused

    def is_paused(self, column: int, now: datetime) -> bool:
        """Tell whether somebody wants peace."""
        since, until = self._pauses[column]
        return since is not None and (until is None or now < until)

    def pause(self, column: int, until: datetime | None, now: datetime) -> None:
        """Note that somebody wants peace until a moment; None: until they say so."""
        self._pauses[column] = (now, until)
        self._paused_until[column] = np.inf if until is None else until.timestamp()

    def come_back(self, column: int) -> None:
        """Note that somebody wants no more peace."""
        self._pauses[column] = (None, None)
        self._paused_until[column] = -np.inf
        self.spoke(column)

    def _budget_changed(self, column: int) -> None:
        if not self._has_budget:
            return
        per_day, per_week = BUDGET[self._rates[column]]
        longer = 2 if self._silences[column] >= HALVED_AFTER else 1
        a_day, a_week = (
            self._room_from(column, per_day, _DAY * longer),
            self._room_from(column, per_week, _WEEK * longer),
        )
        self._free_from[column] = max(a_day, a_week)

    def _room_from(self, column: int, most: int, length: timedelta) -> float:
        asked = self._asked[column]
        if most == 0:
            return np.inf
        return (asked[-most] + length).timestamp() if len(asked) >= most else -np.inf

    def _is_awake_at(self, moment: float) -> Flags:
        local = np.mod(moment + self._ahead, _DAY_SECONDS)
        is_by_day = (self._begins <= local) & (local < self._ends)
        awake: Flags = np.where(self._begins < self._ends, is_by_day, (local >= self._begins) | (local < self._ends))
        return awake


def _clocks(crowd: Crowd) -> tuple[Numbers, Numbers, Numbers]:
    """Return float64[m] each, in seconds: how far ahead of UTC, and when usual hours begin and end."""
    rows = []
    for profile, offset in zip(crowd.profiles, crowd.offsets, strict=True):
        begins, ends = profile.begins or QUIET_UNTIL, profile.ends or QUIET_FROM
        rows.append((offset if profile.zone else 0, begins.hour, ends.hour))
    ahead, begin, end = np.asarray(rows, dtype=np.float64).reshape(-1, 3).T * _HOUR_SECONDS
    return ahead, begin, end
