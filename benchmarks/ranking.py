"""Ranking a community's statements once a question is encoded, over faiss and plain numpy, and what one more costs."""

import gc
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

import faiss
import numpy as np

from benchmarks.figures import Figure, compared, milliseconds, p50
from bot.routing.index import Index
from bot.routing.ports import Community, Query, Role, StoredText, Vectors, to_bytes
from bot.routing.router import Router
from bot.services.requests.inviting import MATCHES
from reliability.community import DIMENSION, STATEMENTS_EACH, lines, unit_vectors

BARS = {1_000: 2.0, 10_000: 10.0, 100_000: 60.0}
"""Milliseconds by statements."""
REPEATS = {1_000: 300, 10_000: 200, 100_000: 40}
MOST_MEMORY = 2_048
"""Bytes a statement."""
ENGLISH, MULTILINGUAL = "english", "multilingual"
GUILD_ID = 1
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Counting:
    """An encoder that draws vectors at random, and counts what it is asked to read."""

    model_id: str
    is_warm: bool = True
    failure: str | None = None
    dimension: int = DIMENSION
    read: int = 0

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        """Return float32[n, d], about as many numbers as texts."""
        self.read += len(texts)
        return unit_vectors(len(texts), DIMENSION, seed=self.read + len(role))

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        """Take everything for English."""
        return [True] * len(texts)


@dataclass(slots=True)
class Scene:
    """A community of so many statements, each read by both encoders."""

    count: int
    statements: list[StoredText] = field(default_factory=list)
    encoders: tuple[Counting, Counting] = field(default_factory=lambda: (Counting(ENGLISH), Counting(MULTILINGUAL)))

    def __post_init__(self) -> None:
        """Draw the statements."""
        vectors = {name: unit_vectors(self.count, DIMENSION, seed) for seed, name in enumerate((ENGLISH, MULTILINGUAL))}
        for row in range(self.count):
            # Without the number at its end, which no two statements share: people's words repeat.
            text = list(lines(row // STATEMENTS_EACH))[row % STATEMENTS_EACH].partition(" (")[0]
            read = {name: to_bytes(rows[row]) for name, rows in vectors.items()}
            self.statements.append(StoredText(row, row // STATEMENTS_EACH, text, read))

    @property
    def matrix(self) -> Vectors:
        """float32[n, d], what the English encoder made of the statements."""
        return np.stack([np.frombuffer(each.vectors[ENGLISH], dtype="<f4") for each in self.statements])

    def router(self) -> Router:
        """Return a router that reads this community."""
        return Router(*self.encoders, self.source)

    async def source(self, _guild_id: int) -> Community:
        """Return the statements as the tables would give them."""
        return Community(statements=self.statements)


async def measure() -> list[Figure]:
    """Rank through the bot's router with both encoders' vectors, by turns with faiss and numpy over those of one."""
    figures = []
    for count, bar in BARS.items():
        scene = Scene(count)
        figures += [*await _ranking(scene, bar), _memory(scene), await _adding(scene)]
    return figures


async def _ranking(scene: Scene, bar: float) -> list[Figure]:
    router, matrix = scene.router(), scene.matrix
    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(matrix)
    both, one, plain, faissed = [], [], [], []
    for number, question in enumerate(unit_vectors(REPEATS[scene.count] + 1, DIMENSION, seed=2)):
        text = f"How do I begin with {', '.join(lines(number))}?"
        one.append(await _time_router(router, Query(text, {ENGLISH: question})))
        both.append(await _time_router(router, Query(text, {ENGLISH: question, MULTILINGUAL: question})))
        plain.append(_timed(partial(_search_plain, matrix, question)))
        faissed.append(_timed(partial(flat.search, question[np.newaxis], MATCHES)))
    name = f"rank {scene.count:,} statements, p50"
    # The first question waits for the statements to be read, which is no part of ranking.
    return [
        _figure(f"{name}, both encoders", both[1:], plain[1:], "numpy, one matrix", bar),
        _figure(f"{name}, one encoder", one[1:], plain[1:], "numpy", bar),
        _figure(f"{name}, one encoder", one[1:], faissed[1:], "faiss IndexFlatIP", bar),
    ]


def _figure(name: str, ours: list[float], theirs: list[float], baseline: str, bar: float) -> Figure:
    middle = p50(np.asarray(ours)) * 1000
    return Figure(
        name, f"{middle:.2f} ms", f"{milliseconds(theirs, p50)} ({baseline})",
        compared(ours, theirs, p50), f"≤ {bar:g} ms", is_met=middle <= bar,
    )  # fmt: skip


def _memory(scene: Scene) -> Figure:
    """Measure what an index holds on to, its words and both encoders' vectors included."""
    gc.collect()
    tracemalloc.start()
    index = Index.build(
        [StoredText(each.id, each.owner_id, each.text + " ", each.vectors) for each in scene.statements]
    )
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] / len(index)
    tracemalloc.stop()
    return Figure(
        f"memory a statement, {scene.count:,}, both encoders",
        f"{size:,.0f} B", f"{DIMENSION * 4 * 2:,} B (vectors as float32)", None, f"≤ {MOST_MEMORY:,} B",
        is_met=size <= MOST_MEMORY,
    )  # fmt: skip


async def _adding(scene: Scene) -> Figure:
    """Let a member add a statement: how many texts does that encode, and how long does the next question wait?"""
    router, asked = scene.router(), Query("Who knows?", {ENGLISH: unit_vectors(1, DIMENSION, seed=3)[0]})
    await router.rank(GUILD_ID, asked, NOW, limit=MATCHES)
    before = sum(each.read for each in scene.encoders)
    (vectors,) = await router.encode(["One more idea"])
    router.replace(
        GUILD_ID, 0, [*scene.statements[:STATEMENTS_EACH], StoredText(scene.count, 0, "One more idea", vectors)]
    )
    seconds = await _time_router(router, asked)
    encoded = sum(each.read for each in scene.encoders) - before
    return Figure(
        f"one more statement beside {scene.count:,}", f"{encoded} read, then {seconds * 1000:.0f} ms once",
        f"{len(scene.encoders)} read (one by each encoder)", None, "O(1) read", is_met=encoded == len(scene.encoders),
    )  # fmt: skip


async def _time_router(router: Router, query: Query) -> float:
    begun = perf_counter()
    await router.rank(GUILD_ID, query, NOW, limit=MATCHES)
    return perf_counter() - begun


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _search_plain(matrix: Vectors, question: Vectors) -> list[int]:
    cosines = matrix @ question
    best = np.argpartition(-cosines, MATCHES)[:MATCHES]
    found: list[int] = best[np.argsort(-cosines[best])].tolist()
    return found
