"""Decisions are one page each: a number, a status, a date, and a row in the index."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, kept_files

DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
NUMBERS = [path.name[:4] for path in PAGES]
LINKED = r"\[(\d{4})\]\(\d{4}-[\w-]+\.md\)"
PAGE = re.compile(
    r"# (?P<number>\d{4})\. (?P<title>\S.*)\n\n"
    rf"Status: (?P<status>accepted(?:, changed in part by {LINKED})?|superseded by {LINKED}) · \d{{4}}-\d\d-\d\d\n\n"
    r"(?P<reason>\S[\s\S]+)"
)
REFERENCE = re.compile(r"(?:decisions/|[Dd]ecisions? )(\d{4})\b|DECISIONS")
"""How a page, a comment or a test names a decision; `DECISIONS` was the one long page before them."""


def test_numbers_are_unique_and_complete() -> None:
    assert [int(number) for number in NUMBERS] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_has_its_number_a_status_and_a_reason(page: Path) -> None:
    found = PAGE.fullmatch(page.read_text(encoding="utf-8"))
    assert found, f"{page.name} begins otherwise than the other pages"
    assert found["number"] == page.name[:4]
    assert all(later > found["number"] for later in re.findall(LINKED, found["status"]))


def test_index_has_a_row_for_each_page() -> None:
    rows = re.findall(r"^\| \[.*$", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [row(page) for page in PAGES]


def test_every_reference_to_a_decision_resolves() -> None:
    known = {*NUMBERS}
    unknown = [
        (file.relative_to(ROOT).as_posix(), found.group())
        for file in kept_files()
        if file.suffix in {".md", ".py", ".toml"} and file.name != "test_decisions.py"
        for found in REFERENCE.finditer(file.read_text(encoding="utf-8"))
        if found[1] not in known
    ]
    assert not unknown


def row(page: Path) -> str:
    found = PAGE.fullmatch(page.read_text(encoding="utf-8"))
    assert found
    return f"| [{found['number']}]({page.name}) | {found['title']} | {found['status']} |"
