"""Choosing which people to ask, as mathematics: what holds for every crowd and every hour."""

import hashlib
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import policy
from bot.domain.attention import BUDGET, HALVED_AFTER, PAUSED_AFTER, Attention, Rate
from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT, WITHIN, Candidate, Policy, first_chance, is_suitable, may_be_asked
from tests.domain.crowds import (
    CROWDS,
    LANGUAGES,
    MOMENTS,
    PLACES,
    SEATS,
    WILLING,
    candidates,
    reasons_against,
    somebody,
)
from tests.factories import NOW

WILLING_NOW = Candidate(1, 1, 2.0, Attention(Rate.MORE), languages=frozenset({"en"}))
"""A person who may be asked at noon."""
UNSUITABLE = {"no match", "blocked", "another language"}
"""What speaks against someone at any hour."""


def ids(crowd: list[Candidate], seats: int, now: datetime = NOW) -> list[int]:
    return [choice.member_id for choice in DEFAULT.choose(crowd, now, frozenset(), seats)]


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES, st.integers())
def test_the_order_of_candidates_does_not_matter(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int], seed: int
) -> None:
    shuffled = Random(seed).sample(crowd, len(crowd))
    assert DEFAULT.choose(crowd, now, languages, seats, places) == DEFAULT.choose(
        shuffled, now, languages, seats, places
    )
    assert DEFAULT.ranked(crowd) == DEFAULT.ranked(shuffled)
    assert first_chance(crowd, now, languages) == first_chance(shuffled, now, languages)


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES)
def test_nobody_is_chosen_against_whom_anything_speaks_and_nobody_twice(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int]
) -> None:
    by_id = {each.member_id: each for each in crowd}
    chosen = [by_id[choice.member_id] for choice in DEFAULT.choose(crowd, now, languages, seats, places)]
    assert len(chosen) == len({each.member_id for each in chosen}) <= max(seats, 0)
    for each in chosen:
        assert not reasons_against(each, now, languages)


@given(CROWDS, MOMENTS, LANGUAGES, SEATS, PLACES)
def test_seats_stay_empty_only_when_nobody_is_left_to_ask(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], seats: int, places: frozenset[int]
) -> None:
    welcome = sum(not reasons_against(each, now, languages) for each in crowd)
    assert len(DEFAULT.choose(crowd, now, languages, seats, places)) == min(welcome, max(seats, 0))


@given(candidates(), MOMENTS, LANGUAGES)
def test_the_hard_filters_are_the_rules(candidate: Candidate, now: datetime, languages: frozenset[str]) -> None:
    against = reasons_against(candidate, now, languages)
    assert may_be_asked(candidate, now, languages) is (not against)
    assert is_suitable(candidate, languages) is not bool(against & UNSUITABLE)


@pytest.mark.parametrize(
    ("reason", "spoiled"),
    [
        ("no match", replace(WILLING_NOW, expertise=0.0)),
        ("blocked", replace(WILLING_NOW, is_blocked=True)),
        ("another language", replace(WILLING_NOW, languages=frozenset({"sw"}))),
        ("over budget", replace(WILLING_NOW, attention=Attention(Rate.NEVER))),
        ("over budget", replace(WILLING_NOW, attention=Attention(Rate.MORE, asked_last_day=3))),
        ("over budget", replace(WILLING_NOW, attention=Attention(Rate.MORE, asked_last_week=10))),
        ("over budget", replace(WILLING_NOW, attention=Attention(Rate.MORE, silences=3, asked_last_fortnight=10))),
        ("paused", replace(WILLING_NOW, attention=Attention(Rate.MORE, paused_at=NOW))),
        ("asleep", replace(WILLING_NOW, attention=Attention(Rate.MORE, zone="Pacific/Auckland"))),
        ("asleep", replace(WILLING_NOW, attention=Attention(Rate.MORE, None, time(13), time(18)))),
    ],
)
def test_one_reason_against_is_enough(reason: str, spoiled: Candidate) -> None:
    languages = frozenset({"en", "fr"})
    assert reasons_against(spoiled, NOW, languages) == {reason}
    assert [each.member_id for each in DEFAULT.choose([WILLING_NOW], NOW, languages, 1)] == [1]
    assert not DEFAULT.choose([spoiled], NOW, languages, 1, [0])


