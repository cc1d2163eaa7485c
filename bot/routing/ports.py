"""What routing needs from outside, and what it hands back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from bot.errors import Unavailable

Vectors = npt.NDArray[np.float32]
LONGEST = 2.0
"""No number of a vector of unit length is so large."""
Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Unreadable(Unavailable):
    """An encoder failed on one of these texts; on a single one it fails again."""


class Role(StrEnum):
    """What a text is to a search; some encoders read what is asked and what is found differently."""

    QUESTION = "question"
    STATEMENT = "statement"


class Embedder(Protocol):
    """Something that places texts in a space where near means alike."""

    @property
    def model_id(self) -> str:
        """Name the space: vectors of different ids can't be compared."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector; 0 until a model that has to be loaded is loaded."""

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        """Encode `texts` as float32[n, d], rows in their order and of unit length.

        Raises:
            Unreadable: the model failed on one of these texts.
            Unavailable: the model isn't loaded, died, or took too long.
        """


class WarmingEmbedder(Embedder, Protocol):
    """An embedder that takes a while to load, and can be lost."""

    @property
    def is_warm(self) -> bool:
        """Tell whether `embed` would be answered now; never waits."""

    @property
    def failure(self) -> str | None:
        """Say in a sentence why it isn't answering; None while it is warm or loads for the first time."""


class MultilingualEmbedder(WarmingEmbedder, Protocol):
    """An embedder of many languages, which can also tell English from the others."""

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        """Tell which of `texts` are English, as far as can be told.

        Raises:
            Unavailable: the model isn't loaded, died, or took too long.
        """


@dataclass(frozen=True, slots=True)
class StoredText:
    """One text of an index as the tables hold it: a helper's statement, or a question that was answered."""

    id: int
    owner_id: int
    """The person a statement speaks for; a question stands for itself."""
    text: str = field(repr=False)
    vectors: Mapping[str, bytes] = field(repr=False, default_factory=dict)
    """float32[d], little-endian, by model; empty until it is encoded."""
    weight: float = 1.0
    """How much its evidence counts: 1 as written, 0 not at all, more where it led to help."""


@dataclass(frozen=True, slots=True)
class Answered:
    """That a person answered, and when."""

    member_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Community:
    """All that routing reads of one guild."""

    statements: Sequence[StoredText] = ()
    """Unmuted statements of open members, in any order."""
    solved: Sequence[StoredText] = ()
    """Questions that were answered where everyone may read, in any order."""
    answers: Sequence[Answered] = ()
    asked: Sequence[Mapping[str, bytes]] = ()
    """Vectors of recent questions, by model: what questions here are like on the whole."""


CommunitySource = Callable[[int], Awaitable[Community]]
"""From a guild's id to what the tables hold of it."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question, ready to be searched with."""

    text: str = field(repr=False)
    vectors: Mapping[str, Vectors] = field(repr=False, default_factory=dict)
    """float32[d] of unit length, by model; none while no model is warm: then words alone decide."""
    is_english: bool | None = None
    """None while it is unknown: then it is taken for English."""
    is_fallback: bool = False
    """True when a wanted model wasn't there: good enough to answer with."""

    def blended(self, other: "Query") -> "Query":
        """Return this question with what another text means beside it, each counting as much; its words stay."""
        both = {
            model_id: vector + other.vectors[model_id]
            for model_id, vector in self.vectors.items()
            if model_id in other.vectors
        }
        unit = {model_id: each / length for model_id, each in both.items() if (length := np.linalg.norm(each)) > 0}
        return replace(self, vectors={**self.vectors, **unit})


class Evidence(NamedTuple):
    """What speaks for a person, each in standard deviations from the middle of everyone compared."""

    dense: float = 0.0
    """Nearness in meaning: the best three of their statements."""
    profile: float = 0.0
    """Nearness in meaning: all of their statements as one."""
    bm25: float = 0.0
    """Telling words in common."""
    tfidf: float = 0.0
    """Pieces of words in common, in any language."""


class Match(NamedTuple):
    """A member, how well they fit one question, and the statement that says why."""

    member_id: int
    statement_id: int
    expertise: float
    """How many times likelier an answer is than from the community's middle, by topic; 0 where nothing matches."""
    availability: float = 1.0
    """The same, by when and how often they answered before."""
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier question, and how alike it is."""

    question_id: int
    is_near: bool
    """Alike enough to be worth a look, not merely the most alike there is."""


def to_bytes(vector: Vectors) -> bytes:
    """Pack float32[d] as the tables keep it: little-endian on every machine."""
    return vector.astype("<f4").tobytes()


def readable(packed: bytes) -> Vectors | None:
    """Unpack a vector as `to_vector` does; None where it is damaged."""
    if not packed or len(packed) % 4:
        return None
    vector = to_vector(packed)
    # Not a number is not below anything.
    return vector if (np.abs(vector) < LONGEST).all() else None


def to_vector(packed: bytes) -> Vectors:
    """Unpack what `to_bytes` packed as float32[d]."""
    return np.frombuffer(packed, dtype="<f4")
