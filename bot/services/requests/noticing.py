"""Noticing what people do to the places of requests: deleting answers and channels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, InvitationState, RequestState
from bot.domain.policy import Policy
from bot.services.ports import Begin, Messenger, Nudge, Read, TryLater, Undeliverable
from bot.services.requests import letters
from bot.services.requests.catching_up import CatchingUp
from bot.services.requests.kinds import co_authors_of, numbers_of
from bot.services.requests.unmasking import heard, is_answered, unhear
from bot.services.results import Answer
from bot.services.routing.community import news_of
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import GuildSettings, HelpInteraction, Request

TAKEN_BACK_WITHIN = timedelta(minutes=15)
"""How soon after it was written an answer is deleted that was no answer, as in "oops, wrong channel"."""
CHOSEN = ("help", "private", "moderator", "meeting", "room", "panel")
"""What a community chooses a channel for."""
LOOKED_AT = 200
"""Threads looked for after a channel was deleted, newest first."""


@dataclass(frozen=True, slots=True)
class Noticing:
    """Use cases around what people do with Discord's own tools; holds no state of its own."""

    begin: Begin
    read: Read
    catching_up: CatchingUp
    messenger: Messenger
    nudge: Nudge
    clock: Clock

    async def said_is_gone(self, thread_id: int, moments: Collection[datetime]) -> None:
        """Take an answer back that was deleted soon after it was written, and ask others where it was the only one.

        A message is known by its moment. Another message of the same person is their answer instead.
        """
        recent = {each for each in moments if self.clock.now() - each <= TAKEN_BACK_WITHIN}
        if not recent or await self._own_is_gone(thread_id, recent):
            return
        async with self.read() as work:
            request = await work.requests.find_in_thread(thread_id)
            asker = await work.members.get(request.asker_id) if request else None
            part = await _answered(work, request, recent) if request else None
            helper = await work.members.get(part.helper_id) if part else None
            co_authors = await co_authors_of(work, request) if request else ()
        if request is None or asker is None or part is None or part.answered_at is None or helper is None:
            return
        try:
            another = await self._another(thread_id, {asker.user_id, *co_authors}, part.answered_at)
        except Undeliverable:
            return
        is_theirs = another is not None and another.user_id == helper.user_id
        await self._take_back(request.id, part.id, another if is_theirs else None)
        if another is not None and not is_theirs:
            await self.catching_up.watching.notice(another)
        await self.catching_up.watching.inviting.ask_more(request.id)
        self.nudge()

    async def _own_is_gone(self, thread_id: int, moments: Collection[datetime]) -> bool:
        """Do the same for what a hidden asker typed and deleted; tells whether it was that."""
        async with self.read() as work:
            request = await work.requests.find_in_thread(thread_id)
            asker = await work.members.get(request.asker_id) if request else None
            at = await heard(work, request, moments) if request else None
            co_authors = await co_authors_of(work, request) if request else ()
        if request is None or asker is None or at is None:
            return False
        try:
            another = await self._another(thread_id, co_authors, at)
        except Undeliverable:
            return True
        is_theirs = another is not None and another.user_id == asker.user_id
        await self._unhear(request.id, at, another.at if another is not None and is_theirs else None)
        if another is not None and not is_theirs:
            await self.catching_up.watching.notice(another)
        await self.catching_up.watching.inviting.ask_more(request.id)
        self.nudge()
        return True

    async def _another(self, thread_id: int, authors: Collection[int], after: datetime) -> Answer | None:
        """Return the next message that counts; where Discord can't say, the next look for missed answers finds it.

        Raises:
            Undeliverable: the thread is gone or hidden.
        """
        try:
            return await self.messenger.find_answer(thread_id, authors, after)
        except TryLater:
            return None

    async def _unhear(self, request_id: int, at: datetime, instead: datetime | None) -> None:
        async with self.begin() as work:
            request = await work.requests.hold(request_id)
            if request is None or await heard(work, request, {at}) is None:
                return
            await unhear(work, request, at, instead, self.clock.now())
            news = await news_of(work, request, ())
        news.tell(self.catching_up.watching.inviting.router)

    async def channel_gone(self, guild_id: int, channel_id: int) -> None:
        """Forget a deleted channel in every setting, and close the requests whose threads went with it."""
        async with self.begin() as work:
            await work.lock(guild_id)
            settings = await work.guilds.settings(guild_id)
            if settings is not None:
                _forget(settings, channel_id)
            threads_there = await work.requests.threads_of(guild_id, LOOKED_AT)
        for thread_id in threads_there:
            try:
                await self.messenger.find_answer(thread_id)
            except TryLater:
                continue
            except Undeliverable:
                await self.catching_up.watching.thread_gone(thread_id)

    async def channel_opened(self, guild_id: int, channel_id: int, *, was_hidden: bool) -> None:
        """Send now what waited for a channel that can be used again, and look for answers where it was hidden."""
        async with self.begin() as work:
            settings = await work.guilds.settings(guild_id)
            if settings is None or channel_id not in _chosen(settings):
                return
            await work.outbox.hasten_tried(guild_id, self.clock.now())
        self.nudge()
        if was_hidden:
            await self.catching_up.after_gap()

    async def _take_back(self, request_id: int, part_id: int, instead: Answer | None) -> None:
        async with self.begin() as work:
            request = await work.requests.hold(request_id)
            parts = await work.help_interactions.of(request_id) if request else []
            part = next((each for each in parts if each.id == part_id), None)
            if request is None or part is None or part.answered_at is None or request.state != RequestState.ANSWERED:
                return
            if instead is not None:
                part.answered_at = instead.at
                return
            await _undo(work, request, part)
            if not await is_answered(work, request):
                numbers = self.catching_up.watching.inviting.numbers
                await _wait_again(work, request, part, numbers, self.clock.now())
            news = await news_of(work, request, [part.helper_id])
        news.tell(self.catching_up.watching.inviting.router)


