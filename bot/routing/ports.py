"""What routing needs from outside, and what it hands back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Something that places texts in a space where near means alike."""

    @property
    def model_id(self) -> str:
        """Name the space: vectors of different ids can't be compared."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector; 0 until a model that has to be loaded is loaded."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Encode `texts` as float32[n, d], rows in their order and of unit length.

        Raises:
            Unavailable: the model isn't loaded, died, or took too long.
        """


class WarmingEmbedder(Embedder, Protocol):
    """An embedder that takes a while to load, and can be lost."""

    @property
    def is_warm(self) -> bool:
        """Tell whether `embed` would be answered now; never waits."""


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """One unmuted statement of a member open to questions, as the tables hold it."""

    id: int
    member_id: int
    text: str = field(repr=False)
    model_id: str | None = None
    """The space `vector` lies in; None until it is encoded."""
    vector: bytes | None = field(default=None, repr=False)
    """float32[d], little-endian."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Texts encoded together by one model."""

    model_id: str
    vectors: Vectors = field(repr=False)
    """float32[n, d], rows of unit length."""
    is_fallback: bool
    """True when the wanted model wasn't there: good enough to answer with, to be encoded again later."""


@dataclass(frozen=True, slots=True)
class Match:
    """A member, how well they fit one question, and the statement that says why."""

    member_id: int
    statement_id: int
    expertise: float
    """A mean of cosines, in -1 to 1; comparable within one ranking only."""


StatementSource = Callable[[int], Awaitable[Sequence[StoredStatement]]]
"""From a guild's id to the unmuted statements of its open members, in any order."""


def to_bytes(vector: Vectors) -> bytes:
    """Pack float32[d] as a statement's `vector`: little-endian whatever the machine."""
    return vector.astype("<f4").tobytes()
