"""A community with years behind it: statements that encoders have read, questions, drafts, invitations, letters."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from bot.clock import SystemClock
from bot.domain import policy
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import MOST_POINTS
from bot.domain.wording import text_hash
from bot.routing.ports import Vectors, to_bytes
from bot.store.engine import Database
from models import (
    Base,
    Draft,
    DraftVector,
    Fact,
    Feedback,
    FeedbackPoint,
    HelpInteraction,
    Invitation,
    Member,
    OutboxLetter,
    Question,
    QuestionVector,
    Request,
    Statement,
    StatementVector,
)
from reliability.community import DIMENSION, STATEMENTS_EACH, lines, unit_vectors

FIRST_USER = 300_000_000_000_000_000
INVITATIONS_EACH = 4
"""Invitations to each request, and two letters to each of them."""
READERS = 2
"""Who read each draft; one person answered each question."""
TOPICS = 8
_AT_ONCE = 2_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    people: int
    questions: int = 0
    drafts: int = 0


async def grow(database: Database, guild_id: int, channel_id: int, size: Size, model_ids: tuple[str, str]) -> None:
    """Fill a community that is a stranger to this process: everything is in the tables, nothing in memory."""
    now = SystemClock().now()
    async with database.begin() as work:
        settings = await work.guilds.ensure(guild_id, now)
        settings.help_channel_id, settings.open_limit = channel_id, 1_000_000
    town = _Town(guild_id, first_id(guild_id), size, now, model_ids)
    for table, rows in town.tables():
        await _insert(database, table, rows)


def topical(count: int, seed: int) -> Vectors:
    """Return float32[count, d] of unit length, near others of its topic: some members fit a text, most don't."""
    drawn, topics = unit_vectors(count, DIMENSION, seed), unit_vectors(TOPICS, DIMENSION, seed=TOPICS)
    near = drawn + topics[(seed + np.arange(count)) % TOPICS]
    unit: Vectors = near / np.linalg.norm(near, axis=1, keepdims=True)
    return unit


def first_id(guild_id: int) -> int:
    """Return the id of a community's first member; of its first statement, question and invitation too."""
    return guild_id * 1_000_000


async def _insert(database: Database, table: type[Base], rows: Iterator[Row]) -> None:
    while some := [row for _, row in zip(range(_AT_ONCE), rows, strict=False)]:
        async with database.engine.begin() as connection:
            await connection.execute(insert(table.__table__), some)  # type: ignore[arg-type]


