"""Languages as people write them, and as they read them."""

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from bot.domain.wording import clean_line
from bot.errors import Invalid

MOST = 10
"""Languages one person may name."""

_BETWEEN = re.compile(r"[,;/\n،、，]+|\s+and\s+")


def read_languages(written: str, locale: str = "en") -> tuple[str, ...]:
    """Return the language tags named in "en, français, Swahili": by tag, English name, or name in `locale`.

    Source: the Unicode CLDR, through Babel.

    Raises:
        Invalid: a word names no language, or there are more than `MOST`.
    """
    words = [clean_line(word) for word in _BETWEEN.split(written)]
    tags = tuple(dict.fromkeys(_tag(word, locale) for word in words if word))
    if len(tags) > MOST:
        raise Invalid("profile.too_many_languages", limit=MOST)
    return tags


def language_name(tag: str, locale: str = "en") -> str:
    """Return a language's name in the reader's language, or the tag itself."""
    return _names(_babel(locale)).get(tag, tag)


def write_languages(tags: Sequence[str], locale: str, longest: int) -> str:
    """Write languages so that `read_languages` reads the same tags: by name where it can be told apart, else by tag."""
    names = ", ".join(_written(tag, locale) for tag in tags)
    return names if len(names) <= longest else ", ".join(tags)


def _written(tag: str, locale: str) -> str:
    name = language_name(tag, locale)
    try:
        return name if read_languages(name, locale) == (tag,) else tag
    except Invalid:
        return tag


def _tag(word: str, locale: str) -> str:
    wanted = word.casefold()
    for names in (_names("en"), _names(_babel(locale))):
        if wanted in names:
            return wanted
        for tag, name in names.items():
            if name.casefold() == wanted:
                return tag
    own = _own_names()
    if wanted in own:
        return own[wanted]
    raise Invalid("profile.unknown_language", language=word[:40])


def _babel(locale: str) -> str:
    return locale.replace("-", "_").split("_")[0]


@cache
def _names(locale: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(locale).languages)
    except (UnknownLocaleError, ValueError):
        return _names("en")


_OFTEN = ("ar", "am", "bn", "de", "es", "fa", "fr", "ha", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sw",
          "tr", "uk", "ur", "vi", "yo", "zh", "zu")  # fmt: skip


@cache
def _own_names() -> dict[str, str]:
    """Names that speakers use themselves, for languages often met: "français", "kiswahili"."""
    return {str(Locale.parse(tag).get_language_name(tag)).casefold(): tag for tag in _OFTEN}
