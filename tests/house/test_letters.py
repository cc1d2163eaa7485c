"""A kind of letter is one thing: described once, shown in one way, and named by no other room."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.domain.policy import DEFAULT
from bot.services.letters import all_letters
from bot.services.outbox.describing import Description
from bot.services.results import LetterKind
from bot.ui.letters import SHOWN
from tests.house.source import ROOT, imports, python_files, tree, where

ALL = all_letters(DEFAULT)
CONTENTS: set[type] = set().union(*(description.contents for description in ALL.values()))
UI = ROOT / "bot/ui"
REGISTRY = ROOT / "bot/services/letters.py"
"""Lists what the rooms describe."""


def room_of(found: type) -> Path:
    return Path(inspect.getfile(found)).parent


def subclasses(parent: type) -> Iterator[type]:
    found: list[type] = parent.__subclasses__()
    for each in found:
        yield each
        yield from subclasses(each)


def test_every_kind_is_described_once() -> None:
    enums: list[type[LetterKind]] = [each for each in LetterKind.__subclasses__() if each.__module__.startswith("bot.")]
    found = [kind for each in enums for kind in each]
    assert sorted(found) == sorted(ALL)
    written = {each for each in subclasses(Description) if each.__module__.startswith("bot.")}
    assert {each for each in written if "kind" in vars(each)} == {type(each) for each in ALL.values()}
    assert all(isinstance(description.kind, LetterKind) for description in ALL.values())


def test_everything_that_a_letter_is_made_of_has_one_way_to_be_shown() -> None:
    assert set(SHOWN) == CONTENTS
    assert all(description.contents for description in ALL.values())


@pytest.mark.parametrize("folder", ["bot/services/outbox", "bot/ui", "bot/jobs"])
def test_what_carries_letters_tells_no_kinds_apart(folder: str) -> None:
    """Looks for comparisons and `case` arms about a letter's kind."""
    asked = [
        where(file, node)
        for file in python_files(folder)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Compare | ast.Match)
        for part in ast.walk(node.subject if isinstance(node, ast.Match) else node)
        if isinstance(part, ast.Attribute) and part.attr == "kind" and isinstance(part.value, ast.Name)
        if part.value.id in {"row", "letter", "note", "content"}
    ]
    assert asked == []


def test_no_room_names_a_letter_of_another_room() -> None:
    """A new kind touches its own room, the place where it is shown, and nothing else."""
    for description in ALL.values():
        room, own = room_of(type(description)), {type(description.kind).__name__, type(description).__name__}
        strangers = [file for file in python_files("bot", "cogs") if room not in file.parents and file != REGISTRY]
        assert room_of(type(description.kind)) == room, f"{description.kind} is named and described in one room"
        assert [file for file in strangers if own.intersection(named(file))] == [], description.kind


def test_what_a_letter_is_made_of_is_for_its_room_and_for_what_shows_it() -> None:
    made_of = {each for each in CONTENTS if each.__module__.endswith(("contents", "letters"))}
    for each in made_of:
        strangers = [
            file for file in python_files("bot", "cogs") if room_of(each) not in file.parents and UI not in file.parents
        ]
        assert [file for file in strangers if f"{each.__module__}.{each.__name__}" in imports(file)] == [], each


@cache
def named(file: Path) -> frozenset[str]:
    return frozenset({node.id for node in ast.walk(tree(file)) if isinstance(node, ast.Name)})
