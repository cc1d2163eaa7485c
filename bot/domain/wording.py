"""What people write, made safe to keep: cleaned, measured, named by its content."""

import hashlib
import re
import unicodedata

from bot.errors import Invalid

_KEPT_CONTROLS = {"\n", "\t"}
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates. Source: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters"""
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that show nothing, in any category, and three that are drawn empty: U+2800, U+FFFC and U+1D159.

Source: Default_Ignorable_Code_Point in https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
"""
_SEEN = set("LNPS")
"""Categories of what can be seen by itself: an accent over nothing, and what isn't assigned yet, are no words."""


def clean_line(written: str) -> str:
    """Return the text on one line, white space collapsed, control characters dropped."""
    return " ".join(_without_controls(written).split())


def clean_paragraph(written: str) -> str:
    """Return the text with its lines, control characters and outer white space dropped.

    Joiners and direction marks stay: Arabic, Persian and emoji need them.
    """
    return _without_controls(written.replace("\r\n", "\n")).strip()


def _without_controls(written: str) -> str:
    return "".join(c for c in written if c in _KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs"})


def without_turns(written: str) -> str:
    """Return the text without what turns words around it too; marks that only say which way words go stay."""
    return _TURNS.sub("", written)


def is_said(written: str) -> bool:
    """Tell whether any visible character is there; spaces, invisible marks and blank letters say nothing."""
    return any(unicodedata.category(c)[0] in _SEEN for c in _UNSEEN.sub("", written))


def text_hash(written: str) -> str:
    """Name a text by its content; capitals don't matter: 32 hexadecimal digits."""
    return hashlib.blake2b(clean_line(written).casefold().encode(), digest_size=16).hexdigest()


def within(written: str, longest: int, too_long: str, *, shortest: int = 0, too_short: str = "") -> str:
    """Return the paragraph, cleaned; empty where it says nothing.

    Raises:
        Invalid: it has fewer than `shortest` characters that can be seen or stand between such, or more than `longest`
            of all; the text is the key given for it.
    """
    text = clean_paragraph(written) if is_said(written) else ""
    seen, length = len(clean_line(_UNSEEN.sub("", text))), len(text)
    if seen < shortest:
        raise Invalid(too_short, shortest=shortest, length=seen)
    if length > longest:
        raise Invalid(too_long, longest=longest, length=length)
    return text
