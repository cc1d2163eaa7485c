"""A cog is a door: it reads an interaction, calls one use case and shows its result."""

import ast
from pathlib import Path

import pytest

from tests.house.source import imports, python_files, tree, where

FORBIDDEN_IMPORTS = ("sqlalchemy", "models", "datetime", "time", "zoneinfo", "bot.clock", "bot.store", "asyncio")
FORBIDDEN_NAMES = frozenset({"Embed", "now", "utcnow", "clock"})

cogs = pytest.mark.parametrize("file", python_files("cogs"), ids=lambda file: file.stem)


@cogs
def test_leaves_errors_to_the_boundary(file: Path) -> None:
    tries = [where(file, node) for node in ast.walk(tree(file)) if isinstance(node, ast.Try | ast.TryStar)]
    assert not tries


@cogs
def test_imports_neither_sql_nor_time(file: Path) -> None:
    found = {name for name in imports(file) for banned in FORBIDDEN_IMPORTS if f"{name}.".startswith(f"{banned}.")}
    assert not found


@cogs
def test_builds_no_embed_and_reads_no_clock(file: Path) -> None:
    found = [where(file, node) for node in ast.walk(tree(file)) if name_of(node) in FORBIDDEN_NAMES]
    assert not found


def name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.alias):
        return node.name
    return node.id if isinstance(node, ast.Name) else ""
