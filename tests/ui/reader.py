"""A small reader of Discord's markdown, written from its documentation and sharing nothing with what writes it.

It reads a text from left to right as clients do, with the rules in their order, and tells what is live in it.
Source: https://discord.com/developers/docs/reference#message-formatting and
https://support.discord.com/hc/en-us/articles/210298617
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_INLINE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.DOTALL | re.IGNORECASE))
    for kind, pattern in (
        ("escape", r"\\([^0-9a-z\s])"),
        ("code block", r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n].*?)\n*```"),
        ("code", r"(`+)(.*?[^`])\1(?!`)"),
        ("user", r"<@!?\d+>"),
        ("role", r"<@&\d+>"),
        ("everyone", r"@(?:everyone|here)\b"),
        ("channel", r"<#\d+>"),
        ("command", r"</[^:>]+:\d+>"),
        ("moment", r"<t:-?\d+(?::[tdfrs])?>"),
        ("guide", r"<id:[a-z\-]+(?::\d+)?>"),
        ("emoji", r"<a?:\w+:\d+>"),
        ("masked link", r"\[((?:\\.|[^\]\\]|\][^(])*?)\]\(\s*<?[a-z][a-z0-9+.\-]*:[^\s)]+[^)]*\)"),
        ("address", r"<(?:https?|steam|discord)://[^\s>]+>"),
        ("contact", r"<(?:[^\s@<>]+@[^\s<>]+\.[^\s<>]+|\+\d[\d\-]+|mailto:[^>]+|tel:[^>]+|sms:[^>]+)>"),
        ("bare address", r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]"),
        ("bold", r"\*\*(?=\S)(?:\\.|[^\\])+?\*\*(?!\*)"),
        ("underline", r"__(?:\\.|[^\\])+?__(?!_)"),
        ("italics", r"\*(?=\S)(?:\\.|[^*\\])+?\*(?!\*)|\b_(?:\\.|[^_\\])+?_\b"),
        ("strike", r"~~(?=\S).+?~~"),
        ("spoiler", r"\|\|.+?\|\|"),
    )
)
_PLAIN = re.compile(r"[^\\`<@\[hsd*_~|\n]+", re.IGNORECASE)
"""What none of these begins with, and no line either."""
_AT_START: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("quote", re.compile(r" *(?:>>>|>) ")),
    ("heading", re.compile(r"\s*#{1,3}\s+\S")),
    ("small print", re.compile(r"\s*-#\s")),
    ("list", re.compile(r"\s*(?:[*+-]|\d+[.)])\s")),
)
HARMLESS = {"escape", "code", "code block", "address", "quote"}
"""What shows only what is written: an address in brackets says where it leads and has no preview."""
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


@dataclass(frozen=True)
class Seen:
    """One thing that a client shows otherwise than as the text it is."""

    kind: str
    text: str


def read(text: str) -> list[Seen]:
    """Return everything that isn't plain text, in order."""
    return list(_read(text))


def live(text: str) -> list[Seen]:
    """Return what does, hides, or pretends something."""
    return [each for each in read(text) if each.kind not in HARMLESS]


def visible(text: str) -> str:
    """Return what is left to be read: escapes without their signs, code and addresses without what marks them."""
    shown, place = [], 0
    for each in _pieces(text):
        shown.append(each[2])
        place = each[1]
    return "".join(shown) + text[place:]


def escaping(text: str) -> list[str]:
    """Return what turns words around beyond them: anything but isolates that begin and end within a line."""
    found = [each for each in text if each in TURNS]
    for line in text.splitlines():
        depth = 0
        for each in line:
            depth += (each == "\u2068") - (each == "\u2069")
            if depth < 0:
                found.append(each)
        found += ["\u2068"] * max(depth, 0)
    return found


def _read(text: str) -> Iterator[Seen]:
    place = 0
    while place < len(text):
        if place == 0 or text[place - 1] == "\n":
            for kind, pattern in _AT_START:
                if match := pattern.match(text, place):
                    yield Seen(kind, match[0])
                    if kind == "quote":
                        place = match.end()
        for kind, pattern in _INLINE:
            if match := pattern.match(text, place):
                yield Seen(kind, match[0])
                place = match.end()
                break
        else:
            plain = _PLAIN.match(text, place)
            place = plain.end() if plain else place + 1


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Return where something other than plain text begins and ends, with all that is to be read up to its end."""
    place = since = 0
    while place < len(text):
        for kind, pattern in (*_INLINE[:3], ("address", dict(_INLINE)["address"])):
            if match := pattern.match(text, place):
                inner = match[1] if kind == "escape" else match[0].strip("<>" if kind == "address" else "`").strip("\n")
                yield place, match.end(), text[since:place] + inner
                place = since = match.end()
                break
        else:
            place += 1
