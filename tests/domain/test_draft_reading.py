"""How long a draft takes to read, and in which parts a longer one is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draft_reading import (
    LONGEST_BITE,
    MOST_WORDS,
    DraftSection,
    DraftSize,
    LongestRead,
    accepts,
    band,
    fewest_parts,
    is_too_long,
    minutes,
    parts,
)

WORDS = st.integers(0, MOST_WORDS)
SECTIONS = st.lists(st.integers(0, 12_000), max_size=12).map(
    lambda lengths: [DraftSection(f"Section {number}", words) for number, words in enumerate(lengths, 1)]
)


@pytest.mark.parametrize(("words", "expected"), [
    (0, 15), (1, 15), (500, 15), (875, 15), (876, 20), (1_500, 20), (1_750, 20), (2_600, 25), (4_000, 35),
    (5_250, 40), (5_251, 45), (6_000, 45), (8_000, 60),
])  # fmt: skip
def test_minutes_are_reading_to_the_next_five_and_ten_to_write(words: int, expected: int) -> None:
    assert minutes(words) == expected
    assert band(words) == (expected, expected + 5)


def test_a_piece_that_may_take_over_45_minutes_is_offered_in_parts() -> None:
    assert [words for words in (2_600, 4_000, 5_250, 5_251, 6_000) if is_too_long(words)] == [5_251, 6_000]
    assert [fewest_parts(words) for words in (0, 2_600, 5_250, 6_000, 8_000, 12_000)] == [1, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(("longest", "most"), [
    (LongestRead.SHORT, 875), (LongestRead.MIDDLE, 3_500), (LongestRead.LONG, 6_125),
])  # fmt: skip
def test_no_one_is_asked_for_more_than_they_said(longest: LongestRead, most: int) -> None:
    assert accepts(longest, most)
    assert not accepts(longest, most + 1)


def test_a_size_typed_by_hand_is_the_most_it_stands_for() -> None:
    assert [size.words for size in DraftSize] == [500, 1_500, 4_000, 8_000]
    assert [is_too_long(size.words) for size in DraftSize] == [False, False, False, True]


@given(WORDS, WORDS)
def test_more_words_never_take_less_time(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert minutes(fewer) <= minutes(more)
    assert fewest_parts(fewer) <= fewest_parts(more)
    assert is_too_long(fewer) <= is_too_long(more)
    assert all(accepts(longest, fewer) >= accepts(longest, more) for longest in LongestRead)


def test_parts_are_whole_sections_about_equally_long() -> None:
    paper = [("Introduction", 900), ("Method", 2_400), ("Experiments", 2_100), ("Analysis", 1_300), ("Conclusion", 300)]
    found = parts([DraftSection(*each) for each in paper])
    assert [(part.titles, part.words) for part in found] == [
        (("Introduction", "Method"), 3_300),
        (("Experiments", "Analysis", "Conclusion"), 3_700),
    ]


def test_a_section_that_is_too_long_is_asked_for_in_pieces() -> None:
    found = parts([DraftSection("Abstract", 200), DraftSection("Proof", 11_000), DraftSection("Notes", 100)])
    assert [(*part.titles, part.words, part.piece, part.pieces) for part in found] == [
        ("Abstract", 200, 1, 1), ("Proof", 3_666, 1, 3), ("Proof", 3_667, 2, 3), ("Proof", 3_667, 3, 3),
        ("Notes", 100, 1, 1),
    ]  # fmt: skip


@given(SECTIONS)
def test_parts_hold_every_section_in_order_and_none_is_too_long(sections: list[DraftSection]) -> None:
    found = parts(sections)
    assert sum(part.words for part in found) == sum(section.words for section in sections)
    assert all(band(part.words)[1] <= LONGEST_BITE for part in found)
    told = [title for part in found if part.piece == 1 for title in part.titles]
    assert told == [section.title for section in sections]
    assert len(found) >= fewest_parts(sum(section.words for section in sections)) or not sections
