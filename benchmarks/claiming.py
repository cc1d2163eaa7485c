"""Claiming letters from an outbox with a long history, over one with none: every writer waits meanwhile."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import insert

from benchmarks.figures import Figure, compared, milliseconds, p50
from bot.clock import SystemClock
from bot.store.engine import Database
from models import OutboxLetter
from reliability import community
from reliability.standin.world import GUILD_ID

SENT = 400_000
"""Letters that have left: more than a month of a large community's."""
DUE = 10
"""Letters that one claim finds."""
CLAIMS = 100
MOST = 1.5
"""Times what a claim takes without a history."""
LEASE = timedelta(minutes=2)
_TOGETHER = 5_000


async def measure() -> list[Figure]:
    """Claim from both outboxes in turn, so that other work of the machine falls on both."""
    with TemporaryDirectory() as folder:
        long, none = [await _outbox(Path(folder) / f"{sent}.sqlite3", sent) for sent in (SENT, 0)]
        taken: tuple[list[float], list[float]] = ([], [])
        for number in range(CLAIMS):
            for database, seconds in zip((long, none), taken, strict=True):
                seconds.append(await _claim(database, number))
        for database in (long, none):
            await database.close()
    ratio = compared(*taken, p50)
    name = f"{DUE} letters claimed beside {SENT:,} that were sent"
    measured, baseline = (milliseconds(each, p50) for each in taken)
    return [Figure(name, measured, f"{baseline} (beside none)", ratio, f"≤ {MOST:g} ×", is_met=ratio.middle <= MOST)]


async def _outbox(path: Path, sent: int) -> Database:
    database = await community.opened(path)
    now = SystemClock().now()
    async with database.begin() as work:
        await work.guilds.ensure(GUILD_ID, now)
    for start in range(0, sent, _TOGETHER):
        await _insert(database, list(_letters(range(start, start + _TOGETHER), now, is_sent=True)))
    return database


async def _claim(database: Database, number: int) -> float:
    """Let some letters be due, and return the seconds in which they are claimed."""
    now = SystemClock().now()
    first = SENT + number * DUE
    await _insert(database, list(_letters(range(first, first + DUE), now, is_sent=False)))
    async with database.begin() as work:
        began = perf_counter()
        claimed = await work.outbox.claim(now, LEASE, DUE)
        seconds = perf_counter() - began
        for letter_id in claimed:
            await work.outbox.note(letter_id, due_at=None, sent_at=now)
    return seconds


def _letters(numbers: range, now: datetime, *, is_sent: bool) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "guild_id": GUILD_ID, "kind": "notice", "key": f"notice:{number}", "nonce": f"{number}", "params": {},
            "due_at": None if is_sent else now, "sent_at": now if is_sent else None, "attempts": int(is_sent),
            "first_attempt_at": now if is_sent else None, "is_public": False,
        }  # fmt: skip


async def _insert(database: Database, rows: list[dict[str, Any]]) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(insert(OutboxLetter.__table__), rows)  # type: ignore[arg-type]
