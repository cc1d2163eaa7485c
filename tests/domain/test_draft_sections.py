"""Where a draft is divided: headings of Markdown and numbered ones, and nothing that merely looks like one."""

import pytest

from bot.domain.draft_reading import DraftSection
from bot.domain.draft_sections import LONGEST_TITLE, count_words, sections

MARKDOWN = """Two words
# Introduction
One two three
```
# no heading
```
## Methods ##
One two
"""
PAPER = """Title of it
1 Introduction
One two three
12 cats were fed.
2. Related work
3
2 Methods come too late
One two
"""


def test_markdown_is_divided_at_its_headings_and_not_in_code() -> None:
    assert sections(MARKDOWN) == [
        DraftSection("", 2), DraftSection("Introduction", 6), DraftSection("Methods", 3),
    ]  # fmt: skip


def test_numbers_of_headings_follow_each_other() -> None:
    assert [each.title for each in sections(PAPER)] == ["", "Introduction", "Related work"]


@pytest.mark.parametrize("text", ["", " \n", "# \n", "#" * 100, "--- ***"])
def test_nothing_is_no_section(text: str) -> None:
    assert sections(text) == []


def test_a_long_line_is_no_heading() -> None:
    assert [each.title for each in sections("# " + "w" * LONGEST_TITLE)] == [""]


def test_titles_turn_no_words_around() -> None:
    (found,) = sections("# \u202eabc\u202c")
    assert found.title == "abc"


def test_words_have_a_letter_or_a_digit() -> None:
    assert count_words("Loss – 3 % of it.\n* * *") == 4
