"""Models that can be told how to fail, for use cases that only ask whether and what they encode."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.errors import Unavailable
from bot.routing.ports import Role, Unreadable, Vectors

ODD, EVEN = [1.0, 0.0], [0.0, 1.0]


@dataclass
class Encoder:
    """A model of one idea each for odd and even lengths, that may stumble over a text, or fail after so many."""

    model_id: str = "wanted"
    is_warm: bool = True
    failure: str | None = None
    dimension: int = 2
    fails_after: int | None = None
    stumbles_over: frozenset[str] = frozenset()
    stumbled: int = 0
    calls: list[tuple[Role, int]] = field(default_factory=list)
    """What was encoded as what, and how many at once."""

    @property
    def encoded(self) -> int:
        """Count the texts that were encoded."""
        return sum(count for _, count in self.calls)

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        if not self.is_warm or (self.fails_after is not None and self.encoded >= self.fails_after):
            raise Unavailable("error.encoder", reason="The encoder took too long.")
        if self.stumbles_over.intersection(texts):
            self.stumbled += 1
            raise Unreadable("error.encoder", reason="The model could not read this text (ValueError).")
        self.calls.append((role, len(texts)))
        return np.asarray([ODD if len(text) % 2 else EVEN for text in texts], dtype=np.float32).reshape(-1, 2)


@dataclass
class Polyglot(Encoder):
    """The same for many languages."""

    model_id: str = "many"

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        return [True] * len(texts)
