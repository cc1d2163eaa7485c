"""What a helper took and didn't get to: given back by them, or by the clock, without a word of blame."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import Act, InvitationState, RequestState
from bot.domain.policy import Policy
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests import letters
from bot.services.requests.holding import hold_invitation
from bot.services.requests.inviting import TOGETHER, Inviting
from bot.services.requests.places import is_too_late, places_left
from bot.services.requests.taking import give_place
from bot.services.routing.community import News, news_of
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Request

MOST_AT_ONCE = 500
"""Claims that one sweep looks at."""


@dataclass(frozen=True, slots=True)
class Claiming:
    """Use cases around claims that end without an answer."""

    begin: Begin
    read: Read
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def give_back(self, invitation_id: int, user_id: int) -> None:
        """Give back what a helper took; others are asked at once, and twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        now = self.clock.now()
        async with self.begin() as work:
            request, invitation = await hold_invitation(work, invitation_id, user_id)
            if invitation.state == InvitationState.TAKEN and invitation.expires_at is not None:
                await release(work, request, invitation, InvitationState.PASSED, self.inviting.numbers, now)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        await self.inviting.ask_more(request.id)
        self.nudge()

    async def sweep(self) -> int:
        """Give what was taken a day ago and not answered to others, and return how many claims ended."""
        async with self.read() as work:
            due = await work.invitations.run_out(InvitationState.TAKEN, self.clock.now(), MOST_AT_ONCE)
        pairs = [(guild_id, (request_id, invitation_id)) for guild_id, request_id, invitation_id in due]
        await in_turn("invitation", pairs, self._release_some, TOGETHER)
        if due:
            self.nudge()
        return len(due)

    async def _release_some(self, guild_id: int, pairs: Sequence[tuple[int, ...]]) -> None:
        async with self.begin() as work:
            released = await self._release_all(work, guild_id, pairs)
        for news in released:
            news.tell(self.inviting.router)

    async def _release_all(self, work: UnitOfWork, guild_id: int, pairs: Sequence[tuple[int, ...]]) -> list[News]:
        now, released = self.clock.now(), []
        requests = {each.id: each for each in await work.requests.hold_all({pair[0] for pair in pairs})}
        await work.lock(guild_id)
        for invitation in await work.invitations.those(pair[1] for pair in pairs):
            is_due = invitation.expires_at is not None and invitation.expires_at <= now
            if invitation.state == InvitationState.TAKEN and is_due:
                request = requests[invitation.request_id]
                await release(work, request, invitation, InvitationState.RELEASED, self.inviting.numbers, now)
                released.append(await news_of(work, request, [invitation.member_id]))
        return released


async def release(
    work: UnitOfWork, request: Request, invitation: Invitation, state: InvitationState, numbers: Policy, now: datetime
) -> None:
    """End a claim; where no one else has it either, the request waits again and its asker is told."""
    invitation.state, invitation.decided_at, invitation.expires_at = state, now, None
    work.facts.add(state, request, now, invitation.member_id)
    if request.state == RequestState.WAITING:
        # Its asker wanted more people asked beside this one; who was waited for in vain opens the next wave.
        request.next_look_at = now
    await work.flush()
    if await give_place(work, request, numbers, now) or request.state != RequestState.TAKEN:
        return
    left = await places_left(work, request)
    if left == 0 or (left is None and any(_is_claim(each) for each in await work.invitations.of(request.id))):
        return
    request.state, request.next_look_at = lifecycle.after(Act.RELEASE, RequestState(request.state)), now
    if not is_too_late(request, now):
        await letters.tell_member(
            work, request, request.asker_id, "asker.asking_others", now, f"{invitation.id}:{now:%Y%m%d%H%M}"
        )


def _is_claim(invitation: Invitation) -> bool:
    return invitation.state == InvitationState.TAKEN and invitation.expires_at is not None
