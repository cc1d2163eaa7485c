"""How alike texts are by their words, without any of the bot's own ways of telling."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = 0.2
"""A word that stands in more than this share of the texts says nothing about their topics."""
_ONCE = 2
"""A word says something about two texts only where it stands in so many."""


def alike(texts: Sequence[str]) -> Numbers:
    """Return float64[n, n], cosines of the texts' rare words, weighted by how rare they are (TF-IDF, each once)."""
    words = [set(_WORD.findall(text.lower())) for text in texts]
    counts = Counter(word for each in words for word in each)
    telling = {word for word, count in counts.items() if _ONCE <= count <= max(_COMMON * len(texts), _ONCE)}
    place = {word: number for number, word in enumerate(sorted(telling))}
    weights = np.zeros((len(texts), len(place)))
    for row, each in enumerate(words):
        for word in each & telling:
            weights[row, place[word]] = np.log(len(texts) / counts[word])
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    weights /= np.where(length > 0, length, 1.0)
    cosines: Numbers = weights @ weights.T
    return cosines
