"""A moment at which something is due, and how the messages about it are known."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

_ABOUT_SLOT: Final = "slot_offer"
"""The letters whose keys name a person's place before what they are about."""


class Deadline(NamedTuple):
    """A moment at which something has to be done about a row."""

    what: str
    row: int
    at: datetime
    sweep: str
    """The name of the sweep that does it."""
    tells: tuple[str, ...] = ()
    """The occasions of the messages that come of it, where any do."""

    def __str__(self) -> str:
        """Return a line for a report."""
        return f"{' '.join((self.what, str(self.row), *self.tells))}, due {self.at:%d %b %H:%M:%S}"


def occasions(key: str) -> Iterator[str]:
    """Yield what a letter with this key is known by: the letter itself, and what it is about, for any reader."""
    yield f"letter {key}"
    text, *rest = key.split(":")
    yield ":".join([text, *(rest[1:] if text == _ABOUT_SLOT else rest[:1])])
