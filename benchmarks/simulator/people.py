"""How people behave, stated in one place: every number has its source or the word *assumed*."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property

import numpy as np

from benchmarks.simulator.record import Flags, Record
from benchmarks.simulator.words import Numbers

_DAY = 24.0
_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class PeopleModel:
    """What is assumed of all people; hours are waking hours, shares lie between 0 and 1.

    A person reads an invitation some waking time after it arrives. They answer if they know the topic and feel like
    it; else they pass it on, or say nothing. A person who answers takes the question first and writes for a while; some
    who take it never write. A person who finds it answered already does nothing. Only people who were asked answer.
    """

    knowing_middle: float = -1.5
    """Logarithm of the odds that a person with a middling nearness could say something useful: assumed. It gives one
    member in five, and about four of the seven that match best. A person who really answered surely could."""
    knowing_slope: float = 0.92
    """What a standard deviation of nearness adds to it. Source: a logistic fit of who answered, on routing_mixed."""
    willingness: float = 0.42
    """Share of those asked personally who answer what they know. Source: 42 % of strangers did, asked on Twitter about
    what they had just written of (Nichols and Kang, CSCW 2012). That members who opted in do no worse is assumed."""
    activity_slope: float = 0.5
    """What a standard deviation of how much a person wrote adds to the logarithm of those odds: assumed."""
    temper: float = 0.8
    """Standard deviation of what else people differ in, in the same logarithm: assumed."""
    away: float = 0.25
    """What is left of the willingness of a person who wrote nothing in the month before or after: assumed."""
    reading_minutes: float = 40.0
    """Median time until a person reads a direct message: assumed. Half of all replies to e-mail come within 47 minutes
    (Kooti et al., Evolution of Conversations in the Age of Email Overload, WWW 2015), and some of that is writing."""
    reading_spread: float = 1.5
    """Standard deviation of its logarithm: assumed; one in six reads after three hours."""
    writing_minutes: float = 30.0
    """Median time from taking a question to answering it: assumed."""
    writing_spread: float = 1.0
    """Standard deviation of its logarithm: assumed."""
    never_reads: float = 0.1
    """Share of invitations that no one ever looks at: assumed."""
    passes: float = 0.5
    """Share of those who won't answer that press *Pass* instead of saying nothing: assumed."""
    drops: float = 0.1
    """Share of those who took a question and never answer it: assumed."""
    states_zone: float = 0.8
    """Share of members who chose a time zone; the bot takes the others to live by UTC: assumed."""
    states_hours: float = 0.5
    """Share of these who also gave their usual hours: an hour after waking to an hour before sleeping. Assumed."""
    waking_hours: float = 16.0
    """Hours of a day that people are awake."""
    wakes_at: float = 7.5
    """On their own clock, with a standard deviation of `wakes_spread`: assumed."""
    wakes_spread: float = 1.0
    rates: tuple[float, float, float, float] = (0.02, 0.15, 0.75, 0.08)
    """Shares that chose never, one a week, one a day and more: assumed, as most people keep what is preset."""
    returns: float = 0.5
    """Share of those paused after five silences who press *I'm back* once they read of it: assumed."""
    urgencies: tuple[float, float, float] = (0.3, 0.5, 0.2)
    """Shares of questions for today, this week and later: assumed."""


ZONES = ((-8, 0.1), (-5, 0.2), (-3, 0.1), (0, 0.1), (1, 0.2), (2, 0.1), (3, 0.05), (5, 0.1), (8, 0.05))
"""Hours ahead of UTC, and the share of people there: assumed."""
RATES = ("never", "one_a_week", "one_a_day", "more")
URGENCIES = ("today", "this_week", "whenever")
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person told the bot."""

    rate: str
    zone: str | None
    begins: time | None
    ends: time | None


@dataclass(frozen=True, slots=True)
class Reactions:
    """How each helper would react to one question; nothing here depends on who else is asked, or when."""

    knows: Flags = field(repr=False)
    """bool[m]"""
    reluctance: Numbers = field(repr=False)
    """float64[m], the willingness below which a person won't answer"""
    willingness: Numbers = field(repr=False)
    """float64[m], at the time of the question"""
    reading: Numbers = field(repr=False)
    """float64[m], waking hours until the invitation is read; infinite where it never is"""
    writing: Numbers = field(repr=False)
    """float64[m], waking hours from taking to answering; infinite where nothing follows"""
    passes: Flags = field(repr=False)
    """bool[m], who says so where they won't answer"""

    def would_answer(self) -> Flags:
        """Return bool[m], who would answer."""
        would: Flags = self.knows & (self.reluctance < self.willingness)
        return would


