"""Words in common, in every script."""

import asyncio
import itertools
import math
import sys

import bm25s
import numpy as np
import pytest
from bm25s.stopwords import STOPWORDS_EN_PLUS
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import lexical
from bot.routing.cost import composed
from bot.routing.lexical import Lexicon

ANYTHING = st.text(st.characters(codec=None), max_size=30)
WORDS = st.lists(st.sampled_from(["audio", "audios", "grants", "c++", "c", "ድምፅ", "صوت", "the"]), max_size=6).map(
    " ".join
)


def scored(question: str, *texts: str) -> tuple[list[float], list[float]]:
    by_words, by_pieces = Lexicon.build(texts).score(question)
    return by_words.tolist(), by_pieces.tolist()


@given(st.lists(ANYTHING, max_size=6), ANYTHING)
def test_whatever_people_write_every_text_gets_a_number(texts: list[str], question: str) -> None:
    for scores in Lexicon.build(texts).score(question):
        assert scores.shape == (len(texts),)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert (scores >= 0).all()


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_a_text_scores_exactly_where_a_telling_word_is_shared(texts: list[str], question: str) -> None:
    by_words, by_pieces = scored(question, *texts)
    for text, words, pieces in zip(texts, by_words, by_pieces, strict=True):
        shared = set(text.split()) & set(question.split())
        assert (words > 0) is bool(shared - {"the"})
        assert pieces > 0 or not shared


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6), WORDS)
def test_texts_that_come_and_go_leave_the_same_as_reading_all_anew(
    before: list[str], fresh: list[str], kept: list[bool], question: str
) -> None:
    kept = kept[: len(before)]
    texts = [*itertools.compress(before, kept), *fresh]
    places = np.arange(len(texts))[::-1].copy()
    joined = Lexicon.build(before).joined(np.asarray(kept, dtype=bool), Lexicon.build(fresh), places)
    anew = Lexicon.build(texts[::-1])
    for ours, theirs in zip(joined.score(question), anew.score(question), strict=True):
        assert ours.tolist() == theirs.tolist()


@given(st.lists(ANYTHING | WORDS, max_size=6))
def test_texts_are_split_as_bm25s_splits_them(texts: list[str]) -> None:
    read = [composed(text) for text in texts]
    pattern = f"(?u){lexical._WORD.pattern}"
    expected = bm25s.tokenize(read, token_pattern=pattern, stopwords=None, return_ids=False, show_progress=False)
    assert lexical.words(texts) == expected


def test_the_words_that_tell_nothing_are_those_of_bm25s() -> None:
    assert {word for word in STOPWORDS_EN_PLUS if "'" not in word} == lexical.COMMON


@given(st.lists(WORDS, max_size=6), WORDS)
def test_words_score_as_bm25s_scores_them(texts: list[str], question: str) -> None:
    tokens = [[word for word in each.split() if word != "the"] for each in texts]
    asked = [word for word in question.split() if word != "the"]
    expected = np.zeros(len(texts))
    if any(tokens) and asked:
        index = bm25s.BM25(k1=1.5, b=0.75)
        index.index(tokens, show_progress=False)
        expected = index.get_scores(asked)
    assert scored(question, *texts)[0] == pytest.approx(expected.tolist(), abs=1e-5)


@pytest.mark.parametrize("texts", [[], [""], ["", "  ", "?!", "🎧"], ["\ud800", "\n"]])
def test_texts_without_a_word_score_nothing(texts: list[str]) -> None:
    assert scored("audio", *texts) == ([0] * len(texts), [0] * len(texts))


@pytest.mark.parametrize("question", ["", " ", "?!", "🎧", "\ud800", "grants", "ድምፅ"])
def test_a_question_that_shares_nothing_scores_nothing(question: str) -> None:
    assert scored(question, "audio and speech", "bayes") == ([0, 0], [0, 0])


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("How do I align audio with transcripts?", "Aligning transcripts, CTC", "grant writing"),
        ("Comment relire un article ?", "relire des articles", "statistique bayésienne"),
        ("كيف أكتب ملخص الورقة؟", "كتابة ملخص الورقة", "التعلم المعزز"),
        ("የድምፅ ማወቂያ እንዴት እገመግማለሁ?", "የድምፅ ማወቂያ", "ስታቲስቲክስ"),
        ("音声認識の評価方法は?", "音声認識", "強化学習"),
        ("Ninahitaji msaada wa takwimu", "takwimu", "uandishi"),
        ("C++ templates", "c++", "c#"),
        ("half a pair \ud83c of takwimu", "takwimu \udfa7", "uandishi"),
        ("ＣＴＣ loss", "CTC", "GAN"),
        ("STRASSE", "strasse", "haus"),
    ],
)
def test_shared_words_of_any_script_count(question: str, near: str, far: str) -> None:
    _, by_pieces = scored(question, far, near)
    assert by_pieces[1] > by_pieces[0]


