"""Whom to ask: hard filters, then a score; pure, so that it can be tested as mathematics.

`VERSION` is stored with every invitation: change it whenever a number or a rule here changes.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.hours import is_awake
from bot.domain.lifecycle import Urgency

VERSION = "2"
WAVE_SIZE = 2
"""People asked at once."""
MOST_INVITATIONS = 7
"""People asked for one request in all."""
EXPLORATORY_PERCENT = 20
"""Of a hundred waves, how many keep their last seat for somebody seldom asked."""
SELDOM = 1
"""Invitations in 30 d up to which somebody is seldom asked."""
RELEVANCE_FLOOR = 1.0
"""The expertise below which nobody is asked just to give them a turn: the community's middle."""
FRESHNESS = 0.1
"""How fast freshness falls with invitations of the last 7 d; the budget does the rest.
Source: `python -m benchmarks.routing`, load3 beside MRR."""

WITHIN: dict[Urgency, timedelta | None] = {
    Urgency.TODAY: timedelta(hours=8),
    Urgency.THIS_WEEK: None,
    Urgency.WHENEVER: None,
}
"""How soon an answer is of use, as far as it says anything about hours; a week holds all of them."""


class Rate(StrEnum):
    """How often somebody may be asked."""

    NEVER = "never"
    ONE_A_WEEK = "one_a_week"
    ONE_A_DAY = "one_a_day"
    MORE = "more"


_BUDGET: dict[Rate, tuple[int, int]] = {
    Rate.NEVER: (0, 0),
    Rate.ONE_A_WEEK: (1, 1),
    Rate.ONE_A_DAY: (1, 3),
    Rate.MORE: (3, 10),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of one person when somebody is to be asked."""

    member_id: int
    statement_id: int
    expertise: float
    """How many times likelier an answer is than from the community's middle, by topic; 0 means no match."""
    rate: Rate
    availability: float = 1.0
    """The same, by when and how often they answered before."""
    zone: str | None = None
    begins: time | None = None
    ends: time | None = None
    languages: frozenset[str] = frozenset()
    asked_last_day: int = 0
    """Invitations in the last 24 h."""
    asked_last_week: int = 0
    """Invitations in the last 7 d."""
    asked_last_month: int = 0
    """Invitations in the last 30 d."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One person chosen, with every component of the decision."""

    member_id: int
    statement_id: int
    expertise: float
    availability: float
    freshness: float
    is_exploratory: bool = False

    @property
    def score(self) -> float:
        """The product of the three components."""
        return self.expertise * self.availability * self.freshness


def choose(
    candidates: Iterable[Candidate],
    now: datetime,
    languages: frozenset[str],
    seats: int,
    exploratory: Collection[int] = (),
) -> list[Choice]:
    """Return at most `seats` people to ask now, best first, ties broken by id.

    The places in `exploratory`, counted from 0, go to somebody seldom asked who knows more of this than most, if there
    is anybody: that is how helpers grow.
    """
    eligible = [each for each in candidates if may_be_asked(each, now, languages)]
    left = ranked(eligible)
    seldom = {each.member_id: each.asked_last_month for each in eligible if each.asked_last_month <= SELDOM}
    chosen: list[Choice] = []
    for place in range(min(seats, len(left))):
        turn = _next_turn(left, seldom) if place in exploratory else None
        choice = left.pop(0 if turn is None else left.index(turn))
        chosen.append(choice if turn is None else replace(choice, is_exploratory=True))
    return chosen


def ranked(candidates: Iterable[Candidate]) -> list[Choice]:
    """Return everybody, best first, ties broken by id; nobody is filtered out."""
    return sorted(map(_weigh, candidates), key=lambda choice: (-choice.score, choice.member_id))


def wave_of(seat: int) -> int:
    """Return the wave, from 1, of a request's seat, from 0."""
    return seat // WAVE_SIZE + 1


def exploratory_places(request_id: int, taken: int, free: int) -> list[int]:
    """Return which of `free` seats, after `taken` ones, are kept for somebody seldom asked: the last of some waves.

    The draw is a function of the request and the wave, so that the same decision taken twice is the same.
    """
    last_seats = (place for place in range(free) if (taken + place) % WAVE_SIZE == WAVE_SIZE - 1)
    return [place for place in last_seats if _draw(request_id, wave_of(taken + place)) < EXPLORATORY_PERCENT]


def may_be_asked(candidate: Candidate, now: datetime, languages: frozenset[str]) -> bool:
    """Apply the hard filters: a match, budget left, a common language, awake."""
    return (
        candidate.expertise > 0
        and has_budget(candidate.rate, candidate.asked_last_day, candidate.asked_last_week)
        and _share_a_language(candidate.languages, languages)
        and is_awake(now, candidate.zone, candidate.begins, candidate.ends)
    )


def has_budget(rate: Rate, asked_last_day: int, asked_last_week: int) -> bool:
    """Tell whether one more request fits into what somebody chose."""
    per_day, per_week = _BUDGET[rate]
    return asked_last_day < per_day and asked_last_week < per_week


def _share_a_language(theirs: frozenset[str], wanted: frozenset[str]) -> bool:
    return not theirs or not wanted or not theirs.isdisjoint(wanted)


def _weigh(candidate: Candidate) -> Choice:
    return Choice(
        member_id=candidate.member_id,
        statement_id=candidate.statement_id,
        expertise=candidate.expertise,
        availability=candidate.availability,
        freshness=(1 + candidate.asked_last_week) ** -FRESHNESS,
    )


def _next_turn(left: list[Choice], seldom: Mapping[int, int]) -> Choice | None:
    """Return who was asked least, and among these who knows most."""
    relevant = [each for each in left if each.member_id in seldom and each.expertise >= RELEVANCE_FLOOR]
    return min(relevant, key=lambda each: (seldom[each.member_id], -each.expertise, each.member_id), default=None)


def _draw(request_id: int, wave: int) -> int:
    """Return 0 to 99, the same for the same request and wave."""
    digest = hashlib.blake2b(f"{request_id}:{wave}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % 100
