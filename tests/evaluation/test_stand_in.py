from pathlib import Path

import pytest

from evaluation.folders import records
from evaluation.history import History
from evaluation.reviewers import Panel
from evaluation.stand_in import FEWEST, MOST, OTHERS, StandIn, main
from tests.evaluation.communities import Event, craft, write_routing, write_scorer

SUBJECTS = {"routing_strings": "violins and bows", "routing_wood": "oak and chisels"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two communities, and both as one; the masters of each have names of their own."""
    events: list[Event] = []
    judgements: list[Event] = []
    for name, subject in SUBJECTS.items():
        some, judged = craft(name[-2:], subject)
        some = [each | {"member": f"{each['member']}-{name[-2:]}"} for each in some]
        write_routing(tmp_path / name, some, judged)
        events, judgements = events + some, judgements + judged
    write_routing(tmp_path / "routing_mixed", sorted(events, key=lambda event: str(event["ts"])), judgements)
    return write_scorer(tmp_path)


def test_the_panel_can_be_read(place: Path) -> None:
    folder = place / "panel" / "reviewers"
    assert main([str(folder), "--data", str(place)]) == 0
    panel = Panel.read(folder)
    (profiles,) = panel.versions.values()
    assert sorted(profiles) == ["ada-gs", "ada-od", "bob-gs", "bob-od"]
    assert all(FEWEST <= len(papers) <= MOST for papers in profiles.values())
    assert not set(panel.read_papers.values()) & {text for some in profiles.values() for text in some}


def test_who_answered_counts_as_expert_and_a_neighbour_more_than_a_stranger(place: Path) -> None:
    folder = place / "panel" / "reviewers"
    main([str(folder), "--data", str(place)])
    rated = {
        each["paper"]: each["expertise"] for each in records(folder / "ratings.jsonl") if each["member"] == "ada-gs"
    }
    assert {paper for paper, expertise in rated.items() if expertise == 5} == {"gs10", "gs12", "gs14", "gs16", "gs18"}
    assert {paper for paper, expertise in rated.items() if expertise == 2} == {"gs11", "gs13", "gs15", "gs17", "gs19"}
    assert {str(paper)[:2] for paper, expertise in rated.items() if expertise == 1} == {"od"}
    assert list(rated.values()).count(1) <= OTHERS


def test_the_same_history_gives_the_same_panel(place: Path) -> None:
    history = History.read(place / "routing_mixed")
    origins = {question.id: question.id[:2] for question in history.questions}
    first, second = (StandIn.of(history, origins) for _ in range(2))
    assert list(first.ratings()) == list(second.ratings())


def test_says_in_a_sentence_that_there_is_nothing_to_make_it_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "panel"), "--data", str(write_scorer(tmp_path))]) == 1
    assert capsys.readouterr().err.startswith("There is no routing_mixed to learn from")
