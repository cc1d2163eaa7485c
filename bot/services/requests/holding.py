"""Whose something is, and holding it while it changes: a request before its community, and both before any change."""

from typing import TypeVar

from bot.domain.lifecycle import RequestState
from bot.errors import Conflict, NotAllowed, NotFound
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Invitation, Member, Request

_Request = TypeVar("_Request", bound=Request)


async def asked_by(
    work: ReadingWork, request: _Request | None, user_id: int, refusal: str = "request.not_yours"
) -> _Request:
    """Return a request that this person asked; anyone else reads `refusal`.

    Raises:
        NotFound: there is no such request.
        NotAllowed: another person asked it.
    """
    asker = await work.members.get(request.asker_id) if request else None
    if request is None or asker is None:
        raise NotFound("request.unknown")
    if asker.user_id != user_id:
        raise NotAllowed(refusal)
    return request


async def hold_own(work: UnitOfWork, request_id: int, user_id: int, refusal: str = "request.not_yours") -> Request:
    """Return a request that this person asked, held, in a locked community.

    Raises:
        NotFound: there is no such request.
        NotAllowed: another person asked it.
    """
    request = await asked_by(work, await work.requests.hold(request_id), user_id, refusal)
    await work.lock(request.guild_id)
    return request


async def invited(work: ReadingWork, invitation_id: int, user_id: int) -> tuple[Invitation, Member]:
    """Return an invitation of this person's, and them.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it was addressed to another person.
    """
    invitation = await work.invitations.get(invitation_id)
    member = await work.members.get(invitation.member_id) if invitation else None
    if invitation is None or member is None:
        raise NotFound("invitation.unknown")
    if member.user_id != user_id:
        raise NotAllowed("invitation.not_yours")
    return invitation, member


async def hold_invitation(work: UnitOfWork, invitation_id: int, user_id: int) -> tuple[Request, Invitation]:
    """Lock the invitation's request, under which everything of it changes, and its community, then read both.

    The community comes before any change: a member who deletes a line changes the invitations that it caused. Where a
    person was asked for several rounds, it is what they were asked last.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it was addressed to another person.
    """
    request_id = await work.invitations.request_of(invitation_id)
    request = await work.requests.hold(request_id) if request_id else None
    if request is None:
        raise NotFound("invitation.unknown")
    await work.lock(request.guild_id)
    invitation, member = await invited(work, invitation_id, user_id)
    # A button of an earlier round stands for the newest one, so that one person never has two claims.
    return request, await work.invitations.find(request_id or 0, member.id) or invitation


async def hold_going_on(work: UnitOfWork, invitation_id: int, user_id: int) -> tuple[Request, Invitation]:
    """Do as `hold_invitation`, for a request that isn't over.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it was addressed to another person.
        Conflict: the request is over.
    """
    request, invitation = await hold_invitation(work, invitation_id, user_id)
    if request.state in {RequestState.CLOSED, RequestState.RESOLVED}:
        raise Conflict("request.over")
    return request, invitation


async def own_member(work: ReadingWork, member_id: int, user_id: int) -> Member:
    """Return the row of this person in one community.

    Raises:
        NotFound: there is no such member.
        NotAllowed: it is the row of another person.
    """
    return _own(await work.members.get(member_id), user_id)


async def hold_member(work: UnitOfWork, member_id: int, user_id: int) -> Member:
    """Do as `own_member`, in a locked community."""
    seen = await work.members.get(member_id)
    if seen is not None:
        await work.lock(seen.guild_id)
    return _own(await work.members.hold(member_id), user_id)


def _own(member: Member | None, user_id: int) -> Member:
    if member is None:
        raise NotFound("profile.unknown")
    if member.user_id != user_id:
        raise NotAllowed("profile.not_yours")
    return member
