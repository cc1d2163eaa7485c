"""How free text becomes expertise statements: one idea a line."""

import re

from bot.domain.wording import clean_line, is_said, text_hash
from bot.errors import LimitReached

LONGEST = 200
"""Characters in one statement."""
MOST = 25
"""Statements a person may declare; Discord's select, by which they are muted and deleted, shows no more."""

_BULLET = re.compile(r"^(?:[\s\-•·–—]|\*(?=\s|$))+")
"""A star is one only before a space: "**bold**" begins with two that mean something."""


def split_statements(written: str) -> list[str]:
    """Return one statement a line: bullets, blank lines and repeats dropped, order kept.

    Raises:
        LimitReached: there are more than `MOST`, or one is longer than `LONGEST` characters.
    """
    statements = ideas(written)
    if len(statements) > MOST:
        raise LimitReached("profile.too_many_statements", limit=MOST, count=len(statements))
    longest = max(map(len, statements), default=0)
    if longest > LONGEST:
        raise LimitReached("profile.statement_too_long", limit=LONGEST, length=longest)
    return statements


def ideas(written: str) -> list[str]:
    """Return one idea a line: bullets, blank lines and repeats dropped, order kept."""
    lines = (_BULLET.sub("", clean_line(line)) for line in written.splitlines())
    return list({text_hash(line): line for line in lines if is_said(line)}.values())
