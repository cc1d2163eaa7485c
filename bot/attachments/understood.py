"""What is said of a file once it was looked into."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What a file is by its content; its name is never asked."""

    PDF = "pdf"
    TEXT = "text"
    """UTF-8; Markdown and programs are text too, and nothing in them surely tells which."""


NEUTRAL_NAMES = {Format.PDF: "draft.pdf", Format.TEXT: "draft.txt"}
"""What a file of an author without a name is called."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A file that could be read."""

    format: Format
    words: int
    """0 in a PDF of pictures. Words are what stands between spaces, so a text in Chinese has few."""
    is_cut: bool
    """The words are of a part only: there are more than are counted, or a page couldn't be read."""
    pages: int | None = None
    """Of a PDF."""
    record: Mapping[str, str] | None = None
    """What a PDF says about itself on no page: Title, Author, Creator, Producer and the like, each on one line."""
    has_more: bool = False
    """The PDF says more that is on no page, or may: other records, comments, files in it, an earlier version of it."""
    text: str | None = None
    """At most 30,000 words and 256 KiB, and only where it was asked for."""

    @property
    def neutral_name(self) -> str:
        """The name under which it gives no one away."""
        return NEUTRAL_NAMES[self.format]
