"""How evidence becomes one number, whichever weights are read."""

import math
from dataclasses import astuple, fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.activity import Habits, Numbers
from bot.routing.fusion import NEEDED_ANSWERS, Fusion, fusion_for
from bot.routing.index import Index, Scores
from tests.routing.rows import EAST, MODEL, OTHER, TEXTS, text

FIXED, LEARNED = fusion_for(0, has_meaning=True), fusion_for(NEEDED_ANSWERS, has_meaning=True)
BOTH = st.sampled_from([FIXED, LEARNED])
NUMBERS = st.lists(st.floats(-10, 10), min_size=2, max_size=20)


def scores_of(*texts: object, words: str = "audio") -> Scores:
    return Index.build(texts).score(words, {MODEL: EAST, OTHER: EAST}, {MODEL: 1.0, OTHER: 0.5})  # type: ignore[arg-type]


def habits(month: list[float], **other: list[float]) -> Habits:
    def column(name: str) -> Numbers:
        return np.asarray(other.get(name, [1.0 if name == "hours" else 0.0] * len(month)), dtype=np.float64)

    return Habits(np.asarray(month, dtype=np.float64), column("week"), column("idle"), column("hours"))


@pytest.mark.parametrize("answers", [0, 1, NEEDED_ANSWERS - 1])
def test_few_answers_are_fused_by_hand_chosen_weights(answers: int) -> None:
    assert fusion_for(answers, has_meaning=True) == FIXED != LEARNED


@pytest.mark.parametrize("answers", [NEEDED_ANSWERS, NEEDED_ANSWERS + 1, 10**6])
def test_enough_answers_are_fused_by_what_was_learned(answers: int) -> None:
    assert fusion_for(answers, has_meaning=True) == LEARNED


@pytest.mark.parametrize("fusion", [FIXED, LEARNED], ids=["fixed", "learned"])
def test_every_weight_is_a_finite_number_that_keeps_evidence_the_right_way_up(fusion: Fusion) -> None:
    assert all(math.isfinite(weight) for weight in astuple(fusion))
    assert all(getattr(fusion, name) >= 0 for name in ("dense", "profile", "bm25", "tfidf", "month", "week"))
    assert fusion.idle <= 0


def test_a_missing_weight_is_an_error_and_another_key_is_not_read() -> None:
    weights = {each.name: 1 for each in fields(Fusion)}
    assert Fusion.read({**weights, "note": "not a number"}) == Fusion(1, 1, 1, 1, 1, 1, 1)
    del weights["idle"]
    with pytest.raises(KeyError):
        Fusion.read(weights)


@given(TEXTS, BOTH)
def test_expertise_is_nothing_exactly_where_nothing_matches(texts: list[object], fusion: Fusion) -> None:
    scores = scores_of(*texts)
    expertise = fusion.expertise(scores)
    assert np.isfinite(expertise).all()
    assert ((expertise > 0) == scores.is_match).all()


@pytest.mark.parametrize("fusion", [FIXED, LEARNED], ids=["fixed", "learned"])
def test_whoever_is_nearer_in_every_way_has_more_expertise(fusion: Fusion) -> None:
    scores = scores_of(text(1, 1, 0.25), text(2, 2, 0.875, words="audio"), text(3, 3, 0.5))
    first, second, third = fusion.expertise(scores).tolist()
    assert second > third > first > 0


def test_the_middle_of_a_community_has_an_expertise_of_one() -> None:
    scores = scores_of(text(1, 1, 0.5), text(2, 2, 0.5))
    assert FIXED.expertise(scores).tolist() == [1, 1]


@given(NUMBERS, NUMBERS, BOTH)
def test_habit_never_says_more_than_some_fifty_times(month: list[float], idle: list[float], fusion: Fusion) -> None:
    count = min(len(month), len(idle))
    steep = replace(fusion, month=50.0, idle=-50.0)
    for each in (fusion, steep):
        availability = each.availability(habits(month[:count], idle=idle[:count]))
        assert (availability >= np.exp(-4) - 1e-9).all()
        assert (availability <= np.exp(4) + 1e-9).all()


@pytest.mark.parametrize("fusion", [FIXED, LEARNED], ids=["fixed", "learned"])
def test_whoever_answers_more_is_likelier_to_answer(fusion: Fusion) -> None:
    silent, active = fusion.availability(habits([-3.9, 1.0], week=[-3.9, 0.5], idle=[5.9, 0.1])).tolist()
    assert silent < 1 < active


def test_where_all_are_alike_only_hours_differ() -> None:
    assert LEARNED.availability(habits([1.0, 1.0], hours=[0.5, 2.0])).tolist() == [0.5, 2.0]


def test_nobody_gives_nothing() -> None:
    assert LEARNED.availability(habits([])).tolist() == []
    assert LEARNED.expertise(scores_of()).tolist() == []


@pytest.mark.parametrize("answers", [0, NEEDED_ANSWERS])
def test_without_a_model_words_are_all_that_speaks_for_a_topic(answers: int) -> None:
    words = fusion_for(answers, has_meaning=False)
    assert (words.dense, words.profile) == (0, 0)
    assert min(words.bm25, words.tfidf) > max(FIXED.bm25, FIXED.tfidf)
