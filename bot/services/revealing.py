"""Who asked anonymously: known only to two moderators together, for a written reason, and told to the asker."""

from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.domain import wording
from bot.domain.lifecycle import Visibility
from bot.domain.limits import Deed
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import letters, limits
from bot.services.ports import Begin, Nudge
from bot.services.results import Unveiled
from bot.store.unit_of_work import UnitOfWork
from models import Member, Question, Reveal

SHORTEST, LONGEST = 20, 200
"""Characters of a reason."""
OPEN_FOR = timedelta(days=7)
"""How long a second moderator may agree."""


@dataclass(frozen=True, slots=True)
class Moderator:
    """Whoever comes, and whether Discord calls them a moderator."""

    guild_id: int
    user_id: int
    is_moderator: bool

    def require(self) -> None:
        """Let only moderators through.

        Raises:
            NotAllowed: it is somebody else.
        """
        if not self.is_moderator:
            raise NotAllowed("error.not_moderator")


@dataclass(frozen=True, slots=True)
class Revealing:
    """Use cases around revealing."""

    begin: Begin
    read: Begin
    nudge: Nudge
    clock: Clock

    async def look(self, moderator: Moderator, thread_id: int) -> Unveiled | None:
        """Return where the wish to know who asked in a thread stands, or None where nobody has one.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: it is no question's thread.
            Conflict: its asker is known anyway.
        """
        moderator.require()
        async with self.read() as work:
            question = await _anonymous(work, moderator.guild_id, thread_id)
            member = await work.members.find(moderator.guild_id, moderator.user_id)
            reveal = await work.reveals.latest(question.id)
            is_open = reveal is not None and (reveal.revealed_at is not None or not self._is_old(reveal))
            return await _unveiled(work, question, reveal, member) if reveal is not None and is_open else None

    async def look_at(self, moderator: Moderator, reveal_id: int) -> Unveiled:
        """Return where one wish to know who asked stands.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such wish, or it is too old.
        """
        moderator.require()
        async with self.read() as work:
            reveal = await work.reveals.get(reveal_id)
            question = await work.questions.get(reveal.request_id) if reveal else None
            if reveal is None or question is None or question.guild_id != moderator.guild_id:
                raise NotFound("reveal.unknown")
            if reveal.revealed_at is None and self._is_old(reveal):
                raise NotFound("reveal.unknown")
            member = await work.members.find(moderator.guild_id, moderator.user_id)
            return await _unveiled(work, question, reveal, member)

    async def want(self, moderator: Moderator, thread_id: int, written: str) -> Unveiled:
        """Keep one moderator's reason to know who asked; another one has to agree before anybody learns it.

        Raises:
            NotAllowed: it is no moderator.
            Invalid: the reason is too short or too long.
            NotFound: it is no question's thread.
            Conflict: its asker is known anyway.
        """
        moderator.require()
        guild_id = moderator.guild_id
        reason = wording.within(
            written, LONGEST, "reveal.reason_too_long", shortest=SHORTEST, too_short="reveal.reason_too_short"
        )
        async with self.begin() as work:
            found = await _anonymous(work, guild_id, thread_id)
            question = await work.questions.hold(found.id)
            assert question is not None, "it was found in this transaction"  # noqa: S101
            await work.lock(guild_id)
            now = self.clock.now()
            member = await work.members.ensure(guild_id, moderator.user_id, now)
            reveal = await work.reveals.latest(question.id)
            if reveal is None or (reveal.revealed_at is None and self._is_old(reveal)):
                await limits.hold(work, member.id, Deed.REVEAL, now)
                reveal = Reveal(request_id=question.id, reason=reason, created_at=now, moderator_id=member.id)
                work.reveals.add(reveal)
                await work.flush()
                settings = await work.guilds.settings(guild_id)
                if settings is not None and settings.moderator_channel_id is not None:
                    letters.ask_second_moderator(work, question, reveal.id, now)
            unveiled = await _unveiled(work, question, reveal, member)
        self.nudge()
        return unveiled

    async def agree(self, moderator: Moderator, reveal_id: int) -> Unveiled:
        """Agree as the second moderator and learn who asked; the asker is told why. Twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such wish, or it is too old.
            Conflict: it is this very moderator's own wish, or their own question.
        """
        moderator.require()
        async with self.begin() as work:
            seen = await work.reveals.get(reveal_id)
            question = await work.questions.hold(seen.request_id) if seen else None
            if seen is None or question is None or question.guild_id != moderator.guild_id:
                raise NotFound("reveal.unknown")
            await work.lock(moderator.guild_id)
            await work.refresh(seen)
            now = self.clock.now()
            member = await work.members.ensure(moderator.guild_id, moderator.user_id, now)
            if seen.revealed_at is None:
                self._require_second(seen, question, member)
                await limits.hold(work, member.id, Deed.REVEAL, now)
                seen.second_moderator_id, seen.revealed_at = member.id, now
                work.events.add("revealed", question, now)
                letters.tell_revealed(work, question, seen.id, seen.reason, now)
            unveiled = await _unveiled(work, question, seen, member)
        self.nudge()
        return unveiled

    def _require_second(self, reveal: Reveal, question: Question, member: Member) -> None:
        if self._is_old(reveal):
            raise NotFound("reveal.unknown")
        if reveal.moderator_id == member.id:
            raise Conflict("reveal.needs_another")
        if question.asker_id == member.id:
            raise Conflict("reveal.own_question")

    def _is_old(self, reveal: Reveal) -> bool:
        return self.clock.now() - reveal.created_at >= OPEN_FOR


async def _anonymous(work: UnitOfWork, guild_id: int, thread_id: int) -> Question:
    question = await work.questions.find_in_thread(thread_id)
    if question is None or question.guild_id != guild_id:
        raise NotFound("reveal.no_question")
    if question.visibility != Visibility.ANONYMOUS:
        raise Conflict("reveal.open")
    return question


async def _unveiled(work: UnitOfWork, question: Question, reveal: Reveal, member: Member | None) -> Unveiled:
    """Return the asker's id only to the two who agreed."""
    is_own = member is not None and reveal.moderator_id == member.id
    may_know = is_own or (member is not None and reveal.second_moderator_id == member.id)
    asker = await work.members.get(question.asker_id) if may_know and reveal.revealed_at is not None else None
    return Unveiled(
        reveal.id,
        reveal.reason,
        is_own,
        is_revealed=reveal.revealed_at is not None,
        asker_user_id=asker.user_id if asker else None,
    )
