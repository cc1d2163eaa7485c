"""What reading a text costs an encoder, and how much of it is read at once."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

MOST_TOKENS = 512
"""Of one text: what both packaged models were trained on at most, about 1 s of the slower one's time."""
MOST_CHARACTERS = 4_000
"""Of one text, looked at before its tokens are counted."""
MOST_TEXTS = 8
"""Texts handed over at once: with `MOST_TOKENS`, what an `/ask` may have to wait for while others are encoded."""


def composed(text: str) -> str:
    """Return a text as models read it, and no more of it than they may have to look at.

    One character may stand for eighteen (U+FDFA), of which the second model's engine makes room for twelve: it would
    write past its memory.
    """
    return unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])[:MOST_CHARACTERS]


def cost(text: str) -> int:
    """Return how many tokens a model makes of a text at most: one a character, up to `MOST_TOKENS`."""
    return min(len(composed(text)), MOST_TOKENS)


def cut(text: str, count: Callable[[str], int]) -> str:
    """Return as much of a text, from its beginning, as makes up `MOST_TOKENS` when an encoder counts them."""
    if count(text) <= MOST_TOKENS:
        return text
    fits = bisect_right(range(1, len(text) + 1), MOST_TOKENS, key=lambda length: count(text[:length]))
    return text[:fits]


def chunks(texts: Sequence[str], goes_alone: Callable[[str], bool]) -> Iterator[slice]:
    """Part texts, in their order, into what is handed over at once: few, of few tokens, and some always alone."""
    start, spent = 0, 0
    for place, text in enumerate(texts):
        is_alone, price = goes_alone(text), cost(text)
        is_full = place - start == MOST_TEXTS or spent + price > MOST_TOKENS
        if place > start and (is_alone or is_full):
            yield slice(start, place)
            start, spent = place, 0
        # A text that follows one that goes alone finds no room beside it.
        spent += MOST_TOKENS + 1 if is_alone else price
    if start < len(texts):
        yield slice(start, len(texts))
