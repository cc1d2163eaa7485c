"""Text as it is compared: what differs between two people who write the same is taken away."""

import re
import unicodedata

_SIGNS = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "_()·"), " "),
    ord("’"): "'",
    ord("@"): " at ",
    ord("&"): " and ",
}
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
"""Not one within a number, which would fall apart into two."""
_STOP = re.compile(r"(?<=[a-z])\.|[.!?]+\s*$")
"""The dot of an abbreviation, and what ends a sentence."""
_ISO_HOUR = re.compile(r"(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})t(?=[0-9])")


def without_marks(text: str) -> str:
    """Return a text without the marks that aren't seen, such as those around an example that was copied."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def plain(text: str) -> str:
    """Return a text without capitals, accents, unseen or typographic signs and dots of abbreviations, singly spaced."""
    spread = unicodedata.normalize("NFKD", without_marks(text).translate(_SIGNS).casefold())
    bare = "".join(each for each in spread if not unicodedata.combining(each))
    return " ".join(_STOP.sub("", _ISO_HOUR.sub(" ", _COMMA.sub(" ", bare))).split())
