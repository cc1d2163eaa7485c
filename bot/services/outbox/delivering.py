"""Delivering letters: leased, sent, marked, so that a stop at any moment neither loses nor doubles one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Unavailable
from bot.services.outbox.arriving import is_shut_out, waits_until
from bot.services.outbox.composing import compose
from bot.services.outbox.describing import Descriptions
from bot.services.outbox.following import SHUT_OUT, drop, forget_people, when_closed, when_given_up
from bot.services.ports import (
    LEFT,
    Begin,
    DeliveryError,
    Look,
    MailboxClosed,
    Messenger,
    NotYet,
    Standing,
    TryLater,
    Undeliverable,
)
from bot.services.results import Letter, Sent
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from bot.tasks import describe, spawn
from models import OutboxLetter

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
"""How long one attempt may hold a letter; longer than `ATTEMPT`, so that no one sends it meanwhile."""
ATTEMPT = 60.0
"""Seconds one attempt may take."""
AT_ONCE = 10
"""Letters on their way at the same time."""
KEPT_FOR = timedelta(days=30)
"""How long after its first attempt a letter is kept that needs no other; no occasion comes again after so long."""
FORGOTTEN_TOGETHER = 500
"""Letters that one transaction forgets, so that no writer waits for long."""
GIVE_UP = timedelta(hours=24)
"""After this long without success a letter is given up."""
UNREADABLE = "unreadable"
"""The reason why a letter was given up that couldn't be read all this time."""
LOOKS = 2
"""Looks at people at the same time, so that a press in direct messages never waits behind many."""
OUTAGE_PAUSE = timedelta(minutes=5)
"""After how long a letter looks again whether an outage of Discord's is over."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)


@dataclass(slots=True)
class Delivering:
    """Use cases around the outbox."""

    begin: Begin
    messenger: Messenger
    clock: Clock
    on_free_seat: Callable[[int], Awaitable[int]]
    """Asks the next person for a request, after an invitation reached no one."""
    look: Look
    letters: Descriptions
    _is_running: bool = field(default=False, init=False)
    _is_nudged: bool = field(default=False, init=False)
    _out_at: dict[int, datetime] = field(default_factory=dict, init=False)
    """When Discord was last seen to have an outage, by community.

    A process that starts during an outage sees it at the next look of any letter, so within `OUTAGE_PAUSE`. Only where
    it ended while none ran may a letter that was tried a day before, and fails once more, be given up too early.
    """
    _looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS), init=False)

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
                claimed = await self._claim(AT_ONCE - len(underway))
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
        sent = [await self._carry(letter) for letter in await self._claim(1, key) if letter]
        return sent[0] if sent else None

    async def _run(self) -> None:
        try:
            while self._is_nudged:
                self._is_nudged = False
                await self.deliver_due()
        finally:
            self._is_running = False

    async def _claim(self, limit: int, key: str | None = None) -> list[Letter[Any] | None]:
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
            await self._put_off(letter_id)
        return composed[0] if composed else None

    async def _put_off(self, letter_id: int) -> None:
        """Let a letter that can't be read leave later, or give it up as any other."""
        now = self.clock.now()
        async with self.begin() as work:
            attempts = await work.outbox.attempts(letter_id, now - GIVE_UP)
            if attempts is None:
                await work.outbox.note(letter_id, due_at=None, failure=UNREADABLE)
                await work.outbox.give_up_after(letter_id, UNREADABLE)
            else:
                await work.outbox.note(letter_id, due_at=now + _pause(attempts))

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
        _wait_until(row, morning)
        return False

    async def _carry(self, letter: Letter[Any]) -> Sent | None:
        if letter.is_moot:
            return await self._look_for(letter)
        try:
            async with asyncio.timeout(ATTEMPT):
                await self._require_people(letter)
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

    async def _require_people(self, letter: Letter[Any]) -> None:
        """Make sure that everyone a letter is for, or in whose name it speaks, is there."""
        is_out = self.messenger.is_out(letter.guild_id)
        if is_out and letter.user_id is None:
            raise self._outage(letter)
        for user_id in sorted(letter.people):
            async with self._looking:
                standing = await self.look(letter.guild_id, user_id)
            if is_out and standing.where == "unknown":
                raise self._outage(letter)
            self._require(standing, letter, user_id)

    def _require(self, standing: Standing, letter: Letter[Any], user_id: int) -> None:
        if standing.where == "gone":
            raise Undeliverable(LEFT)
        if standing.where != "here":
            raise TryLater(standing.where)
        if standing.silenced_until is not None and user_id in letter.unsilenced:
            if user_id == letter.addressee_id and self.letters[letter.kind].goes_to_the_next:
                raise Undeliverable("silenced")
            raise NotYet(standing.silenced_until)

    def _outage(self, letter: Letter[Any]) -> NotYet:
        """Note that a community is out of reach through no fault of its own, so that nothing of it is given up."""
        now = self.clock.now()
        self._out_at[letter.guild_id] = now
        return NotYet(now + OUTAGE_PAUSE, "outage")

    async def _send(self, letter: Letter[Any]) -> Sent:
        """Send it; where Discord says that no community is shared, find out which of both left."""
        try:
            return await self.messenger.send(_unnamed(letter))
        except Undeliverable as error:
            if error.reason != LEFT or letter.addressee_id is None:
                raise
            standing = await self.look(letter.guild_id, letter.addressee_id, is_fresh=True)
            self._require(standing, letter, letter.addressee_id)
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
        if sent is not None:
            await self._mark_sent(letter.letter_id, sent)
            return sent
        async with self.begin() as work:
            for row in await self._going_on(work, [letter.letter_id]):
                await drop(work, row)
        return None

    async def _look_later(self, letter: Letter[Any]) -> None:
        """Look again for a letter that may have arrived; what isn't found for long enough never did."""
        now = self.clock.now()
        if self.messenger.is_out(letter.guild_id):
            self._out_at[letter.guild_id] = now
        async with self.begin() as work:
            for row in await self._going_on(work, [letter.letter_id]):
                if self._is_too_old(row, now):
                    await drop(work, row)
                else:
                    row.due_at, row.leased_until = now + _pause(row.attempts), None

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
            await self._put_off(letter_id)
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
            _wait_until(row, error.until)
        elif isinstance(error, MailboxClosed):
            await when_closed(self.letters[row.kind], work, row, now)
        elif isinstance(error, TryLater | TimeoutError) and not self._is_too_old(row, now):
            row.due_at, row.leased_until = now + _pause(row.attempts), None
        else:
            return await when_given_up(self.letters[row.kind], work, row, reason, now)
        return None

    def _is_too_old(self, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether a letter was tried for long enough; of a time before an outage, none counts."""
        since = row.first_attempt_at
        return since is not None and now - max(since, self._out_at.get(row.guild_id, since)) > GIVE_UP


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


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)


def _wait_until(row: OutboxLetter, until: datetime) -> None:
    """Let a letter wait that nothing was tried of."""
    row.due_at, row.leased_until, row.attempts = until, None, row.attempts - 1
    if not row.attempts:
        row.first_attempt_at = None


def _unnamed(letter: Letter[Any]) -> Letter[Any]:
    """Return a letter as it leaves: nothing of which its words are made can say who a hidden asker is."""
    return replace(letter, people=frozenset(), unsilenced=frozenset()) if letter.is_secret else letter
