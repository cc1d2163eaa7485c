"""Closing a request without an outcome, for any reason, and taking back what it asked of people."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.lifecycle import OPEN_STATES, Act, CloseReason, InvitationState, RequestState
from bot.errors import Conflict
from bot.services.requests import letters
from bot.store.unit_of_work import UnitOfWork
from models import Request


async def close(
    work: UnitOfWork, request: Request, reason: CloseReason, now: datetime, shown_from: datetime | None = None
) -> None:
    """Close a request inside the caller's transaction and take back the invitations no one has answered.

    Its post says so at once, or from `shown_from` on.

    Raises:
        Conflict: it is over already.
    """
    request.state = lifecycle.after(Act.CLOSE, RequestState(request.state))
    request.close_reason = reason
    await withdraw(work, request, now)
    await letters.refresh_post(work, request, shown_from or now)
    work.facts.add("closed", request, now)


async def lock(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Close a request whose thread moderators locked, and tell those concerned; twice is once."""
    if request.state in {RequestState.CLOSED, RequestState.RESOLVED}:
        return
    await tell_claimers(work, request, now)
    await close(work, request, CloseReason.MODERATOR, now)
    occasion = f"{request.id}:{now:%Y%m%d%H%M%S}"
    await letters.tell_member(work, request, request.asker_id, "asker.closed", now, occasion)


async def lose_thread(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Close a request whose thread was deleted, tell those concerned, and lead no one there; twice is once."""
    if request.state not in {RequestState.CLOSED, RequestState.RESOLVED}:
        await tell_claimers(work, request, now)
        await close(work, request, CloseReason.THREAD_GONE, now)
        await letters.tell_member(work, request, request.asker_id, "asker.thread_gone", now)
    request.thread_id = None


async def shut_away(work: UnitOfWork, request: Request, now: datetime, archived_at: datetime) -> None:
    """Put a request away whose thread a person archived, and tell those concerned.

    It stays open where it began to wait again since: a line on its way opens the thread.
    """
    since = request.waiting_since
    if request.state not in OPEN_STATES or (since is not None and archived_at < since):
        return
    await tell_claimers(work, request, now)
    await put_away(work, request, now)
    occasion = f"{request.id}:{now:%Y%m%d%H%M%S}"
    await letters.tell_member(work, request, request.asker_id, "asker.put_away", now, occasion)


async def put_away(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Put a request away, so that no more people are asked; any reply, or its asker, opens it again."""
    request.state = lifecycle.after(Act.ARCHIVE, RequestState(request.state))
    request.next_look_at = None
    await withdraw(work, request, now)
    work.facts.add("archived", request, now)


async def tell_claimers(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Tell those who wanted to have a look that there is nothing left to do."""
    for invitation in await work.invitations.of(request.id):
        if invitation.state == InvitationState.TAKEN and invitation.expires_at is not None:
            invitation.expires_at = None
            occasion = f"{invitation.id}:{now:%Y%m%d%H%M%S}"
            await letters.tell_member(work, request, invitation.member_id, "claim.over", now, occasion)


def refuse_moderated(request: Request) -> None:
    """Let nothing more be said or begun in a request that a moderator closed, or that was taken back.

    Raises:
        Conflict: a moderator closed it, or its author took it back.
    """
    if is_moderated(request):
        raise Conflict("close.by_moderator")
    if request.close_reason == CloseReason.WITHDRAWN:
        raise Conflict("request.over")


def is_moderated(request: Request) -> bool:
    """Tell whether a moderator closed a request."""
    return request.state == RequestState.CLOSED and request.close_reason == CloseReason.MODERATOR


async def withdraw(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Take back what no one has answered; a person whose invitation hadn't left yet was never asked for anything."""
    invitations = await work.invitations.of(request.id)
    asked = {letters.invitation_key(each.id): each for each in invitations if each.state == InvitationState.ASKED}
    left = await work.outbox.left(asked, now)
    await work.invitations.withdraw(request.id, now, [each.id for key, each in asked.items() if key not in left])
