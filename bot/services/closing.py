"""Closing a request without an outcome, whatever the reason."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, CloseReason, RequestState
from bot.store.unit_of_work import UnitOfWork
from models import Question


async def close(work: UnitOfWork, question: Question, reason: CloseReason, now: datetime) -> None:
    """Close a question inside the caller's transaction and take back the invitations nobody has answered.

    Raises:
        Conflict: it is over already.
    """
    question.state = lifecycle.after(Act.CLOSE, RequestState(question.state))
    question.close_reason = reason
    await work.invitations.withdraw(question.id, now)
    work.events.add("closed", question, now)
