"""Texts as an index is built from: on a circle, so that every cosine can be read off."""

import math
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from hypothesis import strategies as st

from bot.routing.index import Index, Scores
from bot.routing.ports import StoredText, Vectors, to_bytes

MODEL, OTHER = "one", "other"
EAST: Vectors = np.asarray([1, 0], dtype=np.float32)
"""The question, as far as meaning goes."""
WORDS = ("audio", "speech", "grants", "writing", "bayes")

cosines = st.integers(-32, 32).map(lambda part: part / 32)
"""Numbers that a bfloat16 holds exactly."""


def towards(cosine: float) -> Vectors:
    """Return the direction whose cosine with `EAST` is so large."""
    return np.asarray([cosine, math.sqrt(1 - cosine**2)], dtype=np.float32)


def text(id: int, owner_id: int, cosine: float | None = None, *, words: str = "", weight: float = 1.0) -> StoredText:
    """Make a text that one model read, or (None) no model."""
    vectors = {} if cosine is None else {MODEL: to_bytes(towards(cosine))}
    return StoredText(id, owner_id, words, vectors, weight)


def score(texts: Sequence[StoredText], question: str = "") -> Scores:
    """Compare texts with a question that points to the east."""
    return Index.build(texts).score(question, {MODEL: EAST}, {MODEL: 1.0})


def by_owner(scores: Scores, kind: str = "dense") -> dict[int, float]:
    """Return one kind of evidence for each owner."""
    return dict(zip(scores.owner_ids.tolist(), getattr(scores, kind).tolist(), strict=True))


def columns(scores: Scores) -> dict[str, list[object]]:
    """Return everything that was found out, to be compared as a whole."""
    names = ("owner_ids", "text_ids", "nearness", "dense", "profile", "bm25", "tfidf", "is_match")
    return {name: getattr(scores, name).tolist() for name in names}


@st.composite
def _texts(draw: st.DrawFn) -> list[StoredText]:
    ids = draw(st.lists(st.integers(1, 60), max_size=20, unique=True))
    return [draw(_text(id)) for id in ids]


@st.composite
def _text(draw: st.DrawFn, id: int) -> StoredText:
    """Make a text whose words and owner are its own for good, and whose vectors and weight are those of a moment."""
    read_by = draw(st.frozensets(st.sampled_from([MODEL, OTHER])))
    vectors: Mapping[str, bytes] = {model: to_bytes(towards(draw(cosines))) for model in sorted(read_by)}
    chance = Random(id)
    words = " ".join(chance.choices(WORDS, k=chance.randrange(5)))
    weight = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0, 1.0, 1.5]))
    return StoredText(id, chance.randint(1, 6), words, vectors, weight)


TEXTS = _texts()
"""Texts of up to six owners, of which either model has read some."""
