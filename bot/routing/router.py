"""From a question's words to the people who could help, whichever model is there to read them."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import structlog

from bot.errors import Unavailable
from bot.routing.hashing import HashingEmbedder
from bot.routing.index import Index
from bot.routing.ports import Encoding, Match, StatementSource, StoredStatement, Vectors, WarmingEmbedder

log = structlog.get_logger(__name__)

_INLINE_ROWS = 10_000
"""Statements up to which sorting and searching stay in the event loop: under 20 ms."""


@dataclass(slots=True)
class _Shelf:
    """One guild's statements in one model's space, loaded at the first question."""

    index: Index | None = None
    replaced: dict[int, Sequence[StoredStatement]] = field(default_factory=dict)
    """What members changed since `index` was made; kept aside because a load may be under way that missed it."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Router:
    """Encodes texts and ranks members; keeps what it has read of a guild until it is told of a change."""

    primary: WarmingEmbedder | None
    fallback: HashingEmbedder
    source: StatementSource
    _shelves: dict[tuple[int, str], _Shelf] = field(default_factory=dict, init=False, repr=False)

    @property
    def model_id(self) -> str:
        """Name the model that statements ought to be encoded with; one stored under another waits for a sweep."""
        return (self.primary or self.fallback).model_id

    async def encode(self, texts: Sequence[str]) -> Encoding:
        """Encode `texts` by the model when it is warm, else by the fallback; all rows are of one model.

        Takes 1 to 20,000 ms. Never refuses.
        """
        if self.primary is not None and self.primary.is_warm:
            try:
                return Encoding(self.primary.model_id, await self.primary.embed(texts), is_fallback=False)
            except Unavailable as refusal:
                log.warning("encoder_unavailable", reason=refusal.params.get("reason"))
        vectors = await self.fallback.embed(texts)
        return Encoding(self.fallback.model_id, vectors, is_fallback=self.primary is not None)

    async def rank(
        self, guild_id: int, encoding: Encoding, *, limit: int | None = 50, exclude: Collection[int] = ()
    ) -> list[Match]:
        """List the best `limit` members (None: all) for a question, best first; ties go to the lower member id.

        Statements not encoded by the question's model are passed over, except that the fallback reads every text
        itself. The first question of a guild in a model waits for the statements to be read.

        Raises:
            ValueError: `encoding` isn't of exactly one text.
        """
        (question,) = encoding.vectors
        index = await self._index(guild_id, encoding.model_id, len(question))
        if len(index) <= _INLINE_ROWS:
            return index.score(question).best(limit, exclude)
        scores = await asyncio.to_thread(index.score, question)
        return scores.best(limit, exclude)

    def replace(self, guild_id: int, member_id: int, statements: Sequence[StoredStatement]) -> None:
        """Take over everything one member offers now (nothing: they are left out); call right after the commit."""
        for (shelved_guild_id, _), shelf in self._shelves.items():
            if shelved_guild_id == guild_id:
                shelf.replaced[member_id] = tuple(statements)

    def forget(self, guild_id: int) -> None:
        """Drop what was read of a guild; the next question reads it again."""
        for key in [key for key in self._shelves if key[0] == guild_id]:
            del self._shelves[key]

    async def _index(self, guild_id: int, model_id: str, dimension: int) -> Index:
        shelf = self._shelves.setdefault((guild_id, model_id), _Shelf())
        async with shelf.lock:
            if shelf.index is None:
                shelf.index = await self._read(await self.source(guild_id), model_id, dimension)
            if shelf.replaced:
                await self._refresh(shelf, shelf.index, model_id, dimension)
            return shelf.index

    async def _refresh(self, shelf: _Shelf, index: Index, model_id: str, dimension: int) -> None:
        replaced = dict(shelf.replaced)
        rows = await self._read([one for statements in replaced.values() for one in statements], model_id, dimension)
        if len(index) <= _INLINE_ROWS:
            shelf.index = index.replace(replaced, rows)
        else:
            shelf.index = await asyncio.to_thread(index.replace, replaced, rows)
        _remove_done(shelf.replaced, replaced)

    async def _read(self, statements: Sequence[StoredStatement], model_id: str, dimension: int) -> Index:
        """Index statements in a model's space: hashed afresh for the fallback, else from what is stored."""
        if model_id == self.fallback.model_id:
            vectors = await self.fallback.embed([statement.text for statement in statements])
            return _build(statements, vectors)
        if len(statements) <= _INLINE_ROWS:
            return _read_stored(statements, model_id, dimension)
        return await asyncio.to_thread(_read_stored, statements, model_id, dimension)


def _remove_done(replaced: dict[int, Sequence[StoredStatement]], done: Mapping[int, Sequence[StoredStatement]]) -> None:
    """Remove what was taken over, unless the member changed again in the meantime."""
    for member_id, statements in done.items():
        if replaced.get(member_id) is statements:
            del replaced[member_id]


def _read_stored(statements: Sequence[StoredStatement], model_id: str, dimension: int) -> Index:
    length = dimension * np.dtype("<f4").itemsize
    usable = [one for one in statements if one.model_id == model_id and one.vector and len(one.vector) == length]
    packed = b"".join(one.vector for one in usable if one.vector)
    return _build(usable, np.frombuffer(packed, dtype="<f4").reshape(len(usable), dimension))


def _build(statements: Sequence[StoredStatement], vectors: Vectors) -> Index:
    return Index.build([one.member_id for one in statements], [one.id for one in statements], vectors)
