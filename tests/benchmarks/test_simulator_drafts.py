"""Some of a record's questions are asked as drafts: who reads them, when, and how that is told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.simulator import drafts
from benchmarks.simulator.calling import call
from benchmarks.simulator.command_line import main
from benchmarks.simulator.comparison import Ground
from benchmarks.simulator.people import Crowd, PeopleModel
from benchmarks.simulator.ranking import topics
from benchmarks.simulator.readers import Readers, ReadingModel
from benchmarks.simulator.record import Record
from bot.domain import draft_reading
from bot.domain.policy import DEFAULT, Policy
from bot.services.requests.kinds import kind_of, numbers_of, with_kinds
from models import Draft
from tests.benchmarks.villages import village
from tests.factories import NOW

WILLING = PeopleModel(
    knowing_middle=20, willingness=1, temper=0, activity_slope=0, away=1, never_reads=0, drops=0, rates=(0, 0, 0, 1)
)
PROMPT = ReadingModel(reads=1, longest=(0, 0, 1), days=(3, 3), done=((-24.0, 1.0),))
"""All read drafts of any length, and are done a day before the date they aim for."""
QUESTIONS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return village(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def record(folder: Path) -> Record:
    return Record.read(folder)


@pytest.fixture
async def shelf(folder: Path, record: Record) -> drafts.Shelf:
    found = await topics(record, folder, QUESTIONS, has_encoders=False)
    return drafts.Shelf(Ground(record, found, QUESTIONS, WILLING), PROMPT, every=2)


def readers_of(record: Record, model: ReadingModel, people: PeopleModel = WILLING, seed: int = 0) -> Readers:
    return Readers(Crowd(record, people, seed), model, seed)


def test_as_many_read_drafts_as_the_model_says_and_no_longer_ones(record: Record) -> None:
    readers = readers_of(record, ReadingModel(reads=0.5))
    assert 0.25 < np.mean([each is not None for each in readers.longest]) < 0.75
    for row in range(5):
        minutes = draft_reading.minutes(readers.facts(row).words)
        expected = [each is not None and each >= minutes for each in readers.longest]
        assert readers.fitting(row).tolist() == expected


def test_the_same_seed_gives_the_same_drafts_and_another_gives_others(record: Record) -> None:
    first, again, other = (readers_of(record, ReadingModel(), seed=seed) for seed in (0, 0, 1))
    assert first.longest == again.longest != other.longest
    assert first.facts(1) == again.facts(1) != other.facts(1)
    assert first.done_at(1, 2, 10.0, 12.0) == again.done_at(1, 2, 10.0, 12.0)


def test_no_one_is_done_before_they_took_it_and_had_the_time(record: Record) -> None:
    readers = readers_of(record, ReadingModel())
    needed = readers.facts(0).minutes / 60
    for taken in (10.0, 50.0, 500.0):
        done = np.asarray([readers.done_at(0, column, 10.0, taken) for column in range(len(record.helpers))])
        assert (done >= taken + needed - 1e-9).all()
        assert np.isfinite(done).any()


def test_as_many_are_done_by_the_date_they_aim_for_as_the_model_says(record: Record) -> None:
    readers = readers_of(record, ReadingModel(days=(14, 14)))
    aim = readers.facts(0).aim
    assert 24 < aim < 14 * 24
    done = [readers.done_at(row, column, 0, 1) for row in range(10) for column in range(len(record.helpers))]
    # Those who begin before it by night, or at the last moment, are done a little later.
    assert 0.6 < np.mean([each <= aim + 12 for each in done]) <= 0.95


def test_a_call_reaches_everyone_who_reads_so_long_and_fewer_are_willing(record: Record) -> None:
    readers = readers_of(record, PROMPT, replace(WILLING, willingness=0.5))
    (aloud,), (in_person,) = call(readers, [0]), call(readers, [0], in_person=True)
    assert aloud.invited == in_person.invited == np.flatnonzero(record.could[0]).tolist()
    assert len(aloud.answers) < len(in_person.answers)


async def test_willing_people_read_every_draft_in_time(shelf: drafts.Shelf) -> None:
    crowd = Crowd(shelf.ground.record, WILLING, 0)
    tally = await drafts.asked(shelf, Readers(crowd, PROMPT, 0))
    assert tally.read.tolist() == [2]
    assert tally.invited.sum() == 2
    assert tally.questions is not None
    assert np.isfinite(tally.questions.hours).all()


@pytest.mark.parametrize("name", drafts.CHANGES)
def test_each_setting_changes_numbers_that_drafts_go_by(name: str) -> None:
    draft = Draft(
        guild_id=1, asker_id=1, interaction_id=None, created_at=NOW, about="x", needed_by=NOW + timedelta(days=6)
    )  # fmt: skip

    def numbers() -> tuple[Policy, float | None]:
        return numbers_of(with_kinds(DEFAULT), draft, NOW), kind_of(draft).least_fit

    usual = numbers()
    with drafts.going_by(drafts.CHANGES[name]):
        assert numbers() != usual
    assert numbers() == usual


def test_tells_drafts_beside_calls_in_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--questions", "5", "--seeds", "1", "--processes", "1", "--words-alone"]
    assert main(["--data", str(folder), "--drafts", *few]) == 0
    said = capsys.readouterr().out
    assert "1 of the questions are asked as drafts." in said
    names = [line.split("|")[1].strip() for line in said.splitlines()[-3:]]
    assert names == [drafts.AS_IT_IS, drafts.CALL, drafts.IN_PERSON]
