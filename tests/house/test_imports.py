"""Rules about imports that import contracts can't say."""

import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, imports, python_files

OURS = frozenset(
    {"bot", "cogs", "models", "migrations", "playground", "tests", "benchmarks", "evaluation", "reliability"}
)


@pytest.mark.parametrize("file", python_files("bot/domain"), ids=lambda file: file.stem)
def test_domain_knows_the_standard_library_only(file: Path) -> None:
    foreign = {name for name in imports(file) if top(name) not in sys.stdlib_module_names and top(name) != "bot"}
    assert not foreign


def test_migrations_outlive_the_code_they_were_written_beside() -> None:
    versions = python_files("migrations/versions")
    leaning = {str(file.relative_to(ROOT)) for file in versions if OURS & {top(name) for name in imports(file)}}
    assert not leaning


def top(name: str) -> str:
    return name.partition(".")[0]
