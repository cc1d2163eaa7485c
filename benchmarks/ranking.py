"""Ranking a community's statements once the question is encoded, over plain numpy."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from benchmarks.community import DIMENSION, STATEMENTS_EACH, unit_vectors
from benchmarks.figures import Figure, compared, milliseconds, p50
from bot.routing.hashing import HashingEmbedder
from bot.routing.ports import Encoding, StoredStatement, Vectors, to_bytes
from bot.routing.router import Router
from bot.services.inviting import MATCHES

BARS = {1_000: 2.0, 10_000: 10.0}
"""Milliseconds by statements."""
REPEATS = 300
MODEL_ID = "benchmark"
GUILD_ID = 1


async def measure() -> list[Figure]:
    """Rank through the bot's router, beside `matrix @ question` and the best of it; the two take turns."""
    return [await _ranking(count, bar) for count, bar in BARS.items()]


async def _ranking(count: int, bar: float) -> Figure:
    matrix = unit_vectors(count, DIMENSION, seed=1)
    router = Router(None, HashingEmbedder(), _Source(matrix).read)
    ours: list[float] = []
    plain: list[float] = []
    for question in unit_vectors(REPEATS + 1, DIMENSION, seed=2):
        plain.append(_time_plain(matrix, question))
        ours.append(await _time_router(router, question))
    # The first question waits for the statements to be read, which is no part of ranking.
    ours, plain = ours[1:], plain[1:]
    middle = p50(np.asarray(ours)) * 1000
    return Figure(
        f"rank {count:,} statements, p50", f"{middle:.2f} ms", f"{milliseconds(plain, p50)} (numpy)",
        compared(ours, plain, p50), f"≤ {bar:g} ms", is_met=middle <= bar,
    )  # fmt: skip


async def _time_router(router: Router, question: Vectors) -> float:
    encoding = Encoding(MODEL_ID, question[np.newaxis], is_fallback=False)
    begun = perf_counter()
    await router.rank(GUILD_ID, encoding, limit=MATCHES)
    return perf_counter() - begun


def _time_plain(matrix: Vectors, question: Vectors) -> float:
    begun = perf_counter()
    cosines = matrix @ question
    best = np.argpartition(-cosines, MATCHES)[:MATCHES]
    best[np.argsort(-cosines[best])].tolist()
    return perf_counter() - begun


class _Source:
    """The statements as the tables would give them."""

    def __init__(self, matrix: Vectors) -> None:
        self._statements = [
            StoredStatement(row, row // STATEMENTS_EACH, f"statement {row}", MODEL_ID, to_bytes(vector))
            for row, vector in enumerate(matrix)
        ]

    async def read(self, _guild_id: int) -> Sequence[StoredStatement]:
        return self._statements
