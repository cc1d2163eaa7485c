"""Encoding what a model hasn't read yet: after a change of models, a cold start, or something learned."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.errors import Unavailable
from bot.routing.ports import Role, Unreadable, WarmingEmbedder, to_bytes
from bot.routing.router import Router
from bot.services.ports import Begin, Read
from bot.services.routing.community import News, news_of, offer_of
from bot.services.sweeping import in_turn
from bot.store.transactions import Session
from bot.store.unit_of_work import Stores, UnitOfWork
from bot.store.vectors import TextVectors

log = structlog.get_logger(__name__)

CHUNK = 4
"""Texts encoded together: half of what the encoder takes at once, so that a question never waits for more than that."""
MOST_CHUNKS = 1_000
"""Chunks of one kind that one sweep does before it looks again what is missing."""
_LONG, _RESTS = 0.5, 3.0
"""Seconds that no chunk of ordinary texts takes, and how many times as long the sweep rests after one that does."""
_MOST_SET_ASIDE = 10_000


@dataclass(frozen=True, slots=True)
class Reindexing:
    """Use cases around a changed model; a stop at any moment only leaves the rest for the next sweep."""

    begin: Begin
    read: Read
    router: Router
    _set_aside: set[tuple[str, Role, int]] = field(default_factory=set, init=False, repr=False)
    """What a model can't read; tried again after the next start."""

    async def sweep(self) -> int:
        """Encode what the wanted models haven't read, and return how many vectors were made; 0 while they warm.

        Once there is nothing to make, vectors of other models are deleted where every wanted model has read the text:
        until then a change may be taken back.
        """
        made = 0
        for encoder in self.router.encoders:
            for role in (Role.STATEMENT, Role.QUESTION):
                made += await self._encode_all(encoder, role)
        if not made:
            await self._forget_models()
        return made

    async def _encode_all(self, encoder: WarmingEmbedder, role: Role) -> int:
        made = last = 0
        for _ in range(MOST_CHUNKS):
            if not encoder.is_warm:
                break
            async with self.read() as work:
                missing = await _vectors(work, role).missing(encoder.model_id, CHUNK, last)
            if not missing:
                break
            last = missing[-1][0]
            texts = {each: text for each, text in missing if (encoder.model_id, role, each) not in self._set_aside}
            made += await self._encode_gently(encoder, role, texts) if texts else 0
        return made

    async def _encode_gently(self, encoder: WarmingEmbedder, role: Role, texts: Mapping[int, str]) -> int:
        """Encode some texts, and leave the model to others for a while where that took long."""
        begun = asyncio.get_running_loop().time()
        made = await self._encode(encoder, role, texts)
        seconds = asyncio.get_running_loop().time() - begun
        if seconds > _LONG:
            await asyncio.sleep(_RESTS * seconds)
        return made

    async def _encode(self, encoder: WarmingEmbedder, role: Role, texts: Mapping[int, str]) -> int:
        """Encode some texts, one by one where the model stumbles over one of them."""
        try:
            vectors = await encoder.embed(list(texts.values()), role)
        except Unavailable as refusal:
            if len(texts) > 1:
                return sum([await self._encode(encoder, role, {each: text}) for each, text in texts.items()])
            if isinstance(refusal, Unreadable):
                self._set_text_aside(encoder, role, *texts)
            return 0
        packed = dict(zip(texts, map(to_bytes, vectors), strict=True))

        async def keep(_guild_id: int | None, text_ids: Sequence[int]) -> int:
            await self._keep(encoder.model_id, role, {each: packed[each] for each in text_ids})
            return len(text_ids)

        return sum(await in_turn(role, [(None, each) for each in texts], keep, CHUNK))

    def _set_text_aside(self, encoder: WarmingEmbedder, role: Role, text_id: int) -> None:
        if len(self._set_aside) >= _MOST_SET_ASIDE:
            self._set_aside.clear()
        self._set_aside.add((encoder.model_id, role, text_id))
        log.warning("text_set_aside", model=encoder.model_id)

    async def _keep(self, model_id: str, role: Role, vectors: Mapping[int, bytes]) -> None:
        async with self.begin() as work:
            owners = [] if role is Role.QUESTION else await work.statements.owners(vectors)
            # Else a member could save meanwhile, and what is told here would bring back what they deleted.
            for guild_id in sorted({guild_id for guild_id, _ in owners}):
                await work.lock(guild_id)
            await _vectors(work, role).encode(vectors, model_id)
            await work.flush()
            offered = [News(owner[0], {owner[1]: await offer_of(work, *owner)}) for owner in owners]
            solved = await _solved(work, vectors) if role is Role.QUESTION else []
        for news in (*offered, *solved):
            news.tell(self.router)

    async def _forget_models(self) -> None:
        """Delete what other models made of what is read, as far as every wanted model is there to do without them."""
        wanted = [encoder.model_id for encoder in self.router.encoders]
        if not wanted or not all(encoder.is_warm for encoder in self.router.encoders):
            return
        async with self.begin() as work:
            for vectors in (work.statement_vectors, work.question_vectors, work.draft_vectors):
                await vectors.forget_models(wanted)


async def _solved(work: UnitOfWork, question_ids: Iterable[int]) -> list[News]:
    """Return what routing ought to know of these questions: of those that others may learn from."""
    questions = [await work.requests.get(question_id) for question_id in question_ids]
    news = [await news_of(work, question, ()) for question in questions if question]
    return [each for each in news if any(each.solved.values())]


def _vectors(work: Stores[Session], role: Role) -> TextVectors[Session]:
    return work.question_vectors if role is Role.QUESTION else work.statement_vectors
