"""The door is open: what a newcomer and a code host look for is there, and says what is true."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, read

PAGES = ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", ".github/pull_request_template.md", "docs/HANDBOOK.md")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
CONTACT = "**Contact: ["


@pytest.mark.parametrize("page", PAGES)
def test_page_is_there(page: str) -> None:
    assert read(page).strip()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)", workflow.read_text(encoding="utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in used)


def test_hosted_ci_runs_what_anyone_can_run() -> None:
    workflow = read(".github/workflows/ci.yml")
    assert re.search(r"^ +- run: \.ci/run$", workflow, re.MULTILINE)
    assert "make test PYTHON=python${{ matrix.python }} TORCH_INDEX=none" in workflow


def test_dependencies_are_looked_at_every_week() -> None:
    assert read(".github/dependabot.yml").count("interval: weekly") == 2
    assert re.search(r'cron: "\d+ \d+ \* \* \d"', read(".github/workflows/audit.yml"))
    assert "requirements/*.lock requirements/torch*.txt" in read(".github/workflows/audit.yml")


def test_newest_version_is_the_supported_one() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert ("Before 1.0" in read("SECURITY.md")) == version.startswith("0.")


@pytest.mark.parametrize("page", ["CODE_OF_CONDUCT.md", "SECURITY.md"])
def test_contact_is_for_the_operator_to_fill_in(page: str) -> None:
    assert CONTACT in read(page)
