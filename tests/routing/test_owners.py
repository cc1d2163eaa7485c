"""Rows and their owners: the best row, the mean of the best three, and scores made comparable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.owners import Owners, runs, spread, standardised
from bot.routing.ports import Ids, Vectors

SCORES = st.integers(-32, 32).map(lambda part: part / 32)
ROWS = st.lists(st.tuples(st.integers(1, 6), SCORES), min_size=1, max_size=25).map(sorted)
"""Owners, ascending, and scores."""
COLUMNS = st.lists(st.floats(-100, 100, width=32), max_size=30)


def owners_of(rows: list[tuple[int, float]]) -> Owners:
    return Owners.of(ids([owner for owner, _ in rows]))


def ids(numbers: list[int]) -> Ids:
    return np.asarray(numbers, dtype=np.int64)


def floats(numbers: list[float]) -> Vectors:
    return np.asarray(numbers, dtype=np.float32)


def mine(rows: list[tuple[int, float]], owner: int) -> list[float]:
    return [score for each, score in rows if each == owner]


@given(ROWS)
def test_an_owner_s_best_row_is_their_first_highest(rows: list[tuple[int, float]]) -> None:
    owners, scores = owners_of(rows), floats([score for _, score in rows])
    best = owners.best(scores).tolist()
    for owner, row, highest in zip(owners.ids.tolist(), best, owners.highest(scores).tolist(), strict=True):
        assert highest == max(mine(rows, owner))
        assert row == rows.index((owner, highest))


@given(ROWS, SCORES)
def test_the_three_best_are_averaged_and_missing_ones_filled_up(rows: list[tuple[int, float]], neutral: float) -> None:
    owners = owners_of(rows)
    top = owners.top(floats([score for _, score in rows]), np.float32(neutral))
    for owner, mean, best in zip(owners.ids.tolist(), top.mean.tolist(), top.best.tolist(), strict=True):
        descending = sorted(mine(rows, owner), reverse=True)
        assert mean == pytest.approx(sum([*descending, neutral, neutral][:3]) / 3, abs=1e-6)
        assert best == descending[0]


@given(ROWS, ROWS)
def test_what_is_typical_lies_between_the_best_and_all_whatever_others_have(
    rows: list[tuple[int, float]], others: list[tuple[int, float]]
) -> None:
    both = rows + [(owner + 6, score) for owner, score in others]
    owners, more = owners_of(rows), owners_of(both)
    typical = owners.typical(floats([score for _, score in rows]))
    for owner, found in zip(owners.ids.tolist(), typical.tolist(), strict=True):
        own = sorted(mine(rows, owner), reverse=True)
        best = own[:3]
        assert found == pytest.approx((sum(best) / len(best) + sum(own) / len(own)) / 2, abs=1e-5)
    assert more.typical(floats([score for _, score in both]))[: len(owners)] == pytest.approx(typical, abs=1e-5)


@given(ROWS)
def test_the_rows_looked_at_stay_as_they_are(rows: list[tuple[int, float]]) -> None:
    scores = floats([score for _, score in rows])
    before = scores.copy()
    top = owners_of(rows).top(scores, np.float32(0))
    assert np.array_equal(scores, before)
    assert np.array_equal(top.rows, before)


@given(ROWS)
def test_rows_are_added_up_for_each_owner(rows: list[tuple[int, float]]) -> None:
    owners, scores = owners_of(rows), floats([score for _, score in rows])
    expected = [sum(mine(rows, owner)) for owner in owners.ids.tolist()]
    assert owners.sums(scores).tolist() == pytest.approx(expected, abs=1e-5)
    both = owners.sums(np.stack([scores, -scores], axis=1))
    assert both.tolist() == [pytest.approx([total, -total], abs=1e-5) for total in expected]


@given(ROWS)
def test_every_row_knows_its_owner(rows: list[tuple[int, float]]) -> None:
    owners = owners_of(rows)
    assert owners.of_each_row.tolist() == [owner for owner, _ in rows]
    assert len(owners) == len({owner for owner, _ in rows})


def test_nobody_has_nothing() -> None:
    owners, nothing = Owners.of(ids([])), floats([])
    assert len(owners) == 0
    for column in (owners.sums(nothing), owners.highest(nothing), owners.best(nothing), owners.of_each_row):
        assert len(column) == 0
    top = owners.top(nothing, np.float32(0))
    assert (len(top.mean), len(top.best)) == (0, 0)


@pytest.mark.parametrize(("ascending", "expected"), [([], []), ([7], [0]), ([7, 7, 7], [0]), ([1, 2, 2, 9], [0, 1, 3])])
def test_runs_begin_where_the_number_changes(ascending: list[int], expected: list[int]) -> None:
    assert runs(ids(ascending)).tolist() == expected


@given(COLUMNS)
def test_standardised_scores_have_a_middle_of_0_and_a_deviation_of_1(scores: list[float]) -> None:
    standard = standardised(floats(scores))
    assert len(standard) == len(scores)
    if not standard.any():
        return
    assert abs(float(standard.mean())) < 1e-2
    assert float(standard.std()) == pytest.approx(1, abs=1e-2)
    order = np.argsort(floats(scores), kind="stable")
    assert (np.diff(standard[order]) >= 0).all()


@pytest.mark.parametrize("scores", [[], [0.5], [0.5, 0.5, 0.5], [0.5, 0.5 + 5e-7], [21.717723846435547] * 3])
def test_what_does_not_differ_says_nothing(scores: list[float]) -> None:
    assert not standardised(floats(scores)).any()
    assert not spread(floats(scores)).any()


@given(COLUMNS)
def test_spread_scores_keep_their_order(scores: list[float]) -> None:
    wide = spread(floats(scores))
    assert not wide.any() or float(wide.std()) == pytest.approx(1, abs=1e-2)
    order = np.argsort(floats(scores), kind="stable")
    assert (np.diff(wide[order]) >= 0).all()
