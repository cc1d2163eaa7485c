"""Who asked anonymously: known only to two moderators together, for a written reason, and told to the asker."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import wording
from bot.domain.lifecycle import Visibility
from bot.domain.limits import Deed
from bot.errors import Conflict, HouseError, NotAllowed, NotFound, Unavailable
from bot.services import limits
from bot.services.ports import Begin, Deliver, Look, Nudge, Read
from bot.services.requests import letters
from bot.services.results import Unveiled
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Request, Reveal

SHORTEST, LONGEST = 20, 200
"""Characters of a reason."""
OPEN_FOR = timedelta(days=7)
"""How long a second moderator may agree."""


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person, and whether Discord calls them a moderator."""

    guild_id: int
    user_id: int
    is_moderator: bool

    def require(self) -> None:
        """Let only moderators through.

        Raises:
            NotAllowed: it is another person.
        """
        if not self.is_moderator:
            raise NotAllowed("error.not_moderator")


@dataclass(frozen=True, slots=True)
class Revealing:
    """Use cases around revealing."""

    begin: Begin
    read: Read
    deliver: Deliver
    look_for: Look
    nudge: Nudge
    clock: Clock

    async def look(self, moderator: Moderator, thread_id: int) -> Unveiled | None:
        """Return where the wish to know who asked in a thread stands, or None where no one has one.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: it is no request's thread.
            Conflict: its asker is known anyway.
        """
        moderator.require()
        async with self.read() as work:
            request = await _anonymous(work, moderator.guild_id, thread_id)
            member = await work.members.find(moderator.guild_id, moderator.user_id)
            reveal = _current(request, await work.reveals.of(request.id), self.clock.now())
            return await _unveiled(work, request, reveal, member) if reveal is not None else None

    async def look_at(self, moderator: Moderator, reveal_id: int) -> Unveiled:
        """Return where one wish to know who asked stands.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such wish, or it is too old.
        """
        moderator.require()
        async with self.read() as work:
            reveal = await work.reveals.get(reveal_id)
            request = await work.requests.get(reveal.request_id) if reveal else None
            if reveal is None or request is None or request.guild_id != moderator.guild_id:
                raise NotFound("reveal.unknown")
            reveal = granted(await work.reveals.of(request.id)) or reveal
            if _current(request, [reveal], self.clock.now()) is None:
                raise NotFound("reveal.unknown")
            member = await work.members.find(moderator.guild_id, moderator.user_id)
            return await _unveiled(work, request, reveal, member)

    async def want(self, moderator: Moderator, thread_id: int, written: str) -> Unveiled:
        """Keep one moderator's reason to know who asked; another one has to agree before anyone learns it.

        Where a colleague's wish is open already, this reason is kept beside theirs, and they are shown theirs to agree.

        Raises:
            NotAllowed: it is no moderator.
            Invalid: the reason is too short or too long.
            NotFound: it is no request's thread.
            Conflict: its asker is known anyway, or asks themselves.
        """
        moderator.require()
        guild_id = moderator.guild_id
        reason = wording.within(
            written, LONGEST, "reveal.reason_too_long", shortest=SHORTEST, too_short="reveal.reason_too_short"
        )
        async with self.begin() as work:
            found = await _anonymous(work, guild_id, thread_id)
            request = await work.requests.hold(found.id)
            assert request is not None, "it was found in this transaction"  # noqa: S101
            await work.lock(guild_id)
            now = self.clock.now()
            member = await work.members.ensure(guild_id, moderator.user_id, now)
            _require_other(request, member)
            reveal = await _wish(work, request, member, reason, now)
            unveiled = await _unveiled(work, request, reveal, member)
        self.nudge()
        return unveiled

    async def agree(self, moderator: Moderator, reveal_id: int) -> Unveiled:
        """Agree as the second moderator and learn who asked; the asker is told why. Twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such wish, or it is too old.
            Conflict: it is this very moderator's own wish, or their own request.
            Unavailable: Discord can't say for now whether the one with the reason is still there.
        """
        moderator.require()
        await self._require_first(moderator.guild_id, reveal_id)
        async with self.begin() as work:
            seen = await work.reveals.get(reveal_id)
            request = await work.requests.hold(seen.request_id) if seen else None
            if seen is None or request is None or request.guild_id != moderator.guild_id:
                raise NotFound("reveal.unknown")
            await work.lock(moderator.guild_id)
            await work.refresh(seen)
            now = self.clock.now()
            member = await work.members.ensure(moderator.guild_id, moderator.user_id, now)
            known = granted(await work.reveals.of(request.id))
            if known is None:
                self._require_second(seen, request, member)
                await limits.hold(work, member.id, Deed.REVEAL, now)
                seen.second_moderator_id, seen.revealed_at = member.id, now
                work.facts.add("revealed", request, now)
                letters.tell_revealed(work, request, seen.id, await reasons(work, seen), now)
        with suppress(HouseError):
            await self.deliver(letters.revealed_key(reveal_id))
        self.nudge()
        return await self.look_at(moderator, reveal_id)

    async def _require_first(self, guild_id: int, reveal_id: int) -> None:
        """Look whether the one with the reason is still there: with them, their wish ends."""
        async with self.read() as work:
            reveal = await work.reveals.get(reveal_id)
            is_open = reveal is not None and reveal.revealed_at is None
            first = await work.members.get(reveal.moderator_id) if reveal and reveal.moderator_id else None
        if not is_open or first is None or first.guild_id != guild_id:
            return
        standing = await self.look_for(guild_id, first.user_id, is_fresh=True)
        if standing.where == "unknown":
            raise Unavailable("belonging.unknown")

    def _require_second(self, reveal: Reveal, request: Request, member: Member) -> None:
        if _current(request, [reveal], self.clock.now()) is None:
            raise NotFound("reveal.unknown")
        if reveal.moderator_id == member.id:
            raise Conflict("reveal.needs_another")
        _require_other(request, member)


