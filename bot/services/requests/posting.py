"""Posting a question that was written: its thread, the people who are asked, and the receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, RequestState, Urgency, Visibility
from bot.errors import HouseError, LimitReached, Unavailable
from bot.routing.ports import Match, Query
from bot.services.ports import Begin, Deliver, Messenger, Nudge
from bot.services.requests import letters
from bot.services.requests.holding import asked_by
from bot.services.requests.inviting import Inviting
from bot.services.requests.kinds import kind_of, subjects
from bot.services.requests.seating import Filled, fill_seats
from bot.services.requests.unmasking import is_hidden, shuts_out
from bot.services.results import Receipt
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from bot.texts import own
from models import Request

LOOKS, LOOK = 20, 0.2
"""How often, and how many seconds apart, an asker's receipt waits for a thread that is being opened."""


Along = Callable[[UnitOfWork, Any, datetime], Awaitable[None]]
"""What a kind does of its own in the transaction in which a request is posted, before anyone is asked."""


async def _nothing(_work: UnitOfWork, _request: Request, _now: datetime) -> None:
    """Do nothing of its own."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Use cases around posting; holds no state of its own."""

    begin: Begin
    inviting: Inviting
    messenger: Messenger
    deliver: Deliver
    nudge: Nudge
    clock: Clock

    async def post(self, request_id: int, user_id: int, query: Query | None = None, along: Along = _nothing) -> Receipt:
        """Send a request on its way that was only kept so far; twice is once.

        What is done `along` with it is done once, too. Without a `query` it is read again where that has to be.

        Raises:
            NotFound: there is no such question, or no longer.
            NotAllowed: another person wrote it.
            LimitReached: the asker already waits on as many questions as the community allows.
            Unavailable: the community has no channel that the bot can use for it.
        """
        async with self.inviting.read() as work:
            written = await asked_by(work, await work.requests.get(request_id), user_id, "similar.not_yours")
            subject = (await subjects(work, [written]))[request_id]
            if written.state == RequestState.UNPOSTED:
                await self.require_own_place(work, written)
        guild_id, urgency = written.guild_id, Urgency(written.urgency)
        query = query or await self.inviting.query(subject, user_id)
        matches = await self.inviting.rank(guild_id, query, urgency, written.type)
        async with self.begin() as work:
            question = await asked_by(work, await work.requests.hold(request_id), user_id, "similar.not_yours")
            if question.state == RequestState.UNPOSTED:
                await work.lock(guild_id)
                await self.require_own_place(work, question)
            receipt = await self.open(work, question, query, matches, along)
        return await self.send(guild_id, receipt, query if kind_of(written).ranks_members else None)

    async def open(
        self, work: UnitOfWork, question: Request, query: Query, matches: Sequence[Match], along: Along = _nothing
    ) -> Receipt:
        """Ask a question that was only written, and return its receipt; one that is posted stays as it is."""
        is_unposted = question.state == RequestState.UNPOSTED
        filled = await self._open(work, question, matches, along) if is_unposted else None
        invited = len(await work.invitations.of(question.id))
        chance, hidden = filled.first_chance if filled else None, is_hidden(question)
        return Receipt(
            question.id, invited, question.thread_id, query.is_fallback, first_chance=chance, is_hidden=hidden,
            is_outside=shuts_out(question),
        )  # fmt: skip

    async def _open(self, work: UnitOfWork, question: Request, matches: Sequence[Match], along: Along) -> Filled | None:
        """Post a question: from now on it is asked."""
        now = self.clock.now()
        question.state, question.created_at = lifecycle.after(Act.POST, RequestState(question.state)), now
        question.waiting_since = question.next_look_at = now
        work.facts.add("asked", question, now, question.asker_id)
        if matches:
            work.facts.add("routed", question, now)
        letters.post_question(work, question, now)
        await work.flush()
        await along(work, question, now)
        filled = await fill_seats(work, self.inviting.numbers, {question.id: matches}, now)
        return filled.get(question.id)

    async def require_own_place(self, work: ReadingWork, request: Request) -> None:
        """Do as `require_place` for a request that is kept.

        Raises:
            LimitReached: the asker already waits on as many questions as the community allows.
            Unavailable: the community has no channel that the bot can use for it.
        """
        visibility, words = Visibility(request.visibility), kind_of(request).words
        await self.require_place(work, request.guild_id, request.asker_id, visibility, words)

    async def require_place(
        self, work: ReadingWork, guild_id: int, asker_id: int | None, visibility: Visibility, words: str = ""
    ) -> None:
        """Make sure that a question may be posted; a person who takes no place of their own is left out (None).

        Its kind may have `words` of its own for a refusal.

        Raises:
            LimitReached: the asker already waits on as many questions as the community allows.
            Unavailable: the community has no channel that the bot can use for it.
        """
        settings = await work.guilds.settings(guild_id)
        self._require_channel(guild_id, settings.help_channel_id if settings else None, words)
        if settings is None:
            return
        place = settings.private_channel_id or settings.help_channel_id
        if visibility.is_private and not self.messenger.takes_private_threads(place or 0):
            is_seen = self.messenger.sees(place or 0)
            raise Unavailable(own("ask.no_private_threads" if is_seen else "ask.channel_hidden", words))
        if asker_id is not None:
            await require_room(work, guild_id, asker_id, words)

    def _require_channel(self, guild_id: int, channel_id: int | None, words: str) -> None:
        if channel_id is None:
            raise Unavailable("ask.not_set_up")
        missing = self.messenger.missing_permissions(channel_id)
        if missing is None:
            raise Unavailable(own("ask.outage" if self.messenger.is_out(guild_id) else "ask.channel_hidden", words))
        if missing:
            raise Unavailable(own("ask.channel_forbids", words), channel=channel_id, guild_id=guild_id)

    async def send(self, guild_id: int, receipt: Receipt, query: Query | None) -> Receipt:
        """Open the thread now; if that fails, the question is kept and the thread follows.

        A `query` counts among what questions here have in common.
        """
        if receipt.thread_id is not None:
            return receipt
        if query is not None:
            self.inviting.router.note_question(guild_id, query)
        try:
            sent = await self.deliver(letters.post_key(receipt.request_id))
        except HouseError:
            return receipt
        finally:
            self.nudge()
        thread_id = sent.channel_id if sent else await self._opened_meanwhile(receipt.request_id)
        return replace(receipt, thread_id=thread_id)

    async def _opened_meanwhile(self, request_id: int) -> int | None:
        """Return the thread that a run in the background is opening; None where none is, or it takes too long."""
        for _ in range(LOOKS):
            async with self.inviting.read() as work:
                question = await work.requests.get(request_id)
                is_opening = await work.outbox.left([letters.post_key(request_id)], self.clock.now())
            if question is None or question.thread_id is not None or not is_opening:
                return question.thread_id if question else None
            await asyncio.sleep(LOOK)
        return None


async def require_room(work: ReadingWork, guild_id: int, asker_id: int, words: str = "") -> None:
    """Make sure that a member may have one more question waiting; needs the community's lock.

    Raises:
        LimitReached: they wait for as many as the community allows.
    """
    settings = await work.guilds.settings(guild_id)
    waiting = await work.requests.open_of(asker_id)
    if settings and len(waiting) >= settings.open_limit:
        threads = tuple(each.thread_id for each in waiting if each.thread_id)
        raise LimitReached(own("ask.limit", words), limit=settings.open_limit, threads=threads, guild_id=guild_id)
