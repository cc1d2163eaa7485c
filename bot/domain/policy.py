"""Which people to ask, how many at once, and how long to wait: hard filters, a score, waves; pure, as mathematics is.

How long everything else about a request takes stands beside the waves: what a kind goes by is in one place.

`VERSION` is stored with every invitation: change it whenever a number or a rule here changes.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.attention import Attention
from bot.domain.languages import share_a_language
from bot.domain.lifecycle import InvitationState, Urgency

VERSION = "5"
SELDOM = 1
"""Invitations in 30 d up to which a member counts as seldom asked."""
NEVER = timedelta(days=36_500)
"""What never passes."""
RELEVANCE_FLOOR = 1.0
"""The expertise below which no one is asked just to give them a turn: the community's middle."""

WITHIN: dict[Urgency, timedelta | None] = {
    Urgency.TODAY: timedelta(hours=8),
    Urgency.THIS_WEEK: None,
    Urgency.WHENEVER: None,
}
"""How soon an answer is of use, as far as it says anything about hours; a week holds all of them."""
_RUN_OUT = {InvitationState.EXPIRED, InvitationState.RELEASED}
"""Waited for in vain."""


@dataclass(frozen=True, slots=True)
class Wave:
    """People who consider a request at the same time, and how long their places are kept."""

    size: int
    wait: timedelta
    """Counted in the waking time of the people asked."""


