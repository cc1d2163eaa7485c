from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.routing.ports import Role, Vectors
from evaluation.caching import PROBE, CachedEmbedder, CachedMultilingual
from evaluation.encoding import Encoders
from evaluation.history import LONGEST
from evaluation.ranking import Texts
from tests.hashing import HashingEmbedder

TEXTS = ["violins", "gardens", "violins", "a longer text on gardens"]


class Counting(HashingEmbedder):
    """Counts how often it reads each text, and can read them otherwise than before."""

    def __init__(self, *, is_mirrored: bool = False) -> None:
        self.sign = -1 if is_mirrored else 1
        self.read: Counter[tuple[str, Role]] = Counter()
        self.judged: Counter[str] = Counter()

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        self.read.update((text, role) for text in texts)
        return (await super().embed(texts, role)) * np.float32(self.sign)

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        self.judged.update(texts)
        return ["garden" in text for text in texts]


@pytest.fixture
def encoder() -> Counting:
    return Counting()


async def test_a_text_is_encoded_once_even_in_later_runs(tmp_path: Path, encoder: Counting) -> None:
    first = await CachedEmbedder(encoder, tmp_path).embed(TEXTS)
    again = await CachedEmbedder(encoder, tmp_path).embed(TEXTS[::-1])
    assert set(encoder.read.values()) == {1}
    assert len(encoder.read) == 3
    np.testing.assert_array_equal(first, again[::-1])
    np.testing.assert_array_equal(first, encoder.encode(TEXTS))


async def test_roles_are_kept_apart(tmp_path: Path, encoder: Counting) -> None:
    cached = CachedEmbedder(encoder, tmp_path)
    for role in Role:
        await cached.embed(["violins"], role)
    assert encoder.read == {("violins", role): 1 for role in Role}


async def test_an_encoder_that_reads_otherwise_now_is_asked_again(tmp_path: Path, encoder: Counting) -> None:
    cached = CachedEmbedder(encoder, tmp_path)
    await cached.check()
    await cached.embed(TEXTS)
    same, other = CachedEmbedder(encoder, tmp_path), CachedEmbedder(Counting(is_mirrored=True), tmp_path)
    await same.check()
    assert not same.missing(TEXTS, Role.STATEMENT)
    await other.check()
    assert other.missing(TEXTS, Role.STATEMENT) == ["a longer text on gardens", "gardens", "violins"]
    assert CachedEmbedder(encoder, tmp_path).missing(TEXTS, Role.STATEMENT)
    np.testing.assert_array_equal(await other.embed(TEXTS), -encoder.encode(TEXTS))


def test_the_probe_is_as_long_as_a_text_gets() -> None:
    assert len(PROBE) == LONGEST


async def test_says_of_itself_what_the_encoder_says(tmp_path: Path, encoder: Counting) -> None:
    cached = CachedEmbedder(encoder, tmp_path)
    assert (cached.model_id, cached.dimension, cached.is_warm) == ("hashing-v1", 512, True)
    assert cached.failure is None
    assert (await cached.embed([])).shape == (0, 512)


async def test_both_encoders_read_everything_ahead(tmp_path: Path, encoder: Counting) -> None:
    multilingual = Counting()
    both = Encoders(CachedEmbedder(encoder, tmp_path / "a"), CachedMultilingual(multilingual, tmp_path / "b"))
    await both.prepare([Texts(["violins", "gardens"], ["gardens"]), Texts(["violins"])])
    expected = {("violins", Role.QUESTION): 1, ("gardens", Role.QUESTION): 1, ("gardens", Role.STATEMENT): 1}
    assert encoder.read == multilingual.read == expected
    assert await both.multilingual.are_english(["violins", "gardens"]) == [False, True]
    assert multilingual.judged == {"violins": 1, "gardens": 1}