def test_pieces_find_a_word_in_another_form_and_words_do_not() -> None:
    by_words, by_pieces = scored("transcription", "transcribing audio", "writing grants")
    assert by_words == [0, 0]
    assert by_pieces[0] > by_pieces[1]


def test_common_english_words_tell_nothing() -> None:
    assert scored("is there a way to do this with the others", "this is the one with an audio", "and there")[0] == [
        0,
        0,
    ]


def test_a_rare_word_tells_more_than_a_frequent_one() -> None:
    for scores in scored("audio bayes", "audio", "audio", "audio", "bayes"):
        assert scores[3] > scores[0] == scores[1] == scores[2] > 0


def test_one_shared_word_of_few_says_more_than_one_of_many() -> None:
    for scores in scored("audio", "audio", "audio speech grants bayes vision", "graphs"):
        assert scores[0] > scores[1] > scores[2] == 0


def test_both_scores_are_of_a_size_that_can_be_compared() -> None:
    texts = [f"speech data for language number {number}, labels and noise" for number in range(200)]
    for scores in Lexicon.build([*texts, "audio transcripts"]).score("Where do I get audio transcripts?"):
        assert float(scores.std()) > 0.01


IMPORTED = """
import sys
import bot.routing.lexical
print("scipy" in sys.modules, "jax" in sys.modules, "numba" in sys.modules, "bm25s" in sys.modules)
import scipy.sparse
print(scipy.sparse.csr_matrix([[1]]).sum())
"""


async def test_importing_it_brings_no_scipy_and_leaves_it_importable() -> None:
    fresh = await asyncio.create_subprocess_exec(sys.executable, "-c", IMPORTED, stdout=asyncio.subprocess.PIPE)
    printed, _ = await fresh.communicate()
    assert printed.decode().splitlines() == ["False False False False", "1"]


@given(st.lists(ANYTHING | WORDS, max_size=6), ANYTHING | WORDS)
def test_a_cosine_lies_between_nothing_shared_and_all_the_same(texts: list[str], question: str) -> None:
    cosines = Lexicon.build(texts).cosines(question)
    assert cosines.shape == (len(texts),)
    assert cosines.dtype == np.float32
    assert (cosines >= 0).all()
    assert (cosines <= 1 + 1e-6).all()
    by_words, _ = Lexicon.build(texts).score(question)
    assert ((cosines > 0) == (by_words > 0)).all()


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_a_text_is_nearest_to_itself(texts: list[str]) -> None:
    lexicon = Lexicon.build(texts)
    for place, text in enumerate(texts):
        cosines = lexicon.cosines(text)
        assert cosines[place] == pytest.approx(1 if set(text.split()) - {"the"} else 0, abs=1e-6)
        assert cosines[place] >= cosines.max() - 1e-6


def test_a_cosine_is_what_one_would_compute_by_hand() -> None:
    texts, question = ["audio audio grants", "audio", "bayes"], "audio bayes speech"
    rarity = {"audio": math.log1p(1.5 / 2.5), "grants": math.log1p(2.5 / 1.5), "bayes": math.log1p(2.5 / 1.5)}
    first = {"audio": (1 + math.log(2)) * rarity["audio"], "grants": rarity["grants"]}
    asked = {"audio": rarity["audio"], "bayes": rarity["bayes"], "speech": math.log1p(3.5 / 0.5)}
    shared = first["audio"] * asked["audio"] / (math.hypot(*first.values()) * math.hypot(*asked.values()))
    alone = asked["audio"] / math.hypot(*asked.values())
    cosines = Lexicon.build(texts).cosines(question).tolist()
    assert cosines == pytest.approx([shared, alone, asked["bayes"] / math.hypot(*asked.values())], rel=1e-5)


def test_words_that_no_one_has_make_a_question_less_like_any_text() -> None:
    lexicon = Lexicon.build(["audio grants", "bayes"])
    assert lexicon.cosines("audio")[0] > lexicon.cosines("audio zebra")[0] > 0
