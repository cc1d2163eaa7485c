"""What a text may cost an encoder is bounded, for any text."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.cost import MOST_CHARACTERS, MOST_TEXTS, MOST_TOKENS, chunks, composed, cost, cut

PARTS = st.sampled_from(["\ufdfa", "\u3300", "e\u0301", "ꙮ", "🎧", "word ", "\ud800", "\x00", " ", "가", "½"])
LONG = st.builds(lambda part, times: part * times, PARTS | st.text(min_size=1, max_size=20), st.integers(0, 4_000))
TEXTS = st.lists(LONG | st.text(max_size=300), max_size=30)
COUNTS: list[Callable[[str], int]] = [
    len,
    lambda text: 2 + len(text.split()),
    lambda text: 2 + len(text) // 4,
    lambda text: 3 * len(text),
    lambda text: len(text.encode("utf-8", "surrogatepass")),
]
"""Ways to count tokens: as many as characters, fewer, more."""


@given(LONG)
def test_no_text_costs_more_than_a_model_reads(text: str) -> None:
    assert 0 <= cost(text) <= MOST_TOKENS
    assert len(composed(text)) <= MOST_CHARACTERS


@given(st.text(max_size=MOST_TOKENS // 18))
def test_a_text_costs_its_characters_as_they_are_composed(text: str) -> None:
    assert cost(text) == len(unicodedata.normalize("NFKC", text))


@given(LONG, st.sampled_from(COUNTS))
def test_a_text_is_cut_to_the_tokens_a_model_reads_and_no_shorter(text: str, count: Callable[[str], int]) -> None:
    kept = cut(text, count)
    assert text.startswith(kept)
    assert count(kept) <= MOST_TOKENS
    assert kept == text or count(text[: len(kept) + 1]) > MOST_TOKENS


@given(TEXTS, st.sets(st.integers(0, 29)))
def test_chunks_hold_every_text_once_and_no_more_than_a_question_may_wait_for(texts: list[str], odd: set[int]) -> None:
    alone = {text for place, text in enumerate(texts) if place in odd}
    parts = [texts[chunk] for chunk in chunks(texts, alone.__contains__)]
    assert [text for part in parts for text in part] == texts
    for part in parts:
        assert 1 <= len(part) <= MOST_TEXTS
        assert len(part) == 1 or sum(map(cost, part)) <= MOST_TOKENS
        assert len(part) == 1 or alone.isdisjoint(part)


@pytest.mark.parametrize(("texts", "sizes"), [([], []), (["a"] * 11, [8, 3]), (["a" * 200] * 4, [2, 2])])
def test_a_chunk_ends_with_its_eighth_text_or_before_too_many_tokens(texts: list[str], sizes: list[int]) -> None:
    assert [chunk.stop - chunk.start for chunk in chunks(texts, lambda _: False)] == sizes
