"""The seat that is kept, now and then, for somebody who is seldom asked."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import (
    EXPLORATORY_PERCENT,
    MOST_INVITATIONS,
    RELEVANCE_FLOOR,
    SELDOM,
    WAVE_SIZE,
    Candidate,
    Choice,
    Rate,
    choose,
    exploratory_places,
    may_be_asked,
    wave_of,
)
from tests.domain.crowds import CROWDS, LANGUAGES, MOMENTS, PLACES
from tests.factories import NOW

REQUESTS = st.integers(1, 10**12)
TAKEN = st.integers(0, MOST_INVITATIONS)
FREE = st.integers(-2, MOST_INVITATIONS)


def somebody(member_id: int, expertise: float, asked_last_month: int = 5, **chosen: float) -> Candidate:
    return Candidate(
        member_id, 1, expertise, Rate.MORE, asked_last_month=asked_last_month, **chosen  # type: ignore[arg-type]
    )  # fmt: skip


def second_seat(*crowd: Candidate) -> Choice:
    """Fill two seats, of which the second is kept for somebody seldom asked."""
    _, second = choose(crowd, NOW, frozenset(), 2, [1])
    return second


def is_in_turn(candidate: Candidate) -> bool:
    return candidate.asked_last_month <= SELDOM and candidate.expertise >= RELEVANCE_FLOOR


@given(CROWDS, MOMENTS, LANGUAGES, st.integers(0, 8))
def test_a_kept_seat_goes_to_the_least_asked_who_knows_more_than_most(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], place: int
) -> None:
    chosen = choose(crowd, now, languages, place + 1, [place])
    if len(chosen) <= place:
        return
    *before, last = (choice.member_id for choice in chosen)
    left = [each for each in crowd if may_be_asked(each, now, languages) and each.member_id not in before]
    turn = min(
        filter(is_in_turn, left),
        key=lambda each: (each.asked_last_month, -each.expertise, each.member_id),
        default=None,
    )
    assert chosen[-1].is_exploratory is (turn is not None)
    assert last == (turn.member_id if turn else choose(left, now, languages, 1)[0].member_id)


@given(CROWDS, MOMENTS, LANGUAGES, PLACES)
def test_only_kept_seats_are_called_so_and_the_others_hold_the_best_of_the_rest(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], places: frozenset[int]
) -> None:
    chosen = choose(crowd, now, languages, len(crowd), places)
    assert {place for place, choice in enumerate(chosen) if choice.is_exploratory} <= places
    others = [(-choice.score, choice.member_id) for choice in chosen if not choice.is_exploratory]
    assert others == sorted(others)


def test_the_least_asked_come_before_those_who_know_more() -> None:
    once, never = somebody(2, 3.0, asked_last_month=1), somebody(3, 1.5, asked_last_month=0)
    assert second_seat(somebody(1, 9.0), once, never) == Choice(3, 1, 1.5, 1.0, 1.0, is_exploratory=True)


def test_of_two_asked_as_seldom_the_one_who_knows_more_comes_first_whoever_answers_more() -> None:
    able = somebody(3, 2.0, 0, availability=0.1)
    lively = somebody(2, 1.5, 0, availability=3.0)
    assert second_seat(somebody(1, 9.0), able, lively).member_id == 3


def test_of_two_alike_the_lower_id_comes_first() -> None:
    assert second_seat(somebody(1, 9.0), somebody(3, 1.5, 0), somebody(2, 1.5, 0)).member_id == 2


@pytest.mark.parametrize(
    "newcomer",
    [
        somebody(3, RELEVANCE_FLOOR - 0.01, asked_last_month=0),
        somebody(3, 1.5, asked_last_month=SELDOM + 1),
        Candidate(3, 1, 1.5, Rate.NEVER),
        Candidate(3, 1, 1.5, Rate.ONE_A_WEEK, asked_last_day=1, asked_last_week=1, asked_last_month=1),
        Candidate(3, 1, 1.5, Rate.MORE, zone="Pacific/Auckland"),
        Candidate(3, 1, 1.5, Rate.MORE, languages=frozenset({"sw"})),
    ],
    ids=["knows too little", "not seldom", "paused", "over budget", "asleep", "another language"],
)
def test_where_nobody_is_in_turn_the_best_one_left_is_asked(newcomer: Candidate) -> None:
    best, second = choose([somebody(1, 9.0), somebody(2, 4.0), newcomer], NOW, frozenset({"en"}), 2, [1])
    assert (best.member_id, second.member_id, second.is_exploratory) == (1, 2, False)


def test_the_very_floor_is_enough() -> None:
    assert second_seat(somebody(1, 9.0), somebody(2, 4.0), somebody(3, RELEVANCE_FLOOR, 0)).member_id == 3


@given(REQUESTS, TAKEN, FREE)
def test_at_most_the_last_seat_of_a_wave_is_kept(request_id: int, taken: int, free: int) -> None:
    kept = [taken + place for place in exploratory_places(request_id, taken, free)]
    assert all(taken <= seat < taken + free for seat in kept)
    assert all(seat % WAVE_SIZE == WAVE_SIZE - 1 for seat in kept)
    assert len({wave_of(seat) for seat in kept}) == len(kept)


@given(REQUESTS, TAKEN, FREE)
def test_the_draw_is_of_the_request_and_the_wave_however_the_seats_come_free(
    request_id: int, taken: int, free: int
) -> None:
    together = {taken + place for place in exploratory_places(request_id, taken, free)}
    one_by_one = {seat for seat in range(taken, taken + free) if exploratory_places(request_id, seat, 1)}
    assert together == one_by_one


def test_the_draw_is_the_same_on_every_day_and_machine() -> None:
    kept = [request for request in range(1, 51) if exploratory_places(request, 0, WAVE_SIZE)]
    assert kept == [17, 26, 34, 35, 36, 41, 42, 43, 45, 46]


@pytest.mark.parametrize("wave", [1, 2, 3])
def test_about_one_wave_in_five_keeps_a_seat(wave: int) -> None:
    requests = 5_000
    kept = sum(bool(exploratory_places(each, (wave - 1) * WAVE_SIZE, WAVE_SIZE)) for each in range(1, requests + 1))
    # Three standard deviations of 5,000 draws.
    assert abs(100 * kept / requests - EXPLORATORY_PERCENT) < 1.7


def test_waves_are_counted_from_one() -> None:
    assert [wave_of(seat) for seat in range(MOST_INVITATIONS)] == [1, 1, 2, 2, 3, 3, 4]
