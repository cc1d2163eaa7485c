from pathlib import Path

import pytest

from evaluation.folders import NotFound, Run, chosen, find_runs, load_scorer
from evaluation.tasks import NEEDS
from tests.evaluation.communities import craft, write, write_routing, write_scorer


@pytest.fixture
def place(tmp_path: Path) -> Path:
    events, judgements = craft("q", "violins")
    write_routing(tmp_path / "routing_one", events, judgements)
    write(tmp_path / "routing_two" / "events.jsonl", [])
    write(tmp_path / "poems" / "poems.jsonl", [])
    write(tmp_path / "reviewers" / "ratings.jsonl", [])
    write(tmp_path / "topics" / "headlines.jsonl", [])
    write(tmp_path / "__pycache__" / "events.jsonl", [])
    return write_scorer(tmp_path)


def test_finds_what_the_adapters_know_and_says_why_the_rest_is_skipped(place: Path) -> None:
    runs, skipped = find_runs(place, NEEDS)
    assert [(run.task, run.name) for run in runs] == [("routing", "routing_one")]
    assert skipped == [
        "poems is skipped: no adapter knows the task poems.",
        "reviewers is skipped: it has no papers.jsonl.",
        "routing_two is skipped: it has no qrels.jsonl.",
        "topics is skipped: it has no experts.jsonl.",
    ]


def test_a_folder_with_related_questions_is_run_twice(place: Path) -> None:
    write(place / "routing_one" / "related.jsonl", [{"qid": "q9", "related": ["q7"]}])
    assert [run.task for run in find_runs(place, NEEDS)[0]] == ["routing", "related"]


def test_chooses_by_the_folders_name_or_the_tasks() -> None:
    runs = [Run("routing", Path("routing_one")), Run("related", Path("routing_one")), Run("topics", Path("topics"))]
    assert chosen(runs, None, NEEDS) == runs
    assert chosen(runs, "routing_one", NEEDS) == runs[:2]
    assert chosen(runs, "related", NEEDS) == runs[1:2]
    with pytest.raises(
        NotFound, match=r"Nothing is called poems here; there is: related, routing, routing_one, topics.$"
    ):
        chosen(runs, "poems", NEEDS)


def test_says_what_a_task_reads_that_has_no_folder() -> None:
    with pytest.raises(NotFound) as refusal:
        chosen([Run("topics", Path("topics"))], "reviewers", NEEDS)
    assert str(refusal.value) == (
        "Nothing is called reviewers here; there is: topics. "
        "The task reviewers reads a folder reviewers with papers.jsonl, profiles.jsonl, ratings.jsonl."
    )


def test_one_folder_can_be_named_alone(place: Path) -> None:
    runs, skipped = find_runs(place / "routing_one", NEEDS)
    assert [(run.task, run.name) for run in runs] == [("routing", "routing_one")]
    assert not skipped
    assert load_scorer(place / "routing_one").__name__ == "eval_reference"


def test_a_place_without_a_scorer_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no eval_reference\.py in"):
        find_runs(tmp_path, NEEDS)


def test_loading_the_scorer_leaves_nothing_beside_it(tmp_path: Path) -> None:
    scorer = load_scorer(write_scorer(tmp_path, "def score_topics(folder, rankings): return len(rankings)\n"))
    assert scorer.score_topics(tmp_path, [1, 2]) == 2
    assert [each.name for each in tmp_path.iterdir()] == ["eval_reference.py"]