async def _answered(work: ReadingWork, request: Request, moments: Collection[datetime]) -> HelpInteraction | None:
    """Return whose answer was written at one of these moments, unless the asker has said how it was."""
    if request.state != RequestState.ANSWERED:
        return None
    parts = await work.help_interactions.of(request.id)
    return next((each for each in parts if each.answered_at in moments and each.outcome is None), None)


async def _undo(work: UnitOfWork, request: Request, part: HelpInteraction) -> None:
    """Let an answer never have been given."""
    assert part.answered_at is not None, "only what was answered is undone"  # noqa: S101
    await work.facts.take_back(request.id, "answered", part.answered_at)
    await work.statements.forget_learned(part.helper_id, request.id)
    part.answered_at = None


async def _wait_again(
    work: UnitOfWork, request: Request, part: HelpInteraction, numbers: Policy, now: datetime
) -> None:
    """Let a request wait again whose only answer is gone; a helper who had taken it has it still."""
    request.state, request.next_look_at = lifecycle.after(Act.ASK_OTHERS, RequestState(request.state)), now
    invitation = await work.invitations.find(request.id, part.helper_id)
    is_claim = invitation is not None and invitation.state == InvitationState.TAKEN and part.taken_at is not None
    if invitation is not None and is_claim:
        request.state = lifecycle.after(Act.TAKE, RequestState(request.state))
        invitation.decided_at = now
        invitation.expires_at = now + numbers_of(numbers, request, now).claimed_for
    await letters.tell_member(
        work, request, request.asker_id, "asker.answer_gone", now, f"{part.id}:{now:%Y%m%d%H%M%S}"
    )


def _chosen(settings: GuildSettings) -> set[int | None]:
    return {getattr(settings, f"{name}_channel_id") for name in CHOSEN}


def _forget(settings: GuildSettings, channel_id: int) -> None:
    for name in CHOSEN:
        if getattr(settings, f"{name}_channel_id") == channel_id:
            setattr(settings, f"{name}_channel_id", None)
            if name == "panel":
                settings.panel_message_id = None
