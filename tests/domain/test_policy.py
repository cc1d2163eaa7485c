"""Choosing whom to ask, as mathematics: what holds for every crowd and every hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.hours import is_awake
from bot.domain.policy import Candidate, Rate, choose, has_budget, may_be_asked
from tests.factories import NOW

ZONES = (None, "Europe/Paris", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns")
LANGUAGES = st.frozensets(st.sampled_from(["en", "fr", "sw", "ar"]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SEATS = st.integers(-1, 8)


@st.composite
def candidates(draw: st.DrawFn, member_id: int | None = None) -> Candidate:
    begins, ends = draw(st.just((None, None)) | st.tuples(st.times(), st.times()))
    asked_last_day = draw(st.integers(0, 3))
    return Candidate(
        member_id=member_id or draw(st.integers(1, 40)),
        statement_id=draw(st.integers(1, 10**6)),
        expertise=draw(st.floats(-1, 1, width=32)),
        rate=draw(st.sampled_from(Rate)),
        zone=draw(st.sampled_from(ZONES)),
        begins=begins,
        ends=ends,
        languages=draw(LANGUAGES),
        asked_last_day=asked_last_day,
        asked_last_week=asked_last_day + draw(st.integers(0, 8)),
    )


CROWDS = st.lists(candidates(), max_size=12, unique_by=lambda each: each.member_id)
"""People as they come, most of whom may not be asked."""
WILLING = st.lists(
    st.builds(
        Candidate,
        member_id=st.integers(1, 40),
        statement_id=st.just(1),
        expertise=st.sampled_from([0.25, 0.5, 1.0]),
        rate=st.just(Rate.MORE),
        asked_last_week=st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda each: each.member_id,
)
"""People who may all be asked at `NOW`, and often are as good as one another."""


@given(CROWDS | WILLING, MOMENTS, LANGUAGES, SEATS, st.integers())
def test_the_order_of_candidates_does_not_matter(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, seed: int
) -> None:
    shuffled = Random(seed).sample(crowd, len(crowd))
    assert choose(crowd, now, languages, seats) == choose(shuffled, now, languages, seats)


@given(CROWDS | WILLING, MOMENTS, LANGUAGES, SEATS)
def test_nobody_is_chosen_who_may_not_be_asked_and_nobody_twice(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int
) -> None:
    by_id = {each.member_id: each for each in crowd}
    chosen = [by_id[choice.member_id] for choice in choose(crowd, now, languages, seats)]
    assert len(chosen) == len({each.member_id for each in chosen}) <= max(seats, 0)
    for each in chosen:
        assert each.expertise > 0
        assert has_budget(each.rate, each.asked_last_day, each.asked_last_week)
        assert not each.languages or not languages or each.languages & languages
        assert is_awake(now, each.zone, each.begins, each.ends)


@given(CROWDS | WILLING, MOMENTS, LANGUAGES, SEATS)
def test_seats_stay_empty_only_when_nobody_is_left_to_ask(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int
) -> None:
    eligible = sum(may_be_asked(each, now, languages) for each in crowd)
    assert len(choose(crowd, now, languages, seats)) == min(eligible, max(seats, 0))


@given(CROWDS | WILLING, MOMENTS, LANGUAGES)
def test_the_best_come_first_and_ties_break_by_id(
    crowd: list[Candidate], now: datetime, languages: frozenset[str]
) -> None:
    order = [(-choice.score, choice.member_id) for choice in choose(crowd, now, languages, len(crowd))]
    assert order == sorted(order)


@given(WILLING, st.integers(1, 8))
def test_whoever_is_left_out_scores_no_better_than_whoever_is_chosen(crowd: list[Candidate], seats: int) -> None:
    everybody = choose(crowd, NOW, frozenset(), len(crowd))
    assert choose(crowd, NOW, frozenset(), seats) == everybody[:seats]


@given(CROWDS | WILLING, MOMENTS, LANGUAGES)
def test_scores_are_bounded(crowd: list[Candidate], now: datetime, languages: frozenset[str]) -> None:
    for choice in choose(crowd, now, languages, len(crowd)):
        assert 0 < choice.freshness <= 1
        assert 0 < choice.availability <= 1
        assert 0 < choice.score <= choice.expertise <= 1


@given(candidates(member_id=1), candidates(member_id=2), st.integers(0, 3), st.integers(0, 3), MOMENTS, LANGUAGES)
def test_a_busier_member_never_outranks_an_equal_idle_one(
    idle: Candidate, other: Candidate, more_today: int, more_before: int, now: datetime, languages: frozenset[str]
) -> None:
    assume(more_today + more_before)
    busy = replace(
        idle,
        member_id=0,  # the lower id would win a tie
        asked_last_day=idle.asked_last_day + more_today,
        asked_last_week=idle.asked_last_week + more_today + more_before,
    )
    ranked = [choice.member_id for choice in choose([busy, idle, other], now, languages, 3)]
    assert busy.member_id not in ranked or ranked.index(idle.member_id) < ranked.index(busy.member_id)


@given(st.sampled_from(Rate), st.integers(0, 12), st.integers(0, 12))
def test_more_requests_never_bring_a_budget_back(rate: Rate, day: int, week: int) -> None:
    if not has_budget(rate, day, week):
        assert not has_budget(rate, day + 1, week)
        assert not has_budget(rate, day, week + 1)


@pytest.mark.parametrize(
    ("rate", "per_day", "per_week"),
    [(Rate.NEVER, 0, 0), (Rate.ONE_A_WEEK, 1, 1), (Rate.ONE_A_DAY, 1, 3), (Rate.MORE, 3, 10)],
)
def test_a_budget_is_what_the_profile_promises(rate: Rate, per_day: int, per_week: int) -> None:
    within = [(day, week) for day in range(12) for week in range(12) if has_budget(rate, day, week)]
    assert within == [(day, week) for day in range(per_day) for week in range(per_week)]


def test_somebody_awake_is_chosen_before_a_better_match_who_sleeps() -> None:
    asleep = Candidate(1, 1, expertise=0.9, rate=Rate.MORE, zone="Pacific/Auckland")
    awake = Candidate(2, 2, expertise=0.1, rate=Rate.MORE, zone="Europe/Paris")
    assert [choice.member_id for choice in choose([asleep, awake], NOW, frozenset(), 2)] == [2]
    tomorrow = NOW + timedelta(hours=10)
    assert [choice.member_id for choice in choose([asleep, awake], tomorrow, frozenset(), 2)] == [1]
