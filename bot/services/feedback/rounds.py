"""Rounds: a new version for the same readers, and another date or a smaller piece where the date has passed."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.calendars.deadlines import read_deadline
from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import SETTLED, Stage, require_sharable
from bot.domain.lifecycle import OPEN_STATES, Act, RequestState
from bot.domain.limits import Deed
from bot.domain.links import clean_link
from bot.domain.wording import within
from bot.errors import Conflict
from bot.services import limits
from bot.services.feedback.holding import hold_own_draft
from bot.services.feedback.letters import guide_readers
from bot.services.ports import Begin, Nudge
from bot.services.requests import letters
from bot.services.requests.closing import refuse_moderated, withdraw
from bot.services.requests.inviting import Inviting
from bot.services.requests.places import is_too_late
from bot.services.requests.posting import require_room
from bot.store.unit_of_work import UnitOfWork
from models import Draft

LONGEST_CHANGES, LONGEST_PART = 600, 200
"""Characters of what changed since the round before, and of which part is to be read."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What an author fills in for the next round."""

    needed_by: str = field(repr=False)
    changes: str = field(repr=False)
    link: str = field(repr=False, default="")
    """Empty: the draft is where it was."""
    size: DraftSize | None = None
    """None: as long as before."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Use cases around what comes after a round; holds no state of its own."""

    begin: Begin
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def next(self, draft_id: int, user_id: int, new: NewVersion) -> int:
        """Begin the next round, and return how many people are asked now: who read the one before comes first.

        Points of the round before that its author didn't settle are carried over.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
            Conflict: it was taken back or closed, its thread is gone, or people are reading it still.
            Invalid: the date or the link isn't one, or it isn't said what changed.
            LimitReached: they wait on as many requests as the community allows, or did this too often today.
        """
        changes = within(
            new.changes, LONGEST_CHANGES, "feedback.field_too_long", shortest=1, too_short="feedback.no_changes"
        )
        link = clean_link(new.link).address if new.link.strip() else None
        async with self.begin() as work:
            draft = await self._hold(work, draft_id, user_id)
            now = self.clock.now()
            if draft.state in OPEN_STATES and not is_too_late(draft, now):
                raise Conflict("feedback.still_read")
            require_sharable(Stage(draft.stage), has_link=link is not None, has_file=False)
            needed_by = await self._date(work, draft, new.needed_by)
            await withdraw(work, draft, now)
            await work.drafts.carry_over(draft.id, [each.value for each in SETTLED])
            draft.round, draft.round_at, draft.changes, draft.part = draft.round + 1, now, changes, None
            if link is not None:
                draft.link, draft.file_format = link, None
            draft.whole_words = new.size.words if new.size else draft.whole_words
            draft.words = draft.whole_words
            await self._wait_again(work, draft, needed_by)
            await guide_readers(work, draft, now)
        return await self._ask(draft_id)

    async def later(self, draft_id: int, user_id: int, needed_by: str) -> int:
        """Set a later date for a draft whose date has passed, and return how many people are asked now.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
            Conflict: it was taken back or closed, its thread is gone, or its date hasn't passed.
            Invalid: the date isn't one.
            LimitReached: they wait on as many requests as the community allows, or did this too often today.
        """
        async with self.begin() as work:
            draft = await self._hold_late(work, draft_id, user_id)
            await self._wait_again(work, draft, await self._date(work, draft, needed_by))
        return await self._ask(draft_id)

    async def smaller(self, draft_id: int, user_id: int, part: str, size: DraftSize, needed_by: str) -> int:
        """Have only a part of a draft read, until another date, and return how many people are asked now.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
            Conflict: it was taken back or closed, its thread is gone, or its date hasn't passed.
            Invalid: it isn't said which part, or the date isn't one.
            LimitReached: they wait on as many requests as the community allows, or did this too often today.
        """
        named = within(part, LONGEST_PART, "feedback.field_too_long", shortest=1, too_short="feedback.no_part")
        async with self.begin() as work:
            draft = await self._hold_late(work, draft_id, user_id)
            date = await self._date(work, draft, needed_by)
            draft.part, draft.words = named, size.words
            await self._wait_again(work, draft, date)
        return await self._ask(draft_id)

    async def _hold(self, work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
        draft = await hold_own_draft(work, draft_id, user_id)
        refuse_moderated(draft)
        lifecycle.require_thread(draft.thread_id)
        await limits.hold(work, draft.asker_id, Deed.ROUND, self.clock.now())
        return draft

    async def _hold_late(self, work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
        draft = await self._hold(work, draft_id, user_id)
        is_waiting = draft.state in {RequestState.WAITING, RequestState.ARCHIVED}
        if not is_waiting or not is_too_late(draft, self.clock.now()):
            raise Conflict("feedback.still_read")
        return draft

    async def _date(self, work: UnitOfWork, draft: Draft, typed: str) -> datetime:
        author = await work.members.get(draft.asker_id)
        return read_deadline(typed, author.zone if author else None, self.clock.now()).closes_at

    async def _wait_again(self, work: UnitOfWork, draft: Draft, needed_by: datetime) -> None:
        """Let a draft wait for readers until a date, and say so in its thread."""
        now = self.clock.now()
        if draft.state not in OPEN_STATES:
            await require_room(work, draft.guild_id, draft.asker_id)
        draft.state = lifecycle.after(Act.ASK_OTHERS, RequestState(draft.state))
        draft.needed_by, draft.waiting_since, draft.next_look_at = needed_by, now, now
        await work.flush()
        await letters.refresh_post(work, draft, now)
        text = "feedback.new_round" if draft.round_at == now else "feedback.moved"
        occasion, at = f"{draft.id}:{now:%Y%m%d%H%M%S}", int(needed_by.timestamp())
        await letters.tell_thread(work, draft, text, occasion, now, at=at, changes=draft.changes or "")

    async def _ask(self, draft_id: int) -> int:
        self.nudge()
        return await self.inviting.ask_more(draft_id)
