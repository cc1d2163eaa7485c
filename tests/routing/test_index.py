"""Exact search: what holds for every community, and what one would compute by hand."""

import random
from collections.abc import Mapping
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import index as index_module
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
    """Each model counts by its share, and whichever counts most says how near somebody is."""

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


class TestManyTexts:
    """Of more texts than are worth indexing at every change, new words wait for a hundredth to change."""

    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(index_module, "_REINDEXED_AT_ONCE", 10)

    def crowd(self) -> list[StoredText]:
        return [text(id, id, words=WORDS[1:][id % 4]) for id in range(1, 201)]

    def bm25(self, index: Index) -> dict[int, float]:
        return by_owner(index.score("audio", {}, {}), "bm25")

    def test_words_of_a_new_text_are_neutral_at_first(self) -> None:
        index = Index.build([*self.crowd(), text(999, 999, words="audio")])
        assert self.bm25(index)[999] == max(self.bm25(index).values())

        index = index.replace([300], [text(300, 300, words="audio")])

        found = self.bm25(index)
        assert min(found.values()) < found[300] < found[999]
        assert found[300] == pytest.approx(sum(found.values()) / len(found), abs=0.05)

    def test_old_texts_keep_theirs_however_the_rows_move(self) -> None:
        index = Index.build([*self.crowd(), text(999, 999, words="audio")])
        before = self.bm25(index)
        after = self.bm25(index.replace([1], []).replace([0], [text(1_000, 0)]))
        assert after[999] == pytest.approx(before[999], abs=0.1)
        assert after[999] == max(after.values())

    def test_once_a_hundredth_changed_it_equals_building_anew(self) -> None:
        index = Index.build(self.crowd())
        new = [text(id, id, words="audio") for id in (300, 301, 302)]
        for each in new:
            index = index.replace([each.owner_id], [each])
        anew = Index.build([*self.crowd(), *new])
        assert columns(index.score("audio", {}, {})) == columns(anew.score("audio", {}, {}))

    def test_a_text_that_stays_keeps_its_words_though_something_else_of_its_owner_s_changed(self) -> None:
        index = Index.build([*self.crowd(), text(999, 999, words="audio")])
        index = index.replace([999], [text(999, 999, words="audio"), text(1_000, 999)])
        found = self.bm25(index)
        assert found[999] == max(found.values()) > 1

    def test_what_is_gone_counts_as_changed(self) -> None:
        rows = self.crowd()
        index = Index.build([*rows, *(text(id, id, words="audio") for id in (300, 301, 302))])
        assert columns(index.replace([300, 301, 302], []).score("speech", {}, {})) == columns(
            Index.build(rows).score("speech", {}, {})
        )

    def test_vectors_never_wait(self) -> None:
        rows = [text(id, id, -0.5) for id in range(1, 201)]
        index = Index.build(rows).replace([300], [text(300, 300, 0.875)])
        scores = index.score("", {MODEL: EAST}, {MODEL: 1.0})
        assert by_owner(scores)[300] == max(by_owner(scores).values())
