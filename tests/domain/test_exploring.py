"""The seat that is kept, now and then, for someone who is seldom asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import InvitationState, Urgency
from bot.domain.policy import DEFAULT, RELEVANCE_FLOOR, SELDOM, Candidate, Choice, Policy, Seats
from tests.domain.crowds import CROWDS, LANGUAGES, MOMENTS, PLACES, reasons_against, somebody
from tests.factories import NOW

REQUESTS = st.integers(1, 10**12)
SIZES = st.integers(1, 3)
FREE_SEATS = st.builds(Seats, wave=st.integers(1, 3), free=st.integers(0, 3), filled=st.integers(0, 7))
ALWAYS, NEVER = Policy(exploratory_percent=100), Policy(exploratory_percent=0)
NEWCOMER = somebody(3, 1.5)


def second_seat(*crowd: Candidate) -> Choice:
    """Fill two seats, of which the second is kept for someone seldom asked."""
    _, second = DEFAULT.choose(crowd, NOW, frozenset(), 2, [1])
    return second


def with_attention(attention: Attention) -> Candidate:
    return replace(NEWCOMER, attention=attention)


def is_in_turn(candidate: Candidate) -> bool:
    return candidate.attention.asked_last_month <= SELDOM and candidate.expertise >= RELEVANCE_FLOOR


def in_turn(left: Sequence[Candidate]) -> Candidate | None:
    """Return who was asked least, and among these who knows most."""
    return min(
        filter(is_in_turn, left),
        key=lambda each: (each.attention.asked_last_month, -each.expertise, each.member_id),
        default=None,
    )


@given(CROWDS, MOMENTS, LANGUAGES, st.integers(0, 8))
def test_a_kept_seat_goes_to_the_least_asked_who_knows_more_than_most(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], place: int
) -> None:
    chosen = DEFAULT.choose(crowd, now, languages, place + 1, [place])
    if len(chosen) <= place:
        return
    *before, last = (choice.member_id for choice in chosen)
    welcome = [each for each in crowd if not reasons_against(each, now, languages)]
    left = [each for each in welcome if each.member_id not in before]
    turn = in_turn(left)
    assert chosen[-1].is_exploratory is (turn is not None)
    assert last == (turn or DEFAULT.ranked(left)[0]).member_id


@given(CROWDS, MOMENTS, LANGUAGES, PLACES)
def test_only_kept_seats_are_called_so_and_the_others_hold_the_best_of_the_rest(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], places: frozenset[int]
) -> None:
    chosen = DEFAULT.choose(crowd, now, languages, len(crowd), places)
    assert {place for place, choice in enumerate(chosen) if choice.is_exploratory} <= places
    others = [(-choice.score, choice.member_id) for choice in chosen if not choice.is_exploratory]
    assert others == sorted(others)


def test_the_least_asked_come_before_those_who_know_more() -> None:
    once, never = somebody(2, 3.0, month=1), somebody(3, 1.5)
    assert second_seat(somebody(1, 9.0), once, never) == Choice(3, 1, 1.5, 1.0, 1.0, is_exploratory=True)


def test_of_two_asked_as_seldom_the_one_who_knows_more_comes_first_whoever_answers_more() -> None:
    able, lively = somebody(3, 2.0, availability=0.1), somebody(2, 1.5, availability=3.0)
    assert second_seat(somebody(1, 9.0), able, lively).member_id == 3


def test_of_two_alike_the_lower_id_comes_first_whoever_answers_more() -> None:
    lively, quiet = somebody(3, 1.5, availability=3.0), somebody(2, 1.5, availability=0.1)
    assert second_seat(somebody(1, 9.0), lively, quiet).member_id == 2


@pytest.mark.parametrize(
    "newcomer",
    [
        somebody(3, RELEVANCE_FLOOR - 0.01),
        somebody(3, 1.5, month=SELDOM + 1),
        with_attention(Attention(Rate.NEVER)),
        with_attention(Attention(Rate.MORE, paused_at=NOW)),
        with_attention(Attention(Rate.ONE_A_WEEK, asked_last_week=1, asked_last_fortnight=1, asked_last_month=1)),
        with_attention(Attention(Rate.ONE_A_WEEK, silences=3, asked_last_fortnight=1, asked_last_month=1)),
        with_attention(Attention(Rate.MORE, zone="Pacific/Auckland")),
        replace(NEWCOMER, is_blocked=True),
        replace(NEWCOMER, languages=frozenset({"sw"})),
    ],
    ids=[
        "knows too little", "not seldom", "never", "paused", "over budget", "over half a budget", "asleep", "blocked",
        "another language",
    ],
)  # fmt: skip
def test_where_nobody_is_in_turn_the_best_one_left_is_asked(newcomer: Candidate) -> None:
    crowd = [somebody(1, 9.0, month=5), somebody(2, 4.0, month=5), newcomer]
    best, second = DEFAULT.choose(crowd, NOW, frozenset({"en"}), 2, [1])
    assert (best.member_id, second.member_id, second.is_exploratory) == (1, 2, False)


def test_the_very_floor_and_the_very_limit_of_seldom_are_enough() -> None:
    assert (RELEVANCE_FLOOR, SELDOM) == (1.0, 1)
    edge = somebody(3, RELEVANCE_FLOOR, month=SELDOM)
    assert second_seat(somebody(1, 9.0, month=5), somebody(2, 4.0, month=5), edge).member_id == 3


@given(REQUESTS, FREE_SEATS, SIZES)
def test_only_the_last_seat_of_a_waves_first_filling_is_kept(request_id: int, seats: Seats, size: int) -> None:
    kept = [seats.filled + place for place in ALWAYS.exploratory_places(request_id, seats, size)]
    first_filling = range(seats.filled, min(seats.filled + seats.free, size))
    assert kept == [place for place in first_filling if place == size - 1]


@given(REQUESTS, FREE_SEATS, SIZES)
def test_a_draw_keeps_the_same_seat_or_none(request_id: int, seats: Seats, size: int) -> None:
    assert DEFAULT.exploratory_places(request_id, seats, size) in (
        [],
        ALWAYS.exploratory_places(request_id, seats, size),
    )
    assert NEVER.exploratory_places(request_id, seats, size) == []


@given(REQUESTS, st.integers(1, 3), SIZES)
def test_the_draw_is_of_the_request_and_the_wave_however_the_seats_come_free(
    request_id: int, wave: int, size: int
) -> None:
    def is_kept(free: int, filled: int) -> bool:
        return bool(DEFAULT.exploratory_places(request_id, Seats(wave, free, filled), size))

    together = is_kept(size, 0)
    one_by_one = [is_kept(1, filled) for filled in range(size)]
    assert one_by_one == [False] * (size - 1) + [together]


@given(REQUESTS, st.sampled_from(Urgency), st.integers(0, 3))
def test_whoever_comes_for_somebody_who_passed_sits_in_no_kept_seat(
    request_id: int, urgency: Urgency, passed: int
) -> None:
    size = DEFAULT.size(urgency, 1)
    gone = min(1 + passed, size)
    asked = [(1, InvitationState.ASKED)] * (size - gone) + [(1, InvitationState.PASSED)] * gone
    seats = DEFAULT.seats(urgency, asked)
    assert (seats.wave, seats.free) == (1, gone)
    assert ALWAYS.exploratory_places(request_id, seats, size) == []


def test_the_draw_is_the_same_on_every_day_and_machine() -> None:
    def kept_in(wave: int) -> list[int]:
        return [request for request in range(1, 51) if DEFAULT.exploratory_places(request, Seats(wave, 2, 0), 2)]

    assert kept_in(1) == [17, 26, 34, 35, 36, 41, 42, 43, 45, 46]
    assert kept_in(2) == [9, 19, 23, 34, 37, 39, 41]


@pytest.mark.parametrize("wave", [1, 2, 3])
def test_about_one_wave_in_five_keeps_a_seat(wave: int) -> None:
    requests, size = 5_000, DEFAULT.size(Urgency.TODAY, wave)
    kept = sum(bool(DEFAULT.exploratory_places(each, Seats(wave, size, 0), size)) for each in range(1, requests + 1))
    # Three standard deviations of 5,000 draws.
    assert abs(100 * kept / requests - 20) < 1.7
