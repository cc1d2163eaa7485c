"""Feedback on a draft: what an author asks for, what a reader gives, and what must never be shared; pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.statements import ideas
from bot.domain.wording import clean_line, within
from bot.errors import Invalid, LimitReached

SHORTEST_ABOUT, LONGEST_ABOUT = 40, 3_000
"""Characters of a title and an abstract."""
MOST_QUESTIONS, LONGEST_QUESTION = 3, 300
LONGEST_QUESTIONS = MOST_QUESTIONS * (LONGEST_QUESTION + len("- \n"))
"""Characters of the field that holds one question a line."""
LONGEST_REVIEW = 4_000
"""Characters of a review that feedback is asked for; Discord's form holds no more.
Source: https://discord.com/developers/docs/components/reference#text-input"""
LONGEST_SUMMARY, LONGEST_STRENGTHS, LONGEST_ANSWERS = 400, 600, 1_500
MOST_POINTS = 3
LONGEST_LOCATION, LONGEST_REMARK, LONGEST_SUGGESTION = 80, 300, 300
LONGEST_NOTE = 300
"""Characters of what an author says to a point."""
READERS, MOST_READERS, ALTERNATES = 2, 3, 2
"""Who reads a draft, and who is asked only when one of their seats is free again."""
MOST_CO_AUTHORS = 10

_NUMBER = re.compile(r"^[\s\-•*]*[0-9]{1,2}[.)](?:\s+|$)", re.MULTILINE)


class Stage(StrEnum):
    """How far a draft is."""

    IDEA = "idea"
    OUTLINE = "outline"
    DRAFT = "draft"
    CAMERA_READY = "camera_ready"
    REVIEW = "review"
    """A review that its author writes of another person's paper: only their own words are shown, never the paper."""
    REBUTTAL = "rebuttal"
    TALK = "talk"
    CODE = "code"


CONFIDENTIAL = frozenset({Stage.CAMERA_READY, Stage.REVIEW, Stage.REBUTTAL})
"""The stages of what a venue has in its hands: some forbid to show it, so its author is warned first."""


class Area(StrEnum):
    """What feedback is about."""

    DIRECTION = "direction"
    DESIGN = "design"
    """Of experiments."""
    ANALYSIS = "analysis"
    """Of results."""
    PRESENTATION = "presentation"


class Confidence(StrEnum):
    """How sure a reader is of a point."""

    SURE = "sure"
    FAIRLY_SURE = "fairly_sure"
    A_GUESS = "a_guess"


class PointOutcome(StrEnum):
    """What became of a point, as the author says."""

    CHANGED = "changed"
    PARTLY = "partly"
    NOT_NOW = "not_now"
    DIFFERENTLY = "differently"
    """The author sees it in another way."""


SETTLED = frozenset({PointOutcome.CHANGED, PointOutcome.DIFFERENTLY})
"""What a next round doesn't carry over."""


class Missing(StrEnum):
    """What a point lacks that helps an author to understand it; worth one hint, which never blocks.

    Source: Nelson & Schunn 2009, https://doi.org/10.1007/s11251-008-9053-x
    """

    WHERE = "where"
    YOU_COULD = "you_could"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing an author could act on."""

    area: Area
    remark: str
    confidence: Confidence
    location: str = ""
    """Section, page or line."""
    suggestion: str = ""
    """What comes after "you could"."""

    @property
    def missing(self) -> Missing | None:
        """What is worth a hint before it is sent."""
        if self.location:
            return None if self.suggestion else Missing.YOU_COULD
        return Missing.WHERE if self.suggestion else Missing.BOTH


def clean_about(written: str) -> str:
    """Return a title and an abstract, or what a draft is about.

    Raises:
        Invalid: it has fewer than 40 characters that can be seen, or more than 3,000.
    """
    return within(
        written,
        LONGEST_ABOUT,
        "feedback.about_too_long",
        shortest=SHORTEST_ABOUT,
        too_short="feedback.about_too_short",
    )


def split_questions(written: str) -> list[str]:
    """Return one question a line: bullets, numbers, blank lines and repeats dropped, order kept.

    Raises:
        Invalid: there is none.
        LimitReached: there are more than three, or one is longer than 300 characters.
    """
    questions = ideas(_NUMBER.sub("", written))
    if not questions:
        raise Invalid("feedback.no_question")
    if len(questions) > MOST_QUESTIONS:
        raise LimitReached("feedback.too_many_questions", count=len(questions), most=MOST_QUESTIONS)
    if max(map(len, questions)) > LONGEST_QUESTION:
        raise LimitReached("feedback.question_too_long", longest=LONGEST_QUESTION)
    return questions


def require_sharable(stage: Stage, *, has_link: bool, has_file: bool) -> None:
    """Make sure that a review comes without the paper it is about, and any other draft as one thing.

    Raises:
        Invalid: there is a link or a file beside a review, or both beside anything else.
    """
    if stage == Stage.REVIEW and (has_link or has_file):
        raise Invalid("feedback.review_only")
    if has_link and has_file:
        raise Invalid("feedback.one_source")


def clean_review(written: str, *, is_allowed: bool) -> str:
    """Return the words of a review whose author says that their venue allows them to show it.

    Raises:
        Invalid: they don't say so, it says nothing, or it has more than 4,000 characters.
    """
    if not is_allowed:
        raise Invalid("feedback.review_not_allowed")
    return within(
        written, LONGEST_REVIEW, "feedback.review_too_long", shortest=1, too_short="feedback.review_too_short"
    )


def clean_summary(written: str) -> str:
    """Return what a draft says in a reader's words.

    Raises:
        Invalid: it says nothing, or it has more than 400 characters.
    """
    return within(
        written, LONGEST_SUMMARY, "feedback.field_too_long", shortest=1, too_short="feedback.summary_too_short"
    )


def clean_field(written: str, longest: int) -> str:
    """Return what is written in a field that may stay empty: strengths, answers, an author's word to a point.

    Raises:
        Invalid: it has more than `longest` characters.
    """
    return within(written, longest, "feedback.field_too_long")


def clean_point(area: Area, remark: str, confidence: Confidence, location: str = "", suggestion: str = "") -> Point:
    """Return a point as it is kept; what it lacks is said by `missing`.

    Raises:
        Invalid: its remark says nothing, or a part of it is too long.
    """
    what = within(remark, LONGEST_REMARK, "feedback.field_too_long", shortest=1, too_short="feedback.point_too_short")
    where = clean_line(clean_field(location, LONGEST_LOCATION))
    return Point(area, what, confidence, where, clean_field(suggestion, LONGEST_SUGGESTION))
