"""`python -m bot why`: which kind a message was, what caused it and how it stands, and nothing about a person."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store.engine import Database, create_engine
from bot.store.outbox import Trace
from bot.texts import say
from tests.conftest import sqlite_address
from tests.factories import NOW, a_letter, a_member, a_question
from tests.operating.machine import CONFIG, OK, Machine

MESSAGE_ID = 987_654_321_012_345_678
ASKER = 123_456_789_012_345_678
WORDS = "Thank you, Ada!"
MINUTE = timedelta(minutes=1)


def fill(file: Path, **chosen: object) -> tuple[int, int]:
    """Write a letter about a question; returns both numbers."""

    async def filling() -> tuple[int, int]:
        database = Database(create_engine(sqlite_address(file)))
        async with database.begin() as work:
            asker = await a_member(work, user_id=ASKER)
            question = await a_question(work, asker)
            facts: dict[str, Any] = {
                "kind": "thanks", "key": "thanks:7", "request_id": question.id, "member_id": asker.id,
                "params": {"words": WORDS}, "attempts": 2, "first_attempt_at": NOW, **chosen,
            }  # fmt: skip
            letter = await a_letter(work, **{each: facts[each] for each in facts if each != "due_at"})
            letter.due_at = facts.get("due_at", letter.due_at)
            numbers = letter.id, question.id
        await database.close()
        return numbers

    return asyncio.run(filling())


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (
            {"due_at": None, "sent_at": NOW + MINUTE, "message_id": MESSAGE_ID},
            "due at 2026-11-02 12:00:00 UTC, first tried at 2026-11-02 12:00:00 UTC, sent at 2026-11-02 12:01:00 UTC.",
        ),
        ({"due_at": NOW + MINUTE}, "due at 2026-11-02 12:00:00 UTC, tried 2 times, next at 2026-11-02 12:01:00 UTC."),
        (
            {"due_at": None, "failure": "closed"},
            "due at 2026-11-02 12:00:00 UTC, first tried at 2026-11-02 12:00:00 UTC, given up because of closed.",
        ),
    ],
)
def test_it_says_what_a_message_was_and_nothing_about_a_person(
    machine: Machine, standing: dict[str, object], told: str
) -> None:
    letter_id, request_id = fill(machine.database, **standing)
    reference = standing.get("message_id", letter_id)

    ended = machine.run("why", str(reference))

    assert (ended.exit_code, ended.said) == (OK, f"thanks (thanks, request {request_id}): {told}\n")
    assert WORDS not in ended.said
    assert str(ASKER) not in ended.said


def test_every_letter_that_became_a_message_is_named_oldest_first(machine: Machine) -> None:
    sent = {"due_at": None, "sent_at": NOW, "message_id": MESSAGE_ID}
    fill(machine.database, **sent, kind="post", key="post:1")
    fill(machine.database, **sent, kind="refresh", key="refresh:1:2")

    assert [line.partition(" ")[0] for line in machine.run("why", str(MESSAGE_ID)).said.splitlines()] == [
        "post",
        "refresh",
    ]


def test_an_unknown_message_is_a_sentence_and_a_code(machine: Machine) -> None:
    fill(machine.database)

    ended = machine.run("why", str(MESSAGE_ID))

    assert (ended.exit_code, ended.said) == (CONFIG, f"{say('operator.why_unknown')}\n")


@pytest.mark.both
async def test_a_trace_is_read_without_what_a_letter_says(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        await a_letter(
            work, kind="reply", key="reply:5", request_id=question.id, params={"words": WORDS}, message_id=MESSAGE_ID,
            due_at=None, sent_at=NOW,
        )  # fmt: skip
        await a_letter(work, message_id=MESSAGE_ID + 1)
        request_id = question.id
    async with database.read() as reading:
        (found,) = await reading.outbox.trace(MESSAGE_ID)
        assert await reading.outbox.trace(MESSAGE_ID + 2) == []

    assert found == Trace("reply", "reply", {"request": request_id}, 0, None, None, None, NOW, None)
