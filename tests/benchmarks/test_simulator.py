"""The simulator has to do what the bot does, and to find out everyone who breaks a rule."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.simulator import at_once, matching
from benchmarks.simulator.arms import BUSY_RULES, MORSEL, MOST_ACTIVE_SPARED, Arm
from benchmarks.simulator.attentive import Helpers
from benchmarks.simulator.command_line import MISCONFIGURED, main
from benchmarks.simulator.laboratory import Laboratory
from benchmarks.simulator.matching import WORDS_ALONE
from benchmarks.simulator.outcomes import Outcome
from benchmarks.simulator.people import Crowd, PeopleModel
from benchmarks.simulator.record import Record
from benchmarks.simulator.referee import Referee
from bot.domain.attention import Rate
from bot.domain.policy import DEFAULT
from bot.routing.router import Router
from tests.benchmarks.villages import village

ROW, ANOTHER = 0, 1


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record.read(village(tmp_path_factory.mktemp("village")))


@pytest.fixture(scope="module")
def crowd(record: Record) -> Crowd:
    """Everyone is open at any hour, so that a test closes what it is about."""
    open_to_all = PeopleModel(
        helps=1, speaks_another=0, blocks=0, pauses_a_month=0, states_zone=1, states_hours=0, rates=(0, 0, 1, 0)
    )
    return Crowd(record, open_to_all, 0)


@pytest.fixture
async def laboratory(tmp_path: Path) -> Laboratory:
    folder = village(tmp_path / "village")
    record = Record.read(folder)
    router, sentence = matching.routers(folder, tmp_path / "nothing")
    assert sentence == WORDS_ALONE
    return Laboratory(record, await matching.expertise(record, folder, router, tmp_path / "kept"), questions=4)


@pytest.mark.parametrize("arm", [MORSEL, MOST_ACTIVE_SPARED], ids=["by match", "by activity"])
async def test_the_rules_on_paper_do_what_the_use_cases_do(laboratory: Laboratory, arm: Arm) -> None:
    model = replace(BUSY_RULES, willingness=0.4, never_reads=0.2, pauses_a_month=2.0, rates=(0.05, 0.1, 0.35, 0.5))
    real = await laboratory.through_services(arm, model, seed=2)
    paper = await laboratory.on_paper(arm, model, seed=2)
    assert list(real.facts) == list(paper.facts)
    assert {fact.kind for fact in real.facts} >= {"invited", "taken", "passed", "expired"}
    assert np.array_equal(real.tally.hours, paper.tally.hours)
    assert not real.referee.broken
    assert real.referee.invitations == real.tally.invitations.sum() > 0


async def test_people_are_the_same_however_they_are_asked(laboratory: Laboratory) -> None:
    broadcast, again = (laboratory.at_once(at_once.everyone, PeopleModel(), seed=3) for _ in range(2))
    assert np.array_equal(broadcast.hours, again.hours)
    few = laboratory.at_once(at_once.most_active(laboratory.record, 2), PeopleModel(), seed=3)
    assert (few.hours >= broadcast.hours).all()
    assert (few.invitations <= 2).all()
    assert (broadcast.invitations > 2).all()


async def test_most_active_first_asks_whoever_wrote_most(laboratory: Laboratory) -> None:
    record, is_more = laboratory.record, Arm("active", replace(DEFAULT, exploratory_percent=0), order="activity")
    ran = await laboratory.on_paper(replace(is_more, has_budget=False), PeopleModel(helps=1, blocks=0), seed=0)
    first = next(fact for fact in ran.facts if fact.kind == "invited")
    awake = Helpers(laboratory.crowd(PeopleModel(helps=1, blocks=0), 0), None).awake(first.at)
    could = record.could[first.row] & awake
    assert record.active[first.row, first.column] == record.active[first.row, could].max()


async def test_the_ranking_is_worked_out_once(tmp_path: Path) -> None:
    folder = village(tmp_path / "village", questions=9, people=12, scored=4)
    record = Record.read(folder)
    router, _ = matching.routers(folder, tmp_path / "nothing")
    first = await matching.expertise(record, folder, router, tmp_path / "kept")
    nobody_asks_it: Router = object.__new__(Router)
    object.__setattr__(nobody_asks_it, "english", None)
    object.__setattr__(nobody_asks_it, "multilingual", None)
    assert np.array_equal(await matching.expertise(record, folder, nobody_asks_it, tmp_path / "kept"), first)
    assert ((first > 0) <= record.could | (first > 0)).all()


def test_a_record_knows_of_a_question_only_what_came_before(record: Record) -> None:
    for row, question in enumerate(record.questions):
        known = {record.helpers[column] for column in np.flatnonzero(record.could[row]).tolist()}
        assert question.asker not in known
        assert all((record.acts[record.helpers.index(name)] < question.at).any() for name in known), (
            "somebody is known who had written nothing"
        )
    assert record.answered.any(axis=1).all()
    assert [question.at for question in record.questions] == sorted(question.at for question in record.questions)


def test_whoever_answers_the_like_is_nearer_than_others(record: Record) -> None:
    theirs = record.nearness[record.answered].mean()
    assert theirs > record.nearness[~record.answered & record.could].mean()


class TestReferee:
    def test_finds_whoever_was_asked_before(self, record: Record, crowd: Crowd) -> None:
        referee, column, at = _ready(record, crowd)
        referee.invited(ROW, column, at)
        assert not referee.broken
        referee.invited(ROW, column, at + 24 * 7)
        assert referee.broken == {"asked before for it": 1}

    def test_finds_a_second_invitation_on_one_day_and_a_fourth_in_one_week(self, record: Record, crowd: Crowd) -> None:
        referee, column, at = _ready(record, crowd)
        for row, later in enumerate((0.0, 24.0, 48.0)):
            referee.invited(row, column, at + later)
        assert not referee.broken
        referee.invited(3, column, at + 72)
        assert referee.broken == {"over budget": 1}
        referee, column, at = _ready(record, crowd)
        referee.invited(ROW, column, at)
        referee.invited(ANOTHER, column, at + 1)
        assert referee.broken == {"over budget": 1}

    def test_halves_a_budget_after_three_silences_until_a_word(self, record: Record, crowd: Crowd) -> None:
        for has_spoken, broken in ((False, {"over budget": 1}), (True, {})):
            referee, column, at = _ready(record, crowd)
            referee.invited(ROW, column, at)
            for _ in range(3):
                referee.kept_silent(column)
            if has_spoken:
                referee.spoke(column)
            referee.invited(ANOTHER, column, at + 24)
            assert referee.broken == broken

    def test_finds_whoever_is_paused_by_choice_or_after_five_silences(self, record: Record, crowd: Crowd) -> None:
        referee, column, at = _ready(record, crowd)
        referee.paused(column, at + 1)
        referee.invited(ROW, column, at)
        assert referee.broken == {"paused": 1}
        referee, column, at = _ready(record, crowd)
        for _ in range(5):
            referee.kept_silent(column)
        referee.invited(ROW, column, at)
        referee.came_back(column)
        referee.invited(ANOTHER, column, at + 24 * 14)
        assert referee.broken == {"paused": 1}

    def test_finds_whoever_sleeps(self, record: Record, crowd: Crowd) -> None:
        referee, column, at = _ready(record, crowd)
        referee.invited(ROW, column, at - 13)
        assert referee.broken == {"asleep": 1}

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"is_helper": False}, "never opted in"),
            ({"languages": ("fr",)}, "another language"),
            ({"rate": "never"}, "over budget"),
        ],
    )
    def test_finds_whoever_chose_otherwise(
        self, record: Record, crowd: Crowd, change: dict[str, object], rule: str
    ) -> None:
        referee, column, at = _ready(record, crowd)
        kept = crowd.profiles[column]
        crowd.profiles[column] = replace(kept, **change)  # type: ignore[arg-type]
        referee.invited(ROW, column, at)
        crowd.profiles[column] = kept
        assert referee.broken == {rule: 1}

    def test_finds_the_asker_and_whoever_is_kept_away(self, record: Record) -> None:
        crowd = Crowd(record, PeopleModel(blocks=1, helps=1, speaks_another=0, rates=(0, 0, 0, 1)), 0)
        row, column = next(
            (row, record.helpers.index(question.asker))
            for row, question in enumerate(record.questions)
            if question.asker in record.helpers
        )
        referee = Referee(record, crowd)
        referee.invited(row, column, _awake_at(crowd, column))
        referee.invited(row, (column + 1) % len(record.helpers), _awake_at(crowd, column))
        assert referee.broken["the asker"] == 1
        assert referee.broken["blocked"] == 1


def test_whom_paper_leaves_out_at_a_glance_has_no_attention_left(record: Record, crowd: Crowd) -> None:
    helpers = Helpers(crowd, "one_a_day")
    now = record.moment(12.5)
    for step in range(60):
        column, now = step % 3, now + timedelta(hours=5)
        has_room, awake = helpers.with_budget(now), helpers.awake(now)
        for each in range(len(record.helpers)):
            assert helpers.attention(each, now).allows(now) == bool(has_room[each] and awake[each])
        if has_room[column]:
            helpers.ask(column, now)
        if step % 2:
            helpers.kept_silent(column, now)
        if step % 17 == 0:
            helpers.spoke(column)
    assert helpers.attention(0, now).rate is Rate.ONE_A_DAY


def test_an_answer_after_a_week_is_none() -> None:
    assert Outcome(0, 10.0, [1], [(1, 12.0), (2, 11.0)]).hours_to_answer == 1.0
    assert Outcome(0, 10.0, [1], [(1, 10.0 + 169)]).hours_to_answer == np.inf
    assert Outcome(0, 10.0).hours_to_answer == np.inf


def test_says_in_a_sentence_that_there_is_nothing_to_simulate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == MISCONFIGURED
    said = capsys.readouterr().out
    assert said == f"There is no events.jsonl in {tmp_path}: name a folder of the task routing with --data DIR.\n"


def _ready(record: Record, crowd: Crowd) -> tuple[Referee, int, float]:
    """Return a referee, someone who may be asked, and a moment when they are awake."""
    column = next(
        column
        for column, name in enumerate(record.helpers)
        if name not in {question.asker for question in record.questions[:4]}
    )
    return Referee(record, crowd), column, _awake_at(crowd, column)


def _awake_at(crowd: Crowd, column: int) -> float:
    """Return noon on someone's own clock."""
    return 24.0 * 30 + (12 - crowd.offsets[column]) % 24
