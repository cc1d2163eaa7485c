"""Leasing letters that are due, with their words made: what one look at the outbox takes along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import Unavailable
from bot.services.outbox.arriving import is_shut_out, waits_until
from bot.services.outbox.composing import compose
from bot.services.outbox.describing import Descriptions
from bot.services.outbox.following import SHUT_OUT, drop, when_given_up
from bot.services.ports import Begin
from bot.services.results import Letter
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter

LEASE = timedelta(minutes=2)
"""How long one attempt may hold a letter; longer than `delivering.ATTEMPT`, so that no one sends it meanwhile."""
GIVE_UP = timedelta(hours=24)
"""After this long without success a letter is given up."""
UNREADABLE = "unreadable"
"""The reason why a letter was given up that couldn't be read all this time."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Leasing:
    """Takes letters from the outbox, one look at a time; holds no state of its own."""

    begin: Begin
    clock: Clock
    letters: Descriptions

    async def claim(self, limit: int, key: str | None = None) -> list[Letter[Any] | None]:
        """Lease letters that are due and make their words; None for one that isn't to leave.

        All in one transaction, unless one of them breaks it: then each is composed in its own.
        """
        leased = list[int]()
        try:
            async with self.begin() as work:
                leased = await work.outbox.claim(self.clock.now(), LEASE, limit, key)
                return await self._compose_all(work, leased) if leased else []
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - one letter's fault must not stop the others
            async with self.begin() as work:
                leased = await work.outbox.claim(self.clock.now(), LEASE, limit, key)
        return [await self._compose_alone(letter_id) for letter_id in leased]

    async def _compose_all(self, work: UnitOfWork, letter_ids: Sequence[int]) -> list[Letter[Any] | None]:
        """Make the words of leased letters.

        Raises:
            LookupError: one of them can't be read.
        """
        now, rows = self.clock.now(), await work.outbox.those(letter_ids)
        if len(rows) < len(letter_ids):
            raise LookupError
        return [await self._compose(work, row, now) if await self._may_leave(work, row, now) else None for row in rows]

    async def _compose_alone(self, letter_id: int) -> Letter[Any] | None:
        """Make one letter's words; where that breaks, it is tried again and given up like any other."""

        async def alone(_guild_id: int | None, letter_ids: Sequence[int]) -> Letter[Any] | None:
            async with self.begin() as work:
                return (await self._compose_all(work, letter_ids))[0]

        composed = await in_turn("outbox", [(None, letter_id)], alone)
        if not composed:
            await self.put_off(letter_id)
        return composed[0] if composed else None

    async def put_off(self, letter_id: int) -> None:
        """Let a letter that can't be read leave later, or give it up as any other."""
        now = self.clock.now()
        async with self.begin() as work:
            attempts = await work.outbox.attempts(letter_id, now - GIVE_UP)
            if attempts is None:
                await work.outbox.note(letter_id, due_at=None, failure=UNREADABLE)
                await work.outbox.give_up_after(letter_id, UNREADABLE)
            else:
                await work.outbox.note(letter_id, due_at=now + pause(attempts))

    async def _compose(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Letter[Any] | None:
        description = self.letters[row.kind]
        await description.before_leaving(work, row, now)
        letter = await compose(description, work, row, now)
        if letter is None:
            await drop(work, row)
        return letter

    async def _may_leave(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Keep back what would reach a person at night, and give up what they have shut out since it was written."""
        description = self.letters[row.kind]
        if await is_shut_out(description, work, row, now):
            await when_given_up(description, work, row, SHUT_OUT, now)
            return False
        morning = await waits_until(description, work, row, now)
        if morning is None:
            return True
        wait_until(row, morning)
        return False


def pause(attempts: int) -> timedelta:
    """Return how long a letter rests after so many attempts."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)


def wait_until(row: OutboxLetter, until: datetime) -> None:
    """Let a letter wait that nothing was tried of."""
    row.due_at, row.leased_until, row.attempts = until, None, row.attempts - 1
    if not row.attempts:
        row.first_attempt_at = None