def test_whoever_gave_no_language_and_whoever_asks_in_none_suit_everybody() -> None:
    assert is_suitable(replace(WILLING_NOW, languages=frozenset()), frozenset({"sw"}))
    assert is_suitable(WILLING_NOW, frozenset())


@given(CROWDS, MOMENTS, LANGUAGES)
def test_the_best_come_first_and_ties_break_by_id(
    crowd: list[Candidate], now: datetime, languages: frozenset[str]
) -> None:
    order = [(-choice.score, choice.member_id) for choice in DEFAULT.choose(crowd, now, languages, len(crowd))]
    assert order == sorted(order)


@given(CROWDS)
def test_a_ranking_leaves_nobody_out_and_breaks_ties_by_id(crowd: list[Candidate]) -> None:
    order = [(-choice.score, choice.member_id) for choice in DEFAULT.ranked(crowd)]
    assert order == sorted(order)
    assert {member_id for _, member_id in order} == {each.member_id for each in crowd}


@given(WILLING, st.integers(1, 8))
def test_whoever_is_left_out_scores_no_better_than_whoever_is_chosen(crowd: list[Candidate], seats: int) -> None:
    everybody = ids(crowd, len(crowd))
    assert sorted(everybody) == sorted(each.member_id for each in crowd)
    assert ids(crowd, seats) == everybody[:seats]


@given(WILLING, st.integers(0, 8))
def test_a_shortlist_holds_the_best_and_looks_no_further_than_it_must(crowd: list[Candidate], seats: int) -> None:
    crowd.sort(key=_before_freshness, reverse=True)
    left = iter(crowd)
    short = DEFAULT.shortlist(left, seats)
    assert short == crowd[: len(short)]
    assert DEFAULT.choose(short, NOW, frozenset(), seats) == DEFAULT.choose(crowd, NOW, frozenset(), seats)
    looked_at = crowd[: len(crowd) - len(list(left))]
    assert len(looked_at) <= len(short) + 1
    if len(short) > seats > 0:
        *others, last = short
        # They began as good as the worst who would have been chosen without them.
        assert _before_freshness(last) >= DEFAULT.ranked(others)[seats - 1].score


def _before_freshness(candidate: Candidate) -> float:
    return candidate.expertise * candidate.availability


@given(CROWDS, MOMENTS, LANGUAGES, PLACES)
def test_a_score_is_the_product_of_its_components(
    crowd: list[Candidate], now: datetime, languages: frozenset[str], places: frozenset[int]
) -> None:
    by_id = {each.member_id: each for each in crowd}
    for choice in DEFAULT.choose(crowd, now, languages, len(crowd), places):
        chosen = by_id[choice.member_id]
        assert (choice.expertise, choice.availability) == (chosen.expertise, chosen.availability)
        assert choice.statement_id == chosen.statement_id
        assert 0 < choice.freshness <= 1
        assert choice.score == choice.expertise * choice.availability * choice.freshness > 0


@given(st.integers(0, 100), st.floats(0.01, 2))
def test_freshness_falls_with_every_invitation_of_the_week_and_never_to_nothing(week: int, freshness: float) -> None:
    numbers = Policy(freshness=freshness)
    before, after = (numbers.ranked([somebody(1, 1.0, week=each)])[0].freshness for each in (week, week + 1))
    assert 0 < after < before <= 1
    assert before == (1 + week) ** -freshness


