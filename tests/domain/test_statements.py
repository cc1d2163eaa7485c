"""Free text becomes expertise statements, one idea a line, for any typed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statements import LONGEST, MOST, split_statements
from bot.domain.wording import clean_line, is_said, text_hash
from bot.errors import LimitReached

LINES = st.lists(st.text(max_size=40), max_size=MOST)
SPOKEN = st.lists(st.from_regex(r"[a-z]{1,10}( [a-z]{1,10}){0,3}", fullmatch=True), max_size=MOST, unique=True)
BULLETS = st.sampled_from(["", "- ", "* ", "• ", "  – ", "-- ", "· ", "\t—", "\x00- ", "\x1b* - "])


@given(LINES)
def test_splitting_what_was_split_changes_nothing(lines: list[str]) -> None:
    try:
        once = split_statements("\n".join(lines))
    except LimitReached:
        return  # an odd character may break one line into many
    assert split_statements("\n".join(once)) == once


@given(LINES)
def test_every_statement_says_something_of_its_own_on_one_clean_line(lines: list[str]) -> None:
    try:
        statements = split_statements("\n".join(lines))
    except LimitReached:
        return
    assert all(is_said(each) and each == clean_line(each) and len(each) <= LONGEST for each in statements)
    assert len({text_hash(each) for each in statements}) == len(statements) <= MOST


@given(SPOKEN, st.data())
def test_bullets_go_and_order_stays(lines: list[str], data: st.DataObject) -> None:
    written = "\n".join(data.draw(BULLETS) + line for line in lines)
    assert split_statements(written) == lines


@given(SPOKEN, st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\n", "\n-\n", "\n\u200b\n"]))
def test_blank_lines_say_nothing(lines: list[str], separator: str) -> None:
    assert split_statements(separator.join(lines)) == lines


@given(SPOKEN.filter(bool))
def test_repeats_are_dropped_whatever_their_capitals(lines: list[str]) -> None:
    again = split_statements("\n".join([*lines, *(line.upper() for line in lines)]))
    assert [each.casefold() for each in again] == lines


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("- CTC loss\n* C++ and #hashtags\n• 3-D vision", ["CTC loss", "C++ and #hashtags", "3-D vision"]),
        ("👩🏽‍🔬 lab work\n🎓", ["👩🏽‍🔬 lab work", "🎓"]),
        ("\u200fالتعلّم العميق\nكتابة الأبحاث", ["\u200fالتعلّم العميق", "كتابة الأبحاث"]),
        ("bell\x07 curves\x00", ["bell curves"]),
        ("tabs\tand   spaces", ["tabs and spaces"]),
        ("@everyone, <@1> and **markup**", ["@everyone, <@1> and **markup**"]),
        ("", []),
        (" \n\t\n-\n\u200b\u202e", []),
    ],
)
def test_what_people_type(written: str, expected: list[str]) -> None:
    assert split_statements(written) == expected


def test_thirty_statements_of_two_hundred_characters_are_the_most() -> None:
    lines = [f"{number:02}".ljust(LONGEST, "x") for number in range(MOST)]
    assert split_statements("\n".join(lines)) == lines
    with pytest.raises(LimitReached, match=r"profile\.too_many_statements") as many:
        split_statements("\n".join([*lines, "one more"]))
    assert many.value.params == {"limit": MOST, "count": MOST + 1}
    with pytest.raises(LimitReached, match=r"profile\.statement_too_long") as long:
        split_statements(lines[0] + "x")
    assert long.value.params == {"limit": LONGEST, "length": LONGEST + 1}
