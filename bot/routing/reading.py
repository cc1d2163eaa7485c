"""From words to vectors, by whichever models are there, and by words alone where none is in time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.errors import Unavailable
from bot.routing.cost import cost
from bot.routing.ports import MultilingualEmbedder, Query, Role, Vectors, WarmingEmbedder, to_bytes
from bot.routing.turns import Turns

log = structlog.get_logger(__name__)

QUESTION_WAITS = 3.0
"""Seconds that a question waits for its models before it goes on with its words alone."""
STATEMENTS_WAIT = 10.0
"""The same for what a person offers, which a sweep encodes later."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Encodes what people write."""

    english: WarmingEmbedder | None
    multilingual: MultilingualEmbedder | None
    turns: Turns = field(default_factory=Turns, repr=False)

    @property
    def encoders(self) -> tuple[WarmingEmbedder, ...]:
        """The models that every text ought to be encoded with."""
        return tuple(each for each in (self.english, self.multilingual) if each is not None)

    async def statements(self, texts: Sequence[str], person: int | None) -> list[dict[str, bytes]]:
        """Encode statements by every model that is warm and in time; never refuses."""
        work = partial(self._vectors, texts, Role.STATEMENT)
        vectors = await self.turns.take(person, sum(map(cost, texts)), work, STATEMENTS_WAIT) if texts else None
        encoded: list[dict[str, bytes]] = [{} for _ in texts]
        for model_id, rows in (vectors or {}).items():
            for each, vector in zip(encoded, rows, strict=True):
                each[model_id] = to_bytes(vector)
        return encoded

    async def question(self, text: str, person: int | None) -> Query:
        """Get a question ready to be searched with, by every model that is warm and in time; never refuses."""
        if not any(encoder.is_warm for encoder in self.encoders):
            return await self._read(text)
        query = await self.turns.take(person, cost(text), partial(self._read, text), QUESTION_WAITS)
        return query or Query(text, is_fallback=self.english is not None)

    async def _read(self, text: str) -> Query:
        vectors, is_english = await asyncio.gather(self._vectors([text], Role.QUESTION), self._is_english(text))
        return Query(
            text=text,
            vectors={model_id: rows[0] for model_id, rows in vectors.items()},
            is_english=is_english,
            is_fallback=self.english is not None and self.english.model_id not in vectors,
        )

    async def _vectors(self, texts: Sequence[str], role: Role) -> dict[str, Vectors]:
        encoded = await asyncio.gather(*(_embed(encoder, texts, role) for encoder in self.encoders))
        return {
            encoder.model_id: vectors
            for encoder, vectors in zip(self.encoders, encoded, strict=True)
            if vectors is not None
        }

    async def _is_english(self, text: str) -> bool | None:
        if self.multilingual is None or not self.multilingual.is_warm:
            return None
        try:
            (is_english,) = await self.multilingual.are_english([text])
        except Unavailable:
            return None
        return is_english


async def _embed(encoder: WarmingEmbedder, texts: Sequence[str], role: Role) -> Vectors | None:
    if not encoder.is_warm:
        return None
    try:
        return await encoder.embed(texts, role)
    except Unavailable as refusal:
        log.warning("encoder_unavailable", model=encoder.model_id, reason=refusal.params.get("reason"))
        return None
