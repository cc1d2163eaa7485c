"""The catalogue: every word a person reads, by key and language."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("texts")
ENGLISH = "en"


def say(key: str, locale: str = ENGLISH, /, **params: object) -> str:
    """Return a text in the reader's language, in English where it isn't translated.

    Raises:
        KeyError: there is no such text, or it needs a parameter that wasn't given.
    """
    catalogue = _catalogue(locale.partition("-")[0])
    template = catalogue[key] if key in catalogue else _catalogue(ENGLISH)[key]
    return template.format(**params)


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.toml"
    if not path.is_file():
        return {} if language != ENGLISH else _missing(path)
    return flatten(tomllib.loads(path.read_text(encoding="utf-8")))


def _missing(path: Path) -> dict[str, str]:
    raise FileNotFoundError(path)


def flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    """Return a nested table of texts by dotted keys."""
    texts: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            texts |= flatten(value, f"{prefix}{name}.")
        else:
            texts[prefix + name] = str(value).strip()
    return texts
