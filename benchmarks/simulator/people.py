"""How people behave, stated in one place: every number has its source or the word *assumed*."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property

import numpy as np

from benchmarks.simulator.record import Flags, Record
from benchmarks.simulator.words import Numbers

_DAY = 24.0
_MONTH = 30 * _DAY
_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class PeopleModel:
    """What is taken for granted of everybody; hours are waking hours, shares lie between 0 and 1.

    An invitation is read some waking time after it arrives. Its reader answers if they know the topic and feel like
    it; else they pass it on, or say nothing. Whoever answers takes the question first and writes for a while; some who
    take it never write. Whoever finds it answered already does nothing. Nobody answers who wasn't asked.
    """

    knowing_middle: float = -1.5
    """Logarithm of the odds that somebody with a middling nearness could say something useful: assumed, and gives one
    member in five, and of seven that are matched best about four. Whoever really answered surely could."""
    knowing_slope: float = 0.92
    """What a standard deviation of nearness adds to it. Source: a logistic fit of who answered, on routing_mixed."""
    willingness: float = 0.42
    """Share of those asked personally who answer what they know. Source: 42 % of strangers did, asked on Twitter about
    what they had just written of (Nichols and Kang, CSCW 2012); that members who opted in do no worse is assumed."""
    activity_slope: float = 0.5
    """What a standard deviation of how much somebody wrote adds to the logarithm of those odds: assumed."""
    temper: float = 0.8
    """Standard deviation of what people differ in beyond that, in the same logarithm: assumed."""
    away: float = 0.25
    """What is left of the willingness of whoever wrote nothing in the month before or after a question: assumed."""
    reading_minutes: float = 40.0
    """Median time until a direct message is read. Half of all replies to e-mail come within 47 minutes (Kooti et al.,
    Evolution of Conversations in the Age of Email Overload, WWW 2015), of which some are writing: assumed from that."""
    reading_spread: float = 1.5
    """Standard deviation of its logarithm: assumed; one in six reads after three hours."""
    writing_minutes: float = 30.0
    """Median time from taking a question to answering it: assumed."""
    writing_spread: float = 1.0
    """Standard deviation of its logarithm: assumed."""
    never_reads: float = 0.1
    """Share of invitations that nobody ever looks at: assumed."""
    passes: float = 0.5
    """Share of those who won't answer that press *Pass* instead of saying nothing: assumed."""
    drops: float = 0.1
    """Share of those who took a question and never answer it: assumed."""
    diffusion: float = 0.51
    """Whoever reads one call to everybody leaves it to others: their willingness falls with the number called to this
    power. Source: fitted, so that as many of routing_mixed's questions are answered within 24 h by a call to everybody
    as were in the record, where everybody could see every question. That it exists is known (Barron and Yechiam,
    Private e-mail requests and the diffusion of responsibility, Computers in Human Behavior 2002); invitations to one
    person alone, as in that study, know none of it."""
    fatigue: float = 0.0
    """Share of the willingness that each invitation of the last seven days takes away: none by default, likewise."""
    states_zone: float = 0.8
    """Share of members who chose a time zone; the bot takes the others to live by UTC: assumed."""
    states_hours: float = 0.5
    """Share of these who also said their usual hours: an hour after waking to an hour before sleeping. Assumed."""
    waking_hours: float = 16.0
    """Hours of a day that people are awake."""
    wakes_at: float = 7.5
    """On their own clock, with a standard deviation of `wakes_spread`: assumed."""
    wakes_spread: float = 1.0
    helps: float = 0.97
    """Share of those who ever answered that are open to being asked; the others have to be left alone. Assumed."""
    speaks_another: float = 0.03
    """Share of helpers who only speak a language that no asker does. Assumed; it gives the rules something to do."""
    rates: tuple[float, float, float, float] = (0.02, 0.15, 0.75, 0.08)
    """Shares that chose never, one a week, one a day and more: assumed, as most people keep what is preset."""
    pauses_a_month: float = 0.3
    """Pauses that somebody takes in a month, of 1 to 14 days: assumed."""
    returns: float = 0.5
    """Share of those paused after five silences who press *I'm back* once they read of it: assumed."""
    blocks: float = 0.01
    """Share of pairs of asker and helper in which one keeps the other away: assumed."""
    urgencies: tuple[float, float, float] = (0.3, 0.5, 0.2)
    """Shares of questions for today, this week and whenever: assumed."""


