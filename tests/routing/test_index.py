"""Exact search: what holds for every community, and what one would compute by hand."""

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.index import Index
from bot.routing.ports import StoredText, to_bytes
from tests.routing.rows import EAST, MODEL, OTHER, TEXTS, WORDS, by_owner, columns, cosines, score, text, towards

BOTH: Mapping[str, float] = {MODEL: 1.0, OTHER: 0.5}
ROWS = st.lists(st.tuples(st.integers(1, 6), cosines), max_size=25)
"""Owners and cosines."""


def found(texts: list[StoredText], words: str = "audio grants") -> dict[str, list[object]]:
    return columns(Index.build(texts).score(words, {MODEL: EAST, OTHER: towards(0.5)}, BOTH))


def by_hand(rows: list[tuple[int, float]]) -> dict[int, float]:
    neutral = sum(cosine for _, cosine in rows) / max(len(rows), 1)
    ordered = sorted(rows, key=lambda row: (row[0], -row[1]))
    means = {
        owner: sum([*(cosine for _, cosine in group), neutral, neutral][:3]) / 3
        for owner, group in groupby(ordered, key=lambda row: row[0])
    }
    spread = np.std(list(means.values())) if means else 0.0
    middle = np.mean(list(means.values())) if means else 0.0
    return {owner: float((mean - middle) / spread) if spread > 1e-5 else 0.0 for owner, mean in means.items()}


@given(ROWS)
def test_it_says_what_one_would_compute_by_hand(rows: list[tuple[int, float]]) -> None:
    dense = by_owner(score([text(id, owner, cosine) for id, (owner, cosine) in enumerate(rows)]))
    assert dense == pytest.approx(by_hand(rows), abs=1e-3)


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_texts_came_in_changes_nothing(texts: list[StoredText], chance: random.Random) -> None:
    shuffled = chance.sample(texts, len(texts))
    assert found(shuffled) == found(texts)


@given(TEXTS, TEXTS, st.sets(st.integers(1, 6), max_size=3))
def test_replacing_owners_equals_building_anew(
    before: list[StoredText], after: list[StoredText], replaced: set[int]
) -> None:
    after = [each for each in after if each.owner_id in replaced]
    kept = [each for each in before if each.owner_id not in replaced]
    index = Index.build(before).replace(replaced, after)
    assert columns(index.score("audio grants", {MODEL: EAST, OTHER: towards(0.5)}, BOTH)) == found(kept + after)
    assert len(index) == len(kept + after)


@given(TEXTS, st.sampled_from([*WORDS, ""]))
def test_every_kind_of_evidence_is_in_standard_deviations(texts: list[StoredText], words: str) -> None:
    scores = Index.build(texts).score(words, {MODEL: EAST, OTHER: EAST}, BOTH)
    for kind in ("dense", "profile", "bm25", "tfidf"):
        evidence = np.asarray(list(by_owner(scores, kind).values()))
        assert not evidence.any() or (abs(evidence.mean()) < 1e-3 and abs(evidence.std() - 1) < 1e-3)
        assert np.isfinite(evidence).all()


@given(st.integers(2, 40), st.integers(1, 4), st.integers(0, 5))
def test_equal_members_tie_wherever_their_rows_lie(owners: int, texts: int, others: int) -> None:
    chance = np.random.default_rng(owners)
    vectors = [each / np.linalg.norm(each) for each in chance.normal(size=(texts + others, 384)).astype(np.float32)]
    rows = [
        StoredText(owner * texts + place, owner, f"audio {place}", {MODEL: to_bytes(vectors[place])})
        for owner in range(owners)
        for place in range(texts)
    ]
    rows += [
        StoredText(10_000 + each, 1_000 + each, "grants", {MODEL: to_bytes(vectors[texts + each])})
        for each in range(others)
    ]
    scores = Index.build(rows).score("audio", {MODEL: vectors[0]}, {MODEL: 1.0})
    for kind in ("dense", "profile", "bm25", "tfidf", "nearness"):
        assert len({value for owner, value in by_owner(scores, kind).items() if owner < 1_000}) == 1


def test_the_text_that_fits_best_is_named_the_older_one_when_two_fit_alike() -> None:
    scores = score([text(3, 7, 0.25), text(2, 7, 0.875), text(1, 7, 0.875)])
    assert scores.text_ids.tolist() == [1]


def test_words_alone_name_a_text_where_there_is_no_vector() -> None:
    scores = Index.build([text(1, 7, words="grants"), text(2, 7, words="audio")]).score("audio", {}, {})
    assert (scores.text_ids.tolist(), scores.is_match.tolist()) == ([2], [True])


