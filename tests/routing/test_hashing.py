import sys
from asyncio import create_subprocess_exec, subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hashing import DIMENSION, HashingEmbedder

embedder = HashingEmbedder()


def likeness(one: str, other: str) -> float:
    first, second = embedder.encode([one, other])
    return float(first @ second)


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_any_text_gives_a_row_of_unit_length_or_zero(texts: list[str]) -> None:
    vectors = embedder.encode(texts)
    assert vectors.shape == (len(texts), DIMENSION)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_row_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    assert np.array_equal(embedder.encode(texts)[0], embedder.encode(texts[:1])[0])


@pytest.mark.parametrize("text", ["", "   ", "?!", "\n\t"])
def test_nothing_to_read_is_the_zero_vector(text: str) -> None:
    assert not embedder.encode([text]).any()


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("How do I align audio with transcripts?", "Aligning transcripts, CTC", "grant writing"),
        ("Comment relire un article ?", "relire des articles", "statistique bayésienne"),
        ("كيف أكتب ملخص الورقة؟", "كتابة ملخص الورقة", "التعلم المعزز"),
        ("音声認識の評価方法は?", "音声認識", "強化学習"),
        ("Ninahitaji msaada wa takwimu", "takwimu", "uandishi"),
        ("🎧 or 📷?", "🎧", "📷📷"),
        ("what about you", "what about you", "gradient"),
        ("C++ templates", "c++", "c#"),
    ],
)
def test_shared_words_of_any_script_are_near(question: str, near: str, far: str) -> None:
    assert likeness(question, near) > likeness(question, far)


def test_common_words_alone_make_nothing_alike() -> None:
    assert abs(likeness("How do I do this with the optimizer?", "How do I get a grant with this?")) < 0.2


async def test_embedding_equals_encoding_over_many_chunks() -> None:
    texts = [f"statement {number}" for number in range(250)]
    assert np.array_equal(await embedder.embed(texts), embedder.encode(texts))
    assert (await embedder.embed([])).shape == (0, embedder.dimension)


async def test_the_same_in_another_process() -> None:
    script = "from tests.hashing import HashingEmbedder as H; print(H().encode(['CTC loss']).tobytes().hex())"
    other = await create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    printed, _ = await other.communicate()
    assert printed.decode().strip() == embedder.encode(["CTC loss"]).tobytes().hex()
