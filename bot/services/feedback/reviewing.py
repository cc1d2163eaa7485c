"""Reviewing: what a reader says about a draft, written bit by bit and sent once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.domain import drafts
from bot.domain.drafts import Missing, Point
from bot.domain.limits import Deed
from bot.errors import LimitReached, NotFound
from bot.services import limits
from bot.services.feedback.holding import hold_own_feedback, hold_posted, own_feedback, point_of, posted
from bot.services.feedback.readers import (
    current,
    others_of,
    require_open,
    require_reader,
    require_unsent,
    sent_before,
    sent_by,
)
from bot.services.feedback.reviewing_results import OwnFeedback, PointView, Received
from bot.services.feedback.sending import send
from bot.services.feedback.views import carried_points, draft_view, feedback_views, point_view
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.inviting import Inviting
from bot.services.requests.parting import is_apart
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft, Feedback, FeedbackPoint, Member


@dataclass(frozen=True, slots=True)
class Written:
    """What a reader filled in, beside their points."""

    summary: str = field(repr=False)
    strengths: str = field(repr=False, default="")
    answers: str = field(repr=False, default="")
    uses_model: bool = False

    def cleaned(self) -> "Written":
        """Return it as it is kept.

        Raises:
            Invalid: the summary says nothing, or a part is too long.
        """
        return Written(
            drafts.clean_summary(self.summary),
            drafts.clean_field(self.strengths, drafts.LONGEST_STRENGTHS),
            drafts.clean_field(self.answers, drafts.LONGEST_ANSWERS),
            self.uses_model,
        )


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Use cases around readers; holds no state of its own."""

    begin: Begin
    read: Read
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def own(self, draft_id: int, user_id: int) -> OwnFeedback | None:
        """Return what a reader says about a draft so far; None where they may begin.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: they wrote it themselves, or have no place among its readers.
            Conflict: its author closed it.
        """
        async with self.read() as work:
            draft = posted(await work.drafts.get(draft_id))
            reader = await work.members.find(draft.guild_id, user_id)
            await require_reader(work, draft, reader, user_id)
            feedback = await current(work, draft, reader) if reader is not None else None
            if feedback is None or feedback.sent_at is None:
                require_open(draft)
            return await _own(work, draft, feedback) if feedback is not None else None

    async def sent(self, feedback_id: int, user_id: int) -> OwnFeedback:
        """Return what a reader says, of any round, with what became of it as far as they were told.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: it is another person's.
        """
        async with self.read() as work:
            feedback, draft, _ = await own_feedback(work, await work.feedback.get(feedback_id), user_id)
            return await _own(work, draft, feedback)

    async def carried(self, draft_id: int, user_id: int) -> Sequence[PointView]:
        """Return a reader's own points of earlier rounds that are still open; no one sees another's.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: they wrote it themselves, or have no place among its readers.
        """
        async with self.read() as work:
            draft = posted(await work.drafts.get(draft_id))
            reader = await work.members.find(draft.guild_id, user_id)
            await require_reader(work, draft, reader, user_id)
            return await carried_points(work, draft, reader.id) if reader is not None else ()

    async def keep(self, draft_id: int, user_id: int, written: Written) -> OwnFeedback:
        """Keep what a reader says about a draft, for them alone until they send it; it replaces what was there.

        Raises:
            Invalid: the summary says nothing, or a part is too long.
            NotFound: there is no such draft.
            NotAllowed: they wrote it themselves, or have no place among its readers.
            Conflict: its author closed it, or they have sent their feedback.
            LimitReached: they wrote as often as one person may in a day.
        """
        said, now = written.cleaned(), self.clock.now()
        async with self.begin() as work:
            draft = await hold_posted(work, draft_id)
            reader = await work.members.ensure(draft.guild_id, user_id, now)
            await require_reader(work, draft, reader, user_id)
            feedback = await current(work, draft, reader)
            require_unsent(draft, feedback)
            await limits.hold(work, reader.id, Deed.FEEDBACK, now)
            if feedback is None:
                feedback = Feedback(draft_id=draft.id, reader_id=reader.id, round=draft.round, created_at=now)
                work.feedback.add(feedback)
            feedback.round, feedback.summary, feedback.strengths = draft.round, said.summary, said.strengths
            feedback.answers, feedback.uses_model = said.answers, said.uses_model
            await work.flush()
            return await _own(work, draft, feedback)

    async def own_unsent(self, draft_id: int, user_id: int) -> OwnFeedback:
        """Return what a reader says about a draft and may still change.

        Raises:
            NotFound: there is no such draft, or they have said nothing yet.
            NotAllowed: they wrote it themselves, or have no place among its readers.
            Conflict: its author closed it, or they have sent their feedback.
        """
        own = await self.own(draft_id, user_id)
        if own is None:
            raise NotFound("feedback.gone")
        if own.feedback.sent_at is not None:
            raise sent_before(own.draft.visibility)
        return own

    async def require_unsent(self, feedback_id: int, user_id: int) -> None:
        """Make sure that a reader may still change what they say.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: it is another person's.
            Conflict: it was sent, or its draft is closed.
        """
        async with self.read() as work:
            feedback, draft, _ = await own_feedback(work, await work.feedback.get(feedback_id), user_id)
            require_unsent(draft, feedback)

    async def own_point(self, point_id: int, user_id: int) -> PointView:
        """Return a point that a reader may change.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: another person made it.
            Conflict: it was sent.
        """
        async with self.read() as work:
            feedback = await work.feedback.get(await work.feedback.feedback_of(point_id) or 0)
            feedback, draft, _ = await own_feedback(work, feedback, user_id)
            require_unsent(draft, feedback)
            return point_view(await point_of(work, feedback, point_id))

    async def add_point(self, feedback_id: int, user_id: int, said: Point) -> OwnFeedback:
        """Keep one more point; what it lacks is said once, and stops no one. The same point twice is one.

        Raises:
            NotFound: the feedback isn't there any more.
            NotAllowed: it is another person's.
            Conflict: it was sent, or its draft is closed.
            LimitReached: there are three points, or they wrote as often as one person may in a day.
        """
        async with self.begin() as work:
            feedback, draft, reader = await _hold_unsent(work, feedback_id, user_id)
            points = (await work.feedback.points([feedback.id]))[feedback.id]
            if any(point_view(each).said == said for each in points):
                return await _own(work, draft, feedback)
            if len(points) >= drafts.MOST_POINTS:
                raise LimitReached("feedback.too_many_points", most=drafts.MOST_POINTS)
            await limits.hold(work, reader.id, Deed.FEEDBACK, self.clock.now())
            last = max((each.ordinal for each in points), default=0)
            point = FeedbackPoint(feedback_id=feedback.id, ordinal=last + 1)
            _say(point, said)
            work.feedback.add(point)
            await work.flush()
            return await _own(work, draft, feedback, said.missing)

    async def change_point(self, point_id: int, user_id: int, said: Point) -> OwnFeedback:
        """Say a point in other words.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: another person made it.
            Conflict: it was sent, or its draft is closed.
            LimitReached: they wrote as often as one person may in a day.
        """
        async with self.begin() as work:
            feedback, draft, reader = await _hold_unsent(work, await work.feedback.feedback_of(point_id), user_id)
            await limits.hold(work, reader.id, Deed.FEEDBACK, self.clock.now())
            _say(await point_of(work, feedback, point_id), said)
            await work.flush()
            return await _own(work, draft, feedback)

    async def remove_point(self, point_id: int, user_id: int) -> OwnFeedback:
        """Forget a point.

        Raises:
            NotFound: it isn't there any more.
            NotAllowed: another person made it.
            Conflict: it was sent, or its draft is closed.
        """
        async with self.begin() as work:
            feedback, draft, _ = await _hold_unsent(work, await work.feedback.feedback_of(point_id), user_id)
            await work.feedback.remove(point_id)
            return await _own(work, draft, feedback)

    async def send(self, feedback_id: int, user_id: int) -> OwnFeedback:
        """Give the author what a reader says; twice is once. It counts as their answer, as words in the thread do.

        Raises:
            NotFound: the feedback isn't there any more.
            NotAllowed: it is another person's.
            Conflict: its draft is closed.
            LimitReached: they wrote as often as one person may in a day.
        """
        now, news = self.clock.now(), None
        async with self.begin() as work:
            feedback, draft, reader = await hold_own_feedback(work, feedback_id, user_id)
            if feedback.sent_at is None:
                require_unsent(draft, feedback)
                await limits.hold(work, reader.id, Deed.FEEDBACK, now)
                news = await send(work, draft, feedback, reader, self.inviting.numbers, now)
            own = await _own(work, draft, feedback)
        if news is not None:
            news.tell(self.inviting.router)
        self.nudge()
        return own

    async def others(self, draft_id: int, user_id: int) -> Sequence[Received]:
        """Return what the other readers of this round say, to a reader who has sent their own.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: they haven't sent theirs.
        """
        async with self.read() as work:
            draft = posted(await work.drafts.get(draft_id))
            own = await sent_by(work, draft, user_id)
            view = await draft_view(work, draft)
            return [Received(view, each) for each in await feedback_views(work, await others_of(work, draft, own))]


async def _hold_unsent(work: UnitOfWork, feedback_id: int | None, user_id: int) -> tuple[Feedback, Draft, Member]:
    """Return what a reader may still change, held."""
    feedback, draft, reader = await hold_own_feedback(work, feedback_id, user_id)
    require_unsent(draft, feedback)
    return feedback, draft, reader


def _say(point: FeedbackPoint, said: Point) -> None:
    point.area, point.remark, point.confidence = said.area, said.remark, said.confidence
    point.location, point.suggestion = said.location, said.suggestion


async def _own(work: ReadingWork, draft: Draft, feedback: Feedback, missing: Missing | None = None) -> OwnFeedback:
    (view,) = await feedback_views(work, [feedback])
    if await is_apart(work, draft, feedback.reader_id):
        # What its author says of it reaches its reader no more.
        view = replace(view, is_closed=False)
    others = len(await others_of(work, draft, feedback)) if feedback.sent_at is not None else 0
    carried = await carried_points(work, draft, feedback.reader_id) if feedback.sent_at is None else ()
    return OwnFeedback(await draft_view(work, draft), view, others, carried, missing)