@given(candidates(member_id=1), candidates(member_id=2), st.tuples(*[st.integers(0, 3)] * 5), MOMENTS, LANGUAGES)
def test_a_busier_member_never_outranks_an_equal_idle_one(
    idle: Candidate, other: Candidate, more: tuple[int, int, int, int, int], now: datetime, languages: frozenset[str]
) -> None:
    assume(sum(more[:3]))
    busy = replace(idle, member_id=-1, attention=_busier(idle.attention, more))  # the lower id would win a tie
    for places in (frozenset[int](), {0}, {1}, {2}, {0, 1, 2}):
        chosen = [choice.member_id for choice in DEFAULT.choose([busy, idle, other], now, languages, 3, places)]
        assert -1 not in chosen or chosen.index(1) < chosen.index(-1)
    ranked = [choice.member_id for choice in DEFAULT.ranked([busy, idle, other])]
    assert ranked.index(1) < ranked.index(-1) or not idle.expertise


def _busier(attention: Attention, more: tuple[int, int, int, int, int]) -> Attention:
    """Add requests of the last day, of the day before it, of the rest of the week, and so on."""
    return replace(
        attention,
        asked_last_day=attention.asked_last_day + more[0],
        asked_last_two_days=attention.asked_last_two_days + sum(more[:2]),
        asked_last_week=attention.asked_last_week + sum(more[:3]),
        asked_last_fortnight=attention.asked_last_fortnight + sum(more[:4]),
        asked_last_month=attention.asked_last_month + sum(more),
    )


@given(CROWDS, MOMENTS, LANGUAGES)
def test_the_first_chance_is_the_first_moment_somebody_of_them_may_be_asked(
    crowd: list[Candidate], now: datetime, languages: frozenset[str]
) -> None:
    chance = first_chance(crowd, now, languages)
    hopeful = [each for each in crowd if reasons_against(each, now, languages) <= {"asleep"}]
    assert (chance is None) is not bool(hopeful)
    if chance is None:
        return
    assert chance >= now
    assert any(not reasons_against(each, chance, languages) for each in hopeful)
    if chance > now:
        just_before = chance - timedelta.resolution
        assert not any(may_be_asked(each, moment, languages) for each in hopeful for moment in (now, just_before))


def test_the_first_chance_of_a_sleeping_crowd_is_the_earliest_morning() -> None:
    night = datetime(2026, 11, 2, 23, 0, tzinfo=NOW.tzinfo)
    late, early = (
        replace(WILLING_NOW, member_id=each, attention=Attention(Rate.MORE, zone))
        for each, zone in enumerate(("Europe/Paris", "Africa/Nairobi"), start=1)
    )
    assert first_chance([late, early], night, frozenset()) == datetime(2026, 11, 3, 5, 0, tzinfo=NOW.tzinfo)
    assert first_chance([late, replace(early, is_blocked=True)], night, frozenset()) == datetime(
        2026, 11, 3, 7, 0, tzinfo=NOW.tzinfo
    )
    assert first_chance([], night, frozenset()) is None


def test_somebody_awake_is_chosen_before_a_better_match_who_sleeps() -> None:
    asleep = Candidate(1, 1, 0.9, Attention(Rate.MORE, "Pacific/Auckland"))
    awake = Candidate(2, 2, 0.1, Attention(Rate.MORE, "Europe/Paris"))
    assert ids([asleep, awake], 2) == [2]
    assert ids([asleep, awake], 2, NOW + timedelta(hours=10)) == [1]


def test_whoever_usually_answers_is_chosen_before_somebody_as_able_who_does_not() -> None:
    assert ids([somebody(1, 2.0, availability=0.5), somebody(2, 2.0, availability=1.5)], 2) == [2, 1]


def test_hours_are_looked_at_only_where_an_answer_is_of_use_the_same_day() -> None:
    assert WITHIN.keys() == set(Urgency)
    assert {urgency for urgency, within in WITHIN.items() if within} == {Urgency.TODAY}


def test_numbers_change_together_with_the_version() -> None:
    numbers = (DEFAULT, WITHIN, policy.SELDOM, policy.RELEVANCE_FLOOR, BUDGET, HALVED_AFTER, PAUSED_AFTER)
    digest = hashlib.blake2b(repr(numbers).encode(), digest_size=8).hexdigest()
    assert (policy.VERSION, digest) == ("5", "e05563c2415a839e"), "a number changed: so does VERSION"
