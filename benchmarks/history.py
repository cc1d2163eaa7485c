"""A community with years behind it: statements that encoders have read, questions, invitations, letters."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from bot.clock import SystemClock
from bot.domain import policy
from bot.domain.wording import text_hash
from bot.routing.ports import to_bytes
from bot.store.engine import Database
from models import (
    Base,
    Fact,
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
from reliability.community import DIMENSION, lines, unit_vectors

FIRST_USER = 300_000_000_000_000_000
INVITATIONS_EACH = 4
"""Invitations to each question; as many letters, and one more for its post."""
_AT_ONCE = 2_000
Row = dict[str, Any]


async def grow(
    database: Database, guild_id: int, channel_id: int, people: int, questions: int, model_ids: tuple[str, str]
) -> None:
    """Fill a community that is a stranger to this process: everything is in the tables, nothing in memory."""
    now = SystemClock().now()
    async with database.begin() as work:
        settings = await work.guilds.ensure(guild_id, now)
        settings.help_channel_id, settings.open_limit = channel_id, 1_000_000
    town = _Town(guild_id, first_id(guild_id), people, questions, now, model_ids)
    for table, rows in town.tables():
        await _insert(database, table, rows)


def first_id(guild_id: int) -> int:
    """Return the id of a community's first member; of its first statement, question and invitation too."""
    return guild_id * 1_000_000


async def _insert(database: Database, table: type[Base], rows: Iterator[Row]) -> None:
    while some := [row for _, row in zip(range(_AT_ONCE), rows, strict=False)]:
        async with database.engine.begin() as connection:
            await connection.execute(insert(table.__table__), some)  # type: ignore[arg-type]


class _Town:
    """Rows of every table, drawn the same each time; ids run on from the first member's."""

    def __init__(
        self, guild_id: int, first: int, people: int, questions: int, now: datetime, model_ids: tuple[str, str]
    ) -> None:
        self._guild_id, self._first, self._now, self._models = guild_id, first, now, model_ids
        self._members = range(first, first + people)
        self._questions = range(first, first + questions)
        self._draw = random.Random(0)

    def tables(self) -> Iterator[tuple[type[Base], Iterator[Row]]]:
        """Return each table's rows, those first that others point to."""
        yield Member, map(self._member, self._members)
        yield Statement, (each for member_id in self._members for each in self._statements(member_id))
        yield StatementVector, self._vectors("statement_id", len(self._members) * 2)
        yield Request, map(self._request, self._questions)
        yield Question, map(self._question, self._questions)
        yield QuestionVector, self._vectors("question_id", len(self._questions))
        invitations = [each for request_id in self._questions for each in self._invitations(request_id)]
        yield Invitation, iter(invitations)
        yield HelpInteraction, (self._part(each) for each in invitations if each["state"] == "taken")
        yield OutboxLetter, (self._letter(each, place) for each in invitations for place in range(2))
        yield Fact, (self._event(each) for each in invitations)

    def _member(self, member_id: int) -> Row:
        return {
            "id": member_id, "guild_id": self._guild_id, "user_id": FIRST_USER + member_id, "joined_at": self._now,
            "is_helper": True, "rate": "more", "languages": ["en"], "zone": "UTC", "begins": time(0),
            "ends": time(23, 59), "learns_from_help": True, "direct_messages": "open", "silences": 0, "version": 1,
        }  # fmt: skip

    def _statements(self, member_id: int) -> Iterator[Row]:
        for place, text in enumerate(lines(member_id)):
            yield {
                "id": self._first + (member_id - self._first) * 2 + place, "member_id": member_id, "text": text,
                "text_hash": text_hash(text), "added_at": self._now, "source": "declared", "is_muted": False,
            }  # fmt: skip

    def _vectors(self, owner: str, count: int) -> Iterator[Row]:
        for start in range(0, count, _AT_ONCE):
            for place, vector in enumerate(unit_vectors(min(_AT_ONCE, count - start), DIMENSION, seed=start)):
                for model_id in self._models:
                    yield {owner: self._first + start + place, "model_id": model_id, "vector": to_bytes(vector)}

    def _ago(self) -> datetime:
        return self._now - timedelta(minutes=self._draw.randrange(3_000, 500_000))

    def _request(self, request_id: int) -> Row:
        at = self._ago()
        return {
            "id": request_id, "type": "question", "guild_id": self._guild_id, "created_at": at, "state": "resolved",
            "asker_id": self._draw.choice(self._members), "urgency": "today", "visibility": "public",
            "thread_id": FIRST_USER + request_id, "waiting_since": at, "extra_invitations": 0, "version": 1,
        }  # fmt: skip

    def _question(self, request_id: int) -> Row:
        words = ", ".join(lines(request_id))
        return {"id": request_id, "text": f"How do I begin with {words}?", "kind": "stuck", "is_english": True}

    def _invitations(self, request_id: int) -> Iterator[Row]:
        for place, member_id in enumerate(self._draw.sample(self._members, INVITATIONS_EACH)):
            yield {
                "id": self._first + (request_id - self._first) * INVITATIONS_EACH + place, "request_id": request_id,
                "member_id": member_id, "statement_id": self._first + (member_id - self._first) * 2,
                "created_at": self._ago(), "expertise": 1.0, "availability": 1.0, "freshness": 1.0,
                "policy_version": policy.VERSION, "wave": 1, "version": 1,
                "state": ("taken", "passed", "off_topic", "expired")[place],
            }  # fmt: skip

    def _part(self, invitation: Row) -> Row:
        return {
            "request_id": invitation["request_id"], "helper_id": invitation["member_id"],
            "asker_id": self._first, "answered_at": invitation["created_at"], "outcome": "helped",
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