class _Town:
    """Rows of every table, drawn the same each time; ids run on from the first member's."""

    def __init__(self, guild_id: int, first: int, size: Size, now: datetime, model_ids: tuple[str, str]) -> None:
        self._guild_id, self._first, self._now, self._models = guild_id, first, now, model_ids
        self._members = range(first, first + size.people)
        self._questions = range(first, first + size.questions)
        self._drafts = range(self._questions.stop, self._questions.stop + size.drafts)
        self._draw = random.Random(0)

    def tables(self) -> Iterator[tuple[type[Base], Iterator[Row]]]:
        """Return each table's rows, those first that others point to."""
        requests = (*self._questions, *self._drafts)
        statements = range(self._first, self._first + len(self._members) * STATEMENTS_EACH)
        yield Member, map(self._member, self._members)
        yield Statement, (each for member_id in self._members for each in self._statements(member_id))
        yield StatementVector, self._vectors("statement_id", statements)
        yield Request, map(self._request, requests)
        yield Question, map(self._question, self._questions)
        yield QuestionVector, self._vectors("question_id", self._questions)
        yield Draft, map(self._draft, self._drafts)
        yield DraftVector, self._vectors("draft_id", self._drafts)
        invitations = [each for request_id in requests for each in self._invitations(request_id)]
        yield Invitation, iter(invitations)
        taken = [each for each in invitations if each["state"] == "taken"]
        yield HelpInteraction, map(self._part, taken)
        read = [each for each in taken if each["request_id"] in self._drafts]
        yield Feedback, map(self._feedback, read)
        yield FeedbackPoint, (point for each in read for point in self._points(each))
        yield OutboxLetter, (self._letter(each, place) for each in invitations for place in range(2))
        yield Fact, (self._event(each) for each in invitations)

    def _member(self, member_id: int) -> Row:
        return {
            "id": member_id, "guild_id": self._guild_id, "user_id": FIRST_USER + member_id, "joined_at": self._now,
            "is_helper": True, "rate": "more", "languages": ["en"], "zone": "UTC", "begins": time(0),
            "ends": time(23, 59), "learns_from_help": True, "direct_messages": "open", "silences": 0, "version": 1,
            "longest_read": LongestRead.LONG, "read_areas": [],
        }  # fmt: skip

    def _statements(self, member_id: int) -> Iterator[Row]:
        for place, text in enumerate(lines(member_id)):
            yield {
                "id": self._statement_id(member_id, place), "member_id": member_id, "text": text,
                "text_hash": text_hash(text), "added_at": self._now, "source": "declared", "is_muted": False,
            }  # fmt: skip

    def _statement_id(self, member_id: int, place: int) -> int:
        return self._first + (member_id - self._first) * STATEMENTS_EACH + place

    def _vectors(self, owner: str, ids: range) -> Iterator[Row]:
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            for owner_id, vector in zip(some, topical(len(some), seed=start), strict=True):
                for model_id in self._models:
                    yield {owner: owner_id, "model_id": model_id, "vector": to_bytes(vector)}

    def _ago(self) -> datetime:
        return self._now - timedelta(minutes=self._draw.randrange(3_000, 500_000))

    def _request(self, request_id: int) -> Row:
        at, is_draft = self._ago(), request_id in self._drafts
        return {
            "id": request_id, "type": "draft" if is_draft else "question", "guild_id": self._guild_id,
            "created_at": at, "state": "resolved", "asker_id": self._draw.choice(self._members), "urgency": "today",
            "visibility": "public", "thread_id": FIRST_USER + request_id, "waiting_since": at, "extra_invitations": 0,
            "needed_by": at + timedelta(days=1) if is_draft else None, "version": 1,
        }  # fmt: skip

    def _question(self, request_id: int) -> Row:
        words = ", ".join(lines(request_id))
        return {"id": request_id, "text": f"How do I begin with {words}?", "kind": "stuck", "is_english": True}

    def _draft(self, draft_id: int) -> Row:
        return {
            "id": draft_id, "about": f"On {', '.join(lines(draft_id))}", "questions": ["Is it clear?"], "words": 2_000,
            "stage": "draft", "areas": [], "readers": READERS, "may_read": False, "may_show": False, "round": 1,
            "is_english": True,
        }  # fmt: skip

    def _invitations(self, request_id: int) -> Iterator[Row]:
        # A line that many people called off topic would lead no one to its owner any more.
        is_draft = request_id in self._drafts
        states = ("taken", "taken", "expired", "expired") if is_draft else ("taken", "passed", "off_topic", "expired")
        for place, member_id in enumerate(self._draw.sample(self._members, INVITATIONS_EACH)):
            yield {
                "id": self._first + (request_id - self._first) * INVITATIONS_EACH + place, "request_id": request_id,
                "member_id": member_id, "statement_id": self._statement_id(member_id, 0),
                "created_at": self._ago(), "expertise": 1.0, "availability": 1.0, "freshness": 1.0,
                "policy_version": policy.VERSION, "wave": 1, "version": 1,
                "state": states[place],
            }  # fmt: skip

    def _part(self, invitation: Row) -> Row:
        return {
            "request_id": invitation["request_id"], "helper_id": invitation["member_id"],
            "asker_id": self._first, "answered_at": invitation["created_at"], "outcome": "helped",
        }  # fmt: skip

    def _feedback(self, invitation: Row) -> Row:
        return {
            "id": invitation["id"], "draft_id": invitation["request_id"], "reader_id": invitation["member_id"],
            "round": 1, "created_at": invitation["created_at"], "summary": "It shows what the labels are worth.",
            "strengths": "Clear from the first line.", "answers": "Yes, but for the second part.",
            "uses_model": False, "sent_at": invitation["created_at"], "read_at": invitation["created_at"],
        }  # fmt: skip

    def _points(self, invitation: Row) -> Iterator[Row]:
        for ordinal in range(1, MOST_POINTS + 1):
            yield {
                "feedback_id": invitation["id"], "ordinal": ordinal, "area": "analysis", "location": "Section 2",
                "remark": "Two of the runs differ.", "suggestion": "say why", "confidence": "fairly_sure",
                "outcome": "changed", "is_carried": False,
            }  # fmt: skip

    def _letter(self, invitation: Row, place: int) -> Row:
        name = f"history:{invitation['id']}:{place}"
        return {
            "guild_id": self._guild_id, "kind": "invitation", "key": name, "nonce": name[-25:], "due_at": None,
            "request_id": invitation["request_id"], "invitation_id": invitation["id"], "params": {},
            "member_id": invitation["member_id"], "sent_at": self._now, "is_public": False, "attempts": 1,
        }  # fmt: skip

    def _event(self, invitation: Row) -> Row:
        return {
            "type": "invited", "guild_id": self._guild_id, "at": invitation["created_at"],
            "request_id": invitation["request_id"], "member_id": invitation["member_id"],
        }  # fmt: skip
