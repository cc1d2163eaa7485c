"""From rows to what leaves a transaction."""

from bot.domain.lifecycle import QuestionKind, RequestState, Urgency
from bot.services.results import QuestionView
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Question, Statement


async def reason_of(work: UnitOfWork, invitation: Invitation) -> Statement | None:
    """Return the statement for which somebody was asked; None where it was deleted since."""
    return await work.statements.get(invitation.statement_id) if invitation.statement_id else None


async def question_view(work: UnitOfWork, question: Question) -> QuestionView:
    """Return a question as people see it."""
    asker = await work.members.get(question.asker_id)
    assert asker is not None, "a question's asker can't be deleted before the question"  # noqa: S101
    return QuestionView(
        request_id=question.id,
        guild_id=question.guild_id,
        asker_user_id=asker.user_id,
        text=question.text,
        tried=question.tried,
        kind=QuestionKind(question.kind),
        urgency=Urgency(question.urgency),
        state=RequestState(question.state),
        thread_id=question.thread_id,
    )
