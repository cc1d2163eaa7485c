"""One budget over every kind of request: what was promised is kept, over any stretch of days."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attention import BUDGET, HALVED_AFTER, PAUSED_AFTER, Attention, Rate
from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from tests.domain.crowds import DAY, MOMENTS, PROMISED, attentions, has_room, is_left_in_peace, is_up
from tests.factories import NOW

WINDOWS = {
    "asked_last_day": 1 * DAY,
    "asked_last_two_days": 2 * DAY,
    "asked_last_week": 7 * DAY,
    "asked_last_fortnight": 14 * DAY,
    "asked_last_month": 30 * DAY,
}
RATES = st.sampled_from(Rate)
DEMAND = st.lists(st.integers(1, 3 * 24 * 60), max_size=60) | st.lists(st.integers(1, 300), min_size=30, max_size=120)
"""Minutes between the moments at which someone would like to ask: now and then, or often."""

Moments = Sequence[datetime]


def moments_of(demand: Iterable[int], stretch: int = 1) -> list[datetime]:
    moments = [NOW]
    for minutes in demand:
        moments.append(moments[-1] + stretch * timedelta(minutes=minutes))
    return moments


def counted(attention: Attention, asked: Moments, now: datetime) -> Attention:
    """Count the requests of every window, as a reader of the table does."""
    counts = {name: len(asked) - bisect_right(asked, now - window) for name, window in WINDOWS.items()}
    return replace(attention, **counts)  # type: ignore[arg-type]


def asked_whenever_there_is_room(rate: Rate, moments: Moments, silences: int | Sequence[int] = 0) -> list[datetime]:
    """Ask someone whenever their budget allows it, and return when they were asked."""
    asked: list[datetime] = []
    for place, now in enumerate(moments):
        run = silences if isinstance(silences, int) else silences[place % len(silences)]
        if counted(Attention(rate, silences=run), asked, now).has_budget():
            asked.append(now)
    return asked


def most_within(asked: Moments, window: timedelta) -> int:
    """Return the most requests in any stretch of so long, whenever it begins."""
    return max((bisect_right(asked, each) - bisect_right(asked, each - window) for each in asked), default=0)


@pytest.mark.parametrize("rate", Rate)
@pytest.mark.parametrize("silences", range(7))
def test_a_budget_is_what_the_profile_promises_and_half_of_it_after_three_silences(rate: Rate, silences: int) -> None:
    per_day, per_week = PROMISED[rate.value]
    promised = {(short, long) for short in range(per_day) for long in range(per_week)}

    def within(short: str, long: str) -> set[tuple[int, int]]:
        none = Attention(rate, silences=silences)
        grid = [(one, other) for one in range(12) for other in range(12)]
        counts = (replace(none, **{short: one, long: other}) for one, other in grid)  # type: ignore[arg-type]
        return {counts_of for counts_of, each in zip(grid, counts, strict=True) if each.has_budget()}

    if silences < 3:
        assert within("asked_last_day", "asked_last_week") == promised
    else:
        assert within("asked_last_two_days", "asked_last_fortnight") == promised


def test_the_numbers_are_those_of_the_product() -> None:
    assert {rate.value: numbers for rate, numbers in BUDGET.items()} == PROMISED
    assert (HALVED_AFTER, PAUSED_AFTER) == (3, 5)


@given(RATES, DEMAND, st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_no_day_and_no_week_brings_more_than_was_promised_whatever_happened_before(
    rate: Rate, demand: list[int], silences: list[int]
) -> None:
    per_day, per_week = PROMISED[rate.value]
    asked = asked_whenever_there_is_room(rate, moments_of(demand), silences)
    assert most_within(asked, DAY) <= per_day
    assert most_within(asked, 7 * DAY) <= per_week


@given(RATES, DEMAND, st.integers(0, 60))
def test_three_silences_halve_in_any_stretch_that_ends_after_them(rate: Rate, demand: list[int], heard: int) -> None:
    per_day, per_week = PROMISED[rate.value]
    moments = moments_of(demand)
    silences = [0] * heard + [3] * len(moments)
    asked = asked_whenever_there_is_room(rate, moments, silences)
    for now in set(asked) & set(moments[heard:]):
        until_now = counted(Attention(rate), asked[: bisect_right(asked, now)], now)
        assert until_now.asked_last_two_days <= per_day
        assert until_now.asked_last_fortnight <= per_week


@given(RATES, DEMAND, st.integers(3, 5))
def test_at_no_moment_was_a_halved_member_asked_more_than_an_unhalved_one(
    rate: Rate, demand: list[int], silences: int
) -> None:
    moments = moments_of(demand)
    whole = asked_whenever_there_is_room(rate, moments)
    half = asked_whenever_there_is_room(rate, moments, silences)
    assert all(bisect_right(half, now) <= bisect_right(whole, now) for now in moments)
    assert bool(half) is bool(whole)


@given(RATES, DEMAND, st.integers(3, 5))
def test_what_an_unhalved_member_is_asked_in_some_days_a_halved_one_is_asked_in_twice_as_many(
    rate: Rate, demand: list[int], silences: int
) -> None:
    whole = asked_whenever_there_is_room(rate, moments_of(demand))
    half = asked_whenever_there_is_room(rate, moments_of(demand, stretch=2), silences)
    assert [each - NOW for each in half] == [2 * (each - NOW) for each in whole]


@pytest.mark.parametrize("rate", Rate)
@pytest.mark.parametrize("hours", [1, 2, 3, 4, 6])
def test_where_there_is_always_something_to_ask_a_halved_member_is_asked_half_as_often(rate: Rate, hours: int) -> None:
    fortnights = 4
    moments = moments_of([hours * 60] * (fortnights * 14 * 24 // hours - 1))
    _, per_week = PROMISED[rate.value]
    assert len(asked_whenever_there_is_room(rate, moments)) == fortnights * 2 * per_week
    assert len(asked_whenever_there_is_room(rate, moments, silences=3)) == fortnights * per_week


@given(attentions())
def test_what_is_spent_is_counted_everywhere_and_changes_nothing_else(attention: Attention) -> None:
    before, after = asdict(attention), asdict(attention.spent())
    assert {name for name in before if after[name] != before[name]} == WINDOWS.keys()
    assert all(after[name] == before[name] + 1 for name in WINDOWS)


@given(attentions())
def test_spending_never_brings_a_budget_back_and_uses_it_up(attention: Attention) -> None:
    had_budget = True
    for _ in range(1 + max(map(max, PROMISED.values()))):
        assert had_budget or not attention.has_budget()
        had_budget = attention.has_budget()
        attention = attention.spent()
    assert not attention.has_budget()


@given(attentions(), st.sampled_from(sorted(WINDOWS)), st.integers(1, 5))
def test_more_requests_never_bring_a_budget_back(attention: Attention, window: str, more: int) -> None:
    busier = replace(attention, **{window: getattr(attention, window) + more})
    assert attention.has_budget() or not busier.has_budget()


@given(attentions(), st.integers(1, 3))
def test_more_silences_never_bring_a_budget_back(attention: Attention, more: int) -> None:
    assert attention.has_budget() or not replace(attention, silences=attention.silences + more).has_budget()


@given(attentions(), MOMENTS)
def test_a_request_is_allowed_where_there_is_room_and_no_pause_and_they_are_awake(
    attention: Attention, now: datetime
) -> None:
    assert attention.has_budget() is has_room(attention)
    assert attention.is_paused(now) is is_left_in_peace(attention, now)
    may_ask = has_room(attention) and not is_left_in_peace(attention, now) and is_up(attention, now)
    assert attention.allows(now) is may_ask


@given(attentions(), MOMENTS)
def test_the_next_chance_is_the_first_allowed_moment_that_waiting_alone_brings(
    attention: Attention, now: datetime
) -> None:
    chance = attention.next_chance(now)
    assert (chance is not None) is (attention.has_budget() and not attention.is_paused(now))
    if chance is not None:
        assert chance >= now
        assert attention.allows(chance)
        assert chance == now or not attention.allows(chance - timedelta.resolution)


@given(MOMENTS, st.timedeltas(timedelta(0), 400 * DAY))
def test_a_pause_without_an_end_goes_on(paused_at: datetime, later: timedelta) -> None:
    attention = Attention(Rate.MORE, paused_at=paused_at)
    assert attention.is_paused(paused_at + later)
    assert not attention.allows(paused_at + later)
    assert attention.next_chance(paused_at + later) is None


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), 400 * DAY), st.timedeltas(timedelta(0), 400 * DAY))
def test_a_pause_with_an_end_is_over_then_and_not_before(
    paused_at: datetime, length: timedelta, later: timedelta
) -> None:
    until = paused_at + length
    attention = Attention(Rate.MORE, None, time(), time(), paused_at, until)
    assert attention.is_paused(until - timedelta.resolution)
    assert not attention.allows(until - timedelta.resolution)
    assert attention.allows(until + later)
    assert attention.next_chance(until + later) == until + later


def test_nobody_is_paused_who_did_not_pause() -> None:
    assert not Attention(Rate.MORE).is_paused(NOW)
    assert not Attention(Rate.MORE, paused_until=NOW + DAY).is_paused(NOW)


@pytest.mark.parametrize(
    ("urgency", "over"),
    [(Urgency.TODAY, "2026-11-03T05:15+00:00"), (Urgency.THIS_WEEK, "2026-11-03T08:45+00:00")],
)
def test_a_place_kept_in_the_evening_is_kept_over_the_night(urgency: Urgency, over: str) -> None:
    attention = Attention(Rate.ONE_A_DAY, "Africa/Nairobi")
    evening = datetime.fromisoformat("2026-11-02T21:45+03:00")
    assert attention.after_waking(evening, DEFAULT.wait(urgency, 1)) == datetime.fromisoformat(over)


@given(attentions(), MOMENTS, st.integers(0, 23), st.integers(1, 24), st.integers(1, 48))
def test_a_wait_is_over_when_its_quarters_of_an_hour_were_counted_awake(
    attention: Attention, moment: datetime, begins: int, hours: int, quarters: int
) -> None:
    quarter = timedelta(minutes=15)
    attention = replace(attention, begins=time(begins), ends=time((begins + hours) % 24))
    now = left = moment.replace(minute=0, second=0, microsecond=0)
    counted_awake = 0
    while counted_awake < quarters:
        counted_awake += is_up(attention, left)
        left += quarter
    assert attention.after_waking(now, quarters * quarter) == left
