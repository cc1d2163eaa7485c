"""docs/OPERATIONS.md and everything else that names a verb keep up with the command line."""

import re

from bot import command_line
from bot.ending import GATEWAY, OF_FILE, OF_SERVER
from tests.house.source import ROOT, read
from tests.house.texts import catalogue

PAGES = ("README.md", "Dockerfile", "Makefile", "bot/texts/en.toml", "bot/__main__.py", *(
    str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").glob("*.md"))
))  # fmt: skip
ASIDE = {
    "operator.to_erase",
    "operator.confirm",
    "operator.no_id",
    "operator.why_due",
    "operator.why_sent",
    "operator.why_given_up",
    "operator.setting_misspelt",
    "operator.setting_unknown",
}
"""What an operator reads before a run goes on, and what they asked to read."""
VERB = re.compile(r"(?:python -m bot|docker run .*\bmorsel) ([a-z]+)")


def page() -> str:
    return " ".join(read("docs/OPERATIONS.md").split())


def test_every_verb_that_is_named_somewhere_is_one() -> None:
    named = {(name, verb) for name in PAGES for verb in VERB.findall(read(name))}
    assert len(named) > len(PAGES) / 2
    assert not {(name, verb) for name, verb in named if verb not in command_line.VERBS}


def test_the_image_says_which_verbs_there_are() -> None:
    (told,) = re.findall(r"Other verbs \(([^)]+)\)", read("Dockerfile"))
    assert set(told.split(", ")) == command_line.VERBS.keys() - {"run"}


def test_every_verb_is_explained() -> None:
    assert not [verb for verb in command_line.VERBS if f"| `python -m bot {verb}" not in page()]


def test_every_sentence_that_ends_a_run_is_explained() -> None:
    said = {key: " ".join(text.split()) for key, text in catalogue("en").items() if key.startswith("operator.")}
    assert not [key for key, text in said.items() if key not in ASIDE and f"* {text}" not in page()]


def test_what_lasts_stands_under_the_code_that_says_so() -> None:
    lasting = page().partition("With 78:")[2]
    keys = {*GATEWAY.values(), *OF_FILE.values(), *OF_SERVER.values()}
    assert not [key for key in keys if " ".join(catalogue("en")[key].split()) not in lasting]


def test_every_exit_code_is_explained() -> None:
    assert all(f"| {code} |" in read("docs/OPERATIONS.md") for code in (0, 2, 69, 78))
