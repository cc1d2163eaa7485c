"""What people write, made safe to keep: cleaned, measured, named by its content."""

import hashlib
import unicodedata

from bot.errors import Invalid

_KEPT_CONTROLS = {"\n", "\t"}


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


def is_said(written: str) -> bool:
    """Tell whether any visible character is there; spaces and invisible marks say nothing."""
    return any(unicodedata.category(c)[0] not in "ZC" for c in written)


def text_hash(written: str) -> str:
    """Name a text by its content, whatever its capitals: 32 hexadecimal digits."""
    return hashlib.blake2b(clean_line(written).casefold().encode(), digest_size=16).hexdigest()


def within(written: str, longest: int, too_long: str, *, shortest: int = 0, too_short: str = "") -> str:
    """Return the paragraph, cleaned; empty where it says nothing.

    Raises:
        Invalid: it has fewer than `shortest` or more than `longest` characters; the text is the key given for it.
    """
    text = clean_paragraph(written) if is_said(written) else ""
    length = len(text)
    if length < shortest:
        raise Invalid(too_short, shortest=shortest, length=length)
    if length > longest:
        raise Invalid(too_long, longest=longest, length=length)
    return text
