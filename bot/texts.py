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


def own(key: str, beginning: str) -> str:
    """Return the key of the text that something has of its own in a text's place; the text's key where it has none."""
    key_of_its_own = f"{beginning}.{key}"
    return key_of_its_own if key_of_its_own in _catalogue(ENGLISH) else key


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
