"""From rows to what leaves a transaction."""

from datetime import datetime

from bot.domain.attention import HALVED_AFTER
from bot.domain.lifecycle import CloseReason, InvitationState, RequestState, Urgency, Visibility
from bot.services.requests.closing import is_moderated
from bot.services.requests.kinds import kind_of
from bot.services.results import Pause, RequestFacts, RequestView
from bot.store.unit_of_work import ReadingWork
from models import Invitation, Member, Request, Statement

_LET_IN = (InvitationState.TAKEN, InvitationState.RELEASED)
"""What stands with an invitation whose addressee was let into the thread of a private question."""


def thread_for(question: Request, invitation: Invitation) -> int | None:
    """Return the thread to which a person who was asked can be led; None where they can't open it, or none is there."""
    is_shut = Visibility(question.visibility).is_private and invitation.state not in _LET_IN
    return None if is_shut else question.thread_id


async def reason_of(work: ReadingWork, invitation: Invitation) -> Statement | None:
    """Return the statement for which a person was asked; None where it was deleted since."""
    return await work.statements.get(invitation.statement_id) if invitation.statement_id else None


def text_of(request: Request) -> str:
    """Return what a request is called by."""
    return kind_of(request).text(request)


async def request_view(work: ReadingWork, request: Request) -> RequestView:
    """Return a request as people see it: nothing that is made of it can name an asker who asked without their name."""
    asker = await work.members.get(request.asker_id)
    assert asker is not None, "a request's asker can't be deleted before the request"  # noqa: S101
    is_anonymous = Visibility(request.visibility).is_hidden
    facts = RequestFacts(
        type=request.type,
        request_id=request.id,
        guild_id=request.guild_id,
        asker_user_id=None if is_anonymous else asker.user_id,
        text=text_of(request),
        urgency=Urgency(request.urgency),
        state=RequestState(request.state),
        thread_id=request.thread_id,
        post_id=request.post_id,
        visibility=Visibility(request.visibility),
        is_moderated=is_moderated(request),
        is_withdrawn=request.close_reason == CloseReason.WITHDRAWN,
    )
    return kind_of(request).view(request, facts)


def pause_of(member: Member, now: datetime) -> Pause:
    """Return whether a member is paused."""
    is_paused = member.paused_at is not None and (member.paused_until is None or now < member.paused_until)
    is_after_silences = is_paused and member.silences >= HALVED_AFTER
    return Pause(member.id, is_paused, member.paused_until if is_paused else None, is_after_silences)
