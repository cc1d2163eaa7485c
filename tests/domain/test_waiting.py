"""The median wait, with those counted who still wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.waiting import median_wait

WAITS = st.lists(st.integers(0, 30).map(lambda hours: timedelta(hours=hours)), max_size=12)
HOURS = st.integers(0, 40).map(lambda hours: timedelta(hours=hours))


def hours(*numbers: int) -> list[timedelta]:
    return [timedelta(hours=number) for number in numbers]


@pytest.mark.parametrize(
    ("ended", "going_on", "expected"),
    [
        ([], [], None),
        ([], [5], None),
        ([3], [], 3),
        ([3], [9], 3),
        ([3], [9, 9], None),
        ([1, 9], [], 1),
        ([1, 2, 9], [], 2),
        ([1, 2, 9], [50, 50], 9),
        ([1, 2, 9], [50] * 4, None),
        ([1, 2, 9], [1, 1, 1, 1], 2),
        ([4, 4, 4], [2, 4], 4),
    ],
)
def test_it_is_what_one_counts_by_hand(ended: list[int], going_on: list[int], expected: int | None) -> None:
    found = median_wait(hours(*ended), hours(*going_on))
    assert found == (None if expected is None else timedelta(hours=expected))


@given(WAITS.filter(len))
def test_it_is_a_plain_median_where_all_have_ended(ended: list[timedelta]) -> None:
    assert median_wait(ended, []) == sorted(ended)[(len(ended) - 1) // 2]


@given(WAITS, WAITS, HOURS)
def test_one_more_who_waits_never_makes_it_shorter(
    ended: list[timedelta], going_on: list[timedelta], more: timedelta
) -> None:
    before, after = median_wait(ended, going_on), median_wait(ended, [*going_on, more])
    assert after is None or (before is not None and after >= before)


def test_thousands_are_counted_exactly() -> None:
    assert median_wait(hours(*range(10_000)), []) == timedelta(hours=4_999)
    assert median_wait(hours(*range(10_000)), hours(*[20_000] * 10_000)) == timedelta(hours=9_999)
    assert median_wait(hours(*range(10_000)), hours(*[20_000] * 10_001)) is None
