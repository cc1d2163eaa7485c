"""What statistics may show is made in one place, which hides people; and nothing ranks or lists them."""

import re

import pytest

from tests.house.source import ROOT, python_files

MAKER = "bot/domain/disclosure.py"
SHIPPED = [each for each in python_files("bot", "cogs") if each != ROOT / MAKER]
MADE = re.compile(r"(?<!case )\b(Share|Length|Ratio|Level|SafeRow|SafeTable|Few)\((?!\) \|)")
RANKS = re.compile(r"(leader|score)board|top_(helpers|askers|members|ten)|ranking_of_members|points_of", re.IGNORECASE)


def test_only_one_module_makes_what_may_be_shown() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in SHIPPED
        for line in file.read_text(encoding="utf-8").splitlines()
        if MADE.search(line) and "case " not in line
    }

    assert not found


def test_no_one_is_ranked() -> None:
    files = [ROOT / "bot/texts/en.toml", *SHIPPED]
    found = {str(file.relative_to(ROOT)) for file in files if RANKS.search(file.read_text(encoding="utf-8"))}

    assert not found


@pytest.mark.parametrize("line", ["still = Share(1 - part, of, 0, 1)", "return SafeTable(name, columns, rows)"])
def test_what_is_made_elsewhere_is_seen(line: str) -> None:
    assert MADE.search(line)
