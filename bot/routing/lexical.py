"""Words in common: BM25 over words, and TF–IDF over pieces of words, which works in every language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.routing.cost import composed
from bot.routing.ports import Flags, Ids, Vectors
from bot.routing.postings import Postings, Whole, ranges

_PIECE = 4
"""Characters of a piece, its word's edges included."""
MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff\u0e31-\u0e4e"
"""Accents and vowels that are written as characters of their own, which a regular expression takes for no letters."""
_WORD = re.compile(rf"\w[\w{MARKS}+#]*")
COMMON = frozenset(
    _WORD.findall("""
    a about above after again against ain all am an and any are aren as at be because been before being below
    between both but by can couldn d did didn do does doesn doing don down during each few for from further had hadn
    has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself just
    ll m ma me mightn more most mustn my myself needn no nor not now o of off on once only or other our ours
    ourselves out over own re s same shan she should shouldn so some such t than that the their theirs them
    themselves then there these they this those through to too under until up ve very was wasn we were weren what
    when where which while who whom why will with won wouldn y you your yours yourself yourselves
    """)
)
"""English words that tell nothing, without those that `_WORD` would split.

Source: NLTK's English stop words, as bm25s has them.
"""
_WORDS = {"k1": 1.5, "b": 0.75}
"""Source: Robertson and Zaragoza (2009), The Probabilistic Relevance Framework."""
_TFIDF = {"k1": 1e6, "b": 1.0}
"""Where BM25 ends up without saturation: the frequency of a term, over the text's length, times its rarity."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of some texts, ready to be compared with those of a question; never changed."""

    words: Postings
    pieces: Postings

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; about 20 ms for 1,000, half of it holding the interpreter."""
        numbers: dict[str, int] = {}
        tokens = words(texts)
        of_words = np.fromiter(
            (numbers.setdefault(word, len(numbers)) for each in tokens for word in each), dtype=np.int64
        )
        of_texts = np.repeat(np.arange(len(tokens), dtype=np.int32), [len(each) for each in tokens])
        vocabulary = list(numbers)
        is_telling = np.asarray([word not in COMMON for word in vocabulary], dtype=bool)[of_words]
        terms = np.asarray([hash(word) for word in vocabulary], dtype=np.int64)[of_words]
        return cls(
            Postings.build(terms[is_telling], of_texts[is_telling], len(tokens)),
            Postings.build(*_pieces_of(vocabulary, of_words, of_texts), len(tokens)),
        )

    def joined(self, is_kept: Flags, other: Self, places: Ids) -> Self:
        """Return what is kept of these texts, bool[n], and all of the other's, renumbered by int64[kept + m]."""
        return type(self)(
            self.words.joined(is_kept, other.words, places), self.pieces.joined(is_kept, other.pieces, places)
        )

    def score(self, question: str) -> tuple[Vectors, Vectors]:
        """Score every text by its words and by its pieces of words, each float32[n], 0 where nothing is shared."""
        (tokens,) = words([question])
        # Unscaled, pieces would score some millionths, and count as no difference at all.
        pieces = self.pieces.score(map(hash, _pieces(tokens)), **_TFIDF) * np.float32(_TFIDF["k1"])
        return self.words.score(map(hash, _telling(tokens)), **_WORDS), pieces

    def cosines(self, question: str) -> Vectors:
        """Compare every text with a question by its telling words, float32[n]: 0 where nothing is shared, to 1."""
        (tokens,) = words([question])
        return self.words.cosines(map(hash, _telling(tokens)))


def words_in_common(question: str, texts: Sequence[str]) -> list[int]:
    """Count for each text the telling words that it shares with a question."""
    if not texts:
        return []
    asked, *others = (set(_telling(tokens)) for tokens in words([question, *texts]))
    return [len(asked & each) for each in others]


def words(texts: Sequence[str]) -> list[list[str]]:
    """Split texts into words, small letters only; half of a surrogate pair is no letter."""
    return [_WORD.findall(composed(text).lower()) for text in texts]


def _telling(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if token not in COMMON]


def _pieces(tokens: Sequence[str]) -> list[str]:
    framed = [f" {token} " for token in tokens]
    return [word[start : start + _PIECE] for word in framed for start in range(max(1, len(word) - _PIECE + 1))]


def _pieces_of(vocabulary: Sequence[str], of_words: Ids, of_texts: Whole) -> tuple[Ids, Whole]:
    """Return the pieces of every word that occurs, int64[t], and the text of each, int32[t]."""
    pieces = [_pieces([word]) for word in vocabulary]
    counts = np.asarray([len(each) for each in pieces], dtype=np.int32)
    terms = np.fromiter((hash(piece) for each in pieces for piece in each), dtype=np.int64)
    starts = np.cumsum(counts) - counts
    held = counts[of_words]
    return terms[ranges(starts[of_words], held)], np.repeat(of_texts, held)
