"""Responding: what a reader says to an author who asked something in a thread that they can't read themselves."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.lifecycle import Visibility
from bot.domain.limits import Deed
from bot.domain.wording import within
from bot.errors import Conflict
from bot.services import limits
from bot.services.feedback.holding import hold_posted, posted
from bot.services.feedback.letters import answer_author
from bot.services.feedback.readers import require_open, require_reader
from bot.services.ports import Begin, Nudge, Read
from bot.store.unit_of_work import ReadingWork
from models import Draft, Member

LONGEST = 1_500
"""Characters of an answer."""


@dataclass(frozen=True, slots=True)
class Responding:
    """Use cases of readers whose author stays unknown; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock

    async def require_reader(self, draft_id: int, user_id: int) -> None:
        """Make sure that a person may answer a draft's author.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: they wrote it themselves, or have no place among its readers.
            Conflict: it is closed, its author reads the thread, or they haven't begun their feedback, where they may
                answer.
        """
        async with self.read() as work:
            await _reader(work, posted(await work.drafts.get(draft_id)), user_id)

    async def respond(self, draft_id: int, user_id: int, interaction_id: int, written: str) -> None:
        """Give the author, in private, what a reader answers; a submission counts once.

        Raises:
            Invalid: it is empty, or too long.
            NotFound: there is no such draft.
            NotAllowed: they wrote it themselves, or have no place among its readers.
            Conflict: it is closed, its author reads the thread, or they haven't begun their feedback, where they may
                answer.
            LimitReached: they wrote as often as one person may in a day.
        """
        words = within(written, LONGEST, "feedback.field_too_long", shortest=1, too_short="feedback.respond.empty")
        now = self.clock.now()
        async with self.begin() as work:
            draft = await hold_posted(work, draft_id)
            reader = await _reader(work, draft, user_id)
            if await answer_author(work, draft, reader, words, interaction_id, now):
                await limits.hold(work, reader.id, Deed.FEEDBACK, now)
        self.nudge()


async def _reader(work: ReadingWork, draft: Draft, user_id: int) -> Member:
    """Return a reader who may answer."""
    reader = await work.members.find(draft.guild_id, user_id)
    await require_reader(work, draft, reader, user_id)
    require_open(draft)
    if not Visibility(draft.visibility).shuts_out:
        raise Conflict("feedback.respond.open")
    if reader is None or not await work.feedback.of_reader(draft.id, reader.id):
        raise Conflict("feedback.respond.first")
    return reader
