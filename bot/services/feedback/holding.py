"""Finding a draft, and what is said about it, for the person who may; and holding it while it changes."""

from bot.domain.lifecycle import RequestState
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.feedback.letters import guide_key
from bot.services.requests.holding import asked_by
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft, Feedback, FeedbackPoint, Member, OutboxFile, Request


async def own_draft(work: ReadingWork, request: Request | None, user_id: int) -> Draft:
    """Return a draft that this person wrote.

    Raises:
        NotFound: there is no such draft, or no longer.
        NotAllowed: another person wrote it.
    """
    if not isinstance(request, Draft):
        raise NotFound("feedback.unknown")
    return await asked_by(work, request, user_id, "feedback.not_yours")


async def hold_own_draft(work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
    """Do as `own_draft`, held, in a locked community."""
    draft = await own_draft(work, await work.requests.hold(draft_id), user_id)
    await work.lock(draft.guild_id)
    return draft


async def hold_unposted(work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
    """Do as `own_draft` for a draft that isn't posted, held.

    Raises:
        NotFound: there is no such draft, or no longer.
        NotAllowed: another person wrote it.
        Conflict: it was posted in the meantime.
    """
    draft = await own_draft(work, await work.requests.hold(draft_id), user_id)
    require_unposted(draft)
    return draft


def require_unposted(draft: Draft) -> None:
    """Make sure that a draft may be changed.

    Raises:
        Conflict: it was posted in the meantime.
    """
    if draft.state != RequestState.UNPOSTED:
        raise Conflict("feedback.posted")


async def waiting_file(work: ReadingWork, draft: Draft) -> OutboxFile | None:
    """Return a draft's file of this round as long as it waits for the thread."""
    return await work.outbox_files.find(guide_key(draft.id, draft.round))


def posted(request: Request | None) -> Draft:
    """Return a draft that was posted.

    Raises:
        NotFound: there is none.
    """
    if not isinstance(request, Draft) or request.state == RequestState.UNPOSTED:
        raise NotFound("feedback.gone")
    return request


async def hold_posted(work: UnitOfWork, draft_id: int) -> Draft:
    """Do as `posted`, held, in a locked community."""
    draft = posted(await work.requests.hold(draft_id))
    await work.lock(draft.guild_id)
    return draft


async def own_feedback(work: ReadingWork, feedback: Feedback | None, user_id: int) -> tuple[Feedback, Draft, Member]:
    """Return feedback that this person wrote, its draft, and them.

    Raises:
        NotFound: it isn't there any more.
        NotAllowed: another person wrote it.
    """
    reader = await work.members.get(feedback.reader_id) if feedback else None
    draft = await work.drafts.get(feedback.draft_id) if feedback else None
    if feedback is None or reader is None or draft is None:
        raise NotFound("feedback.gone")
    if reader.user_id != user_id:
        raise NotAllowed("feedback.not_reader")
    return feedback, draft, reader


async def hold_own_feedback(work: UnitOfWork, feedback_id: int | None, user_id: int) -> tuple[Feedback, Draft, Member]:
    """Do as `own_feedback`, held with its draft, in a locked community."""
    draft_id = await work.feedback.draft_of(feedback_id) if feedback_id else None
    await hold_posted(work, draft_id or 0)
    return await own_feedback(work, await work.feedback.hold(feedback_id or 0), user_id)


async def received_feedback(work: ReadingWork, feedback: Feedback | None, user_id: int) -> tuple[Feedback, Draft]:
    """Return feedback that was sent to this person, and their draft.

    Raises:
        NotFound: it isn't there any more.
        NotAllowed: another person wrote the draft.
    """
    if feedback is None or feedback.sent_at is None:
        raise NotFound("feedback.gone")
    return feedback, await own_draft(work, await work.drafts.get(feedback.draft_id), user_id)


async def hold_received(work: UnitOfWork, feedback_id: int | None, user_id: int) -> tuple[Feedback, Draft]:
    """Do as `received_feedback`, held with its draft, in a locked community."""
    draft_id = await work.feedback.draft_of(feedback_id) if feedback_id else None
    await hold_posted(work, draft_id or 0)
    return await received_feedback(work, await work.feedback.hold(feedback_id or 0), user_id)


async def point_of(work: ReadingWork, feedback: Feedback, point_id: int) -> FeedbackPoint:
    """Return one point of feedback.

    Raises:
        NotFound: it isn't there any more.
    """
    points = (await work.feedback.points([feedback.id]))[feedback.id]
    point = next((each for each in points if each.id == point_id), None)
    if point is None:
        raise NotFound("feedback.point_gone")
    return point
