"""One encoder's vectors, kept at half their size."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.owners import Owners
from bot.routing.ports import Vectors, to_bytes, to_vector
from bot.routing.space import Space, VectorRows
from tests.routing.rows import EAST, towards

NUMBERS = st.lists(st.floats(-1, 1, width=32, allow_subnormal=False), min_size=1, max_size=16)


def directions(count: int, dimension: int = 384) -> Vectors:
    vectors = np.random.default_rng(count).normal(size=(count, dimension)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def space_of(rows: Sequence[tuple[int, Vectors | None]]) -> Space:
    packed = VectorRows.pack([None if vector is None else to_bytes(vector) for _, vector in rows])
    return Space.build(packed, Owners.of(np.asarray([owner for owner, _ in rows], dtype=np.int64)))


@given(NUMBERS)
def test_a_number_is_kept_to_a_part_in_256(numbers: list[float]) -> None:
    vector = np.asarray(numbers, dtype=np.float32)
    kept = VectorRows.pack([to_bytes(vector)]).unpack()[0]
    assert (np.abs(kept - vector) <= np.abs(vector) / 256).all()


@given(NUMBERS)
def test_the_tables_keep_every_bit(numbers: list[float]) -> None:
    vector = np.asarray(numbers, dtype=np.float32)
    assert np.array_equal(to_vector(to_bytes(vector)), vector)


def test_a_cosine_moves_by_less_than_a_thousandth() -> None:
    vectors = directions(500)
    space = space_of([(row, vector) for row, vector in enumerate(vectors)])
    moved = np.abs(space.cosines(vectors[0]) - vectors @ vectors[0])
    assert moved.max() < 1e-3
    assert moved.mean() < 2e-4


def test_packing_twice_changes_nothing_more() -> None:
    once = VectorRows.pack([to_bytes(vector) for vector in directions(20)])
    twice = VectorRows.pack([to_bytes(vector) for vector in once.unpack()])
    assert np.array_equal(once.halves, twice.halves)


def test_what_was_not_read_or_has_another_length_than_most_is_unknown() -> None:
    stored = [EAST, np.zeros(3, dtype=np.float32), None, EAST]
    rows = VectorRows.pack([None if each is None else to_bytes(each) for each in stored])
    assert rows.is_known.tolist() == [True, False, False, True]
    assert rows.unpack().tolist() == [[1, 0], [0, 0], [0, 0], [1, 0]]


@pytest.mark.parametrize("stored", [[], [None], [None, b""]])
def test_nothing_read_is_no_vector_at_all(stored: list[bytes | None]) -> None:
    rows = VectorRows.pack(stored)
    assert rows.unpack().shape == (len(stored), 0)
    assert not rows.is_known.any()


def test_an_unknown_row_is_like_the_mean_of_the_known() -> None:
    space = space_of([(1, towards(1.0)), (2, towards(0.0)), (3, None)])
    assert space.cosines(EAST).tolist() == [1, 0, 0.5]
    assert space.mean.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("count", [1, 2_047, 2_048, 2_049, 5_000])
def test_blocks_leave_no_row_out(count: int) -> None:
    vectors = directions(count, dimension=8)
    space = space_of([(row, vector) for row, vector in enumerate(vectors)])
    expected = np.round(space.rows.unpack() @ EAST_OF_8, 5)
    assert np.allclose(space.cosines(EAST_OF_8), expected, atol=2e-5)


EAST_OF_8 = np.eye(8, dtype=np.float32)[0]


def test_equal_rows_are_equally_near_wherever_they_lie() -> None:
    vector = directions(1)[0]
    space = space_of([(row, vector) for row in range(3_000)])
    assert len(set(space.cosines(directions(2)[1]).tolist())) == 1


def test_a_profile_is_the_cosine_with_the_mean_of_one_s_vectors() -> None:
    rows = [(1, towards(1.0)), (1, towards(0.0)), (2, towards(0.75))]
    space = space_of(rows)
    sums = Owners.of(np.asarray([1, 1, 2], dtype=np.int64)).sums(space.cosines(EAST))
    assert space.profiles(sums).tolist() == pytest.approx([np.sqrt(0.5), 0.75], abs=0.005)


def test_whoever_has_no_vector_is_like_the_mean_of_those_who_have() -> None:
    space = space_of([(1, towards(1.0)), (2, towards(0.5)), (3, None)])
    profiles = space.profiles(np.asarray([1.0, 0.5, 0.0], dtype=np.float32))
    assert profiles.tolist() == pytest.approx([1, 0.5, 0.75], abs=0.005)


def test_where_nobody_has_one_all_are_alike() -> None:
    space = space_of([(1, None), (2, None)])
    assert space.profiles(np.zeros(2, dtype=np.float32)).tolist() == [0, 0]


def test_vectors_that_cancel_out_divide_nothing_by_zero() -> None:
    space = space_of([(1, EAST), (1, -EAST)])
    assert space.profiles(np.zeros(1, dtype=np.float32)).tolist() == [0]
