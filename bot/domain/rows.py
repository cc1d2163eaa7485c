"""What the number in a button may stand for."""

from enum import StrEnum


class Row(StrEnum):
    """A table whose row ids stand in buttons and selects; each row belongs to one community."""

    QUESTION = "question"
    INVITATION = "invitation"
    KEPT_ANSWER = "kept_answer"
    REVEAL = "reveal"
    FEEDBACK = "feedback"
    """What one reader says about a draft."""
    POINT = "point"
    """Of feedback."""
    MEMBER = "member"
    SERIES = "series"
    OCCURRENCE = "occurrence"
    QUEUE_PLACE = "place"
    """In the queue of a walk-in hour."""
    SLOT = "slot"
    BOOKING = "booking"
    WAITLIST_PLACE = "waiting"
    """The question that a member books, or waits for, fifteen minutes with."""
    TIME = "time"
    """A booking, or, below zero, a row of the waitlist."""
