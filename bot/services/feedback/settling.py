"""Settling: what an author does with each point, and telling its reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain import drafts
from bot.domain.drafts import PointOutcome
from bot.domain.lifecycle import Visibility
from bot.domain.limits import Deed
from bot.errors import Conflict
from bot.services import limits
from bot.services.feedback import letters
from bot.services.feedback.holding import hold_received, own_draft, point_of, posted, received_feedback
from bot.services.feedback.letters import TOLD_AFTER
from bot.services.feedback.readers import received_by_author, said_together
from bot.services.feedback.reviewing_results import PointView, Received
from bot.services.feedback.views import draft_view, feedback_views, point_view
from bot.services.ports import Begin, Nudge, Read
from bot.store.unit_of_work import ReadingWork
from models import Draft, Feedback

SHOWN = 10
"""Feedback that an author sees at once, the newest."""


@dataclass(frozen=True, slots=True)
class Settling:
    """Use cases around authors who got feedback; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock

    async def received(self, draft_id: int, user_id: int) -> Sequence[Received]:
        """Return the feedback on a draft, for its author alone, and note that they looked at it.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
        """
        async with self.begin() as work:
            draft = await own_draft(work, await work.requests.hold(draft_id), user_id)
            sent = (await received_by_author(work, draft))[-SHOWN:]
            await work.feedback.note_read([each.id for each in sent], self.clock.now())
            view = await draft_view(work, draft)
            return [Received(view, each) for each in await feedback_views(work, sent)]

    async def is_author(self, draft_id: int, user_id: int) -> bool:
        """Tell whether a person wrote a draft.

        Raises:
            NotFound: there is no such draft.
        """
        async with self.read() as work:
            draft = posted(await work.drafts.get(draft_id))
            author = await work.members.get(draft.asker_id)
            return author is not None and author.user_id == user_id

    async def together(self, draft_id: int, user_id: int) -> str:
        """Return what the readers of this round say together, for the author alone; "" where they say nothing.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: another person wrote it.
        """
        async with self.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            return await said_together(work, draft, await received_by_author(work, draft))

    async def point(self, point_id: int, user_id: int) -> PointView:
        """Return a point of which its author may still say what became of it.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: another person wrote the draft.
            Conflict: its reader was told already.
        """
        async with self.read() as work:
            feedback = await work.feedback.get(await work.feedback.feedback_of(point_id) or 0)
            feedback, draft = await received_feedback(work, feedback, user_id)
            _require_untold(draft, feedback)
            return point_view(await point_of(work, feedback, point_id))

    async def settle(self, point_id: int, user_id: int, outcome: PointOutcome, written: str | None = None) -> Received:
        """Say what became of a point, with a word where there is one; it can change until its reader is told.

        They are told a while after the last of their points is settled.

        Raises:
            Invalid: the word is too long.
            NotFound: it isn't there any more.
            NotAllowed: another person wrote the draft.
            Conflict: its reader was told already.
            LimitReached: they said so as often as one person may in a day.
        """
        note, now = drafts.clean_field(written or "", drafts.LONGEST_NOTE), self.clock.now()
        async with self.begin() as work:
            feedback, draft = await hold_received(work, await work.feedback.feedback_of(point_id), user_id)
            point = await point_of(work, feedback, point_id)
            _require_untold(draft, feedback)
            await limits.hold(work, draft.asker_id, Deed.SETTLE, now)
            point.outcome, point.is_carried = outcome, False
            point.outcome_note = point.outcome_note if written is None else (note or None)
            await work.flush()
            received = await _received(work, draft, feedback)
            if received.feedback.is_settled:
                await letters.tell_became(work, draft, feedback, now + TOLD_AFTER, is_asked_for=False)
        return received

    async def tell(self, feedback_id: int, user_id: int) -> Received:
        """Tell a reader now what became of their points; twice is once.

        Raises:
            NotFound: the feedback isn't there any more.
            NotAllowed: another person wrote the draft.
            Conflict: nothing is said of any point.
        """
        now = self.clock.now()
        async with self.begin() as work:
            feedback, draft = await hold_received(work, feedback_id, user_id)
            if feedback.closed_at is None:
                points = (await work.feedback.points([feedback.id]))[feedback.id]
                if all(each.outcome is None for each in points):
                    raise Conflict("feedback.nothing_settled")
                feedback.closed_at = now
                await letters.tell_became(work, draft, feedback, now, is_asked_for=True)
            received = await _received(work, draft, feedback)
        self.nudge()
        return received


def _require_untold(draft: Draft, feedback: Feedback) -> None:
    if feedback.closed_at is not None:
        is_outside = Visibility(draft.visibility).shuts_out
        raise Conflict("feedback.told_before_outside" if is_outside else "feedback.told_before")


async def _received(work: ReadingWork, draft: Draft, feedback: Feedback) -> Received:
    (view,) = await feedback_views(work, [feedback])
    return Received(await draft_view(work, draft), view)
