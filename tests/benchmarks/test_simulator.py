"""The simulator asks recorded questions of the bot's own use cases, and says how sure a difference is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.simulator.command_line import MISCONFIGURED, main
from benchmarks.simulator.comparison import Estimate, Ground, most_asked, tabled
from benchmarks.simulator.outcomes import Outcome, Tally
from benchmarks.simulator.people import PeopleModel
from benchmarks.simulator.ranking import Ranking, topics
from benchmarks.simulator.record import Record
from bot.domain.policy import DEFAULT
from tests.benchmarks.villages import village

WILLING = PeopleModel(
    knowing_middle=20, willingness=1, temper=0, activity_slope=0, away=1, never_reads=0, drops=0, rates=(0, 0, 0, 1)
)
QUESTIONS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return village(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def record(folder: Path) -> Record:
    return Record.read(folder)


@pytest.fixture
async def ground(folder: Path, record: Record) -> Ground:
    return Ground(record, await topics(record, folder, len(record.questions), has_encoders=False), QUESTIONS)


def test_a_record_knows_of_a_question_only_what_came_before(record: Record) -> None:
    for row, question in enumerate(record.questions):
        known = {record.helpers[column] for column in np.flatnonzero(record.could[row]).tolist()}
        assert question.asker not in known
        assert all((record.acts[record.helpers.index(name)] < question.at).any() for name in known), (
            "a helper is known who had written nothing"
        )
    assert record.answered.any(axis=1).all()
    assert [question.at for question in record.questions] == sorted(question.at for question in record.questions)


def test_a_person_who_answers_the_like_is_nearer_than_others(record: Record) -> None:
    theirs = record.nearness[record.answered].mean()
    assert theirs > record.nearness[~record.answered & record.could].mean()


async def test_a_helper_who_just_answered_rises_by_habit_and_not_by_topic(ground: Ground) -> None:
    ranking, now = Ranking(ground.record, ground.topics), ground.record.moment(ground.record.questions[0].at)
    before = ranking.ranked(0, now, timedelta(hours=8))
    scores = [knows * habit for _, knows, habit in before]
    assert scores == sorted(scores, reverse=True)
    assert {column for column, _, _ in before} <= set(np.flatnonzero(ground.record.could[0]).tolist())
    last = before[-1][0]
    for _ in range(20):
        ranking.note(last, now - timedelta(minutes=1))
    after = {column: (knows, habit) for column, knows, habit in ranking.ranked(0, now, timedelta(hours=8))}
    assert after[last][0] == before[-1][1]
    assert after[last][1] > before[-1][2]


async def test_willing_people_answer_every_question(ground: Ground) -> None:
    tally = await replace(ground, model=WILLING).run(DEFAULT, seed=0)
    assert np.isfinite(tally.hours).all()
    assert (tally.hours > 0).all()
    assert tally.invited.any(axis=1).all()
    assert not (tally.invited & ~ground.record.could[:QUESTIONS]).any()


@pytest.mark.parametrize(
    "changes", [{"never_reads": 1}, {"knowing_middle": -20, "passes": 1}], ids=["silent", "passing"]
)
async def test_where_no_one_answers_the_bot_asks_as_many_as_the_policy_says(
    ground: Ground, changes: dict[str, float]
) -> None:
    record = replace(ground.record, answered=np.zeros_like(ground.record.answered))
    model = replace(WILLING, **changes)  # type: ignore[arg-type]
    for most in (1, 3):
        policy = replace(DEFAULT, most_invitations=most)
        tally = await replace(ground, record=record, model=model, questions=1).run(policy, seed=0)
        assert np.isinf(tally.hours).all()
        assert tally.invited.sum(axis=1).tolist() == [most]


async def test_the_same_seed_gives_the_same_run_and_another_gives_another(ground: Ground) -> None:
    few = replace(ground, questions=1)
    first, again, other = [await few.run(DEFAULT, seed) for seed in (0, 0, 1)]
    assert np.array_equal(first.invited, again.invited)
    assert np.array_equal(first.hours, again.hours)
    assert not np.array_equal(first.hours, other.hours)


def test_an_answer_after_a_week_is_none() -> None:
    assert Outcome(10.0, [1], [12.0, 11.0]).hours_to_answer == 1.0
    assert Outcome(10.0, [1], [10.0 + 169]).hours_to_answer == np.inf
    assert Outcome(10.0).hours_to_answer == np.inf


def test_load_is_even_or_carried_by_few() -> None:
    loads = np.asarray([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 4.0], [0.0, 0.0, 0.0, 0.0], [5.0, 1.0, 2.0, 2.0]])
    assert most_asked(loads) == pytest.approx([0.75, 1.0, 0.0, 0.9])


def test_a_table_tells_each_setting_minus_the_default() -> None:
    default = _tally(lambda row: 2.0 if row < 60 else np.inf, invitations=2)
    other = _tally(lambda row: 30.0 if row < 80 else np.inf, invitations=3)
    _, _, base, same, less = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in tabled([default] * 2, {"the same": [default] * 2, "other": [other] * 2}).splitlines()
    )
    assert base[0] == "the default"
    assert [cell.partition(" ")[0] for cell in base[1:]] == ["60.00", "60.00", "2.00", "100.00"]
    assert same[1:] == ["+0.00 (+0.00 to +0.00)"] * 4
    assert [cell.partition(" ")[0] for cell in less[1:]] == ["-60.00", "+20.00", "+1.00", "+0.00"]
    assert less[3] == "+1.00 (+1.00 to +1.00)"


def test_an_interval_holds_most_of_the_resamples() -> None:
    assert Estimate(np.asarray([50.0, *range(101)])).told(".1f") == "50.0 (2.5 to 97.5)"


def test_compares_a_setting_on_a_tiny_record(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["--only", "at most 10 invitations", "--words-alone"]
    few = ["--questions", "1", "--seeds", "1", "--processes", "1"]
    assert main(["--data", str(folder), *wanted, *few]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{folder.name}: 1 questions, 32 people who ever answered, 1 draws of people.")
    assert [line.split("|")[1].strip() for line in said.splitlines()[-2:]] == [
        "the default",
        "at most 10 invitations, minus it",
    ]


def test_says_in_a_sentence_that_there_is_nothing_to_simulate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == MISCONFIGURED
    said = capsys.readouterr().out
    assert said == f"There is no events.jsonl in {tmp_path}: name a folder of the task routing with --data FOLDER.\n"


def _tally(hours: Callable[[int], float], invitations: int) -> Tally:
    outcomes = [Outcome(0.0, list(range(invitations)), [hours(row)]) for row in range(100)]
    return Tally.of(outcomes, 5)
