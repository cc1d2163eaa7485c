from pathlib import Path

import pytest

from evaluation.command_line import MISCONFIGURED, main
from tests.evaluation.communities import craft, write, write_routing, write_scorer


def test_says_in_a_sentence_that_there_is_nothing_to_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "nowhere")]) == MISCONFIGURED == 78
    said = capsys.readouterr().out
    assert (
        said
        == f"There is no eval_reference.py in {tmp_path / 'nowhere'}: name the benchmark's folder with --data DIR.\n"
    )


def test_lists_a_folder_it_does_not_know_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(write_scorer(tmp_path) / "poems_old" / "poems.jsonl", [])
    assert main(["--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "poems_old is skipped: no adapter knows the task poems.\n\n"


def test_refuses_a_name_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_routing(write_scorer(tmp_path) / "routing_one", *craft("q", "violins"))
    assert main(["--data", str(tmp_path), "--only", "poems"]) == MISCONFIGURED
    assert capsys.readouterr().out == "Nothing is called poems here; there is: routing, routing_one.\n"


def test_fits_only_where_there_is_something_to_learn_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_routing(write_scorer(tmp_path) / "routing_one", *craft("q", "violins"))
    assert main(["fit", "--data", str(tmp_path)]) == MISCONFIGURED
    assert "There is no routing_mixed to learn from" in capsys.readouterr().out
