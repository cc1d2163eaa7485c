"""Closing a request without an outcome, whatever the reason, and taking back what it asked of people."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, CloseReason, InvitationState, RequestState
from bot.services import letters
from bot.store.unit_of_work import UnitOfWork
from models import Question


async def close(work: UnitOfWork, question: Question, reason: CloseReason, now: datetime) -> None:
    """Close a question inside the caller's transaction and take back the invitations nobody has answered.

    Raises:
        Conflict: it is over already.
    """
    question.state = lifecycle.after(Act.CLOSE, RequestState(question.state))
    question.close_reason = reason
    await withdraw(work, question, now)
    await letters.refresh_post(work, question, now)
    work.events.add("closed", question, now)


async def withdraw(work: UnitOfWork, question: Question, now: datetime) -> None:
    """Take back what nobody has answered; whoever's invitation hadn't left yet was never asked for anything."""
    invitations = await work.invitations.of(question.id)
    asked = {letters.invitation_key(each.id): each for each in invitations if each.state == InvitationState.ASKED}
    left = await work.outbox.left(asked, now)
    await work.invitations.withdraw(question.id, now, [each.id for key, each in asked.items() if key not in left])
