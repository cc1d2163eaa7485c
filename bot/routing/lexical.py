"""Words in common: BM25 over words, and TF–IDF over pieces of words, which works in every language."""

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from bot.routing.ports import Vectors


@contextmanager
def _without_scipy() -> Iterator[None]:
    """Hide SciPy from an import that would take it if it could: 20 MiB for what nobody calls."""
    hidden: dict[str, Any] = {"scipy": None, "scipy.sparse": None}
    known = {name: sys.modules[name] for name in hidden if name in sys.modules}
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        sys.modules.update(known)


with _without_scipy():
    import bm25s
    from bm25s.stopwords import STOPWORDS_EN_PLUS

_PIECE = 4
"""Characters of a piece, its word's edges included."""
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff\u0e31-\u0e4e"
"""Accents and vowels that are written as characters of their own, which a regular expression takes for no letters."""
_WORD = rf"(?u)\w[\w{_MARKS}+#]*"
_COMMON = frozenset(STOPWORDS_EN_PLUS)
_WORDS = {"k1": 1.5, "b": 0.75}
"""Source: Robertson and Zaragoza (2009), The Probabilistic Relevance Framework."""
_TFIDF = {"k1": 1e6, "b": 1.0}
"""Where BM25 ends up without saturation: the frequency of a term, over the text's length, times its rarity."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of some texts, ready to be compared with those of a question; never changed."""

    words: "bm25s.BM25 | None"
    pieces: "bm25s.BM25 | None"
    size: int

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; about 60 ms for 1,000, nearly all of it holding the interpreter."""
        tokens = words(texts)
        return cls(
            _indexed([_telling(each) for each in tokens], _WORDS),
            _indexed([_pieces(each) for each in tokens], _TFIDF),
            len(texts),
        )

    def score(self, question: str) -> tuple[Vectors, Vectors]:
        """Score every text by its words and by its pieces of words, each float32[n], 0 where nothing is shared."""
        (tokens,) = words([question])
        # Unscaled, pieces would score some millionths, and count as no difference at all.
        pieces = self._score(self.pieces, _pieces(tokens)) * np.float32(_TFIDF["k1"])
        return self._score(self.words, _telling(tokens)), pieces

    def _score(self, index: "bm25s.BM25 | None", tokens: list[str]) -> Vectors:
        if index is None or not tokens:
            return np.zeros(self.size, dtype=np.float32)
        scores: Vectors = index.get_scores(tokens)
        return scores


def words_in_common(question: str, texts: Sequence[str]) -> list[int]:
    """Count for each text the telling words that it shares with a question."""
    if not texts:
        return []
    asked, *others = (set(_telling(tokens)) for tokens in words([question, *texts]))
    return [len(asked & each) for each in others]


def words(texts: Sequence[str]) -> list[list[str]]:
    """Split texts into words, small letters only; half of a surrogate pair is no letter."""
    composed = [unicodedata.normalize("NFKC", text) for text in texts]
    tokens: list[list[str]] = bm25s.tokenize(
        composed, token_pattern=_WORD, stopwords=None, return_ids=False, show_progress=False
    )
    return tokens


def _telling(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if token not in _COMMON]


def _pieces(tokens: Sequence[str]) -> list[str]:
    framed = [f" {token} " for token in tokens]
    return [word[start : start + _PIECE] for word in framed for start in range(max(1, len(word) - _PIECE + 1))]


def _indexed(tokens: list[list[str]], parameters: dict[str, float]) -> "bm25s.BM25 | None":
    if not any(tokens):
        return None
    index = bm25s.BM25(**parameters)
    index.index(tokens, show_progress=False)
    return index
