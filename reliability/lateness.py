"""Whether what was due was done by the first look for it, and how long people waited for the message about it.

A look is a sweep that came to its end; one that a kill interrupted was no opportunity. All moments are `perf_counter`
seconds, which the bot's process shares with this one.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reliability.moments import Deadline, occasions


class Look(NamedTuple):
    """A whole sweep."""

    sweep: str
    begun: float
    ended: float


@dataclass(slots=True)
class Wait:
    """From when to when something that was due was surely undone; seen once, it ends before it begins."""

    deadline: Deadline
    first: float
    last: float


@dataclass(slots=True)
class Delay:
    """What was due of one kind, and how late it came."""

    due: int = 0
    passed_by: list[str] = field(default_factory=list)
    """What was still undone after a whole sweep that had begun when it was due already."""
    intervals: list[float] = field(default_factory=list)
    """For each message, from when it was due, or the bot was back, to when it was there; in intervals of the sweep."""

    def add(self, other: "Delay") -> None:
        """Add what was seen elsewhere."""
        self.due += other.due
        self.passed_by += other.passed_by
        self.intervals += other.intervals


@dataclass(slots=True)
class Waits:
    """What was seen waiting, look by look at the tables."""

    _ended: list[Wait] = field(default_factory=list)
    _open: dict[Deadline, Wait] = field(default_factory=dict)

    def see(self, due: Iterable[Deadline], begun: float, ended: float) -> None:
        """Note what was due and undone while the tables were read; what isn't any more was done, or overtaken."""
        still = set(due)
        self._ended += [self._open.pop(each) for each in set(self._open) - still]
        for each in still:
            self._open.setdefault(each, Wait(each, ended, begun)).last = begun

    @property
    def all(self) -> list[Wait]:
        """Everything that was seen."""
        return [*self._ended, *self._open.values()]


@dataclass(frozen=True, slots=True)
class Course:
    """What happened, as far as lateness goes."""

    looks: Sequence[Look]
    every: Mapping[str, float]
    """Seconds between two sweeps of one name."""
    ready: Sequence[float]
    """When the bot was connected, in order."""
    arrivals: Sequence[tuple[float, str]]
    """When messages were there, and the keys of their letters."""
    came_at: Callable[[Deadline], float]


def delays(waits: Sequence[Wait], course: Course) -> dict[str, Delay]:
    """Return by kind what was due, what a whole sweep passed by, and how late the messages were."""
    found = defaultdict[str, Delay](Delay)
    first_end = _first_ends(course.looks)
    for wait in waits:
        delay = found[wait.deadline.what]
        delay.due += 1
        if first_end(wait.deadline.sweep, wait.first) <= wait.last:
            delay.passed_by.append(f"{wait.deadline} was passed by, {wait.last - wait.first:.2f} s")
    for deadline, seconds in _lateness([each.deadline for each in waits], course):
        if deadline.sweep in course.every:
            found[deadline.what].intervals.append(seconds / course.every[deadline.sweep])
    return dict(found)


def _lateness(deadlines: Iterable[Deadline], course: Course) -> Iterator[tuple[Deadline, float]]:
    """Yield the seconds by which each message came later than what it is about was due, or the bot was back.

    Back it was with the start in whose life the message came: what happened in earlier lives is judged by their sweeps.
    """
    causes = defaultdict[str, list[tuple[float, Deadline]]](list)
    for came_at, deadline in sorted((course.came_at(each), each) for each in set(deadlines)):
        for occasion in deadline.tells:
            causes[occasion].append((came_at, deadline))
    for arrived, key in course.arrivals:
        for occasion in occasions(key):
            known = causes[occasion]
            place = bisect_right(known, arrived, key=lambda cause: cause[0])
            if place:
                came_at, deadline = known[place - 1]
                back = course.ready[: bisect_right(course.ready, arrived)][-1:]
                yield deadline, arrived - max(came_at, *back)


def _first_ends(looks: Iterable[Look]) -> Callable[[str, float], float]:
    """Return a function from a sweep's name and a moment to the end of the first whole sweep that began later."""
    by_name = defaultdict[str, list[Look]](list)
    for look in sorted(looks, key=lambda each: each.begun):
        by_name[look.sweep].append(look)

    def first_end(name: str, moment: float) -> float:
        known = by_name[name]
        place = bisect_right(known, moment, key=lambda look: look.begun)
        return known[place].ended if place < len(known) else float("inf")

    return first_end
