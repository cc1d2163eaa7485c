"""Who fits each question, as the bot's own router says: worked out once, because every setting ranks the same people.

What people could say of themselves grows as in the record: with each answer that they really gave, its words and its
question's are added to their statements, just as `evaluation` has it. What happens in the simulation adds none,
so that all settings are compared on the same ranking of topics.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.simulator.record import Record
from benchmarks.simulator.words import Numbers
from bot.errors import Unavailable
from bot.routing import worker
from bot.routing.ports import Role, Vectors
from bot.routing.router import Router
from evaluation import replaying
from evaluation.caching import CachedEmbedder, CachedMultilingual
from evaluation.encoding import CACHE
from evaluation.folders import ROOT
from evaluation.history import History
from evaluation.ranking import GUILD_ID, nobody
from evaluation.replaying import Replay

KEPT = ROOT / ".cache" / "simulator"
WORDS_ALONE = (
    "People are matched by words alone: .cache/routing doesn't hold what the encoders made of these texts. "
    "`python -m evaluation` fills it."
)
_DIMENSION = 384
"""Of both encoders."""


class _OnlyKept:
    """An encoder that encodes nothing: whoever asks it finds only what was kept."""

    is_warm, failure, dimension = True, None, _DIMENSION

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id

    async def embed(self, texts: Sequence[str], _role: Role = Role.STATEMENT) -> Vectors:
        raise Unavailable("error.encoder", reason=f"asked for {len(texts)} texts")

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        """Say yes: the folders of the task `routing` are in English."""
        return [True] * len(texts)


def routers(folder: Path, kept: Path = CACHE) -> tuple[Router, str | None]:
    """Return a router over the encodings kept of a folder's texts; over none, and a sentence, if any is missing."""
    if kept.is_dir():
        english = CachedEmbedder(_OnlyKept(worker.PACKAGED_MODEL), kept)
        multilingual = CachedMultilingual(_OnlyKept(worker.PACKAGED_MULTILINGUAL), kept)
        texts = replaying.texts(folder)
        wanted = ((texts.questions, Role.QUESTION), (texts.statements, Role.STATEMENT))
        if not any(each.missing(some, role) for each in (english, multilingual) for some, role in wanted):
            return Router(english, multilingual, nobody), None
    return Router(None, None, nobody), WORDS_ALONE


async def expertise(record: Record, folder: Path, router: Router, kept: Path = KEPT) -> Numbers:
    """Return float64[q, m], how many times likelier an answer is from each helper, by topic; 0 where they don't match.

    Takes minutes the first time; `kept` holds it from then on, until the record or anything in bot/routing changes.
    """
    file = kept / f"{record.name}-{_digest(folder, router)}.npz"
    if file.is_file():
        with np.load(file) as arrays:
            expertise: Numbers = arrays["expertise"]
            return expertise
    expertise = await _ranked(record, folder, router)
    _keep(file, expertise)
    return expertise


def _keep(file: Path, expertise: Numbers) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, expertise=expertise)


async def _ranked(record: Record, folder: Path, router: Router) -> Numbers:
    column = {helper: number for number, helper in enumerate(record.helpers)}
    row = {question.name: number for number, question in enumerate(record.questions)}
    expertise = np.zeros((len(row), len(column)))
    replay = Replay(router, History.read(folder))
    async for question, query in replay.questions(row):
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        columns = [column[name] for name in replay.roll.names([match.member_id for match in matches])]
        expertise[row[question.id], columns] = [match.expertise for match in matches]
    return expertise


def _digest(folder: Path, router: Router) -> str:
    """Name all that the ranking depends on."""
    sources = sorted(path for path in (ROOT / "bot" / "routing").iterdir() if path.suffix in {".py", ".toml"})
    digest = hashlib.blake2b(digest_size=8)
    for path in (*(folder / name for name in replaying.NEEDS), *sources):
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    digest.update(" ".join(encoder.model_id for encoder in router.encoders).encode())
    return digest.hexdigest()
