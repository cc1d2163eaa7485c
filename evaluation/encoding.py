"""The bot's two encoders, each in its own process as in the bot, and everything encoded before it is needed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bot.routing import worker
from bot.routing.ports import Role
from bot.routing.process import EncoderProcess, MultilingualProcess, Patience
from evaluation.caching import CachedEmbedder, CachedMultilingual
from evaluation.folders import ROOT
from evaluation.progress import progress
from evaluation.ranking import Texts

CACHE = ROOT / ".cache" / "routing"
_PATIENCE = Patience(chunk=120)
"""No one waits for an answer here, and eight long texts on a busy machine take a while."""


@dataclass(frozen=True, slots=True)
class Encoders:
    """Both, ready to be asked."""

    english: CachedEmbedder
    multilingual: CachedMultilingual

    async def prepare(self, texts: Sequence[Texts]) -> None:
        """Encode all that isn't kept yet, both encoders at the same time.

        Raises:
            Unavailable: an encoder refuses.
        """
        questions = [text for some in texts for text in some.questions]
        statements = [text for some in texts for text in some.statements]
        await asyncio.gather(*(
            _prepare(encoder, {Role.QUESTION: questions, Role.STATEMENT: statements}, line)
            for line, encoder in enumerate((self.english, self.multilingual))
        ))  # fmt: skip
        await self.multilingual.are_english(questions)


@asynccontextmanager
async def encoders(folder: Path = CACHE) -> AsyncIterator[Encoders]:
    """Start both encoders, and end them with the block; what they encode is kept in `folder`.

    Raises:
        Unavailable: one can't be loaded.
    """
    english = EncoderProcess(worker.Model(), _PATIENCE)
    multilingual = MultilingualProcess(worker.Model(worker.PACKAGED_MULTILINGUAL, is_multilingual=True), _PATIENCE)
    try:
        for process in (english, multilingual):
            await process.start()
        for process in (english, multilingual):
            await process.wait_warm()
        both = Encoders(CachedEmbedder(english, folder), CachedMultilingual(multilingual, folder))
        await asyncio.gather(both.english.check(), both.multilingual.check())
        yield both
    finally:
        await asyncio.gather(english.close(), multilingual.close())


def versioned(model_id: str) -> str:
    """Return a packaged model's name with the version of its package."""
    return f"{model_id} {version(model_id)}"


async def _prepare(encoder: CachedEmbedder, texts: dict[Role, list[str]], line: int) -> None:
    total = sum(len(encoder.missing(some, role)) for role, some in texts.items())
    if total:
        with progress(f"encoding, {encoder.model_id}", total, line) as advance:
            for role, some in texts.items():
                await encoder.prepare(some, role, advance)
