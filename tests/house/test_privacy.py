"""docs/PRIVACY.md leaves out nothing that is kept about a person."""

from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Float, Integer, SmallInteger, Time
from sqlalchemy.types import TypeDecorator

from models import Base
from tests.house.source import read

NAMED = {
    "block.blocked_id": "blocked them",
    "block.blocker_id": "the people you blocked",
    "appointment.member_id": "each time is given once",
    "booking.asker_id": "your bookings: with which person",
    "booking.host_id": "your bookings: with which person",
    "booking.interaction_id": "your bookings",
    "booking.note": "who cancelled and why in their words",
    "booking.question": "your bookings: with which person, when, your question",
    "booking.room_id": "Discord's ids of their threads",
    "booking.uid": "the booking's name in calendar files",
    "booking.thread_id": "Discord's ids of their threads",
    "done.member_id": "that you did something that has a daily limit for one person",
    "done.deed": "wrote a question, looked for 15 minutes",
    "co_author.user_id": "who wrote it too",
    "draft.about": "what it is about",
    "draft.areas": "what you want feedback on",
    "draft.changes": "what changed in it",
    "draft.link": "its link",
    "draft.part": "which part of it is to be read",
    "draft.questions": "what readers should answer",
    "draft.review_text": "the text of a review",
    "draft_vector.vector": "one vector for each statement, question or draft",
    "event.member_id": "what happened when, as facts",
    "feedback.answers": "your feedback on drafts",
    "feedback.reader_id": "your feedback on drafts",
    "feedback.strengths": "your feedback on drafts",
    "feedback.summary": "your feedback on drafts",
    "feedback_point.location": "your feedback on drafts",
    "feedback_point.outcome_note": "what its author did with each point",
    "feedback_point.remark": "your feedback on drafts",
    "feedback_point.suggestion": "your feedback on drafts",
    "help_interaction.asker_id": "who took a question",
    "help_interaction.helper_id": "who took a question",
    "impression.member_id": "what you thought of 15 minutes",
    "impression.note": "your note about them",
    "invitation.member_id": "who was invited to what",
    "invitation.referrer_id": "who it was that named them",
    "joint_note.proposer_id": "when readers compare their notes",
    "joint_note.words": "what readers wrote together",
    "kept_answer.answer": "a question and its answer in your own words",
    "kept_answer.helper_id": "one of you two prefers not to keep it",
    "kept_answer.question": "a question and its answer in your own words",
    "member.languages": "languages",
    "member.learning": "what you're learning",
    "member.read_areas": "which drafts you read",
    "member.user_id": "your Discord id",
    "member.zone": "zone",
    "occurrence.event_id": "Discord's id of their event",
    "occurrence.host_id": "hours that you offer",
    "office_hours.host_id": "hours that you offer",
    "office_hours.interaction_id": "hours that you offer",
    "office_hours.rule": "hours that you offer: days, times",
    "office_hours.topics": "what they are about",
    "office_hours.typed": "as you typed them",
    "office_hours.zone": "hours that you offer: days, times, zone",
    "outbox_file.content": "the file of a draft",
    "outbox_file.found": "what its author is shown of it",
    "outbox_file.name": "the file of a draft",
    "outbox.channel_id": "Discord's ids of the message and its channel",
    "outbox.member_id": "messages to you",
    "outbox.message_id": "Discord's ids of the message and its channel",
    "outbox.params": "who is named in them",
    "question.text": "your questions: text",
    "question.tried": "what you tried",
    "question_vector.vector": "one vector for each statement, question or draft",
    "queue_place.interaction_id": "in the queue of a walk-in hour",
    "queue_place.member_id": "your place and your question in the queue",
    "queue_place.question": "your place and your question in the queue",
    "referral.member_id": "the person that a member thought of",
    "referral.referrer_id": "the person that a member thought of for a question, and who it was that named them",
    "request.asker_id": "your questions",
    "request.interaction_id": "your questions",
    "request.post_id": "Discord's ids of the thread and its post",
    "request.thread_id": "Discord's ids of the thread and its post",
    "reveal.moderator_id": "which two moderators",
    "reveal.reason": "when, and why",
    "reveal.second_moderator_id": "which two moderators",
    "slot.host_id": "hours that you offer",
    "statement.member_id": "your profile: statements",
    "statement.text": "your profile: statements",
    "statement.text_hash": "your profile: statements",
    "statement_vector.vector": "one vector for each statement, question or draft",
    "waiting.host_id": "your question on the waitlist, with which person",
    "waiting.interaction_id": "your question on the waitlist",
    "waiting.member_id": "your question on the waitlist",
    "waiting.question": "your question on the waitlist",
}
"""Where docs/PRIVACY.md speaks of each column that holds a person, or what one wrote or did."""

OF_NOBODY = {
    "draft_vector.model_id", "event.type", "outbox_file.key",
    "guild_settings.help_channel_id", "guild_settings.meeting_channel_id", "guild_settings.moderator_channel_id",
    "guild_settings.panel_channel_id", "guild_settings.panel_message_id", "guild_settings.private_channel_id",
    "guild_settings.room_channel_id", "invitation.policy_version", "outbox.failure", "outbox.key", "outbox.kind",
    "outbox.nonce", "outbox.text", "question_vector.model_id", "request.type", "statement_vector.model_id",
}  # fmt: skip
"""Columns for words or for Discord's ids that hold a community's choice, or a name of ours."""

BOUNDED = (Boolean, Date, DateTime, Enum, Float, Time, SmallInteger)


def columns() -> dict[str, Column[Any]]:
    return {f"{table.name}.{column.name}": column for table in Base.metadata.sorted_tables for column in table.columns}


def holds_a_person(column: Column[Any]) -> bool:
    """Tell whether a column refers to a person, or has room for words or an id of Discord's."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if column.foreign_keys:
        return any(each.column.table.name == "member" for each in column.foreign_keys)
    is_counted = type(kind) is Integer or (column.primary_key and column.name == "id")
    return not (is_counted or isinstance(kind, BOUNDED))


def test_every_column_that_may_hold_a_person_is_accounted_for() -> None:
    asked = {name for name, column in columns().items() if holds_a_person(column)}
    assert asked == {*NAMED, *OF_NOBODY}


@pytest.mark.parametrize("name", NAMED)
def test_privacy_names_it_where_it_says_what_is_kept(name: str) -> None:
    table = read("docs/PRIVACY.md").partition("## What is kept")[2].partition("## Who sees what")[0]
    assert NAMED[name] in " ".join(table.split())


def test_nothing_is_said_to_go_by_itself_that_an_operator_has_to_erase() -> None:
    page = " ".join(read("docs/PRIVACY.md").split())
    assert "Deleting your member row deletes everything" not in page
    assert "`python -m bot erase`" in page