def test_words_decide_between_texts_as_near_in_meaning() -> None:
    rows = [text(1, 7, 0.5, words="grants"), text(2, 7, 0.5, words="audio"), text(3, 8, 0.0)]
    assert score(rows, "audio").text_ids.tolist() == [2, 3]


def test_one_good_text_is_filled_up_with_the_community_not_with_zero() -> None:
    rows = [text(1, 1, 0.875), *(text(id, 2, 0.25) for id in (2, 3, 4)), *(text(id, 3, 0.5) for id in (5, 6, 7))]
    dense = by_owner(score(rows))
    assert dense[1] > dense[3] > dense[2]
    assert dense == pytest.approx(by_hand([(1, 0.875), *[(2, 0.25)] * 3, *[(3, 0.5)] * 3]), abs=1e-3)


def test_a_lucky_phrase_does_not_beat_somebody_who_knows_the_field() -> None:
    lucky = [text(1, 1, 0.8125), text(2, 1, -0.3125), text(3, 1, -0.3125)]
    expert = [text(id, 2, 0.6875) for id in (4, 5, 6)]
    scores = score(lucky + expert)
    assert by_owner(scores)[2] > by_owner(scores)[1]
    assert by_owner(scores, "profile")[2] > by_owner(scores, "profile")[1]
    assert by_owner(scores, "nearness")[1] > by_owner(scores, "nearness")[2]


def test_many_other_interests_cost_nothing_but_in_the_profile() -> None:
    one_field = [text(id, 1, 0.6875) for id in (1, 2, 3)]
    many = [*(text(id, 2, 0.6875) for id in (4, 5, 6)), *(text(id, 2, -0.5) for id in range(10, 30))]
    scores = score([*one_field, *many, text(40, 3, 0.0)])
    assert by_owner(scores)[1] == by_owner(scores)[2] > by_owner(scores)[3]
    assert by_owner(scores, "profile")[1] > by_owner(scores, "profile")[2]


def test_nobody_in_nobody_out() -> None:
    assert all(column == [] for column in found([]).values())
    assert len(Index.build([]).replace([1, 2], [])) == 0


def test_a_text_a_model_has_not_read_is_like_the_mean_of_those_it_has() -> None:
    rows = [text(1, 1, 0.875), text(2, 2, 0.125), text(3, 3, 0.5), text(4, 4)]
    dense, profile = by_owner(score(rows)), by_owner(score(rows), "profile")
    assert dense[1] > dense[3] > dense[2]
    assert dense[4] == pytest.approx(dense[3], abs=0.01)
    assert profile[1] > profile[4] > profile[2]


def test_a_member_no_model_has_read_is_found_by_words() -> None:
    scores = score(
        [text(1, 1, 0.25, words="grants"), text(2, 2, words="audio"), text(3, 3, -0.5, words="bayes")], "audio"
    )
    assert by_owner(scores, "bm25")[2] > max(by_owner(scores, "bm25")[other] for other in (1, 3))
    assert scores.text_ids.tolist() == [1, 2, 3]


def test_nothing_speaks_for_somebody_who_points_away_and_shares_no_word() -> None:
    scores = score(
        [text(1, 1, -0.5, words="grants"), text(2, 2, 0.5, words="bayes"), text(3, 3, -0.5, words="audio")], "audio"
    )
    assert dict(zip(scores.owner_ids.tolist(), scores.is_match.tolist(), strict=True)) == {1: False, 2: True, 3: True}


def test_vectors_of_a_wrong_length_are_as_good_as_none() -> None:
    longer = {MODEL: to_bytes(np.asarray([1, 0, 0], dtype=np.float32))}
    rows = [text(1, 1, 0.5), text(2, 2, 0.25), StoredText(3, 3, "audio", longer)]
    scores = score(rows, "audio")
    assert by_owner(scores)[1] > by_owner(scores)[2]
    assert by_owner(scores, "nearness")[1] == 0.5


def test_a_space_of_another_length_than_the_question_s_says_nothing() -> None:
    longer = {MODEL: to_bytes(np.asarray([1, 0, 0], dtype=np.float32))}
    rows = [StoredText(1, 1, "grants", longer), StoredText(2, 2, "audio", longer)]
    scores = score(rows, "audio")
    assert by_owner(scores) == {1: 0, 2: 0}
    assert scores.is_match.tolist() == [False, True]


