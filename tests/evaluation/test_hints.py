"""Real questions that get a hint are counted, and a folder without questions is said."""

import json
from pathlib import Path

import pytest

from evaluation.hints import main


def test_counts_hints_by_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        {"type": "question", "title": "Any ML tips?", "text": "My CTC loss is NaN after 200 steps with AdamW, why?"},
        {"type": "answer", "text": "Any ML tips?"},
    ]
    (tmp_path / "routing_small").mkdir()
    (tmp_path / "routing_small" / "events.jsonl").write_text("\n".join(map(json.dumps, asked)))

    assert main(["--data", str(tmp_path)]) == 0

    whole, titles = capsys.readouterr().out.splitlines()
    assert whole.split() == ["routing_small,", "whole", "1", "questions", "0", "hints"]
    assert titles.split() == ["routing_small,", "titles", "1", "questions", "1", "hints", "no_object", "1"]


def test_says_where_there_are_no_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 1
    assert "There are no questions in" in capsys.readouterr().err
