"""Small things are read; big ones are skimmed."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from tests.house.source import SHIPPED, python_files, tree, where

LONGEST_FILE = 399
LONGEST_COG = 120
LONGEST_FUNCTION = 50
LONGEST_CLASS = 200
NINE_IN_TEN = 25
HALF = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_file_is_long() -> None:
    long = {str(file): lines(file) for file in python_files(*SHIPPED, "tests") if lines(file) > LONGEST_FILE}
    assert not long


def test_no_cog_is_long() -> None:
    long = {file.name: lines(file) for file in python_files("cogs") if lines(file) > LONGEST_COG}
    assert not long


def test_no_function_is_long() -> None:
    long = {
        where(file, function): length(function)
        for file, function in functions(*SHIPPED, "tests")
        if length(function) > LONGEST_FUNCTION
    }
    assert not long


def test_no_class_is_long() -> None:
    long = {name for name, length in classes("bot", "cogs", "models") if length > LONGEST_CLASS}
    assert not long


def test_most_functions_are_short() -> None:
    lengths = [length(function) for _, function in functions("bot", "cogs", "models")]
    assert median(lengths) <= HALF
    assert quantiles(lengths, n=10, method="inclusive")[-1] <= NINE_IN_TEN


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def length(function: Function) -> int:
    """Count from `def` to the last line, docstring included, decorators not."""
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def functions(*folders: str) -> Iterator[tuple[Path, Function]]:
    for file in python_files(*folders):
        for node in ast.walk(tree(file)):
            if isinstance(node, Function):
                yield file, node


def classes(*folders: str) -> Iterator[tuple[str, int]]:
    """Return the classes with their lengths, docstrings included, empty lines not."""
    for file in python_files(*folders):
        written = file.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef):
                yield node.name, sum(bool(line.strip()) for line in written[node.lineno - 1 : node.end_lineno])