ZONES = ((-8, 0.1), (-5, 0.2), (-3, 0.1), (0, 0.1), (1, 0.2), (2, 0.1), (3, 0.05), (5, 0.1), (8, 0.05))
"""Hours ahead of UTC, and the share of people there: assumed."""
RATES = ("never", "one_a_week", "one_a_day", "more")
URGENCIES = ("today", "this_week", "whenever")
_HALVINGS = 40
_KNOWN_HOURS = 20
"""Posts from which somebody's own hours are told."""
_RHYTHM = 0.1
"""How far posts must crowd around some hour, from 0 to 1, for a record's hours to mean anything: `routing_mixed` was
stretched in time, so its hours don't."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody told the bot."""

    is_helper: bool
    rate: str
    zone: str | None
    begins: time | None
    ends: time | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reactions:
    """How each helper would react to one question; nothing here depends on who else is asked, or when."""

    knows: Flags = field(repr=False)
    """bool[m]"""
    reluctance: Numbers = field(repr=False)
    """float64[m], the willingness below which somebody won't answer"""
    willingness: Numbers = field(repr=False)
    """float64[m], at the time of the question"""
    reading: Numbers = field(repr=False)
    """float64[m], waking hours until the invitation is read; infinite where it never is"""
    writing: Numbers = field(repr=False)
    """float64[m], waking hours from taking to answering; infinite where nothing follows"""
    passes: Flags = field(repr=False)
    """bool[m], who says so where they won't answer"""

    def would_answer(self, factor: float | Numbers = 1.0) -> Flags:
        """Return bool[m], who would answer if their willingness were so many times as large."""
        would: Flags = self.knows & (self.reluctance < self.willingness * factor)
        return would


class Crowd:
    """The people of one record, drawn from a model: the same seed always gives the same people and reactions.

    Every draw belongs to a person, or to a person and a question, so that whatever is compared meets the same people
    in the same mood.
    """

    def __init__(self, record: Record, model: PeopleModel, seed: int) -> None:
        """Draw everybody's traits."""
        self.record, self.model, self.seed = record, model, seed
        self._count = len(record.helpers)
        draw = self._draws(0)
        self.offsets, self.wakes = self._hours(draw)
        self._tempers = model.temper * draw.standard_normal(self._count)
        self.profiles = self._profiles(draw)
        self.urgencies = [URGENCIES[each] for each in _chosen(draw, model.urgencies, len(record.questions))]
        self.pauses = self._pauses(draw)
        self._kept: dict[int, Reactions] = {}

    def reactions(self, row: int) -> Reactions:
        """Return how everybody would react to a question."""
        if row not in self._kept:
            self._kept[row] = self._react(row)
        return self._kept[row]

    def after_waking(self, column: int, at: float, length: float) -> float:
        """Return the moment by which a helper has been awake for so many hours since `at`."""
        return float(after_waking(at, length, self.wakes[column], self.model.waking_hours))

    def reading_of_return(self, column: int, time: int) -> float:
        """Return the waking hours until a helper comes back who was paused after silences; infinite where they don't.

        For each `time` that it happens there is another draw.
        """
        draw = self._draws(3, column, time)
        length = self.model.reading_minutes / _MINUTES * np.exp(self.model.reading_spread * draw.standard_normal())
        return float(length) if draw.random() < self.model.returns else np.inf

    @cached_property
    def blocked(self) -> dict[str, set[int]]:
        """By asker, the helpers with whom one keeps the other away, whichever of the two it is."""
        helpers = self.record.helpers
        column = {name: number for number, name in enumerate(helpers)}
        askers = sorted({question.asker for question in self.record.questions})
        blocked: dict[str, set[int]] = {asker: set() for asker in askers}
        draw = self._draws(1)
        for asker in askers:
            for other in np.flatnonzero(draw.random(self._count) < self.model.blocks).tolist():
                if helpers[other] == asker:
                    continue
                blocked[asker].add(other)
                if helpers[other] in blocked and asker in column:
                    blocked[helpers[other]].add(column[asker])
        return blocked

    def _draws(self, *purpose: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, *purpose])

    def _react(self, row: int) -> Reactions:
        model, count, draw = self.model, self._count, self._draws(2, row)
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
        could = self.record.could[row]
        nearness = self.record.nearness[row]
        middle, deviation = (nearness[could].mean(), nearness[could].std()) if could.any() else (0.0, 0.0)
        standard = (nearness - middle) / deviation if deviation > 0 else np.zeros(self._count)
        return logistic(self.model.knowing_middle + self.model.knowing_slope * standard)

    @cached_property
    def _willingness(self) -> Numbers:
        """Set the middle so that the mean over all helpers is the model's share."""
        written = np.log1p([len(acts) for acts in self.record.acts])
        deviation = written.std()
        active = (written - written.mean()) / deviation if deviation > 0 else np.zeros(self._count)
        beyond = self.model.activity_slope * active + self._tempers
        low, high = -20.0, 20.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if logistic(middle + beyond).mean() < self.model.willingness else (low, middle)
        return logistic(low + beyond)

    def _hours(self, draw: np.random.Generator) -> tuple[list[int], Numbers]:
        """Return each helper's hours ahead of UTC, and the hour of UTC at which they wake."""
        ahead = [ZONES[each][0] for each in _chosen(draw, [share for _, share in ZONES], self._count)]
        wakes = self.model.wakes_at + self.model.wakes_spread * draw.standard_normal(self._count)
        if has_rhythm(self.record):
            for column, acts in enumerate(self.record.acts):
                if len(acts) >= _KNOWN_HOURS:
                    # The middle of their posts is taken for the middle of their waking day.
                    noon = wakes[column] + self.model.waking_hours / 2
                    ahead[column] = round((noon - middle_hour(acts) + 12) % _DAY - 12)
        return ahead, (wakes - np.asarray(ahead)) % _DAY

    def _profiles(self, draw: np.random.Generator) -> list[Profile]:
        model, uniform = self.model, draw.random((4, self._count))
        rates = _chosen(draw, model.rates, self._count)
        askers = {question.asker for question in self.record.questions}
        profiles = []
        for column, (helps, zone, hours, language) in enumerate(uniform.T):
            states_zone = zone < model.states_zone
            begins, ends = self._usual_hours(column) if states_zone and hours < model.states_hours else (None, None)
            profiles.append(
                Profile(
                    is_helper=bool(helps < model.helps),
                    rate=RATES[rates[column]],
                    zone=zone_name(self.offsets[column]) if states_zone else None,
                    begins=begins,
                    ends=ends,
                    languages=("fr",) if self._speaks_another(column, language, askers) else ("en",),
                )
            )
        return profiles

    def _speaks_another(self, column: int, drawn: float, askers: Collection[str]) -> bool:
        return drawn < self.model.speaks_another and self.record.helpers[column] not in askers

    def _usual_hours(self, column: int) -> tuple[time, time]:
        wakes = round(self.wakes[column] + self.offsets[column]) + 1
        return time(wakes % 24), time((wakes + round(self.model.waking_hours) - 2) % 24)

    def _pauses(self, draw: np.random.Generator) -> list[tuple[float, int, float]]:
        """Return (moment, helper, hours) of every pause, by time."""
        moments = [question.at for question in self.record.questions]
        begin, end = (moments[0], moments[-1]) if moments else (0.0, 0.0)
        counts = draw.poisson(self.model.pauses_a_month * (end - begin) / _MONTH, self._count)
        pauses = [
            (float(draw.uniform(begin, end)), column, float(draw.uniform(1, 14)) * _DAY)
            for column, count in enumerate(counts)
            for _ in range(count)
        ]
        return sorted(pauses)


