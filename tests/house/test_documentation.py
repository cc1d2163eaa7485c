"""The README keeps up: every command, every setting, and the order a newcomer reads in."""

import re

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.house.commands import commands
from tests.house.source import ROOT, read

ORDER = (
    "without a token",
    "on your server",
    "commands",
    "settings",
    "keep it running",
    "who is asked",
    "no one forgotten",
    "privacy",
    "develop",
)
"""What the README's headings are about, after what Morsel is and a picture of it."""

SETTING = re.compile(r"^(?:# )?([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def readme() -> str:
    return read("README.md")


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """The settings of .env.example and their values, those behind a # included."""
    return dict(SETTING.findall(read(".env.example")))


def test_example_holds_every_setting_and_its_default(example: dict[str, str]) -> None:
    assert example == {name.upper(): default(name) for name in Settings.model_fields}


def test_only_the_token_is_set_by_copying_the_example() -> None:
    assert re.findall(r"^[A-Z_]+=.*$", read(".env.example"), re.MULTILINE) == ["DISCORD_TOKEN="]


def test_readme_explains_every_setting(readme: str) -> None:
    assert not [name for name in Settings.model_fields if f"`{name.upper()}`" not in readme]


def test_readme_explains_every_command(readme: str) -> None:
    unexplained = [
        command.name
        for command in commands()
        if (command.name if command.description is None else f"`/{command.name}") not in readme
    ]
    assert not unexplained


def test_readme_speaks_in_the_order_of_a_newcomers_questions(readme: str) -> None:
    headings = re.findall(r"^## (.+)$", readme, re.MULTILINE)
    assert len(headings) == len(ORDER)
    assert all(about in heading.lower() for about, heading in zip(ORDER, headings, strict=True)), headings


def test_readme_shows_the_playground_before_its_first_heading(readme: str) -> None:
    opening = readme.partition("\n## ")[0]
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", opening)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        (page.relative_to(ROOT).as_posix(), link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not broken


def default(name: str) -> str:
    value = Settings.model_fields[name].default
    if value is None:
        return ""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
