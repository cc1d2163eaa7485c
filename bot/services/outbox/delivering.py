"""Delivering letters: leased, sent, marked, so that a stop at any moment neither loses nor doubles one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.services.outbox.describing import Descriptions
from bot.services.outbox.following import drop, forget_people, when_closed, when_given_up
from bot.services.outbox.leasing import Leasing, pause, wait_until
from bot.services.outbox.presence import Presence
from bot.services.outbox.removing import take_back_lost
from bot.services.ports import (
    LEFT,
    Begin,
    DeliveryError,
    MailboxClosed,
    Messenger,
    NotYet,
    TryLater,
    Undeliverable,
)
from bot.services.results import Letter, Sent
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from bot.tasks import describe, spawn
from models import OutboxLetter

log = structlog.get_logger(__name__)

ATTEMPT = 60.0
"""Seconds one attempt may take."""
AT_ONCE = 10
"""Letters on their way at the same time."""
KEPT_FOR = timedelta(days=30)
"""How long after its first attempt a letter is kept that needs no other; no occasion comes again after so long."""
FORGOTTEN_TOGETHER = 500
"""Letters that one transaction forgets, so that no writer waits for long."""


@dataclass(slots=True)
class Delivering:
    """Use cases around the outbox."""

    begin: Begin
    messenger: Messenger
    clock: Clock
    on_free_seat: Callable[[int], Awaitable[int]]
    """Asks the next person for a request, after an invitation reached no one."""
    letters: Descriptions
    leasing: Leasing
    presence: Presence
    _is_running: bool = field(default=False, init=False)
    _is_nudged: bool = field(default=False, init=False)

    def nudge(self) -> None:
        """Deliver in the background what was just written; many nudges make one run."""
        self._is_nudged = True
        if not self._is_running:
            self._is_running = True
            spawn("deliver", self._run())

    async def take_over(self) -> None:
        """Free the letters that an earlier process had on its way; only for a process that is alone."""
        async with self.begin() as work:
            await work.outbox.end_leases(self.clock.now())

    async def forget_old(self) -> int:
        """Forget letters that were sent, or given up, long ago, and return how many; a few hundred a transaction."""
        before, forgotten = self.clock.now() - KEPT_FOR, 0
        async with self.begin() as work:
            guild_ids = await work.guilds.all_ids()
        for guild_id in guild_ids:
            while some := await self._forget_some(guild_id, before):
                forgotten += some
        return forgotten

    async def _forget_some(self, guild_id: int, before: datetime) -> int:
        async with self.begin() as work:
            return await work.outbox.forget(guild_id, before, FORGOTTEN_TOGETHER)

    async def deliver_due(self) -> int:
        """Send everything that is due, and what becomes due by that; returns how many letters were handled.

        A letter whose delivery breaks is logged and left to a later look.
        """
        handled, underway = 0, set[asyncio.Task[object]]()
        try:
            while True:
                claimed = await self.leasing.claim(AT_ONCE - len(underway))
                handled += len(claimed)
                underway |= {spawn("letter", self._carry(letter)) for letter in claimed if letter}
                if not claimed and not underway:
                    return handled
                underway = await _some_arrived(underway)
        finally:
            for task in underway:
                task.cancel()

    async def deliver(self, key: str) -> Sent | None:
        """Send one letter now and say where it went; None when it failed, or is sent or on its way already."""
        sent = [await self._carry(letter) for letter in await self.leasing.claim(1, key) if letter]
        return sent[0] if sent else None

    async def _run(self) -> None:
        try:
            while self._is_nudged:
                self._is_nudged = False
                await self.deliver_due()
        finally:
            self._is_running = False

    async def _carry(self, letter: Letter[Any]) -> Sent | None:
        if letter.is_moot:
            return await self._look_for(letter)
        try:
            async with asyncio.timeout(ATTEMPT):
                await self.presence.require_people(letter)
                sent = await self._send(letter)
        except (DeliveryError, TimeoutError) as error:
            await self._failed(letter.letter_id, error)
            if self.letters[letter.kind].opens_thread:
                await self._leave_nothing(letter)
            return None
        except Exception as error:  # noqa: BLE001 - one letter's fault must not stop the others
            log.error("delivery_broke", **describe(error))
            await self._failed(letter.letter_id, TryLater("broken"))
            return None
        await self._mark_sent(letter.letter_id, sent)
        return sent

    async def _send(self, letter: Letter[Any]) -> Sent:
        """Send it; where Discord says that no community is shared, find out which of both left."""
        try:
            return await self.messenger.send(_unnamed(letter))
        except Undeliverable as error:
            if error.reason != LEFT or letter.addressee_id is None:
                raise
            await self.presence.require_still(letter, letter.addressee_id)
            raise

    async def _look_for(self, letter: Letter[Any]) -> Sent | None:
        """Note where a letter arrived that needn't be sent any more, or that it never did."""
        try:
            async with asyncio.timeout(ATTEMPT):
                sent = await self.messenger.find(_unnamed(letter))
        except (TryLater, TimeoutError):
            await self._look_later(letter)
            return None
        except DeliveryError:
            sent = None
        is_begun = sent is not None and self.letters[letter.kind].opens_thread and sent.channel_id == letter.channel_id
        if sent is not None and not is_begun:
            await self._mark_sent(letter.letter_id, sent)
            return sent
        async with self.begin() as work:
            for row in await self._going_on(work, [letter.letter_id]):
                await drop(work, row)
                if sent is not None:
                    # Its thread never was: what stands in the channel leads nowhere.
                    row.channel_id, row.message_id = sent.channel_id, sent.message_id
                    await take_back_lost(work, [row], self.clock.now())
        return None

    async def _look_later(self, letter: Letter[Any]) -> None:
        """Look again for a letter that may have arrived; what isn't found for long enough never did."""
        now = self.clock.now()
        self.presence.note_outage(letter.guild_id)
        async with self.begin() as work:
            for row in await self._going_on(work, [letter.letter_id]):
                if self.presence.was_tried_long(row, now):
                    await drop(work, row)
                else:
                    row.due_at, row.leased_until = now + pause(row.attempts), None

    async def _leave_nothing(self, letter: Letter[Any]) -> None:
        """Remove what was begun of a thread that was given up; where others still try, it stays for them."""
        async with self.begin() as work:
            row = await work.outbox.get(letter.letter_id)
            is_given_up = row is not None and row.failure is not None
        if is_given_up:
            await self.messenger.take_back(_unnamed(letter))

    async def _mark_sent(self, letter_id: int, sent: Sent) -> None:
        async def mark(_guild_id: int | None, letter_ids: Sequence[int]) -> None:
            async with self.begin() as work:
                for row in await self._going_on(work, letter_ids):
                    row.sent_at, row.due_at = self.clock.now(), None
                    row.channel_id, row.message_id = sent.channel_id, sent.message_id
                    forget_people(row)
                    await self.letters[row.kind].when_sent(work, row, row.sent_at)

        if not await in_turn("outbox", [(None, letter_id)], mark):
            # What follows from it is lost, but it must not leave again and again.
            places = {"channel_id": sent.channel_id, "message_id": sent.message_id}
            async with self.begin() as work:
                await work.outbox.note(letter_id, due_at=None, sent_at=self.clock.now(), **places)

    async def _failed(self, letter_id: int, error: DeliveryError | TimeoutError) -> None:
        async def fail(_guild_id: int | None, letter_ids: Sequence[int]) -> list[int | None]:
            async with self.begin() as work:
                return [await self._fail(work, row, error) for row in await self._going_on(work, letter_ids)]

        failed = await in_turn("outbox", [(None, letter_id)], fail)
        if not failed:
            await self.leasing.put_off(letter_id)
        for freed in (each for some in failed for each in some if each is not None):
            await self.on_free_seat(freed)

    async def _going_on(self, work: UnitOfWork, letter_ids: Sequence[int]) -> list[OutboxLetter]:
        """Return those of these letters that haven't arrived."""
        rows = [await work.outbox.get(letter_id) for letter_id in letter_ids]
        return [row for row in rows if row is not None and row.sent_at is None]

    async def _fail(self, work: UnitOfWork, row: OutboxLetter, error: DeliveryError | TimeoutError) -> int | None:
        """Draw the consequences of a failed attempt; returns the request in which a seat became free."""
        if row.failure is not None:
            # It was given up with the person who left, while it was on its way.
            return None
        now, reason = self.clock.now(), error.reason if isinstance(error, DeliveryError) else "timeout"
        log.warning("letter_not_delivered", letter=row.id, kind=row.kind, reason=reason, attempts=row.attempts)
        if isinstance(error, NotYet):
            wait_until(row, error.until)
        elif isinstance(error, MailboxClosed):
            await when_closed(self.letters[row.kind], work, row, now)
        elif isinstance(error, TryLater | TimeoutError) and not self.presence.was_tried_long(row, now):
            row.due_at, row.leased_until = now + pause(row.attempts), None
        else:
            return await when_given_up(self.letters[row.kind], work, row, reason, now)
        return None


async def _some_arrived(underway: set[asyncio.Task[object]]) -> set[asyncio.Task[object]]:
    """Wait until a place is free, or, while places are free anyway, until all have arrived; returns the rest.

    So a slow letter holds up no other, and few letters aren't looked for again and again.
    """
    if not underway:
        return underway
    when = asyncio.FIRST_COMPLETED if len(underway) == AT_ONCE else asyncio.ALL_COMPLETED
    done, underway = await asyncio.wait(underway, return_when=when)
    if any(task.cancelled() for task in done):
        raise asyncio.CancelledError
    return underway


def _unnamed(letter: Letter[Any]) -> Letter[Any]:
    """Return a letter as it leaves: nothing of which its words are made can say who a hidden asker is."""
    return replace(letter, people=frozenset(), unsilenced=frozenset()) if letter.is_secret else letter