async def reasons(work: UnitOfWork, reveal: Reveal) -> tuple[str, ...]:
    """Return why two moderators learned who asked: the reason of one, and the other's own where they had one."""
    second, at = reveal.second_moderator_id, reveal.revealed_at
    wishes = [each for each in await work.reveals.of(reveal.request_id) if each.moderator_id == second is not None]
    own = (each.reason for each in wishes if at and each.created_at <= at < each.created_at + OPEN_FOR)
    return (reveal.reason, *own)


def granted(reveals: Sequence[Reveal]) -> Reveal | None:
    """Return the wish that a second moderator shared, where one did."""
    return next((each for each in reveals if each.revealed_at is not None), None)


def _current(request: Request, reveals: Sequence[Reveal], now: datetime) -> Reveal | None:
    """Return the wish that was granted, else the first that is open; an asker's own is none, and none of who left."""
    nobodys = {None, request.asker_id}
    is_open = (each for each in reveals if each.moderator_id not in nobodys and now - each.created_at < OPEN_FOR)
    return granted(reveals) or next(is_open, None)


async def _wish(work: UnitOfWork, request: Request, member: Member, reason: str, now: datetime) -> Reveal:
    """Keep a wish, unless one is granted or this moderator's by now, and return the one that is to be looked at."""
    reveals = await work.reveals.of(request.id)
    current = _current(request, reveals, now)
    is_there = any(each.moderator_id == member.id and now - each.created_at < OPEN_FOR for each in reveals)
    if current is not None and (is_there or current.revealed_at is not None):
        return current
    await limits.hold(work, member.id, Deed.REVEAL, now)
    wish = Reveal(request_id=request.id, reason=reason, created_at=now, moderator_id=member.id)
    work.reveals.add(wish)
    await work.flush()
    if current is None:
        await _ask_second(work, request, wish, now)
    return current or wish


async def _ask_second(work: UnitOfWork, request: Request, wish: Reveal, now: datetime) -> None:
    settings = await work.guilds.settings(request.guild_id)
    if settings is not None and settings.moderator_channel_id is not None:
        await letters.ask_second_moderator(work, request, wish.id, now)


async def end_wishes(work: UnitOfWork, member_id: int, requests: Mapping[int, Request], now: datetime) -> None:
    """End what a moderator wished to know and no second one shared; a colleague's own wish goes on in its place."""
    for wish in await work.reveals.open_of(member_id):
        wish.moderator_id = None
        request = requests.get(wish.request_id)
        left = _current(request, await work.reveals.of(request.id), now) if request else None
        if request is not None and left is not None and left.revealed_at is None:
            await _ask_second(work, request, left, now)


def _require_other(request: Request, member: Member) -> None:
    if request.asker_id == member.id:
        raise Conflict("reveal.own_question")


async def _anonymous(work: ReadingWork, guild_id: int, thread_id: int) -> Request:
    request = await work.requests.find_in_thread(thread_id)
    if request is None or request.guild_id != guild_id:
        raise NotFound("reveal.no_question")
    if not Visibility(request.visibility).is_hidden:
        raise Conflict("reveal.open")
    return request


async def _unveiled(work: ReadingWork, request: Request, reveal: Reveal, member: Member | None) -> Unveiled:
    """Return the asker's id only to the two who agreed."""
    is_own = member is not None and reveal.moderator_id == member.id
    may_know = is_own or (member is not None and reveal.second_moderator_id == member.id)
    asker = await work.members.get(request.asker_id) if may_know and reveal.revealed_at is not None else None
    return Unveiled(
        reveal.id,
        reveal.reason,
        is_own,
        is_revealed=reveal.revealed_at is not None,
        is_told=await letters.is_revealed_told(work, reveal.id),
        asker_user_id=asker.user_id if asker else None,
    )