_PATIENT = (Wave(2, timedelta(hours=4)), Wave(2, timedelta(hours=6)), Wave(3, timedelta(hours=8)))
_PROMPT = (Wave(2, timedelta(minutes=30)), Wave(2, timedelta(hours=2)), Wave(3, timedelta(hours=2)))
WAVES: Mapping[Urgency, tuple[Wave, ...]] = {
    Urgency.TODAY: _PROMPT,
    Urgency.THIS_WEEK: _PATIENT,
    Urgency.WHENEVER: _PATIENT,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known about one person when people are to be asked."""

    member_id: int
    statement_id: int
    expertise: float
    """How many times likelier an answer is than from the community's middle, by topic; 0 means no match."""
    attention: Attention
    availability: float = 1.0
    """The same as expertise, by when and how often they answered before."""
    languages: frozenset[str] = frozenset()
    is_blocked: bool = False
    """They or the asker keep the other away."""


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


@dataclass(frozen=True, slots=True)
class Seats:
    """The free places of a request: in which wave, how many, and how many of that wave were filled before."""

    wave: int
    free: int
    filled: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of routing and the rules that go with them; the defaults are what is measured to serve best."""

    waves: Mapping[Urgency, tuple[Wave, ...]] = field(default_factory=lambda: WAVES)
    most_invitations: int = 15
    """People asked for one request in all.
    Source: docs/measurements/waves.md, how many questions are forgotten beside what it costs."""
    floor: float = 0.0
    """The expertise below which no one is asked: 1 is the community's middle."""
    exploratory_percent: int = 20
    """Of a hundred waves, how many keep their last seat for a member who is seldom asked."""
    freshness: float = 0.1
    """How fast freshness falls with requests of the last 7 d; the budget does the rest.
    Source: `python -m evaluation`, load3 beside MRR."""
    alternates: int = 0
    """People who may consider it beyond the places that are free."""
    nudged_after: timedelta = timedelta(hours=12)
    """When a helper who took a request is reminded kindly."""
    claimed_for: timedelta = timedelta(hours=24)
    """When a request that a helper took is given to others without a word."""
    outcome_again_after: timedelta = timedelta(hours=24)
    """When an asker is asked once more how it went."""
    listed_after: timedelta = timedelta(hours=24)
    """When a request that no one took is listed for everyone."""
    moderators_after: timedelta = timedelta(hours=48)
    """When a request that no one took is listed for moderators."""
    choices_after: timedelta = timedelta(hours=48)
    """When the asker of a request that no one took is asked what to do about it."""
    archived_after: timedelta = timedelta(days=7)
    """When a request that no one took is put away, with the reason said."""
    unposted_for: timedelta = timedelta(days=1)
    """How long a request is kept that was written and never posted."""
    kinds: Mapping[str, "Policy"] = field(default_factory=dict)
    """The numbers of those kinds of request that go by others, by kind."""

    def of(self, kind: str) -> "Policy":
        """Return the numbers that a kind of request goes by."""
        return self.kinds.get(kind, self)

    def seats(
        self,
        urgency: Urgency,
        asked: Sequence[tuple[int, InvitationState]],
        extra: int = 0,
        wanted: int | None = None,
    ) -> Seats:
        """Return the free places of a request, given the (wave, state) of everyone routing has asked.

        Where only so many more people are `wanted`, a wave asks no more than them and the alternates.

        A place whose holder passed goes to the next person in the same wave; one that was waited for in vain opens the
        next wave. With `extra`, its asker wanted so many more people asked.
        """
        waves = self.waves[urgency]
        wave = min(max((each for each, _ in asked), default=1), len(waves))
        if any(state in _RUN_OUT for each, state in asked if each == wave):
            wave = min(wave + 1, len(waves))
        considering = sum(state == InvitationState.ASKED for _, state in asked)
        size = waves[wave - 1].size
        if wanted is not None:
            size = min(size, wanted + self.alternates if wanted else 0)
        free = min(size - considering, self.most_invitations + extra - len(asked))
        return Seats(wave, max(free, 0), sum(each == wave for each, _ in asked))

    def size(self, urgency: Urgency, wave: int) -> int:
        """Return how many people a wave asks."""
        return self.waves[urgency][wave - 1].size

    def wait(self, urgency: Urgency, wave: int) -> timedelta:
        """Return how much of their waking time a person's place is kept in a wave."""
        return self.waves[urgency][wave - 1].wait

    def exploratory_places(self, request_id: int, seats: Seats, size: int) -> list[int]:
        """Return which of the free places, from 0, are kept for members seldom asked: the last one of some waves.

        The draw is a function of the request and the wave, so that the same decision taken twice is the same.
        """
        last = size - 1 - seats.filled
        is_drawn = _draw(request_id, seats.wave) < self.exploratory_percent
        return [last] if is_drawn and 0 <= last < seats.free else []

    def choose(
        self,
        candidates: Iterable[Candidate],
        now: datetime,
        languages: frozenset[str],
        seats: int,
        exploratory: Collection[int] = (),
    ) -> list[Choice]:
        """Return at most `seats` people to ask now, best first, ties broken by id.

        The places in `exploratory`, counted from 0, go to a member seldom asked who knows more of this than most, if
        there is one: that is how helpers grow.
        """
        eligible = [each for each in candidates if may_be_asked(each, now, languages)]
        left = self.ranked(eligible)
        asked = {each.member_id: each.attention.asked_last_month for each in eligible}
        seldom = {member_id: times for member_id, times in asked.items() if times <= SELDOM}
        chosen: list[Choice] = []
        for place in range(min(seats, len(left))):
            turn = _next_turn(left, seldom) if place in exploratory else None
            choice = left.pop(0 if turn is None else left.index(turn))
            chosen.append(choice if turn is None else replace(choice, is_exploratory=True))
        return chosen

    def shortlist(self, candidates: Iterable[Candidate], seats: int) -> list[Candidate]:
        """Return enough of these to hold the `seats` best, given in the order of expertise × availability.

        Freshness only ever lowers a score, so no one can win who begins lower than the last of the best so far.
        """
        short, best = list[Candidate](), list[float]()
        for each in candidates:
            if len(best) >= seats and (not best or each.expertise * each.availability < best[-1]):
                break
            short.append(each)
            best = sorted([*best, self._weigh(each).score], reverse=True)[:seats]
        return short

    def ranked(self, candidates: Iterable[Candidate]) -> list[Choice]:
        """Return everyone, best first, ties broken by id; no one is filtered out."""
        return sorted(map(self._weigh, candidates), key=lambda choice: (-choice.score, choice.member_id))

    def _weigh(self, candidate: Candidate) -> Choice:
        return Choice(
            member_id=candidate.member_id,
            statement_id=candidate.statement_id,
            expertise=candidate.expertise,
            availability=candidate.availability,
            freshness=(1 + candidate.attention.asked_last_week) ** -self.freshness,
        )


DEFAULT = Policy()
"""What every community runs on."""


def may_be_asked(candidate: Candidate, now: datetime, languages: frozenset[str]) -> bool:
    """Apply the hard filters: a match, no block, a common language, not paused, budget left, awake."""
    return is_suitable(candidate, languages) and candidate.attention.allows(now)


def is_suitable(candidate: Candidate, languages: frozenset[str]) -> bool:
    """Apply those of the hard filters that the hour doesn't change."""
    return candidate.expertise > 0 and not candidate.is_blocked and share_a_language(candidate.languages, languages)


def first_chance(candidates: Iterable[Candidate], now: datetime, languages: frozenset[str]) -> datetime | None:
    """Return when the first of these people is awake who might be asked then; None if there is no one."""
    chances = (each.attention.next_chance(now) for each in candidates if is_suitable(each, languages))
    return min((chance for chance in chances if chance is not None), default=None)


def _next_turn(left: list[Choice], seldom: Mapping[int, int]) -> Choice | None:
    """Return who was asked least, and among these who knows most."""
    relevant = [each for each in left if each.member_id in seldom and each.expertise >= RELEVANCE_FLOOR]
    return min(relevant, key=lambda each: (seldom[each.member_id], -each.expertise, each.member_id), default=None)


def _draw(request_id: int, wave: int) -> int:
    """Return 0 to 99, the same for the same request and wave."""
    digest = hashlib.blake2b(f"{request_id}:{wave}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % 100
