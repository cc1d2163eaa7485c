"""Which of the catalogue's texts a person reads."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Final

from bot.texts import ENGLISH, FOLDER, flatten
from reliability.standin.world import Interaction

_GAP: Final = re.compile(r"\\\{.*?\\\}")
"""A parameter's place in an escaped text."""


def is_told(interaction: Interaction, keys: Iterable[str]) -> bool:
    """Tell whether a person was told one of these texts, with any parameters."""
    patterns = [_pattern(key) for key in keys]
    told = [reply.get("content") or "" for reply in interaction.replies]
    return any(pattern.match(text) for pattern in patterns for text in told)


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(".*", re.escape(_catalogue()[key])), re.DOTALL)


@cache
def _catalogue() -> dict[str, str]:
    return flatten(tomllib.loads((FOLDER / f"{ENGLISH}.toml").read_text(encoding="utf-8")))
