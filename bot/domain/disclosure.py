"""What may be said of a group without saying it of a person; pure.

Everything that statistics show is made here. A count needs five people, and a share ten. What is too small is counted
with its neighbours, never left blank beside a sum from which it could be taken.

Source: the thresholds of ACRO, https://arxiv.org/abs/2212.01233, and the OECD's glossary of statistical terms.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
"""People behind a count."""
FEWEST_OF_SHARE = 10
"""People behind a share, or behind a length of time."""
MOST_OF_ONE, MOST_OF_TWO = 0.5, 0.9
"""The part of a count that one person, or two, may have brought about."""
OTHER = "other"
Interval = Callable[[int, int], tuple[float, float]]
"""Returns the two ends of a 95 % interval of a share, from how many of how many."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Things that happened, and how many of them each person brought about."""

    by_person: Mapping[int, int]

    @classmethod
    def of(cls, people: Iterable[int]) -> "Crowd":
        """Return the crowd of things that happened, from who brought about each."""
        return cls(Counter(people))

    @property
    def people(self) -> int:
        """How many people they are."""
        return len(self.by_person)

    @property
    def events(self) -> int:
        """How many things happened."""
        return sum(self.by_person.values())

    def hides(self, fewest: int = FEWEST) -> bool:
        """Tell whether each of them is hidden in it: there are enough of them, and no one or two outweigh the rest."""
        largest = sorted(self.by_person.values(), reverse=True)[:2]
        events = self.events
        return self.people >= fewest and largest[0] <= MOST_OF_ONE * events and sum(largest) <= MOST_OF_TWO * events

    def __or__(self, other: "Crowd") -> "Crowd":
        """Return both as one."""
        return Crowd(Counter(self.by_person) + Counter(other.by_person))


@dataclass(frozen=True, slots=True)
class Few:
    """Too few people to say it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How many."""

    count: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of something, from 0 to 1, of how many it is one, and its 95 % interval."""

    part: float
    of: int
    low: float
    high: float

    @property
    def rest(self) -> "Share":
        """The part that is left."""
        return Share(1 - self.part, self.of, 1 - self.high, 1 - self.low)

    def differs_from(self, other: "Safe") -> bool:
        """Tell whether the two are certain to differ: their intervals don't touch."""
        return isinstance(other, Share) and (self.low > other.high or self.high < other.low)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in seconds with its 95 % interval; none of an end: it isn't reached."""

    seconds: float | None
    low: float | None
    high: float | None

    def differs_from(self, other: "Safe") -> bool:
        """Tell whether the two are certain to differ: one's interval ends before the other's begins."""
        return isinstance(other, Length) and (_ends_before(self, other) or _ends_before(other, self))


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of one for each of another."""

    value: float


@dataclass(frozen=True, slots=True)
class Level:
    """How much there is of something, in bands: from 0, none, to 4, most."""

    band: int


def _ends_before(some: Length, other: Length) -> bool:
    """Tell whether one's interval is over before another's begins, which may be past all that is known."""
    return some.high is not None and (other.low is None or some.high < other.low)


@dataclass(frozen=True, slots=True)
class Told:
    """How something is, in words."""

    key: str
    """Of the catalogue."""


Safe = Few | Amount | Share | Length | Ratio | Level | Told
FEW = Few()


def amount(crowd: Crowd, happened: int = 0) -> Amount | Few:
    """Return how many things happened; that nothing did may be said, but not where so many are counted later."""
    if not crowd.people and happened:
        return FEW
    return Amount(crowd.events) if not crowd.people or crowd.hides() else FEW


def about(crowd: Crowd) -> Amount | Few:
    """Return how many things happened, to the nearest ten."""
    return Amount(round(crowd.events, -1)) if not crowd.people or crowd.hides(FEWEST_OF_SHARE) else FEW


def share(some: int, everyone: Crowd, interval: Interval) -> Share | Few:
    """Return how large a part of what a crowd brought about had a certain end."""
    if not everyone.hides(FEWEST_OF_SHARE):
        return FEW
    return Share(some / everyone.events, everyone.events, *interval(some, everyone.events))


def part_of(some: Crowd, others: Crowd, interval: Interval) -> Share | Few:
    """Return which part one crowd brought about of what two did; each of the two is empty, or hides its people."""
    if not all(not each.people or each.hides() for each in (some, others)):
        return FEW
    return share(some.events, some | others, interval)


def estimate(part: float, everyone: Crowd, ends: tuple[float, float]) -> Share | Few:
    """Return a part of what a crowd brought about that was estimated, and not counted."""
    return Share(part, everyone.events, *ends) if everyone.hides(FEWEST_OF_SHARE) else FEW


def length(crowd: Crowd, seconds: float | None, ends: tuple[float | None, float | None]) -> Length | Few:
    """Return a length of time that was found in what a crowd brought about."""
    return Length(seconds, *ends) if crowd.hides(FEWEST_OF_SHARE) else FEW


def ratio(crowd: Crowd, value: float) -> Ratio | Few:
    """Return how many of one there are for each of another, of a crowd."""
    return Ratio(value) if crowd.hides(FEWEST_OF_SHARE) else FEW


def level(crowd: Crowd, part: float) -> Level:
    """Return a band of a part of the largest, from 0 to 1; a crowd that is too small is in the lowest."""
    return Level(min(4, 1 + int(part * 4))) if crowd.hides() else Level(0)


def people(count: int) -> Amount | Few:
    """Return how many people there are, where they are enough, or none."""
    return Amount(count) if not count or count >= FEWEST else FEW


def merged(categories: Mapping[str, Crowd], fewest: int = FEWEST, most: int | None = None) -> dict[str, list[str]]:
    """Say which categories are shown together, by the name under which they are: each alone, or several as `other`.

    The smallest join `other` until it hides each of them, and until there are at most `most` to be shown; it is never
    one category alone. Nothing at all is returned where even all of them together are too few.
    """
    by_size = sorted(categories, key=lambda name: (categories[name].people, name))
    pooled = [name for name in by_size if not categories[name].hides(fewest)]
    rest = [name for name in by_size if name not in pooled]
    if most is not None and len(rest) + bool(pooled) > most:
        pooled += [rest.pop(0) for _ in range(len(rest) + 1 - most)]
    while pooled and rest and (len(pooled) == 1 or not _all(categories, pooled).hides(fewest)):
        pooled.append(rest.pop(0))
    if pooled and not _all(categories, pooled).hides(fewest):
        return {}
    return {name: [name] for name in categories if name in rest} | ({OTHER: pooled} if pooled else {})


def _all(categories: Mapping[str, Crowd], names: Iterable[str]) -> Crowd:
    total = Crowd({})
    for name in names:
        total |= categories[name]
    return total


@dataclass(frozen=True, slots=True)
class SafeRow:
    """One line: what it is about, and what may be said of it."""

    label: str
    """A key of the catalogue, or a word that may be said."""
    cells: tuple[Safe, ...]


@dataclass(frozen=True, slots=True)
class SafeTable:
    """What may be shown: the one thing that texts, pictures, descriptions, files and digests are made of."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SafeRow, ...]


def table(name: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[Safe]]]) -> SafeTable:
    """Return a table; each row has a cell for each column."""
    shown = tuple(SafeRow(label, tuple(cells)) for label, cells in rows)
    if any(len(row.cells) != len(columns) for row in shown):
        msg = f"{name} has a row of another length"
        raise ValueError(msg)
    return SafeTable(name, tuple(columns), shown)
