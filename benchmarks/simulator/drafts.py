"""Drafts beside questions: how many are read in time and what that costs, beside calls to everyone."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.simulator.calling import call
from benchmarks.simulator.comparison import Estimate, Ground, Resamples, played
from benchmarks.simulator.outcomes import DAY, Outcome, Tally
from benchmarks.simulator.people import Crowd
from benchmarks.simulator.ranking import Ranking
from benchmarks.simulator.readers import Readers, ReadingModel
from benchmarks.simulator.reading import Reading
from benchmarks.simulator.record import Flags
from benchmarks.simulator.town import town
from bot.domain.policy import DEFAULT, Policy, Wave
from bot.services.requests.draft import DRAFT, NUMBERS, dates
from bot.services.requests.kind import Kind
from bot.services.requests.kinds import KINDS
from evaluation.report import table
from models import Draft

AS_IT_IS, CALL, IN_PERSON = "as it is", "one call to everyone", "everyone at once, each in person"
EVERY = 5
"""How many of the record's questions there are to each that is asked as a draft."""
_MONTH = 30 * DAY
_PERCENT = 100.0
_HEADINGS = (
    "setting", "read by two in time, %", "by one or more, %", "invitations a draft", "a reader and month",
    "3 most asked carry, %", "questions answered in 24 h, %",
)  # fmt: skip
Change = Callable[[Draft, Policy, datetime], Policy]
"""Turns the numbers that a draft goes by at a moment into others."""


def _timed(change: Change) -> Kind[Draft]:
    """Return drafts whose numbers are changed at each moment."""

    def timed(draft: Draft, numbers: Policy, now: datetime) -> Policy:
        return change(draft, DRAFT.timed(draft, numbers, now), now)

    return replace(DRAFT, timed=timed)


def _with_waves(numbers: Policy, change: Callable[[Wave], Wave]) -> Policy:
    return replace(numbers, waves={urgency: tuple(map(change, some)) for urgency, some in numbers.waves.items()})


def _waits(times: float, _draft: Draft, numbers: Policy, _now: datetime) -> Policy:
    return _with_waves(numbers, lambda wave: replace(wave, wait=wave.wait * times))


def _alternates_at_once(draft: Draft, numbers: Policy, _now: datetime) -> Policy:
    room = draft.readers + NUMBERS.alternates
    wider = _with_waves(numbers, lambda wave: replace(wave, size=max(wave.size, room)))
    return replace(wider, alternates=NUMBERS.alternates)


def _kept_until_aim(draft: Draft, numbers: Policy, now: datetime) -> Policy:
    aim = dates(draft).aim_for(draft.created_at)
    return replace(numbers, claimed_for=max(numbers.claimed_for, aim - now))


CHANGES: Mapping[str, Kind[Draft]] = {
    "waits halved": _timed(partial(_waits, 0.5)),
    "waits doubled": _timed(partial(_waits, 2.0)),
    "alternates asked at once": _timed(_alternates_at_once),
    "places kept to the date to aim for": _timed(_kept_until_aim),
    "at most 8 invitations": replace(DRAFT, numbers=replace(NUMBERS, most_invitations=8)),
    "at most 25 invitations": replace(DRAFT, numbers=replace(NUMBERS, most_invitations=25)),
    "a least fit of 0.25": replace(DRAFT, least_fit=0.25),
}
"""What is compared with drafts as they are; each differs in one thing. Add here what you think of changing."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What every run with drafts shares."""

    ground: Ground
    model: ReadingModel = field(default_factory=ReadingModel)
    every: int = EVERY

    @property
    def drafts(self) -> Sequence[int]:
        """The rows that are asked as drafts."""
        return range(self.every - 1, self.ground.questions, self.every)

    @property
    def months(self) -> float:
        """How long the record lasts that is asked."""
        asked = self.ground.record.questions[: self.ground.questions]
        return max(asked[-1].at - asked[0].at, DAY) / _MONTH


@dataclass(frozen=True, slots=True)
class DraftTally:
    """What became of the drafts of one run, in the order of the record, and of the questions beside them."""

    read: npt.NDArray[np.int64] = field(repr=False)
    """int64[d], by how many people in time"""
    invited: Flags = field(repr=False)
    """bool[d, m], who was asked"""
    readers: int
    """Members who read drafts."""
    questions: Tally | None = None
    """None where only drafts were asked."""


