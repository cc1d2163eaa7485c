"""Survival curves against published ones, and what one more unanswered question may never do."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.disclosure import FEW, Crowd, Length, Share
from bot.statistics.survival import Curve, curve, wilson

REMISSIONS = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
"""Weeks in remission on 6-mercaptopurine. Source: Freireich et al. 1963, https://doi.org/10.1182/blood.V21.6.699.699"""
PUBLISHED = {
    6: (0.8571, 0.6197, 0.9516), 7: (0.8067, 0.5631, 0.9228), 10: (0.7529, 0.5032, 0.8894),
    13: (0.6902, 0.4316, 0.8491), 16: (0.6275, 0.3675, 0.8049), 22: (0.5378, 0.2678, 0.7468),
    23: (0.4482, 0.1881, 0.6801),
}  # fmt: skip
"""Source: the listing of these by Stata, https://www.stata.com/manuals/ststs.pdf; R prints the same."""
DAY = 86400.0
lengths = st.floats(min_value=60, max_value=20 * DAY, allow_nan=False)
stories = st.lists(st.tuples(lengths, st.booleans()), min_size=1, max_size=60)


def followed(stories: list[tuple[float, bool]]) -> Curve:
    """Return the curve of waits of so many seconds, each ended or going on."""
    waits = np.array([seconds if has_ended else np.nan for seconds, has_ended in stories])
    longest = np.array([seconds for seconds, _ in stories])
    return curve(Crowd.of(range(len(stories))), waits, longest)


def by_hand(stories: list[tuple[float, bool]], moment: float) -> tuple[float, float, float]:
    """Return the part that waits longer than that, and the ends of its interval, step by step."""
    waiting, variance = 1.0, 0.0
    for each in sorted({seconds for seconds, has_ended in stories if has_ended and seconds <= moment}):
        at_risk = sum(seconds >= each for seconds, _ in stories)
        ended = sum(seconds == each and has_ended for seconds, has_ended in stories)
        waiting *= 1 - ended / at_risk
        variance += ended / (at_risk * (at_risk - ended)) if at_risk > ended else math.inf
    if waiting in {0.0, 1.0}:
        return waiting, waiting, waiting
    spread = 1.959963984540054 * math.sqrt(variance) / math.log(waiting)
    return waiting, waiting ** math.exp(-spread), waiting ** math.exp(spread)


def test_the_published_curve() -> None:
    found = followed([(float(each.rstrip("+")), not each.endswith("+")) for each in REMISSIONS.split()])

    assert {int(each) for each in found.times if found.waiting_after(each) is not None} >= set(PUBLISHED)
    for week, expected in PUBLISHED.items():
        place = list(found.times).index(week)
        assert (found.waiting[place], found.low[place], found.high[place]) == pytest.approx(expected, abs=5e-5)
    assert found.quantile(0.5) == Length(23, 13, None)


@given(stories)
def test_every_step_is_as_by_hand(stories: list[tuple[float, bool]]) -> None:
    found = followed(stories)

    for place, moment in enumerate(found.times):
        expected = by_hand(stories, moment)
        assert (found.waiting[place], found.low[place], found.high[place]) == pytest.approx(expected, abs=1e-9)


@given(st.lists(lengths, min_size=1, max_size=60))
def test_without_anyone_waiting_it_is_the_share_of_each(waits: list[float]) -> None:
    found = followed([(each, True) for each in waits])

    for each, waiting in zip(found.times, found.waiting, strict=True):
        assert waiting == pytest.approx(sum(wait > each for wait in waits) / len(waits))


@given(stories, lengths, st.floats(min_value=0.1, max_value=0.9), st.floats(min_value=60, max_value=20 * DAY))
def test_one_more_unanswered_question_improves_nothing(
    stories: list[tuple[float, bool]], longer: float, part: float, moment: float
) -> None:
    some = stories + [(7 * DAY, False)] * 10
    before, after = followed(some), followed([*some, (longer, False)])

    sooner, later = (each.quantile(part) for each in (before, after))
    assert isinstance(sooner, Length)
    assert isinstance(later, Length)
    assert (sooner.seconds or math.inf) <= (later.seconds or math.inf)
    was, is_now = (each.ended_within(moment) for each in (before, after))
    if isinstance(was, Share) and isinstance(is_now, Share):
        assert is_now.part <= was.part + 1e-12


def test_the_curve_never_rises_and_its_ends_hold_it() -> None:
    found = followed([(float(day) * DAY, day % 3 > 0) for day in range(1, 30)])

    assert all(later <= sooner for sooner, later in pairwise(found.waiting))
    assert np.all(found.low <= found.waiting)
    assert np.all(found.waiting <= found.high)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_of_too_few_people_nothing_is_said(count: int) -> None:
    found = followed([(DAY, True)] * count)

    assert (found.quantile(0.5), found.ended_within(DAY)) == (FEW, FEW)


def test_where_all_wait_no_length_is_reached() -> None:
    found = followed([(9 * DAY, False)] * 12)

    assert found.quantile(0.5) == Length(None, None, None)
    assert found.ended_within(DAY) == Share(0, 12, 0, 0)


def test_where_all_ended_at_once_there_is_no_doubt_to_show() -> None:
    found = followed([(DAY, True)] * 12)

    assert found.quantile(0.5) == Length(DAY, DAY, DAY)


def test_past_the_last_five_the_curve_says_nothing() -> None:
    found = followed([(float(day) * DAY, True) for day in range(1, 21)])

    assert found.ended_within(16 * DAY) != FEW
    assert found.ended_within(17 * DAY) == FEW


@pytest.mark.parametrize(
    ("some", "everyone", "ends"),
    [
        (81, 263, (0.255289, 0.366190)),
        (15, 148, (0.062386, 0.160527)),
        (0, 20, (0.0, 0.161125)),
        (1, 29, (0.006113, 0.171755)),
    ],
)
def test_published_intervals_of_shares(some: int, everyone: int, ends: tuple[float, float]) -> None:
    """Source: Newcombe 1998, table I, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E"""
    assert wilson(some, everyone) == pytest.approx(ends, abs=5e-5)
