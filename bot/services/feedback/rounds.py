"""Rounds: a new version for the same readers, and another date or a smaller piece where the date has passed."""

from dataclasses import dataclass
from datetime import datetime

from bot.calendars.deadlines import read_deadline
from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import Stage
from bot.domain.lifecycle import OPEN_STATES, Act, RequestState, Visibility
from bot.domain.limits import Deed
from bot.domain.wording import within
from bot.errors import Conflict
from bot.services import limits
from bot.services.feedback.holding import hold_own_draft, own_draft
from bot.services.feedback.inspecting import count_file
from bot.services.feedback.letters import guide_readers
from bot.services.feedback.versions import NewVersion, begin_round, end_round, require_new, require_read, understood
from bot.services.ports import Begin, Files, Nudge
from bot.services.requests import letters
from bot.services.requests.closing import refuse_moderated
from bot.services.requests.inviting import Inviting
from bot.services.requests.places import is_too_late
from bot.services.requests.posting import require_room
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft

LONGEST_PART = 200
"""Characters of which part is to be read."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Use cases around what comes after a round; holds no state of its own."""

    begin: Begin
    inviting: Inviting
    files: Files
    nudge: Nudge
    clock: Clock

    async def stage(self, draft_id: int, user_id: int) -> Stage:
        """Return how far a draft is that may have a next round now.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
            Conflict: it was taken back or closed, its thread is gone, or people are reading it still.
        """
        async with self.inviting.read() as work:
            draft = await self._read(work, draft_id, user_id)
            return Stage(draft.stage)

    async def next(self, draft_id: int, user_id: int, new: NewVersion) -> int:
        """Begin the next round, and return how many people are asked now: who read the one before comes first.

        Its readers are told what became of their points; those that its author didn't settle are carried over.

        Raises:
            NotFound: there is no such draft, or Discord has its new file no longer.
            NotAllowed: another person wrote it.
            Conflict: it was taken back or closed, its thread is gone, or people are reading it still.
            Invalid: the date or the link isn't one, it isn't said what changed, or the file can't be used.
            LimitReached: they wait on as many requests as the community allows, or did this too often today.
            Unavailable: the file can't be looked into now.
        """
        async with self.inviting.read() as work:
            draft = await self._read(work, draft_id, user_id)
            await limits.require(work, draft.asker_id, Deed.ROUND, self.clock.now())
            require_new(new, Stage(draft.stage))
            await self._date(work, draft, new.needed_by)
            seen = draft.round
        if new.file is not None:
            await count_file(self.begin, draft.guild_id, user_id, self.clock.now())
        version = await understood(self.files, new, Visibility(draft.visibility), user_id)
        async with self.begin() as work:
            draft = await self._hold(work, draft_id, user_id)
            now = self.clock.now()
            if draft.round != seen:
                # The same press came twice, or the form was sent from two devices.
                raise Conflict("feedback.still_read")
            await require_read(work, draft, now)
            needed_by = await self._date(work, draft, new.needed_by)
            await end_round(work, draft, now)
            await begin_round(work, draft, new, version, now)
            await self._wait_again(work, draft, needed_by, "feedback.new_round")
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
            await self._wait_again(work, draft, await self._date(work, draft, needed_by), "feedback.moved")
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
            await self._wait_again(work, draft, date, "feedback.moved")
        return await self._ask(draft_id)

    async def _read(self, work: ReadingWork, draft_id: int, user_id: int) -> Draft:
        """Return a draft that may have a next round now."""
        draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
        _require_thread(draft)
        await require_read(work, draft, self.clock.now())
        return draft

    async def _hold(self, work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
        draft = await hold_own_draft(work, draft_id, user_id)
        _require_thread(draft)
        await limits.hold(work, draft.asker_id, Deed.ROUND, self.clock.now())
        return draft

    async def _hold_late(self, work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
        draft = await self._hold(work, draft_id, user_id)
        is_waiting = draft.state in {RequestState.WAITING, RequestState.ARCHIVED}
        if not is_waiting or not is_too_late(draft, self.clock.now()):
            raise Conflict("feedback.still_read")
        return draft

    async def _date(self, work: ReadingWork, draft: Draft, typed: str) -> datetime:
        author = await work.members.get(draft.asker_id)
        return read_deadline(typed, author.zone if author else None, self.clock.now()).closes_at

    async def _wait_again(self, work: UnitOfWork, draft: Draft, needed_by: datetime, text: str) -> None:
        """Let a draft wait for readers until a date, and say so in its thread with a text that is given by its key."""
        now = self.clock.now()
        if draft.state not in OPEN_STATES:
            await require_room(work, draft.guild_id, draft.asker_id)
        draft.state = lifecycle.after(Act.ASK_OTHERS, RequestState(draft.state))
        draft.needed_by, draft.waiting_since, draft.next_look_at = needed_by, now, now
        await work.flush()
        await letters.refresh_post(work, draft, now)
        occasion, at = f"{draft.id}:{now:%Y%m%d%H%M%S}", int(needed_by.timestamp())
        await letters.tell_thread(work, draft, text, occasion, now, at=at)

    async def _ask(self, draft_id: int) -> int:
        self.nudge()
        return await self.inviting.ask_more(draft_id)


def _require_thread(draft: Draft) -> None:
    """Make sure that there is a thread in which a draft may go on.

    Raises:
        Conflict: a moderator closed it, it was taken back or never sent, or its thread is gone.
    """
    refuse_moderated(draft)
    lifecycle.after(Act.ASK_OTHERS, RequestState(draft.state))
    lifecycle.require_thread(draft.thread_id)
