"""Whom to ask: hard filters, then a score; pure, so that it can be tested as mathematics.

`VERSION` is stored with every invitation: change it whenever a number or a rule here changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.hours import is_awake

VERSION = "1"
WAVE_SIZE = 2
"""People asked at once."""
MOST_INVITATIONS = 7
"""People asked for one request in all."""


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
    """The match with the question, a cosine or a fused score; at most 0 means no match."""
    rate: Rate
    zone: str | None = None
    begins: time | None = None
    ends: time | None = None
    languages: frozenset[str] = frozenset()
    asked_last_day: int = 0
    """Invitations in the last 24 h."""
    asked_last_week: int = 0
    """Invitations in the last 7 d."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One person chosen, with every component of the decision."""

    member_id: int
    statement_id: int
    expertise: float
    availability: float
    freshness: float

    @property
    def score(self) -> float:
        """The product of the three components."""
        return self.expertise * self.availability * self.freshness


def choose(candidates: Iterable[Candidate], now: datetime, languages: frozenset[str], seats: int) -> list[Choice]:
    """Return at most `seats` people to ask now, best first, ties broken by id."""
    eligible = (each for each in candidates if may_be_asked(each, now, languages))
    ranked = sorted((_weigh(each) for each in eligible), key=lambda choice: (-choice.score, choice.member_id))
    return ranked[: max(seats, 0)]


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
        availability=1.0,
        freshness=1 / (1 + candidate.asked_last_week),
    )
