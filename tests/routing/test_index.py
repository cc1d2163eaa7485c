import random
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.index import Index
from bot.routing.ports import Match, Vectors

QUESTION = np.asarray([1, 0], dtype=np.float32)
Row = tuple[int, int, float]
"""Member, statement, cosine with QUESTION."""

cosines = st.integers(-100, 100).map(lambda hundredths: hundredths / 100)
communities = st.lists(st.tuples(st.integers(1, 6), cosines), max_size=25).map(
    lambda pairs: [(member, number, cosine) for number, (member, cosine) in enumerate(pairs)]
)


def towards(cosine: float) -> list[float]:
    return [cosine, (1 - cosine**2) ** 0.5]


def index_of(rows: list[Row]) -> Index:
    vectors: Vectors = np.asarray([towards(cosine) for *_, cosine in rows], dtype=np.float32).reshape(-1, 2)
    return Index.build([member for member, *_ in rows], [statement for _, statement, _ in rows], vectors)


def ranking(rows: list[Row]) -> list[Match]:
    return index_of(rows).score(QUESTION).best()


def by_hand(rows: list[Row]) -> dict[int, float]:
    neutral = sum(cosine for *_, cosine in rows) / max(len(rows), 1)
    ordered = sorted(rows, key=lambda row: (row[0], -row[2]))
    return {
        member: sum([*(cosine for *_, cosine in group), neutral, neutral][:3]) / 3
        for member, group in groupby(ordered, key=lambda row: row[0])
    }


@given(communities)
def test_it_says_what_one_would_compute_by_hand(rows: list[Row]) -> None:
    found = {match.member_id: match.expertise for match in ranking(rows)}
    expected = by_hand(rows)
    assert found.keys() == expected.keys()
    assert all(abs(found[member] - expected[member]) < 1e-4 for member in found)


@given(communities, st.randoms(use_true_random=False))
def test_the_order_statements_came_in_changes_nothing(rows: list[Row], chance: random.Random) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    assert ranking(shuffled) == ranking(rows)


@given(communities)
def test_best_first_and_ties_to_the_lower_member(rows: list[Row]) -> None:
    found = ranking(rows)
    assert found == sorted(found, key=lambda match: (-match.expertise, match.member_id))


@given(st.integers(2, 40), st.integers(1, 3))
def test_equal_members_tie_wherever_their_rows_lie(members: int, statements: int) -> None:
    vector = np.random.default_rng(members).normal(size=384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    ids = [member for member in range(members) for _ in range(statements)]
    found = Index.build(ids, range(len(ids)), np.tile(vector, (len(ids), 1))).score(vector).best()
    assert [match.member_id for match in found] == list(range(members))


def test_the_statement_that_fits_best_is_named_the_older_one_when_two_fit_alike() -> None:
    (match,) = ranking([(7, 3, 0.2), (7, 2, 0.9), (7, 1, 0.9)])
    assert match.statement_id == 1


def test_one_good_statement_is_filled_up_with_the_community_not_with_zero() -> None:
    rows = [(1, 1, 0.9), (2, 2, 0.3), (2, 3, 0.3), (2, 4, 0.3)]
    first, second = ranking(rows)
    assert (first.member_id, second.member_id) == (1, 2)
    assert abs(first.expertise - (0.9 + 0.45 + 0.45) / 3) < 1e-4


def test_a_lucky_phrase_does_not_beat_somebody_who_knows_the_field() -> None:
    rows = [(1, 1, 0.8), (1, 2, -0.3), (1, 3, -0.3), (2, 4, 0.7), (2, 5, 0.7), (2, 6, 0.7)]
    assert ranking(rows)[0].member_id == 2


def test_many_other_interests_cost_nothing() -> None:
    rows = [(1, 1, 0.7), (1, 2, 0.7), (1, 3, 0.7), *((1, 10 + number, -0.5) for number in range(20)), (2, 4, 0.1)]
    assert ranking(rows)[0].member_id == 1


def test_limit_and_exclusion() -> None:
    scores = index_of([(member, member, member / 10) for member in range(1, 6)]).score(QUESTION)
    assert [match.member_id for match in scores.best(2)] == [5, 4]
    assert [match.member_id for match in scores.best(2, {5, 3})] == [4, 2]
    assert scores.best(0) == []


def test_nobody_in_nobody_out() -> None:
    assert ranking([]) == []


@given(communities, communities, st.sets(st.integers(1, 6), max_size=3))
def test_replacing_members_equals_building_anew(before: list[Row], after: list[Row], replaced: set[int]) -> None:
    after = [row for row in after if row[0] in replaced]
    kept = [row for row in before if row[0] not in replaced]
    assert index_of(before).replace(replaced, index_of(after)).score(QUESTION).best() == ranking(kept + after)
