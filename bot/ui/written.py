"""What people wrote, as others read it: one way for every text, so that nothing in it is live.

`inline` is for the middle of a sentence, `block` and `quoted` are for texts of many lines, `plain` is for what shows no
markdown: names of threads and events, labels of options. The signs are escaped one by one, brackets too, instead of
looking for what they may mean together. Code stays code, for nothing in it is read as anything else, and an address
that stands by itself stays a link, for it says where it leads.
"""

import re
from collections.abc import Iterator

from bot.domain.wording import clean_line, clean_paragraph, is_said, without_turns

_ISOLATE, _END = "\u2068", "\u2069"
"""Keep right-to-left words from turning a sentence around. Source: https://www.unicode.org/reports/tr9/"""
_MORE = "…"
_SIGNS = re.compile(r"[\\*_~`|<>\[\]#@]|:(?=//)")
"""What begins a mention, a command, a moment, an emoji, a link, a heading, a quote, a spoiler, code or emphasis.
Source: https://discord.com/developers/docs/reference#message-formatting"""
_ITEM = re.compile(r"^([^\S\n]*(?:\d+(?=[.)]))?)([-+.)])", re.MULTILINE)
"""What begins an item of a list."""
_UNITS = re.compile(r"\\.|`[^`\n]+`|<[^>\n]*>|.", re.DOTALL)
"""What may not be cut in two."""
_KEPT = re.compile(
    r"(?<!`)`(?P<code>[^`\n]+)`(?!`)"
    r"|https?://[a-z0-9_\-.~:/?#@!$&'*+,;=%]*[a-z0-9_\-/#&+=%](?=[.,:;!?)\]>\"']*(?:\s|$))",
    re.IGNORECASE,
)
"""Code in a line, and an address that is whole: of one that goes on with other letters, a part would lead elsewhere."""
_FENCE, _LANGUAGE = "```", re.compile(r"[a-z0-9_+\-.#]{1,20}\n", re.IGNORECASE)
_GRAVE = "\u02cb"
"""Looks like the sign that begins and ends code, and does neither."""


def inline(written: str, longest: int = 200) -> str:
    """Return a person's words for the middle of a sentence: one line, nothing in it formatted.

    At most `longest` characters are shown; with the signs that are escaped it's twice as many, and two more.
    """
    return f"{_ISOLATE}{_escaped(plain(written, longest))}{_END}"


def plain(written: str, longest: int) -> str:
    """Return a person's words where no markdown is read: one line, shortened, never empty."""
    line = clean_line(without_turns(written))
    short = line if len(line) <= longest else f"{line[: longest - 1]}{_MORE}"
    return short if is_said(short) else _MORE


def block(written: str, longest: int, mark: str = "") -> str:
    """Return a person's words with their lines and their code, in at most `longest` characters; `mark` begins lines.

    Words of so many signs that they don't fit once these are escaped stand in a code block, where none has to be.
    """
    text = "\n".join(clean_paragraph(without_turns(written)).splitlines())
    parts = list(_parts(text, mark)) or [_MORE]
    shown = "\n".join(parts)
    if len(shown) <= longest:
        return shown
    verbatim = _fenced(text.replace(_FENCE, _GRAVE * len(_FENCE)))
    return verbatim if len(verbatim) <= longest else _cut(parts, longest)


def quoted(written: str, longest: int) -> str:
    """Return a person's words as Discord's block quote, with their code beside it."""
    return block(written, longest, "> ")


def _parts(text: str, mark: str) -> Iterator[str]:
    """Return texts and code blocks in their order, each to stand on lines of its own."""
    before, *pieces = text.split(_FENCE)
    rest = iter(pieces)
    for code in rest:
        after = next(rest, None)
        if after is None or not code.strip():
            # Code that never ends, or that nothing is in, is none.
            before += _FENCE + code + (_FENCE + after if after is not None else "")
            continue
        yield from _marked(before, mark)
        yield _fenced(*_code(code))
        before = after
    yield from _marked(before, mark)


def _marked(text: str, mark: str) -> Iterator[str]:
    if lines := text.strip("\n"):
        yield "\n".join(f"{mark}{line}" for line in _lines(lines))


def _lines(text: str) -> list[str]:
    """Return the lines of a text without code blocks, its code and its addresses as they are."""
    shown, end = [], 0
    for kept in _KEPT.finditer(text):
        shown += [_signs(text[end : kept.start()]), kept[0] if kept["code"] else f"<{kept[0]}>"]
        end = kept.end()
    return _ITEM.sub(r"\1\\\2", "".join([*shown, _signs(text[end:])])).splitlines()


def _code(piece: str) -> tuple[str, str]:
    """Return a code block's code and its language; a language alone is code."""
    found = _LANGUAGE.match(piece)
    is_language = found is not None and bool(piece[found.end() :].strip())
    return (piece[found.end() :], found[0].strip()) if found and is_language else (piece, "")


def _fenced(code: str, language: str = "") -> str:
    body = code.strip("\n")
    return f"{_FENCE}{language}\n{body}\n{_FENCE}"


def _escaped(text: str) -> str:
    return _ITEM.sub(r"\1\\\2", _signs(text))


def _signs(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def _cut(parts: list[str], longest: int) -> str:
    """Return as much as fits: whole code blocks only, and nothing cut inside of what is escaped or kept."""
    shown = ""
    for part in parts:
        ahead = f"{shown}\n{part}" if shown else part
        if len(ahead) > longest - len(_MORE):
            return shown + _beginning("" if part.startswith(_FENCE) else ahead[len(shown) :], longest - len(shown))
        shown = ahead
    return shown


def _beginning(text: str, longest: int) -> str:
    begun = ""
    for unit in _UNITS.findall(text):
        if len(begun) + len(unit) > longest - len(_MORE):
            break
        begun += unit
    return f"{begun}{_MORE}"
