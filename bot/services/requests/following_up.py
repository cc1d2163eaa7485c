"""Requests that no one has taken: told, listed, put away with a reason, and opened again; none is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import OPEN_STATES, Act, RequestState, Visibility
from bot.domain.limits import Deed
from bot.domain.policy import Policy
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import limits
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests import letters
from bot.services.requests.closing import put_away, refuse_moderated
from bot.services.requests.holding import hold_own
from bot.services.requests.inviting import Inviting
from bot.services.requests.kinds import listed_since, since
from bot.services.requests.letters import RequestLetter
from bot.services.requests.posting import require_room
from bot.services.requests.reopening import reopen, want_more
from bot.services.requests.unmasking import is_hidden
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from models import GuildSettings, Request

LISTED_FROM = 12
"""The hour of the day, in UTC, from which the day's lists are posted."""
MOST_AT_ONCE = 5_000
"""Requests that one sweep looks at."""
_GOES_ON = (*OPEN_STATES, RequestState.ANSWERED)
"""The states in which there is nothing to open: people are asked, or it is talked about."""


@dataclass(frozen=True, slots=True)
class FollowingUp:
    """Use cases around requests that wait; holds no state of its own."""

    begin: Begin
    read: Read
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def sweep(self) -> None:
        """Offer choices, put away, and list once a day what waits, each kind of request when its numbers say so."""
        now, numbers = self.clock.now(), self.inviting.numbers
        async with self.read() as work:
            waiting = await work.requests.unanswered(since(numbers, now, lambda each: each.choices_after), MOST_AT_ONCE)
            keys = {each.id: letters.choices_key(each.id, each.since) for each in waiting}
            told = await work.outbox.written(keys.values()) if keys else set()
            guild_ids = await work.requests.waiting_guilds(since(numbers, now, _first_listed_after))
        due = [
            (each.guild_id, each.id)
            for each in waiting
            if keys[each.id] not in told or now - each.since >= numbers.of(each.kind).archived_after
        ]
        await in_turn("request", due, self._see_to)
        if now.hour >= LISTED_FROM:
            await in_turn("guild", [(each, each) for each in guild_ids], self._list)
        if waiting or guild_ids:
            self.nudge()

    async def ask_more(self, request_id: int, user_id: int) -> int:
        """Ask more people, beyond the usual number where that is used up, and return how many were asked now.

        What was put away is open again by that.

        Raises:
            NotFound: there is no such request.
            NotAllowed: another person asked it.
            Conflict: it is settled or closed.
            LimitReached: it was put away, and they wait for as many requests as the community allows.
        """
        async with self.begin() as work:
            request = await hold_own(work, request_id, user_id)
            if request.state == RequestState.RESOLVED:
                raise Conflict("request.over")
            if request.state == RequestState.ARCHIVED:
                await self._reopen(work, request, user_id, is_own=True)
            await limits.hold(work, request.asker_id, Deed.MORE, self.clock.now())
            request.state = lifecycle.after(Act.ASK_OTHERS, RequestState(request.state))
            await want_more(work, request, self.inviting.numbers, self.clock.now())
        self.nudge()
        return await self.inviting.ask_more(request_id)

    async def reopen(self, request_id: int, user_id: int) -> int | None:
        """Open a request again and return its thread; one that is open, or answered meanwhile, stays as it is.

        Anyone who may read it may open again what was put away unanswered; what its asker closed, only they.

        Raises:
            NotFound: there is no such request.
            NotAllowed: another person asked it, and it was closed, or is private and not for them.
            Conflict: it is settled, or its thread is gone.
            LimitReached: it is their own, and they wait for as many requests as the community allows.
        """
        async with self.begin() as work:
            request = await work.requests.hold(request_id)
            asker = await work.members.get(request.asker_id) if request else None
            if request is None or asker is None:
                raise NotFound("request.unknown")
            refuse_moderated(request)
            is_own = asker.user_id == user_id
            if not is_own and (request.state == RequestState.CLOSED or not await _may_read(work, request, user_id)):
                raise NotAllowed("request.not_yours")
            await self._reopen(work, request, user_id, is_own=is_own)
            thread_id = request.thread_id
        await self.inviting.ask_more(request_id)
        self.nudge()
        return thread_id

    async def wish_to_talk(self, request_id: int, user_id: int) -> None:
        """Say in a request's thread that fifteen minutes of talking would help, in the name of the person who pressed.

        Raises:
            NotFound: there is no such request.
            NotAllowed: they neither asked it nor have a part in it.
            Conflict: its thread is gone.
        """
        now = self.clock.now()
        async with self.begin() as work:
            request = await work.requests.hold(request_id)
            if request is None:
                raise NotFound("request.unknown")
            member = await work.members.find(request.guild_id, user_id)
            if member is None or not await _has_part(work, request, member.id):
                raise NotAllowed("invitation.not_yours")
            refuse_moderated(request)
            lifecycle.require_thread(request.thread_id)
            if member.id == request.asker_id:
                await letters.tell_thread(work, request, "thread.talk_wanted", str(request_id), now)
            else:
                occasion = f"{request_id}:{member.id}"
                offered = "thread.talk_offered_hidden" if is_hidden(request) else "thread.talk_offered"
                await letters.tell_thread(work, request, offered, occasion, now, helper=user_id)
        self.nudge()

    async def _reopen(self, work: UnitOfWork, request: Request, user_id: int, *, is_own: bool) -> None:
        lifecycle.require_thread(request.thread_id)
        if request.state in _GOES_ON:
            return
        await work.lock(request.guild_id)
        now = self.clock.now()
        who = await work.members.ensure(request.guild_id, user_id, now)
        await limits.hold(work, who.id, Deed.REOPEN, now)
        if is_own:
            # To anyone else this would tell which requests are by the same person, be it without a name.
            await require_room(work, request.guild_id, request.asker_id)
        await reopen(work, request, self.inviting.numbers, now)

    async def _see_to(self, _guild_id: int, request_ids: Sequence[int]) -> None:
        """Put requests away, or ask their askers what to do about them, once."""
        now = self.clock.now()
        async with self.begin() as work:
            for request in await work.requests.hold_all(request_ids):
                if request.state != RequestState.WAITING:
                    continue
                if self._is_stale(request, now):
                    await put_away(work, request, now)
                    await letters.archive(work, request, now)
                else:
                    await letters.offer_choices(work, request, now)

    def _is_stale(self, request: Request, now: datetime) -> bool:
        return now - letters.waits_in_vain_since(request) >= self.inviting.numbers.of(request.type).archived_after

    async def _list(self, guild_id: int, _guild_ids: Sequence[int]) -> None:
        now = self.clock.now()
        async with self.begin() as work:
            await work.lock(guild_id)
            settings = await work.guilds.settings(guild_id)
            for kind in (RequestLetter.DIGEST, RequestLetter.MODERATOR_DIGEST):
                has_place = settings is not None and _place(settings, kind) is not None
                is_public = kind is RequestLetter.DIGEST
                before = listed_since(self.inviting.numbers, now, is_public=is_public)
                if has_place and await work.requests.waiting(guild_id, before, is_public=is_public):
                    await letters.list_waiting(work, guild_id, kind, now)


def _place(settings: GuildSettings, kind: RequestLetter) -> int | None:
    return settings.help_channel_id if kind is RequestLetter.DIGEST else settings.moderator_channel_id


def _first_listed_after(numbers: Policy) -> timedelta:
    return min(numbers.listed_after, numbers.moderators_after)


async def _may_read(work: UnitOfWork, request: Request, user_id: int) -> bool:
    """Tell whether a person may read a request: everyone, but for a private one, which its own people read."""
    if not Visibility(request.visibility).is_private:
        return True
    member = await work.members.find(request.guild_id, user_id)
    return member is not None and await _has_part(work, request, member.id)


async def _has_part(work: UnitOfWork, request: Request, member_id: int) -> bool:
    return member_id in [request.asker_id, *await work.help_interactions.concerned(request.id)]
