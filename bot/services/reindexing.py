"""Encoding again what another model, or the fallback, encoded."""

from dataclasses import dataclass

from bot.errors import Unavailable
from bot.routing.ports import to_bytes
from bot.routing.router import Router
from bot.services.ports import Begin

CHUNK = 8
"""Statements encoded together; a question never waits longer than for one chunk."""
MOST_CHUNKS = 50
"""Chunks one sweep does before it gives way to the others."""


@dataclass(frozen=True, slots=True)
class Reindexing:
    """Use cases around a changed model; a stop at any moment only leaves the rest for the next sweep."""

    begin: Begin
    read: Begin
    router: Router

    async def sweep(self) -> int:
        """Encode statements that the wanted model hasn't encoded; returns how many were, 0 while it warms."""
        done = 0
        for _ in range(MOST_CHUNKS):
            encoded = await self._encode_chunk()
            done += encoded
            if encoded < CHUNK:
                break
        return done

    async def _encode_chunk(self) -> int:
        primary = self.router.primary
        if primary is None or not primary.is_warm:
            return 0
        async with self.read() as work:
            stale = await work.statements.stale(primary.model_id, CHUNK)
        if not stale:
            return 0
        try:
            vectors = await primary.embed([text for _, text in stale])
        except Unavailable:
            return 0
        encoded = {statement_id: to_bytes(vector) for (statement_id, _), vector in zip(stale, vectors, strict=True)}
        async with self.begin() as work:
            guild_ids = await work.statements.encode(encoded, primary.model_id)
        for guild_id in guild_ids:
            self.router.forget(guild_id)
        return len(encoded)
