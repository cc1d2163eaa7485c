"""Waiting for an answer again: opened again, or in need of more people than were asked so far."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, RequestState, Urgency
from bot.domain.policy import Policy
from bot.services.requests import letters
from bot.store.unit_of_work import UnitOfWork
from models import Question


async def reopen(work: UnitOfWork, question: Question, numbers: Policy, now: datetime) -> None:
    """Let a question wait again, inside the caller's transaction, and say so in its thread, which opens that too.

    Raises:
        Conflict: it is settled, so there is nothing to wait for.
    """
    question.state = lifecycle.after(Act.REOPEN, RequestState(question.state))
    question.close_reason = None
    await want_more(work, question, numbers, now)
    work.events.add("reopened", question, now)
    await letters.tell_thread(work, question, "thread.reopened", f"{question.id}:{now:%Y%m%d%H%M%S}", now)


async def want_more(work: UnitOfWork, question: Question, numbers: Policy, now: datetime) -> None:
    """Let more people be asked for a question, beyond the usual number where that is used up; it waits anew."""
    asked = (await work.invitations.asked([question.id]))[question.id]
    routed = sum(not each.is_referred for each in asked)
    if routed >= numbers.most_invitations + question.extra_invitations:
        last_wave = numbers.waves[Urgency(question.urgency)][-1]
        question.extra_invitations += last_wave.size
    question.waiting_since, question.next_look_at = now, now
    await letters.refresh_post(work, question, now)