class Crowd:
    """The people of one record, drawn from a model: the same seed always gives the same people and reactions.

    Every draw belongs to a person, or to a person and a question, so that all that is compared meets the same people in
    the same mood.
    """

    def __init__(self, record: Record, model: PeopleModel, seed: int) -> None:
        """Draw what each person is like."""
        self.record, self.model, self._seed = record, model, seed
        self._count = len(record.helpers)
        draw = self._draws(0)
        self._ahead, self._wakes = self._hours(draw)
        self._tempers = model.temper * draw.standard_normal(self._count)
        self.profiles = self._profiles(draw)
        self.urgencies = [URGENCIES[each] for each in _chosen(draw, model.urgencies, len(record.questions))]
        self._kept: dict[int, Reactions] = {}

    def reactions(self, row: int) -> Reactions:
        """Return how each helper would react to a question."""
        if row not in self._kept:
            self._kept[row] = self._react(row)
        return self._kept[row]

    def after_waking(self, column: int, at: float, length: float) -> float:
        """Return the moment by which a helper has been awake for so many hours since `at`."""
        return after_waking(at, length, self._wakes[column], self.model.waking_hours)

    def reading_of_return(self, column: int, time: int) -> float:
        """Return the waking hours until a helper comes back who was paused after silences; infinite where they don't.

        For each `time` that it happens there is another draw.
        """
        draw = self._draws(2, column, time)
        length = self.model.reading_minutes / _MINUTES * np.exp(self.model.reading_spread * draw.standard_normal())
        return float(length) if draw.random() < self.model.returns else np.inf

    def _draws(self, *purpose: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, *purpose])

    def _react(self, row: int) -> Reactions:
        model, count, draw = self.model, self._count, self._draws(1, row)
        normal, uniform = draw.standard_normal((2, count)), draw.random((5, count))
        reading = model.reading_minutes / _MINUTES * np.exp(model.reading_spread * normal[0])
        writing = model.writing_minutes / _MINUTES * np.exp(model.writing_spread * normal[1])
        return Reactions(
            knows=self.record.answered[row] | (uniform[0] < self._chance_of_knowing(row)),
            reluctance=uniform[1],
            willingness=self._willingness * np.where(self.record.around[row], 1.0, model.away),
            reading=np.where(uniform[2] < model.never_reads, np.inf, reading),
            writing=np.where(uniform[3] < model.drops, np.inf, writing),
            passes=uniform[4] < model.passes,
        )

    def _chance_of_knowing(self, row: int) -> Numbers:
        could, nearness = self.record.could[row], self.record.nearness[row]
        among = nearness[could] if could.any() else nearness
        return logistic(self.model.knowing_middle + self.model.knowing_slope * _standard(nearness, among))

    @cached_property
    def _willingness(self) -> Numbers:
        """Set the middle so that the mean over all helpers is the model's share."""
        written = np.log1p([len(acts) for acts in self.record.acts])
        beyond = self.model.activity_slope * _standard(written, written) + self._tempers
        low, high = -20.0, 20.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if logistic(middle + beyond).mean() < self.model.willingness else (low, middle)
        return logistic(low + beyond)

    def _hours(self, draw: np.random.Generator) -> tuple[list[int], Numbers]:
        """Return each helper's hours ahead of UTC, and the hour of UTC at which they wake."""
        ahead = [ZONES[each][0] for each in _chosen(draw, [share for _, share in ZONES], self._count)]
        wakes = self.model.wakes_at + self.model.wakes_spread * draw.standard_normal(self._count)
        return ahead, (wakes - np.asarray(ahead)) % _DAY

    def _profiles(self, draw: np.random.Generator) -> list[Profile]:
        states_zone, states_hours = draw.random((2, self._count))
        rates = _chosen(draw, self.model.rates, self._count)
        profiles = []
        for column, rate in enumerate(rates):
            zone = zone_name(self._ahead[column]) if states_zone[column] < self.model.states_zone else None
            has_hours = zone is not None and states_hours[column] < self.model.states_hours
            profiles.append(Profile(RATES[rate], zone, *(self._usual_hours(column) if has_hours else (None, None))))
        return profiles

    def _usual_hours(self, column: int) -> tuple[time, time]:
        wakes = round(self._wakes[column] + self._ahead[column]) + 1
        return time(wakes % 24), time((wakes + round(self.model.waking_hours) - 2) % 24)


def after_waking(at: float, length: float, wakes: float, awake: float) -> float:
    """Return the moment by which a person has been awake for `length` hours since `at`.

    They wake at the hour `wakes` of UTC and stay awake for `awake` hours. A message that comes by night waits for the
    morning.
    """
    if not np.isfinite(length):
        return np.inf
    since_waking = (at - wakes) % _DAY
    used = min(since_waking, awake) + length
    days = used // awake
    return float(at - since_waking + days * _DAY + (used - days * awake))


def zone_name(ahead: int) -> str:
    """Return the IANA zone that is so many hours ahead of UTC; its names count the other way."""
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def logistic(logarithm: Numbers) -> Numbers:
    """Turn logarithms of odds into chances."""
    chances: Numbers = 1 / (1 + np.exp(-logarithm))
    return chances


def _standard(values: Numbers, among: Numbers) -> Numbers:
    """Return how many standard deviations each value lies above the mean of others."""
    deviation = among.std()
    return (values - among.mean()) / deviation if deviation > 0 else np.zeros(len(values))


def _chosen(draw: np.random.Generator, shares: Sequence[float], count: int) -> list[int]:
    chosen: list[int] = draw.choice(len(shares), count, p=np.asarray(shares) / sum(shares)).tolist()
    return chosen
