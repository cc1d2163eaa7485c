"""What may be said of a group: nothing small is shown, and nothing small can be taken from a sum."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import disclosure
from bot.domain.disclosure import FEW, OTHER, Amount, Crowd, Length, Level, Safe, Share
from bot.domain.windows import Weeks, counted_with

people = st.integers(0, 30)
crowds = st.lists(people, max_size=40).map(Crowd.of)
categories = st.dictionaries(st.sampled_from("abcdefgh"), crowds, max_size=8)


def sure(_some: int, _everyone: int) -> tuple[float, float]:
    return 0.0, 1.0


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([], Amount(0)),
        ([1], FEW),
        ([1, 2, 3, 4], FEW),
        ([1, 2, 3, 4, 5], Amount(5)),
        ([1] * 6 + [2, 3, 4, 5], FEW),
        ([1] * 5 + [2, 3, 4, 5, 6], Amount(10)),
        ([1] * 10 + [2] * 10 + [3, 4], FEW),
    ],
    ids=["none", "one person", "four", "five", "one outweighs", "one is half", "two outweigh"],
)
def test_a_count_needs_five_people_none_of_whom_outweighs_the_rest(events: list[int], shown: object) -> None:
    assert disclosure.amount(Crowd.of(events)) == shown


def test_nothing_is_said_to_have_happened_only_where_nothing_did() -> None:
    assert disclosure.amount(Crowd({})) == Amount(0)
    assert disclosure.amount(Crowd({}), happened=2) == FEW


@given(crowds)
def test_a_share_needs_ten_people(crowd: Crowd) -> None:
    shown = disclosure.share(0, crowd, sure)

    assert (shown == FEW) or crowd.people >= 10
    assert not isinstance(shown, Share) or shown.of == crowd.events


@given(categories, st.none() | st.integers(1, 9))
def test_merging_loses_no_category_and_shows_no_small_one(categories: dict[str, Crowd], most: int | None) -> None:
    groups = disclosure.merged(categories, most=most)

    assert most is None or len(groups) <= most
    if groups:
        assert sorted(each for members in groups.values() for each in members) == sorted(categories)
    for name, members in groups.items():
        together = Crowd(Counter({}))
        for each in members:
            together |= categories[each]
        assert together.hides()
        assert (name == OTHER) == (len(members) > 1)


@given(categories)
def test_nothing_small_can_be_taken_from_the_sum(categories: dict[str, Crowd]) -> None:
    groups = disclosure.merged(categories)

    for count in range(1, len(groups) + 1):
        for shown in combinations(groups.values(), count):
            left = set(categories) - {each for members in shown for each in members}
            rest = [person for name in left for person in Crowd(categories[name].by_person).by_person]
            assert not rest or len(set(rest)) >= disclosure.FEWEST


@given(crowds, crowds)
def test_a_part_hides_who_is_in_it_and_who_isn_t(some: Crowd, others: Crowd) -> None:
    shown = disclosure.part_of(some, others, sure)

    assert shown == FEW or all(not each.people or each.hides() for each in (some, others))
    assert not isinstance(shown, Share) or shown.of == some.events + others.events


@pytest.mark.parametrize(
    ("some", "other", "differ"),
    [
        (Length(2, 1, 3), Length(5, 4, 6), True),
        (Length(2, 1, 4), Length(5, 4, 6), False),
        (Length(2, 1, 3), Length(5, 4, None), True),
        (Length(2, 1, 3), Length(None, None, None), True),
        (Length(2, 1, None), Length(None, None, None), False),
        (Length(2, 1, 3), FEW, False),
    ],
)
def test_lengths_differ_where_their_intervals_don_t_touch(some: Length, other: Safe, differ: bool) -> None:  # noqa: FBT001
    assert some.differs_from(other) == differ


@given(st.dictionaries(st.integers(0, 25), crowds, max_size=26), st.sampled_from([5, 10]))
def test_no_two_windows_differ_by_a_crowd_that_shows_someone(weeks: dict[int, Crowd], fewest: int) -> None:
    counted = counted_with(weeks, 25, fewest)
    groups: dict[int, Crowd] = {}
    for week, last in counted.items():
        groups[last] = groups.get(last, Crowd({})) | weeks[week]

    assert all(week <= last for week, last in counted.items())
    assert all(crowd.hides(fewest) or not crowd.people for crowd in groups.values())
    for first in range(26):
        wide, narrow = ({last for last in groups if last in Weeks(first, count)} for count in (12, 4))
        assert narrow <= wide


@given(st.dictionaries(st.integers(0, 25), crowds, max_size=26))
def test_what_shares_are_of_is_made_of_what_counts_are_of(weeks: dict[int, Crowd]) -> None:
    counts, shares = (counted_with(weeks, 25, fewest) for fewest in (5, 10))

    for first, second in combinations(shares, 2):
        assert counts[first] != counts[second] or shares[first] == shares[second]


@given(st.dictionaries(st.integers(0, 25), crowds, max_size=26), st.integers(0, 25))
def test_what_was_counted_once_is_counted_the_same_later(weeks: dict[int, Crowd], then: int) -> None:
    first, later = counted_with(weeks, then, 5), counted_with(weeks, 25, 5)

    assert first.items() <= later.items()


def test_a_band_of_a_small_crowd_is_the_lowest() -> None:
    assert disclosure.level(Crowd.of([1, 2, 3]), 1.0) == Level(0)
    assert [disclosure.level(Crowd.of(range(6)), part).band for part in (0, 0.2, 0.3, 0.6, 0.8, 1)] == [
        1,
        1,
        2,
        3,
        4,
        4,
    ]


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="another length"):
        disclosure.table("some", ("one", "two"), [("first", (FEW,))])
