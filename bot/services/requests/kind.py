"""What one kind of request has of its own; everything else about a request is the same for all kinds."""

from collections.abc import Awaitable, Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.capacity import Capacity
from bot.domain.policy import Policy
from bot.routing.ports import Query, to_bytes
from bot.services.results import RequestFacts, RequestView
from bot.store.transactions import Writes
from bot.store.unit_of_work import ReadingWork
from bot.store.vectors import Vectors
from models import Draft, Question, Request

Row = TypeVar("Row", bound=Request)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is routed by: words, and what encoders made of them when they were written."""

    text: str = field(repr=False)
    is_english: bool | None = None
    """None where it isn't known."""
    vectors: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    """By model; a request without them is read again each time."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """What differs from one kind of request to the next."""

    row: type[Row]
    """Its table, whose polymorphic identity is its name."""
    text: Callable[[Row], str]
    """What it is called by, in lists and as a thread."""
    subjects: Callable[[ReadingWork, Sequence[Row]], Awaitable[Mapping[int, Subject]]]
    """What each of these is routed by, by row id."""
    view: Callable[[Row, RequestFacts], RequestView]
    """What people see of it, given what is the same for all kinds."""
    numbers: Policy | None = None
    """How it asks people; None: as questions do."""
    timed: Callable[[Row, Policy, datetime], Policy] = lambda _row, numbers, _now: numbers
    """Its numbers as they are for one request at a moment, where they depend on when it is needed."""
    looked_at_again: Callable[[Row, datetime], datetime | None] = lambda _row, _now: None
    """When its free places are looked at again in any case, also if everyone who was asked keeps silent."""
    places: Callable[[Row], Capacity | None] = lambda _: None
    """How many people may take it; None: as many as like, and one is enough."""
    readers: Callable[[ReadingWork, Sequence[Row]], Awaitable[Mapping[int, Container[int]]]] | None = None
    """Which members may be asked for each of these, by row id; None: everyone who helps."""
    round: Callable[[Row], int] = lambda _: 1
    """Which time it is that people are asked for it, from 1: each time they may be asked again."""
    first: Callable[[ReadingWork, Row], Awaitable[Sequence[int]]] | None = None
    """Which members are asked before all others, best first; None: no one is."""
    co_authors: Callable[[ReadingWork, Row], Awaitable[Collection[int]]] | None = None
    """Which users wrote it beside its asker, so that nothing they say is an answer; None: no one did."""
    least_fit: float | None = None
    """Asks people by how well it fits each of them, at least so well, as far as a model says it; None: asks those who
    come first in the community."""
    asked_how_at: Callable[[ReadingWork, Row, datetime], Awaitable[datetime]] | None = None
    """When its asker is asked how it went, where enough people have answered it by now; None: at once."""
    words: str = ""
    """Beginning of the texts that it has of its own (`draft.post.by` for `post.by`); "" where it has none."""
    lesson: Callable[[Row], str | None] = lambda _: None
    """What a helper who agreed to it knows about from now on; None: nothing is learned."""

    @property
    def name(self) -> str:
        """Return the word that stands for it in the tables."""
        return str(self.row.__mapper__.polymorphic_identity)

    @property
    def ranks_members(self) -> bool:
        """Tell whether it asks those who come first in the community, as questions do."""
        return self.least_fit is None


def keep_query(request: Question | Draft, vectors: Vectors[Writes], query: Query) -> None:
    """Keep a new request as it was encoded, so that asking the next person needs no encoding again."""
    request.is_english = query.is_english
    vectors.add(request.id, {model_id: to_bytes(each) for model_id, each in query.vectors.items()})
