"""The floors, from the import contracts; the folders and the domain's files, from their docstrings."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from docs.drawing.markdown import first_line, mermaid, table

ROOT: Final = Path(__file__).resolve().parents[2]
AROUND: Final = ("cogs", "models", "playground", "benchmarks", "evaluation", "reliability", "docs")
"""Packages beside `bot` that are listed with their folders, where they exist; the tests have a folder for each."""


def floors() -> str:
    """Draw what stands on what: each layer may import those below it."""
    whole, *inner = _contracts()
    rooms = {container: contract["layers"] for contract in inner for container in contract["containers"]}
    return mermaid(["flowchart TB", *_subgraph("bot", rooms, "    "), *_arrows(whole["layers"], "    ")])


def folders() -> str:
    """List the folders and what each is for."""
    names = [each for name in ("bot", *AROUND) for each in (name, *_packages(name))] + ["tests"]
    known = [name for name in names if (ROOT / name / "__init__.py").is_file()]
    return table(("folder", "what it is"), ((f"`{name}/`", _says(ROOT / name / "__init__.py")) for name in known))


def domain() -> str:
    """List the files of pure rules."""
    files = sorted((ROOT / "bot/domain").glob("[a-z]*.py"))
    return table(("file", "what it knows"), ((f"`{file.name}`", _says(file)) for file in files))


def _contracts() -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]


def _subgraph(container: str, rooms: Mapping[str, list[str]], indent: str) -> Iterator[str]:
    """Draw a package's layers one under another; a layer that has layers itself is a box of its own."""
    yield f'{indent}subgraph {_id(container)}["{container}"]'
    yield f"{indent}    direction TB"
    layers = []
    for layer in rooms[container]:
        names = re.findall(r"\w+", layer)
        whole = f"{container}.{'_'.join(names)}"
        layers.append(whole)
        if whole in rooms:
            yield from _subgraph(whole, rooms, f"{indent}    ")
        else:
            yield f'{indent}    {_id(whole)}["{" · ".join(names)}"]'
    yield from _arrows(layers, f"{indent}    ")
    yield f"{indent}end"


def _arrows(layers: list[str], indent: str) -> Iterator[str]:
    return (f"{indent}{_id(upper)} --> {_id(lower)}" for upper, lower in pairwise(layers))


def _id(name: str) -> str:
    return name.replace(".", "_")


def _packages(name: str) -> list[str]:
    found = sorted((ROOT / name).rglob("__init__.py"))
    return [file.parent.relative_to(ROOT).as_posix() for file in found if file.parent != ROOT / name]


def _says(file: Path) -> str:
    return first_line(ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))))