def compared(shelf: Shelf, names: Sequence[str], seeds: int, processes: int | None) -> str:
    """Return a table of drafts as they are, of both calls, and of each setting minus the first."""
    came = dict(zip((AS_IT_IS, CALL, IN_PERSON, *names), _played(shelf, names, seeds, processes), strict=True))
    resamples = Resamples.of(len(shelf.drafts), seeds)
    base = _estimates(resamples, shelf, came[AS_IT_IS])
    rows = [[name, *_told(_estimates(resamples, shelf, came[name]))] for name in (AS_IT_IS, CALL, IN_PERSON)]
    for name in names:
        pairs = zip(_estimates(resamples, shelf, came[name]), base, strict=True)
        rows.append([f"{name}, minus it", *_told([a.minus(b) if a and b else None for a, b in pairs], "+.2f")])
    return table(_HEADINGS, rows)


def _played(shelf: Shelf, names: Sequence[str], seeds: int, processes: int | None) -> list[list[DraftTally]]:
    return played(partial(_play, shelf), [AS_IT_IS, CALL, IN_PERSON, *names], seeds, processes)


def _told(estimates: Sequence[Estimate | None], form: str = ".2f") -> list[str]:
    return [each.told(form) if each else "" for each in estimates]


def _estimates(resamples: Resamples, shelf: Shelf, tallies: Sequence[DraftTally]) -> list[Estimate | None]:
    invited = [each.invited.sum(axis=1) for each in tallies]
    a_reader = [
        each * len(shelf.drafts) / (max(tally.readers, 1) * shelf.months)
        for each, tally in zip(invited, tallies, strict=True)
    ]
    beside = [each.questions.hours <= DAY for each in tallies if each.questions is not None]
    return [
        resamples.mean([each.read > 1 for each in tallies], _PERCENT),
        resamples.mean([each.read > 0 for each in tallies], _PERCENT),
        resamples.mean(invited),
        resamples.mean(a_reader),
        resamples.carried([each.invited for each in tallies]),
        Resamples.of(len(beside[0]), len(beside)).mean(beside, _PERCENT) if beside else None,
    ]


def _play(shelf: Shelf, name: str, seed: int) -> DraftTally:
    ground = shelf.ground
    crowd = Crowd(ground.record, ground.model, seed)
    readers = Readers(crowd, shelf.model, seed)
    if name in {CALL, IN_PERSON}:
        return _tally(readers, shelf.drafts, call(readers, shelf.drafts, in_person=name == IN_PERSON))
    with going_by(CHANGES.get(name, DRAFT)):
        return asyncio.run(asked(shelf, readers))


async def asked(shelf: Shelf, readers: Readers) -> DraftTally:
    """Ask every question, some of them as drafts, and return what became of them."""
    ground, rows = shelf.ground, range(shelf.ground.questions)
    async with town(readers.crowd, Ranking(ground.record, ground.topics), DEFAULT, readers.longest) as bot:
        outcomes = await Reading(readers, bot, shelf.drafts).run(rows)
    tally = _tally(readers, shelf.drafts, [outcomes[row] for row in shelf.drafts])
    questions = [outcomes[row] for row in rows if row not in shelf.drafts]
    return replace(tally, questions=Tally.of(questions, len(ground.record.helpers)) if questions else None)


def _tally(readers: Readers, rows: Sequence[int], outcomes: Sequence[Outcome]) -> DraftTally:
    in_time = [
        sum(at <= each.at + readers.facts(row).hours for at in each.answers)
        for row, each in zip(rows, outcomes, strict=True)
    ]
    invited = Tally.of(outcomes, len(readers.longest)).invited
    return DraftTally(np.asarray(in_time), invited, sum(each is not None for each in readers.longest))


@contextmanager
def going_by(kind: Kind[Draft]) -> Iterator[None]:
    """Let drafts go by other numbers while the block lasts."""
    KINDS[DRAFT.name] = kind
    try:
        yield
    finally:
        KINDS[DRAFT.name] = DRAFT
