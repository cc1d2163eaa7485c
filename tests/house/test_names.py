"""One class name means one thing: who reads it somewhere knows it everywhere."""

import ast
from collections import Counter

from tests.house.source import python_files, tree

NAMED_AS_WHAT_THEY_OPEN = {
    "Block", "Invitation", "Meetings", "Mine", "OfficeHours", "Outcome", "Pause", "Question", "Reveal", "Waitlist",
}  # fmt: skip
"""Doors that share the name of what stands behind them: nothing imports a door, so they never meet in one file."""


def test_one_class_name_means_one_thing() -> None:
    assert twice("bot", "models") == set()
    assert twice("bot", "models", "cogs") == NAMED_AS_WHAT_THEY_OPEN


def twice(*folders: str) -> set[str]:
    """Return the class names that more than one module defines, private ones left out."""
    counted = Counter(
        node.name
        for file in python_files(*folders)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    return {name for name, count in counted.items() if count > 1}
