"""Taking a request, and what becomes of it by that; all inside a transaction that holds the request."""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain.hours import next_awake
from bot.domain.lifecycle import Act, InvitationState, RequestState
from bot.domain.policy import Policy
from bot.services.requests import letters
from bot.services.requests.inviting import heard_from
from bot.services.requests.kinds import kind_of, numbers_of
from bot.services.requests.places import is_too_late, places_left
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Request


async def take(
    work: UnitOfWork, request: Request, invitation: Invitation, user_id: int, numbers: Policy, now: datetime
) -> None:
    """Let a person have a request for a while, and say so in its thread."""
    if request.state == RequestState.ARCHIVED:
        request.waiting_since = now
    invitation.state, invitation.decided_at = InvitationState.TAKEN, now
    await _claim(work, request, invitation, numbers, now)
    await move(work, request, Act.TAKE)
    part = await work.help_interactions.ensure(request, invitation.member_id)
    part.taken_at = part.taken_at or now
    work.facts.add("taken", request, now, invitation.member_id)
    await letters.tell_taken(work, request, invitation, user_id, now)


async def move(work: UnitOfWork, request: Request, act: Act) -> None:
    """Let an act happen to a request; one that wants several people waits on until as many have it.

    Raises:
        Conflict: it is over, or this can't happen to it any more.
    """
    request.state = lifecycle.after(act, RequestState(request.state))
    places = kind_of(request).places(request)
    if places is not None and request.state in {RequestState.TAKEN, RequestState.ANSWERED}:
        await work.flush()
        request.state = places.state(*await work.invitations.at_it(request.id))


async def give_place(work: UnitOfWork, request: Request, numbers: Policy, now: datetime) -> bool:
    """Give a place that is free again to the first person who would have taken it; returns whether there was one."""
    is_open = request.state in {RequestState.WAITING, RequestState.TAKEN} and not is_too_late(request, now)
    if not is_open or not await places_left(work, request):
        return False
    away = (await work.blocks.around([request.asker_id]))[request.asker_id]
    for each in await work.invitations.of(request.id):
        if each.state == InvitationState.ALTERNATE:
            member = await work.members.get(each.member_id)
            if member is not None and member.left_at is None and member.id not in away:
                await take(work, request, each, member.user_id, numbers, now)
                await letters.tell_member(work, request, member.id, "draft.place_free", now, str(each.id))
                return True
    return False


async def _claim(work: UnitOfWork, request: Request, invitation: Invitation, numbers: Policy, now: datetime) -> None:
    """Keep the request for a helper for a while, with one kind reminder in between, when they are awake."""
    own, member = numbers_of(numbers, request, now), await work.members.get(invitation.member_id)
    assert member is not None, "an invitation can't outlive its member"  # noqa: S101
    heard_from(member)
    invitation.expires_at = now + own.claimed_for
    reminded_at = next_awake(now + own.nudged_after, member.zone, member.begins, member.ends)
    if reminded_at < invitation.expires_at:
        await letters.nudge_claim(work, request, invitation, reminded_at)
