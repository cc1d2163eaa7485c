"""What CONTRIBUTING walks through is in the code as it stands there."""

import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, read

PAGE = "CONTRIBUTING.md"
SYMBOL = re.compile(r"`([A-Za-z_]+(?:\.[a-z_]+)?)` (?:\(|in )`([\w/.]+\.py)`")
"""As in "`wire` (`bot/app.py`)", or "`Why.why_me` in `cogs/why.py`"."""


def added() -> Iterator[tuple[str, str]]:
    """Yield each line that a walkthrough adds, with its file."""
    for block in re.findall(r"^```diff\n(.*?)^```", read(PAGE), re.DOTALL | re.MULTILINE):
        file = ""
        for line in block.splitlines():
            if line.startswith("+++ b/"):
                file = line.removeprefix("+++ b/")
            else:
                assert line.startswith("+"), line
                yield file, line.removeprefix("+")


@pytest.mark.parametrize(("file", "line"), [*added()])
def test_a_line_of_a_walkthrough_is_in_its_file(file: str, line: str) -> None:
    lines = read(file).splitlines()
    # An ellipsis stands for the rest of a line.
    assert any(each.startswith(line[:-1]) for each in lines) if line.endswith("…") else line in lines


def test_each_file_is_there_and_each_symbol_in_its_file() -> None:
    page = read(PAGE)
    named = [name for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]+)`", page) if "." in name]
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]
    symbols = SYMBOL.findall(page)
    assert symbols
    assert not [symbol for symbol, file in symbols if not is_defined(symbol, read(file))]


@pytest.mark.parametrize(
    ("owner", "file"),
    [("Description", "bot/services/outbox/describing.py"), ("Kind", "bot/services/requests/kind.py")],
)
def test_each_question_that_a_description_answers_is_one_it_is_asked(owner: str, file: str) -> None:
    asked = re.findall(rf"`{owner}\.(\w+)`", read(PAGE))
    assert asked
    assert not [each for each in asked if not is_defined(each, read(file))]


def is_defined(symbol: str, code: str) -> bool:
    return all(
        re.search(rf"^ *(?:(?:async def|def|class) {each}\b|{each}\b:)", code, re.MULTILINE)
        for each in symbol.split(".")
    )
