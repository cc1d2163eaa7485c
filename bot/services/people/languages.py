"""Languages as people write them, and as they read them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from bot.domain.wording import clean_line
from bot.errors import Invalid

MOST = 10
"""Languages one person may name."""

_BETWEEN = re.compile(r"[,;/\n،、，&+|·]+|\s+(?:and|et|und|y|e)\s+", re.IGNORECASE)
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
"""Language, script, country. Source: BCP 47, https://www.rfc-editor.org/rfc/rfc5646#section-2.1"""
_NONE = frozenset({"und", "mul", "mis", "zxx", "root"})
"""Tags of no language that two people could have in common."""
_WRITTEN_IN = ("en", "fr")
"""In these, people name languages, besides their own."""


def read_languages(written: str, locale: str = "en") -> tuple[str, ...]:
    """Return the language tags named in "en, français & pt-BR": by tag, or name in English, French or `locale`.

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
    names = _names(_babel(locale))
    language, *places = tag.replace("-", "_").split("_")
    whole = "_".join([language, *places])
    if whole in names or language not in names or not places:
        return names.get(whole, tag)
    return f"{names[language]} ({'-'.join(places)})"


def write_languages(tags: Sequence[str], locale: str, longest: int) -> str:
    """Write languages so that `read_languages` reads the same tags: by name where it can be told apart, else by tag."""
    names = ", ".join(_written(tag, locale) for tag in tags)
    return names if len(names) <= longest else ", ".join(tags).replace("_", "-")


def _written(tag: str, locale: str) -> str:
    name, tag = language_name(tag, locale), tag.replace("_", "-")
    try:
        return name if read_languages(name, locale) == (tag,) else tag
    except Invalid:
        return tag


def _tag(word: str, locale: str) -> str:
    wanted = word.casefold()
    found = next((names[wanted] for names in _known(_babel(locale)) if wanted in names), None) or _by_tag(word)
    if found is None:
        raise Invalid("profile.unknown_language", language=word[:40])
    return found


def _by_tag(word: str) -> str | None:
    """Return a tag that is written with its script or country, such as "zh-Hans-CN", in its usual letters."""
    match, english = _TAG.fullmatch(word), Locale("en")
    if match is None:
        return None
    language, script, place = match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()
    parts = {language: _names("en"), script: english.scripts, place: english.territories}
    if any(part and part not in known for part, known in parts.items()):
        return None
    return "-".join(part for part in parts if part)


def _babel(locale: str) -> str:
    return locale.replace("-", "_").split("_")[0]


@cache
def _names(locale: str) -> dict[str, str]:
    try:
        return {tag: name for tag, name in Locale.parse(locale).languages.items() if tag not in _NONE}
    except (UnknownLocaleError, ValueError):
        return _names("en")


def _known(locale: str) -> Iterator[dict[str, str]]:
    """Yield tags by what people may write for them: English and the reader's language go before French."""
    yield from map(_by_name, dict.fromkeys(("en", locale, *_WRITTEN_IN)))
    yield _own_names()


@cache
def _by_name(locale: str) -> dict[str, str]:
    """Return tags by tag, and by name where that isn't a tag itself."""
    names = {tag.replace("_", "-"): name for tag, name in _names(locale).items()}
    return {name.casefold(): tag for tag, name in reversed(names.items())} | {tag.casefold(): tag for tag in names}


_OFTEN = ("ar", "am", "bn", "de", "es", "fa", "fr", "ha", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sw",
          "tr", "uk", "ur", "vi", "yo", "zh", "zu")  # fmt: skip
_ALSO = {
    "mandarin": "zh", "farsi": "fa", "norsk": "no", "bokmål": "nb", "nynorsk": "nn", "castellano": "es",
}  # fmt: skip
"""What people call languages that the CLDR calls otherwise."""


@cache
def _own_names() -> dict[str, str]:
    """Names that speakers use themselves, for languages often met: "français", "kiswahili"."""
    return {str(Locale.parse(tag).get_language_name(tag)).casefold(): tag for tag in _OFTEN} | _ALSO
