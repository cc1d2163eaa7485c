"""What reads wrongly in any message, looked for in everything the bot sends in a simulated Discord."""

import re
from collections.abc import Iterable

from simcord.types import HttpLogEntry

AWKWARD = {
    "“until in 4 hours”: a distance after a word that wants a moment": re.compile(
        r"\b(?:until|till|since|from|at|on|by) <t:\d+:R>"
    ),
    "“in in 4 hours”, “for in 4 hours”": re.compile(r"\b(?:in|for|within|after) <t:\d+:R>"),
}


def awkward(requests: Iterable[HttpLogEntry]) -> list[str]:
    """Return what reads wrongly, a line each."""
    said = [str(each.json.get("content") or "") for each in requests if isinstance(each.json, dict)]
    return [f"{why}: {text}" for text in said for why, pattern in AWKWARD.items() if pattern.search(text)]
