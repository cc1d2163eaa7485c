"""What people write, made safe to keep."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.wording import clean_line, clean_paragraph, is_said, text_hash, within, without_turns
from bot.errors import Invalid

INVISIBLE = st.text(st.characters(categories=["Zs", "Zl", "Zp", "Cc", "Cf", "Cs"]))
BLANK = (
    "\u3164\u2800\u115f\u1160\uffa0\u00ad\u034f\u061c\u17b4\u180e\u200b\u200d\u2060\ufe0f\ufeff\ufffc"
    "\U0001d159\U000e0020\U000e0100"
)
"""Letters, signs and marks that show nothing, one of each kind."""
ASCII = st.text(st.characters(max_codepoint=127))


def kept(written: str, shortest: int, longest: int) -> str:
    return within(written, longest, "too_long", shortest=shortest, too_short="too_short")


def seen_of(text: str) -> str:
    return "".join(each for each in text if each not in BLANK)


def controls(text: str) -> set[str]:
    return {each for each in text if unicodedata.category(each) in {"Cc", "Cs"}}


@given(st.text(st.characters()))
def test_a_clean_line_is_one_line_without_controls_and_stays_as_it_is(written: str) -> None:
    line = clean_line(written)
    assert not controls(line)
    assert line.splitlines() in ([], [line])
    assert line == line.strip() == clean_line(line)
    assert "  " not in line


@given(st.text(st.characters()))
def test_a_clean_paragraph_keeps_lines_and_stays_as_it_is(written: str) -> None:
    text = clean_paragraph(written)
    assert controls(text) <= {"\n", "\t"}
    assert text == text.strip() == clean_paragraph(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_cleaning_takes_nothing_that_can_be_seen(written: str) -> None:
    assert clean_line(written).split() == written.split()
    assert clean_paragraph(written) == written.strip()


@pytest.mark.parametrize("text", ["می‌خواهم", "👩🏽‍🔬", "\u2067שלום\u2069", "e\u0301"])
def test_joiners_and_direction_marks_stay(text: str) -> None:
    assert clean_line(text) == clean_paragraph(text) == text


@given(INVISIBLE)
def test_invisible_marks_say_nothing(written: str) -> None:
    assert not is_said(written)
    assert not is_said(clean_line(written))


@pytest.mark.parametrize("blank", BLANK)
def test_blank_characters_say_nothing_however_many(blank: str) -> None:
    assert not is_said(blank * 25)
    for written in (blank * 25, f"a{blank * 24}", f"a {blank * 20} b"):
        with pytest.raises(Invalid, match="too_short"):
            kept(written, 20, 1_500)
    assert kept(f"{blank}twenty and more letters{blank}", 20, 1_500)


def test_an_accent_over_nothing_says_nothing() -> None:
    assert not is_said("\u0301" * 25)
    assert is_said("e\u0301")


@given(st.text("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200eab"))
def test_nothing_is_left_that_turns_words_around(written: str) -> None:
    assert set(without_turns(written)) <= set("\u200eab")
    assert without_turns(written).count("a") == written.count("a")


@given(INVISIBLE, st.sampled_from(["a", "?", "é", "ع", "字", "🎓", "+"]))
def test_one_visible_character_says_something(around: str, visible: str) -> None:
    assert is_said(around + visible + around)


@given(st.text(st.characters()))
def test_cleaning_never_changes_whether_something_is_said(written: str) -> None:
    assert is_said(clean_line(written)) is is_said(clean_paragraph(written)) is is_said(written)


@given(ASCII, ASCII)
def test_a_text_is_named_by_its_words_whatever_their_capitals_and_spaces(one: str, other: str) -> None:
    assert text_hash(one) == text_hash(one.upper()) == text_hash(f"  {one}\n") == text_hash(clean_line(one))
    is_same = clean_line(one).casefold() == clean_line(other).casefold()
    assert (text_hash(one) == text_hash(other)) is is_same


@given(st.text(st.characters()))
def test_a_name_is_32_hexadecimal_digits(written: str) -> None:
    assert len(text_hash(written)) == 32
    int(text_hash(written), 16)


@given(st.text(f"ab é字\n\t\r{BLANK}", max_size=60), st.integers(0, 30), st.integers(0, 30))
def test_a_length_is_that_of_the_cleaned_text(written: str, shortest: int, more: int) -> None:
    longest = shortest + more
    length = len(clean_paragraph(written)) if is_said(written) else 0
    seen = len(clean_line(seen_of(written))) if length else 0
    if shortest <= seen and length <= longest:
        text = kept(written, shortest, longest)
        assert len(text) == length
        assert kept(text, shortest, longest) == text
    else:
        with pytest.raises(Invalid, match="too_short" if seen < shortest else "too_long"):
            kept(written, shortest, longest)


@given(INVISIBLE)
def test_what_says_nothing_is_empty_where_it_may_be_and_too_short_where_it_may_not(written: str) -> None:
    assert kept(written * 20, 0, 10) == ""
    with pytest.raises(Invalid, match="too_short") as refusal:
        kept(written, 1, 10)
    assert refusal.value.params == {"shortest": 1, "length": 0}


@given(st.text(st.characters(categories=["L"], exclude_characters=BLANK), min_size=1, max_size=30))
def test_both_ends_of_a_length_are_within(written: str) -> None:
    assume(is_said(written))
    length = len(written)
    assert kept(f"\n{written} ", length, length) == written
    with pytest.raises(Invalid, match="too_short"):
        kept(written, length + 1, length + 1)
    with pytest.raises(Invalid, match="too_long"):
        kept(written, 0, length - 1)
