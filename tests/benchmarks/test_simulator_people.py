"""People wake and sleep, and are the same for the same seed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulator.people import Crowd, PeopleModel, after_waking, zone_name
from benchmarks.simulator.record import Record
from tests.benchmarks.villages import village

STEP = 0.25
"""Hours; every length below is a multiple of it, so that walking in such steps is exact."""
STEPS = st.integers(0, 400).map(lambda steps: steps * STEP)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record.read(village(tmp_path_factory.mktemp("village")))


@given(at=STEPS, length=STEPS, wakes=st.integers(0, 95).map(lambda steps: steps * STEP))
def test_waking_time_stands_still_by_night(at: float, length: float, wakes: float) -> None:
    awake, moment, left = 16.0, at, length
    while left > 0 or (moment - wakes) % 24 >= awake:
        left -= STEP if (moment - wakes) % 24 < awake else 0
        moment += STEP
    assert after_waking(at, length, wakes, awake) == pytest.approx(moment)


def test_what_never_comes_has_no_moment() -> None:
    assert after_waking(3.0, np.inf, 7.0, 16.0) == np.inf


def test_the_same_seed_gives_the_same_people_and_another_gives_others(record: Record) -> None:
    first, again, other = (Crowd(record, PeopleModel(), seed) for seed in (0, 0, 1))
    assert first.profiles == again.profiles != other.profiles
    assert first.urgencies == again.urgencies
    assert first.reading_of_return(0, 1) == again.reading_of_return(0, 1)
    assert np.array_equal(first.reactions(2).reading, again.reactions(2).reading)
    assert not np.array_equal(first.reactions(2).reading, other.reactions(2).reading)


def test_changing_one_assumption_leaves_the_draws_of_all_others(record: Record) -> None:
    stated, eager = (Crowd(record, PeopleModel(willingness=share), 0) for share in (0.4, 0.9))
    assert np.array_equal(stated.reactions(1).knows, eager.reactions(1).knows)
    assert np.array_equal(stated.reactions(1).reading, eager.reactions(1).reading)
    assert (stated.reactions(1).would_answer() <= eager.reactions(1).would_answer()).all()


def test_a_person_who_really_answered_could(record: Record) -> None:
    crowd = Crowd(record, PeopleModel(), 0)
    assert all(crowd.reactions(row).knows[record.answered[row]].all() for row in range(len(record.questions)))


def test_as_many_are_willing_as_the_model_says(record: Record) -> None:
    crowd = Crowd(record, PeopleModel(willingness=0.3, away=1.0), 0)
    assert crowd.reactions(0).willingness.mean() == pytest.approx(0.3, abs=0.001)


@pytest.mark.parametrize("ahead", [-8, 0, 5])
def test_zones_are_as_far_ahead_as_they_say(ahead: int) -> None:
    assert datetime(2020, 1, 1, tzinfo=ZoneInfo(zone_name(ahead))).utcoffset() == timedelta(hours=ahead)


def test_a_record_begins_at_midnight(tmp_path: Path) -> None:
    record = Record.read(village(tmp_path, questions=9, people=12, scored=4))
    assert record.midnight == datetime(2020, 1, 1, tzinfo=UTC)
    assert record.hours(record.moment(36.5)) == 36.5
