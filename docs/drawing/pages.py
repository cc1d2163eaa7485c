"""Pages, and the places in them that are drawn from the code."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from docs.drawing.asking import asking
from docs.drawing.house import domain, floors, folders
from docs.drawing.states import states
from docs.drawing.sweeps import sweeps
from docs.drawing.tables import relations, tables

ROOT: Final = Path(__file__).resolve().parents[2]

PICTURES: Final[dict[str, Callable[[], str]]] = {
    "asking": asking,
    "domain": domain,
    "floors": floors,
    "folders": folders,
    "relations": relations,
    "states": states,
    "sweeps": sweeps,
    "tables": tables,
}

PLACE: Final = re.compile(r"<!-- drawn: (?P<name>[a-z]+) -->\n.*?<!-- end -->", re.DOTALL)


def pages() -> list[Path]:
    """Return every page that may hold pictures."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def drawn(page: str) -> str:
    """Return a page's text with each picture drawn again.

    Raises:
        KeyError: a place names a picture that isn't known.
    """
    return PLACE.sub(_place, page)


def _place(found: re.Match[str]) -> str:
    name = found["name"]
    return f"<!-- drawn: {name} -->\n\n{_picture(name)}\n\n<!-- end -->"


@cache
def _picture(name: str) -> str:
    return PICTURES[name]()
