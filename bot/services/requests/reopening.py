"""Waiting for an answer again: opened again, or in need of more people than were asked so far."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import Act, RequestState, Urgency
from bot.domain.policy import Policy
from bot.services.requests import letters
from bot.services.requests.kinds import numbers_of
from bot.services.requests.places import is_too_late
from bot.store.unit_of_work import UnitOfWork
from models import Request


async def reopen(work: UnitOfWork, request: Request, numbers: Policy, now: datetime) -> None:
    """Let a request wait again, inside the caller's transaction, and say so in its thread, which opens that too.

    Raises:
        Conflict: it is settled, so there is nothing to wait for.
    """
    request.state = lifecycle.after(Act.REOPEN, RequestState(request.state))
    request.close_reason = None
    await want_more(work, request, numbers, now)
    work.facts.add("reopened", request, now)
    await letters.tell_thread(work, request, "thread.reopened", f"{request.id}:{now:%Y%m%d%H%M%S}", now)


async def want_more(work: UnitOfWork, request: Request, numbers: Policy, now: datetime) -> None:
    """Let more people be asked for a request, beyond the usual number where that is used up; it waits again.

    What was needed by a moment that has passed is needed a week later.
    """
    if is_too_late(request, now):
        request.needed_by = now + numbers.of(request.type).archived_after
    asked = (await work.invitations.asked([request.id]))[request.id]
    routed = sum(not each.is_referred for each in asked)
    own = numbers_of(numbers, request, now)
    if routed >= own.most_invitations + request.extra_invitations:
        last_wave = own.waves[Urgency(request.urgency)][-1]
        request.extra_invitations += last_wave.size
    request.waiting_since, request.next_look_at = now, now
    await letters.refresh_post(work, request, now)
