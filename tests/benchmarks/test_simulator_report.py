"""What is told of many outcomes, and how sure that is."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.simulator import matching, report
from benchmarks.simulator.arms import MODELS, MORSEL, SETTINGS
from benchmarks.simulator.laboratory import Laboratory
from benchmarks.simulator.measuring import BROADCAST, Checked, Same, check_hard_rules, compare, measure
from benchmarks.simulator.outcomes import Outcome, Tally
from benchmarks.simulator.people import PeopleModel
from benchmarks.simulator.record import Record
from benchmarks.simulator.resampling import Estimate, Resamples, gini, most_asked
from tests.benchmarks.villages import village


@pytest.fixture
async def laboratory(tmp_path: Path) -> Laboratory:
    folder = village(tmp_path / "village")
    record = Record.read(folder)
    router, _ = matching.routers(folder, tmp_path / "nothing")
    return Laboratory(record, await matching.expertise(record, folder, router, tmp_path / "kept"), questions=2)


def test_load_is_even_or_carried_by_few() -> None:
    loads = np.asarray([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 4.0], [0.0, 0.0, 0.0, 0.0], [5.0, 1.0, 2.0, 2.0]])
    assert gini(loads) == pytest.approx([0, 0.75, 0, 0.3])
    assert most_asked(loads) == pytest.approx([0.75, 1.0, 0.0, 0.9])


def test_everything_is_told_of_the_same_questions() -> None:
    outcomes = [Outcome(row, 0.0, [0, 1], [(0, 2.0 * row)] if row < 6 else []) for row in range(10)]
    summary = Resamples(10, np.ones(3, dtype=np.bool_)).summary([Tally.of(outcomes, 3)])
    assert summary.within_a_day.middle == summary.ever.middle == pytest.approx(0.6)
    low, high = summary.within_a_day.interval
    assert 0.2 < low < 0.6 < high < 1.0
    assert summary.per_question.middle == 2.0
    assert summary.per_question.interval == (2.0, 2.0)
    assert summary.per_answer.middle == pytest.approx(20 / 6)
    assert summary.median.middle == 8.0
    assert summary.p80.middle == np.inf
    assert summary.most_asked.middle == 1.0
    assert summary.gini_helped.middle == pytest.approx(2 / 3)


def test_a_difference_is_as_sure_as_its_pairs() -> None:
    values = np.asarray([5.0, 1.0, 9.0, np.inf])
    assert Estimate(values).minus(Estimate(values)).interval == (0.0, 0.0)
    ratio = Estimate(values[:3] * 2).over(Estimate(values[:3]))
    assert (ratio.middle, ratio.low, ratio.high) == (2.0, 2.0, 2.0)


async def test_prints_every_way_setting_and_model_beside_its_baseline(laboratory: Laboratory) -> None:
    measured = await measure(laboratory, seeds=1)
    said = report.report(laboratory.record, len(laboratory.rows), measured, 1)
    for name in (*(arm.name for arm in SETTINGS), *MODELS, BROADCAST, "one at a time", "the default itself"):
        assert name in said
    figures = report.bars(measured)
    assert [figure.bar for figure in figures] == ["≥ 0.95 ×", "none", "≤ 0.25 ×", "≤ 0.5 ×", "none", "0"]
    assert figures[-1].is_met
    assert measured.checked.questions == 2 * (4 + len(SETTINGS))
    assert set(report.record(measured)) == {"ways", "settings", "models", "bars"}


async def test_says_whether_the_use_cases_do_the_same(laboratory: Laboratory) -> None:
    same = await compare(laboratory, [MORSEL])
    assert "led to the same" in report.same(same)
    other = Same(1, 1, "Morsel, fact 0: this instead of that", Checked())
    assert "THE USE CASES DID SOMETHING ELSE: Morsel, fact 0: this instead of that." in report.same(other)


async def test_goes_on_until_enough_questions_met_the_rules(laboratory: Laboratory) -> None:
    told: list[int] = []
    checked = await check_hard_rules(laboratory, PeopleModel(), 3, lambda so_far: told.append(so_far.questions))
    assert told == [2, 4]
    assert report.rules("by the use cases", checked).is_met
    checked.broken["asleep"] += 2
    assert report.rules("by the use cases", checked).measured == "2 asleep"
    assert report.changed(PeopleModel(blocks=0.5)) == "blocks 0.5"