def after_waking(at: Numbers | float, length: Numbers | float, wakes: Numbers | float, awake: float) -> Numbers:
    """Return the moment by which somebody has been awake for `length` hours since `at`, element by element.

    They wake at the hour `wakes` of UTC and stay awake for `awake` hours. A message that comes by night waits for the
    morning.
    """
    with np.errstate(invalid="ignore"):
        since_waking = np.mod(np.asarray(at) - wakes, _DAY)
        woke = np.asarray(at) - since_waking
        used = np.minimum(since_waking, awake) + length
        days = np.floor(used / awake)
        moment = woke + days * _DAY + (used - days * awake)
    result: Numbers = np.where(np.isfinite(used), moment, np.inf)
    return result


def has_rhythm(record: Record) -> bool:
    """Tell whether posts crowd around some hours of the day, as people's do."""
    acts = np.concatenate([np.zeros(0), *record.acts])
    return bool(len(acts)) and bool(abs(np.exp(2j * np.pi * acts / _DAY).mean()) >= _RHYTHM)


def middle_hour(acts: Numbers) -> float:
    """Return the hour around which moments lie, on a clock of 24 hours."""
    return float(np.angle(np.exp(2j * np.pi * acts / _DAY).mean()) / (2 * np.pi) * _DAY % _DAY)


def zone_name(ahead: int) -> str:
    """Return the IANA zone that is so many hours ahead of UTC; its names count the other way."""
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def logistic(logarithm: Numbers) -> Numbers:
    """Turn logarithms of odds into chances."""
    chances: Numbers = 1 / (1 + np.exp(-logarithm))
    return chances


def _chosen(draw: np.random.Generator, shares: Sequence[float], count: int) -> list[int]:
    chosen: list[int] = draw.choice(len(shares), count, p=np.asarray(shares) / sum(shares)).tolist()
    return chosen
