"""What ends between two people in requests once one of them keeps the other away, so that neither reads why."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.lifecycle import InvitationState
from bot.domain.policy import Policy
from bot.services.requests.claiming import release
from bot.services.requests.unmasking import is_hidden
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Request


async def is_apart(work: ReadingWork, request: Request, helper_id: int) -> bool:
    """Tell whether one of both, who asked and who helps, keeps the other away."""
    return helper_id in (await work.blocks.around([request.asker_id]))[request.asker_id]


async def is_unseen(work: ReadingWork, request: Request, helper_id: int) -> bool:
    """Tell whether a helper keeps away who asked, and mustn't learn from what follows that it is that person."""
    return is_hidden(request) and request.asker_id in {each.id for each in await work.blocks.of(helper_id)}


async def keeps_from_taking(work: ReadingWork, request: Request, helper_id: int) -> bool:
    """Tell whether a helper may not take a request, because one of both keeps the other away.

    A helper's own block keeps them from nothing that was asked without a name: a refusal would tell who asked.
    """
    return await is_apart(work, request, helper_id) and not await is_unseen(work, request, helper_id)


async def end_claim(work: UnitOfWork, request: Request, helper_id: int, numbers: Policy, now: datetime) -> bool:
    """End what a person took as if its time had run out: others are asked; returns whether they had it.

    The request is held, and its community locked.
    """
    for each in await work.invitations.of(request.id):
        is_claim = each.state == InvitationState.TAKEN and each.expires_at is not None
        if each.member_id == helper_id and is_claim:
            await release(work, request, each, InvitationState.RELEASED, numbers, now)
            return True
    return False


async def part(
    work: UnitOfWork, one: Member, other: Member, requests: Sequence[Request], numbers: Policy, now: datetime
) -> list[Request]:
    """End what one of two took of the other's, of these requests that are held, and return those that wait for others.

    A helper's own block ends nothing that was asked without a name: blocks would tell who asked. It runs out as ever.
    """
    helper_of = {one.id: other.id, other.id: one.id}
    parted = list[Request]()
    for request in requests:
        helper_id = helper_of.get(request.asker_id)
        if helper_id is None or await is_unseen(work, request, helper_id):
            continue
        if await end_claim(work, request, helper_id, numbers, now):
            parted.append(request)
    return parted
