"""How long it takes to read a draft and say something about it, and in which parts a longer one is asked for."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

MOST_WORDS = 30_000
"""What is read of a file, and the most that is believed of a size."""
WORDS_A_MINUTE = 175
"""Slow readers of their own language, and good ones of another.
Source: Brysbaert 2019, 190 studies, https://doi.org/10.1016/j.jml.2019.104047"""
TO_WRITE = 10
"""Minutes."""
STEP = 5
"""Minutes to which reading is rounded up, and over which a reader sees a band."""
LONGEST_BITE = 45
"""Minutes: what may take longer is offered in parts."""
MOST_WORDS_OF_PART = (LONGEST_BITE - STEP - TO_WRITE) * WORDS_A_MINUTE
"""The most words whose band doesn't go over that."""


class DraftSize(StrEnum):
    """How long a draft is, as its author picks it where nothing could be counted."""

    UNDER_500 = "under_500"
    UNDER_1500 = "under_1500"
    UNDER_4000 = "under_4000"
    PAPER = "paper"

    @property
    def words(self) -> int:
        """The most that it stands for, so that no one is asked for more than they are told."""
        return _WORDS[self]


_WORDS = {
    DraftSize.UNDER_500: 500,
    DraftSize.UNDER_1500: 1_500,
    DraftSize.UNDER_4000: 4_000,
    DraftSize.PAPER: 8_000,
}


class LongestRead(IntEnum):
    """The most minutes a member wants to be asked for at once."""

    SHORT = 15
    MIDDLE = 30
    LONG = 45


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A part of a draft as its author divided it."""

    title: str
    words: int


@dataclass(frozen=True, slots=True)
class DraftPart:
    """What one reader is asked to read of a longer draft: sections that follow each other, or a piece of one."""

    titles: tuple[str, ...]
    words: int
    piece: int = 1
    pieces: int = 1
    """Of so many; 1 where whole sections fit."""


def minutes(words: int) -> int:
    """Return how long a draft takes: reading it, rounded up to the next 5 minutes, and 10 to write.

    It is also what is compared with the longest read that a member accepts.
    """
    reading = _up(_up(words, WORDS_A_MINUTE), STEP) * STEP
    return max(reading, STEP) + TO_WRITE


def band(words: int) -> tuple[int, int]:
    """Return from how many to how many minutes readers are told it takes."""
    return minutes(words), minutes(words) + STEP


def accepts(longest: LongestRead, words: int) -> bool:
    """Tell whether a member who accepts so long a read may be asked for a draft of so many words."""
    return minutes(words) <= longest


def is_too_long(words: int) -> bool:
    """Tell whether a draft may take more than 45 minutes, so that parts are offered."""
    return band(words)[1] > LONGEST_BITE


def fewest_parts(words: int) -> int:
    """Return in how many parts a draft is asked for, so that none may take more than 45 minutes."""
    return max(_up(words, MOST_WORDS_OF_PART), 1)


def parts(sections: Sequence[DraftSection]) -> list[DraftPart]:
    """Return the fewest parts in order, none of which may take more than 45 minutes, about equally long.

    A section that is longer by itself is asked for in equal pieces. O(sections · log words).
    """
    whole = [each for section in sections for each in _pieces(section)]
    fewest = len(list(_filled(whole, MOST_WORDS_OF_PART)))
    longest = max((each.words for each in whole), default=0)
    # The smaller a part may be, the more there are: the smallest that still leaves the fewest shares them out best.
    fitting = bisect_left(
        range(MOST_WORDS_OF_PART), -fewest, lo=longest, key=lambda most: -len(list(_filled(whole, most)))
    )
    return list(_filled(whole, fitting))


def _pieces(section: DraftSection) -> Iterator[DraftPart]:
    pieces = fewest_parts(section.words)
    for piece in range(pieces):
        words = section.words * (piece + 1) // pieces - section.words * piece // pieces
        yield DraftPart((section.title,), words, piece + 1, pieces)


def _filled(whole: Iterable[DraftPart], most: int) -> Iterator[DraftPart]:
    """Yield parts that are filled up one after another; a piece of a section stands alone."""
    filling: DraftPart | None = None
    for each in whole:
        if filling and filling.pieces == each.pieces == 1 and filling.words + each.words <= most:
            filling = DraftPart(filling.titles + each.titles, filling.words + each.words)
        else:
            if filling:
                yield filling
            filling = each
    if filling:
        yield filling


def _up(number: int, divisor: int) -> int:
    return -(-number // divisor)
