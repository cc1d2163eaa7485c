"""What a text's weight does to its owner's evidence: it takes away from what speaks for them, or adds to it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.index import Index
from bot.routing.ports import StoredText
from tests.routing.rows import EAST, MODEL, TEXTS, by_owner, columns, score, text

KINDS = ("dense", "profile", "bm25", "tfidf")
WEIGHTS = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0, 1.5])


def test_at_nothing_a_text_is_neutral() -> None:
    rows = [text(1, 1, 0.875, weight=0), text(2, 2, 0.5), text(3, 3, 0.125)]
    dense = by_owner(score(rows))
    assert dense[1] == dense[2] > dense[3]


def test_what_speaks_against_somebody_does_not_get_lighter() -> None:
    rows = [text(1, 1, 0.125), text(2, 2, 0.5), text(3, 3, 0.875)]
    weighed = [replace(rows[0], weight=0.1), *rows[1:]]
    assert columns(score(weighed)) == columns(score(rows))


def test_words_count_by_weight_too() -> None:
    rows = [text(1, 1, words="audio"), text(2, 2, words="audio"), text(3, 3, words="grants")]
    for kind in ("bm25", "tfidf"):
        as_written = by_owner(score(rows, "audio"), kind)
        lowered = by_owner(score([replace(rows[0], weight=0.1), *rows[1:]], "audio"), kind)
        raised = by_owner(score([replace(rows[0], weight=1.5), *rows[1:]], "audio"), kind)
        assert as_written[1] == as_written[2]
        assert raised[1] > raised[2] > raised[3]
        assert lowered[2] > lowered[1] > lowered[3]


def test_another_text_is_named_where_the_nearest_counts_too_little() -> None:
    nearest, next_one, other = text(1, 7, 0.875), text(2, 7, 0.75), text(3, 8, 0.0)
    assert score([nearest, next_one, other]).text_ids.tolist() == [1, 3]
    assert score([replace(nearest, weight=0.1), next_one, other]).text_ids.tolist() == [2, 3]


def test_a_weight_leaves_alone_how_near_somebody_is() -> None:
    rows = [text(1, 1, 0.875, weight=0.1), text(2, 2, 0.5)]
    assert by_owner(score(rows), "nearness") == {1: 0.875, 2: 0.5}


def test_a_lower_weight_lowers_its_owner_though_others_have_places_to_fill() -> None:
    others = [text(2, 2, -1 / 32), *(text(id, 3, 0.0) for id in (3, 4, 5))]
    as_written, lowered = (by_owner(score([text(1, 1, 1.0, weight=weight), *others])) for weight in (1.0, 0.5))
    assert lowered[1] < as_written[1]


@given(TEXTS, st.data())
def test_a_lower_weight_never_raises_its_owner_s_evidence(texts: list[StoredText], data: st.DataObject) -> None:
    if not texts:
        return
    place = data.draw(st.integers(0, len(texts) - 1))
    lower, higher = sorted((data.draw(WEIGHTS), data.draw(WEIGHTS)))
    owner = texts[place].owner_id
    before, after = (
        score([*texts[:place], replace(texts[place], weight=weight), *texts[place + 1 :]], "audio grants")
        for weight in (higher, lower)
    )
    for kind in KINDS:
        assert by_owner(after, kind)[owner] <= by_owner(before, kind)[owner] + 1e-3


@given(TEXTS, st.data())
def test_a_lower_weight_never_takes_its_owner_past_anybody(texts: list[StoredText], data: st.DataObject) -> None:
    if not texts:
        return
    place = data.draw(st.integers(0, len(texts) - 1))
    lower, higher = sorted((data.draw(WEIGHTS), data.draw(WEIGHTS)))
    owner = texts[place].owner_id
    before, after = (
        score([*texts[:place], replace(texts[place], weight=weight), *texts[place + 1 :]], "audio grants")
        for weight in (higher, lower)
    )
    for kind in KINDS:
        then, now = by_owner(before, kind), by_owner(after, kind)
        for other in then:
            assert then[owner] > then[other] - 1e-3 or now[owner] <= now[other] + 1e-3


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0, 1.5])
def test_a_weight_survives_a_replacement(weight: float) -> None:
    rows = [text(1, 1, 0.875, weight=weight), text(2, 2, 0.5), text(3, 3, 0.125)]
    index = Index.build(rows[1:]).replace([1], rows[:1]).replace([4], [])
    assert columns(index.score("", {MODEL: EAST}, {MODEL: 1.0})) == columns(score(rows))