class TestTwoModels:
    """Each model counts by its share, and whichever counts most says how near someone is."""

    def test_the_share_decides_whom_two_models_disagree_about(self) -> None:
        east, north = to_bytes(EAST), to_bytes(towards(0.0))
        rows = [StoredText(1, 1, "", {MODEL: east, OTHER: north}), StoredText(2, 2, "", {MODEL: north, OTHER: east})]
        index, question = Index.build(rows), {MODEL: EAST, OTHER: EAST}
        for shares, first in (({MODEL: 1.0, OTHER: 0.5}, 1), ({MODEL: 0.25, OTHER: 1.0}, 2)):
            scores = index.score("", question, shares)
            dense, nearness = by_owner(scores), by_owner(scores, "nearness")
            assert dense[first] == max(dense.values())
            assert nearness == {first: 1.0, 3 - first: 0.0}

    def test_models_that_agree_to_differ_cancel_out(self) -> None:
        east, north = to_bytes(EAST), to_bytes(towards(0.0))
        rows = [StoredText(1, 1, "", {MODEL: east, OTHER: north}), StoredText(2, 2, "", {MODEL: north, OTHER: east})]
        scores = Index.build(rows).score("", {MODEL: EAST, OTHER: EAST}, {MODEL: 1.0, OTHER: 1.0})
        assert by_owner(scores) == {1: 0, 2: 0}

    def test_a_model_without_a_share_or_a_question_is_not_asked(self) -> None:
        rows = [text(1, 1, 0.875), text(2, 2, 0.25)]
        for question, shares in (({MODEL: EAST}, {}), ({}, {MODEL: 1.0}), ({OTHER: EAST}, {OTHER: 1.0})):
            assert by_owner(Index.build(rows).score("", question, shares)) == {1: 0, 2: 0}


VECTORS = st.sampled_from([
    b"", b"odd len", to_bytes(np.full(2, np.nan, dtype=np.float32)), to_bytes(np.full(2, 1e38, dtype=np.float32)),
    to_bytes(np.asarray([1, 0, 0], dtype=np.float32)), to_bytes(np.asarray([0, 1, 0], dtype=np.float32)),
])  # fmt: skip
"""What a damaged row holds, and what a model makes that gives longer vectors by now."""


@st.composite
def damaged_texts(draw: st.DrawFn) -> list[StoredText]:
    """Make texts of which some hold what no encoder of today made."""
    texts = draw(TEXTS)
    damaged = draw(st.dictionaries(st.integers(0, 20), VECTORS, max_size=len(texts)))
    return [
        replace(each, vectors=dict(each.vectors) | {MODEL: damaged[place]}) if place in damaged else each
        for place, each in enumerate(texts)
    ]


@given(damaged_texts(), st.lists(st.tuples(st.sets(st.integers(1, 6), min_size=1, max_size=3), damaged_texts())))
def test_whatever_changes_one_after_another_the_index_is_as_if_built_anew(
    texts: list[StoredText], changes: list[tuple[set[int], list[StoredText]]]
) -> None:
    index = Index.build(texts)
    longer = np.asarray([1, 0, 0], dtype=np.float32)
    for replaced, drawn in changes:
        offered = [each for each in drawn if each.owner_id in replaced]
        texts = [each for each in texts if each.owner_id not in replaced] + offered
        index = index.replace(replaced, offered)
        anew = Index.build(texts)
        assert index.spaces.keys() == anew.spaces.keys()
        for words in ("audio grants", "speech audio audio", ""):
            for question in (EAST, longer):
                vectors = {MODEL: question, OTHER: towards(0.5)}
                assert columns(index.score(words, vectors, BOTH)) == columns(anew.score(words, vectors, BOTH))


@given(damaged_texts())
def test_a_damaged_vector_counts_as_none(texts: list[StoredText]) -> None:
    scores = Index.build(texts).score("audio", {MODEL: EAST, OTHER: EAST}, BOTH)
    for kind in ("nearness", "dense", "profile", "bm25", "tfidf"):
        assert np.isfinite(getattr(scores, kind)).all()


def test_an_index_is_replaced_and_never_changed() -> None:
    index = Index.build([text(id, id, 0.5, words=WORDS[id % 5]) for id in range(1, 20)])
    before = columns(index.score("audio", {MODEL: EAST}, {MODEL: 1.0}))
    index.replace([1, 2, 50], [text(100, 50, 0.875, words="audio"), text(101, 1, words="audio audio")])
    assert columns(index.score("audio", {MODEL: EAST}, {MODEL: 1.0})) == before


def test_one_vector_that_is_longer_takes_nobody_s_meaning_away() -> None:
    index = Index.build([text(1, 1, 0.875), text(2, 2, 0.125), text(3, 3, 0.5)])
    longer = StoredText(4, 4, "", {MODEL: to_bytes(np.asarray([1, 0, 0], dtype=np.float32))})
    dense = by_owner(index.replace([4], [longer]).score("", {MODEL: EAST}, {MODEL: 1.0}))
    assert dense[1] > dense[3] > dense[2]
