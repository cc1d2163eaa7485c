"""The repository as the house tests read it: its files, its trees, its functions."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("bot", "cogs", "models", "migrations", "playground", "benchmarks", "evaluation", "reliability")


def read(name: str) -> str:
    """Return a file's text; a file that isn't there fails the test that needs it."""
    return (ROOT / name).read_text(encoding="utf-8")


def python_files(*folders: str) -> list[Path]:
    """Return every Python file under `folders`, at least one in each."""
    found = {folder: sorted((ROOT / folder).rglob("*.py")) for folder in folders}
    assert all(found.values()), f"no Python in {[folder for folder, files in found.items() if not files]}"
    return [file for files in found.values() for file in files]


@cache
def tree(file: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def where(file: Path, node: ast.AST) -> str:
    """Return `path:line`, as an editor opens it."""
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@cache
def imports(file: Path) -> frozenset[str]:
    """Return the dotted names a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def kept_files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield every file that .gitignore doesn't leave out."""
    left_out = [line.rstrip("/") for line in read(".gitignore").splitlines() if line and not line.startswith("#")]
    for path in sorted(folder.iterdir()):
        if path.name == ".git" or any(fnmatch(path.name, pattern) for pattern in left_out):
            continue
        if path.is_dir():
            yield from kept_files(path)
        else:
            yield path
