"""The catalogues and the places in the code that use them, read without running either."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from string import Formatter

from tests.house.source import ROOT, python_files, tree, where

TAKES_A_KEY = frozenset({"say", "words"})
KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
BEGINNING = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_.]*")


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Return one locale's texts by dotted key, nested tables flattened."""
    return dict(flatten(tomllib.loads((ROOT / "bot" / "texts" / f"{locale}.toml").read_text(encoding="utf-8"))))


def flatten(table: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield dotted keys and their texts; anything but a text in a table is an error."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            assert isinstance(value, str), f"{prefix}{key} is not a text"
            yield f"{prefix}{key}", value


def locales() -> list[str]:
    """Return every locale that has a catalogue, English among them."""
    found = sorted(file.stem for file in (ROOT / "bot" / "texts").glob("*.toml"))
    assert "en" in found
    return found


def placeholders(text: str) -> set[str]:
    """Return the names a text leaves open; a positional one is an error."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    assert all(re.match(r"[a-z_]", name) for name in names), f"unnamed placeholder in {text!r}"
    return {re.split(r"[.\[]", name)[0] for name in names}


def literals() -> Iterator[tuple[str, str]]:
    """Yield every literal in bot and cogs that could be a text's key, with its place; docstrings are none.

    Nor is a piece of something that is put together: that is what `beginnings` is for.
    """
    for file in python_files("bot", "cogs"):
        nodes = list(ast.walk(tree(file)))
        pieces = {id(piece) for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
        whole = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in pieces]
        for node in whole:
            if isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield node.value, where(file, node)


def beginnings() -> Iterator[tuple[str, str]]:
    """Yield the fixed beginning of every key that is put together while running, with its place."""
    for file in python_files("bot", "cogs"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant):
                beginning = str(first.value)
                if BEGINNING.fullmatch(beginning):
                    yield beginning, where(file, node)


def demanded() -> Iterator[tuple[str, str]]:
    """Yield every literal given to something that takes a key: `say`, `words` and the refusals."""
    takers = TAKES_A_KEY | refusals()
    for file in python_files("bot", "cogs"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and called(node) in takers and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, where(file, node)


def called(node: ast.Call) -> str:
    """Return the last name of what is called: `say` in `texts.say(...)`."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def refusals() -> frozenset[str]:
    """Return the names of HouseError and everything under it in bot/errors.py."""
    module = tree(ROOT / "bot" / "errors.py")
    return frozenset(node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef))
