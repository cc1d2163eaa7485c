"""Where a draft's text is divided by its author: headings of Markdown, and numbered ones as papers have."""

import re
from collections.abc import Iterator

from bot.domain.draft_reading import DraftSection
from bot.domain.wording import clean_line, without_turns

LONGEST_TITLE = 60
"""Characters of what may be a heading, and of its title as readers see it."""

_MARKED = re.compile(r"#{1,2}\s+(?P<title>\S.*)")
_NUMBERED = re.compile(r"(?P<number>[0-9]{1,2})\.?\s+(?P<title>[^\W\d_][^.!?]*)")
_FENCE = "```"
_WORD = re.compile(r"\S*\w\S*")


def sections(text: str) -> list[DraftSection]:
    """Return what a text is divided into, in order, with the words of each; what comes first may have no title."""
    found = list[DraftSection]()
    for title, lines in _divided(text):
        words = count_words("\n".join(lines))
        if words:
            found.append(DraftSection(title, words))
    return found


def count_words(text: str) -> int:
    """Return how many words a text has: what stands between spaces and has a letter or a digit in it."""
    return len(_WORD.findall(text))


def _divided(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each title with the lines below it; numbered headings count only where their numbers follow each other."""
    title, lines, number, is_code = "", list[str](), 1, False
    for line in text.splitlines():
        is_code ^= line.lstrip().startswith(_FENCE)
        heading = None if is_code else _heading(line.strip(), number)
        if heading is None:
            lines.append(line)
            continue
        yield title, lines
        title, lines, number = heading[0], [line], heading[1]
    yield title, lines


def _heading(line: str, number: int) -> tuple[str, int] | None:
    """Return the title of a heading and the number that the next one has; None where it is none."""
    if len(line) > LONGEST_TITLE:
        return None
    if marked := _MARKED.fullmatch(line):
        return _shown(marked["title"]), number
    numbered = _NUMBERED.fullmatch(line)
    if numbered and int(numbered["number"]) == number:
        return _shown(numbered["title"]), number + 1
    return None


def _shown(title: str) -> str:
    return clean_line(without_turns(title)).rstrip("#").strip()
