"""Choosing whom to ask, as mathematics: what holds for every crowd and every hour."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.hours import is_awake
from bot.domain.lifecycle import Urgency
from bot.domain.policy import FRESHNESS, WITHIN, Candidate, Rate, choose, has_budget, may_be_asked, ranked
from tests.domain.crowds import CROWDS, LANGUAGES, MOMENTS, PLACES, SEATS, WILLING, candidates
from tests.factories import NOW


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES, st.integers())
def test_the_order_of_candidates_does_not_matter(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int], seed: int
) -> None:
    shuffled = Random(seed).sample(crowd, len(crowd))
    assert choose(crowd, now, languages, seats, places) == choose(shuffled, now, languages, seats, places)
    assert ranked(crowd) == ranked(shuffled)


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES)
def test_nobody_is_chosen_who_may_not_be_asked_and_nobody_twice(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int]
) -> None:
    by_id = {each.member_id: each for each in crowd}
    chosen = [by_id[choice.member_id] for choice in choose(crowd, now, languages, seats, places)]
    assert len(chosen) == len({each.member_id for each in chosen}) <= max(seats, 0)
    for each in chosen:
        assert each.expertise > 0
        assert each.rate is not Rate.NEVER
        assert has_budget(each.rate, each.asked_last_day, each.asked_last_week)
        assert not each.languages or not languages or each.languages & languages
        assert is_awake(now, each.zone, each.begins, each.ends)


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES)
def test_seats_stay_empty_only_when_nobody_is_left_to_ask(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int]
) -> None:
    eligible = sum(may_be_asked(each, now, languages) for each in crowd)
    assert len(choose(crowd, now, languages, seats, places)) == min(eligible, max(seats, 0))


@given(CROWDS, MOMENTS, LANGUAGES)
def test_the_best_come_first_and_ties_break_by_id(
    crowd: list[Candidate], now: datetime, languages: frozenset[str]
) -> None:
    order = [(-choice.score, choice.member_id) for choice in choose(crowd, now, languages, len(crowd))]
    assert order == sorted(order)


@given(CROWDS)
def test_a_ranking_leaves_nobody_out_and_breaks_ties_by_id(crowd: list[Candidate]) -> None:
    order = [(-choice.score, choice.member_id) for choice in ranked(crowd)]
    assert order == sorted(order)
    assert {member_id for _, member_id in order} == {each.member_id for each in crowd}


@given(WILLING, st.integers(1, 8))
def test_whoever_is_left_out_scores_no_better_than_whoever_is_chosen(crowd: list[Candidate], seats: int) -> None:
    everybody = choose(crowd, NOW, frozenset(), len(crowd))
    assert choose(crowd, NOW, frozenset(), seats) == everybody[:seats]


@given(CROWDS, MOMENTS, LANGUAGES, PLACES)
def test_a_score_is_the_product_of_its_components(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], places: frozenset[int]
) -> None:
    by_id = {each.member_id: each for each in crowd}
    for choice in choose(crowd, now, languages, len(crowd), places):
        chosen = by_id[choice.member_id]
        assert (choice.expertise, choice.availability) == (chosen.expertise, chosen.availability)
        assert 0 < choice.freshness <= 1
        assert choice.score == choice.expertise * choice.availability * choice.freshness > 0


@given(st.integers(0, 100))
def test_freshness_falls_with_every_invitation_of_the_week_and_never_to_nothing(asked_last_week: int) -> None:
    before, after = (
        ranked([Candidate(1, 1, 1.0, Rate.MORE, asked_last_week=asked)])[0].freshness
        for asked in (asked_last_week, asked_last_week + 1)
    )
    assert 0 < after < before <= 1
    assert before == (1 + asked_last_week) ** -FRESHNESS


@given(
    candidates(member_id=1), candidates(member_id=2), st.integers(0, 3), st.integers(0, 3), MOMENTS, LANGUAGES, PLACES
)
def test_a_busier_member_never_outranks_an_equal_idle_one(  # noqa: PLR0913, PLR0917 - so much is all one
    idle: Candidate,
    other: Candidate,
    more_today: int,
    more_before: int,
    now: datetime,
    languages: frozenset[str],
    places: frozenset[int],
) -> None:
    assume(more_today + more_before)
    busy = replace(
        idle,
        member_id=0,  # the lower id would win a tie
        asked_last_day=idle.asked_last_day + more_today,
        asked_last_week=idle.asked_last_week + more_today + more_before,
        asked_last_month=idle.asked_last_month + more_today + more_before,
    )
    chosen = [choice.member_id for choice in choose([busy, idle, other], now, languages, 3, places)]
    assert busy.member_id not in chosen or chosen.index(idle.member_id) < chosen.index(busy.member_id)


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


def test_whoever_usually_answers_is_chosen_before_somebody_as_able_who_does_not() -> None:
    silent = Candidate(1, 1, expertise=2.0, rate=Rate.MORE, availability=0.5)
    active = Candidate(2, 2, expertise=2.0, rate=Rate.MORE, availability=1.5)
    assert [choice.member_id for choice in choose([silent, active], NOW, frozenset(), 2)] == [2, 1]


def test_hours_are_looked_at_only_where_an_answer_is_of_use_the_same_day() -> None:
    assert WITHIN.keys() == set(Urgency)
    assert {urgency for urgency, within in WITHIN.items() if within} == {Urgency.TODAY}
