"""What an author asks for, what a reader gives, and what must never be shared."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drafts import (
    CONFIDENTIAL,
    LONGEST_ABOUT,
    LONGEST_ANSWERS,
    LONGEST_LOCATION,
    LONGEST_NOTE,
    LONGEST_QUESTION,
    LONGEST_QUESTIONS,
    LONGEST_REMARK,
    LONGEST_REVIEW,
    LONGEST_STRENGTHS,
    LONGEST_SUGGESTION,
    LONGEST_SUMMARY,
    Area,
    Confidence,
    Missing,
    Stage,
    clean_about,
    clean_field,
    clean_point,
    clean_review,
    clean_summary,
    require_sharable,
    split_questions,
)
from bot.errors import HouseError, Invalid, LimitReached
from bot.texts import say

MODAL = 4_000
"""Characters. Source: https://discord.com/developers/docs/components/reference#text-input"""
EMBED = 4_096
"""Characters of one description. Source: https://discord.com/developers/docs/resources/message#embed-object"""


def refusal(error: pytest.ExceptionInfo[HouseError]) -> str:
    """Return the key of what a person reads; the text is there and filled."""
    assert "{" not in say(error.value.key, **error.value.params)
    return error.value.key


def test_what_it_is_about_is_enough_to_decide_by() -> None:
    assert clean_about(" Alignment of speech with a CTC loss, for two languages ") == (
        "Alignment of speech with a CTC loss, for two languages"
    )
    with pytest.raises(Invalid) as short:
        clean_about("My paper".ljust(39))
    with pytest.raises(Invalid) as invisible:
        clean_about("My paper" + "\u200b" * 40)
    with pytest.raises(Invalid) as long:
        clean_about("x" * (LONGEST_ABOUT + 1))
    assert [refusal(each) for each in (short, invisible, long)] == [
        "feedback.about_too_short",
        "feedback.about_too_short",
        "feedback.about_too_long",
    ]
    assert clean_about("x" * LONGEST_ABOUT)


def test_questions_are_one_a_line_without_what_numbers_them() -> None:
    written = "1. Is section 4 clear?\n\n- Is the baseline fair?\n* 2) Is section 4 clear?\n  3D plots: too many?"
    assert split_questions(written) == ["Is section 4 clear?", "Is the baseline fair?", "3D plots: too many?"]


@pytest.mark.parametrize(("written", "key"), [
    ("", "no_question"),
    (" \n-\n\u200b", "no_question"),
    ("1.", "no_question"),
    ("a?\nb?\nc?\nd?", "too_many_questions"),
    ("x" * (LONGEST_QUESTION + 1), "question_too_long"),
])  # fmt: skip
def test_questions_are_one_to_three_and_short(written: str, key: str) -> None:
    with pytest.raises((Invalid, LimitReached)) as error:
        split_questions(written)
    assert refusal(error) == f"feedback.{key}"


def test_the_longest_questions_fit_into_their_field() -> None:
    written = "\n".join(f"- {letter * LONGEST_QUESTION}" for letter in "abc")
    assert len(split_questions(written)) == 3
    assert len(written) <= LONGEST_QUESTIONS <= MODAL


@given(st.text(st.sampled_from("ab1.)-* \n?"), max_size=60))
def test_questions_that_are_read_again_stay_as_they_are(written: str) -> None:
    try:
        questions = split_questions(written)
    except HouseError:
        return
    assert 1 <= len(questions) <= 3
    assert all(question == question.strip() for question in questions)


SOURCES = [*product((False, True), repeat=2)]
"""Whether there is a link, and whether there is a file."""


@pytest.mark.parametrize("stage", Stage)
def test_a_review_comes_alone_and_a_draft_as_one_thing(stage: Stage) -> None:
    key = "review_only" if stage == Stage.REVIEW else "one_source"
    fitting = SOURCES[:1] if stage == Stage.REVIEW else SOURCES[:3]
    for has_link, has_file in fitting:
        require_sharable(stage, has_link=has_link, has_file=has_file)
    for has_link, has_file in SOURCES[len(fitting) :]:
        with pytest.raises(Invalid) as error:
            require_sharable(stage, has_link=has_link, has_file=has_file)
        assert refusal(error) == f"feedback.{key}"


def test_what_a_venue_has_in_its_hands_is_warned_about() -> None:
    assert {stage for stage in Stage if stage in CONFIDENTIAL} == {Stage.CAMERA_READY, Stage.REVIEW, Stage.REBUTTAL}


def test_a_review_is_taken_only_where_its_venue_allows_it() -> None:
    assert clean_review(" The proof is sound. ", is_allowed=True) == "The proof is sound."
    with pytest.raises(Invalid) as forbidden:
        clean_review("The proof is sound.", is_allowed=False)
    with pytest.raises(Invalid) as empty:
        clean_review(" \n", is_allowed=True)
    with pytest.raises(Invalid) as long:
        clean_review("x" * (LONGEST_REVIEW + 1), is_allowed=True)
    assert [refusal(each) for each in (forbidden, empty, long)] == [
        "feedback.review_not_allowed",
        "feedback.review_too_short",
        "feedback.review_too_long",
    ]


@pytest.mark.parametrize(("location", "suggestion", "missing"), [
    ("Section 4", "add a seed", None),
    (" ", "add a seed", Missing.WHERE),
    ("Section 4", "", Missing.YOU_COULD),
    ("\u200b", "\n", Missing.BOTH),
])  # fmt: skip
def test_a_point_that_lacks_something_is_taken_with_one_hint(
    location: str, suggestion: str, missing: Missing | None
) -> None:
    point = clean_point(Area.ANALYSIS, " One run is noise. ", Confidence.A_GUESS, location, suggestion)
    assert point.remark == "One run is noise."
    assert point.missing == missing


@pytest.mark.parametrize(("remark", "location", "suggestion", "key"), [
    (" ", "Section 4", "add a seed", "point_too_short"),
    ("x" * (LONGEST_REMARK + 1), "", "", "field_too_long"),
    ("x", "x" * (LONGEST_LOCATION + 1), "", "field_too_long"),
    ("x", "", "x" * (LONGEST_SUGGESTION + 1), "field_too_long"),
])  # fmt: skip
def test_a_point_says_something_shortly(remark: str, location: str, suggestion: str, key: str) -> None:
    with pytest.raises(Invalid) as error:
        clean_point(Area.DESIGN, remark, Confidence.SURE, location, suggestion)
    assert refusal(error) == f"feedback.{key}"


def test_where_a_point_is_stands_on_one_line() -> None:
    assert clean_point(Area.DESIGN, "x", Confidence.SURE, "page 3,\n line 2").location == "page 3, line 2"


def test_a_summary_is_the_one_thing_a_reader_always_writes() -> None:
    with pytest.raises(Invalid) as error:
        clean_summary(" ")
    assert refusal(error) == "feedback.summary_too_short"
    assert clean_summary("x" * LONGEST_SUMMARY)
    assert clean_field(" ", LONGEST_NOTE) == ""


def test_all_that_a_reader_writes_fits_where_it_is_shown() -> None:
    point = LONGEST_LOCATION + LONGEST_REMARK + LONGEST_SUGGESTION
    assert max(LONGEST_ABOUT, LONGEST_REVIEW) <= MODAL
    assert max(LONGEST_SUMMARY + LONGEST_STRENGTHS + LONGEST_ANSWERS, 3 * (point + LONGEST_NOTE)) <= EMBED
