"""The pages keep up with the code: their pictures are drawn from it, and what they name exists."""

import re
from pathlib import Path

import pytest

from docs.drawing.pages import PICTURES, PLACE, drawn, pages
from tests.house.source import ROOT, read

PATH = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|toml|md))`")


def with_pictures() -> list[Path]:
    return [page for page in pages() if PLACE.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", with_pictures(), ids=lambda page: page.name)
def test_pictures_are_as_the_code_draws_them(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert drawn(text) == text, "run `make draw`, or `python -m docs.drawing`"


def test_every_picture_is_shown_and_every_place_is_closed() -> None:
    texts = [page.read_text(encoding="utf-8") for page in with_pictures()]
    assert {found["name"] for text in texts for found in PLACE.finditer(text)} == set(PICTURES)
    assert all(text.count("<!-- drawn:") == text.count("<!-- end -->") for text in texts)


@pytest.mark.parametrize("line", re.findall(r"^\| .*`cogs/.*$", read("docs/ARCHITECTURE.md"), re.MULTILINE))
def test_every_path_of_one_name_all_the_way_down_exists(line: str) -> None:
    assert not [path for cell in line.split("|") for path in paths(cell) if not (ROOT / path).is_file()]


def paths(cell: str) -> list[str]:
    """Return a cell's paths; a bare name stands in the folder of the path before it."""
    found, folder = [], ""
    for name in PATH.findall(cell):
        folder = name.rpartition("/")[0] or folder
        found.append(name if "/" in name else f"{folder}/{name}")
    return found
