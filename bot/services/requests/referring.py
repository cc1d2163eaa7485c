"""*I know someone*: a person who was asked names another, who is asked in their name."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.lifecycle import InvitationState, RequestState
from bot.domain.limits import Deed
from bot.errors import Conflict, Invalid
from bot.services import limits
from bot.services.ports import Begin
from bot.services.requests.helping import decline
from bot.services.requests.holding import hold_going_on, invited
from bot.services.requests.inviting import Inviting
from bot.services.routing.community import news_of
from models import Referral


@dataclass(frozen=True, slots=True)
class Referring:
    """Use cases around referrals."""

    begin: Begin
    inviting: Inviting
    clock: Clock

    async def require_asked(self, invitation_id: int, user_id: int) -> None:
        """Make sure that a person may name another, before they look for a name.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, or this person took it before.
        """
        async with self.inviting.read() as work:
            invitation, _ = await invited(work, invitation_id, user_id)
            request = await work.requests.get(invitation.request_id)
            if request is None or request.state in {RequestState.CLOSED, RequestState.RESOLVED}:
                raise Conflict("request.over")
            if invitation.state == InvitationState.TAKEN:
                raise Conflict("invitation.taken_before")

    async def refer(self, invitation_id: int, user_id: int, named_user_id: int) -> None:
        """Have a person asked in the referrer's name, as soon as they may be; the referrer's own place goes on.

        Whether the one who was named opted in, is free, kept away, or has asked this themselves: it says nothing
        about that. It counts in their attention budget, not among the people routing asks. Twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Invalid: they named themselves.
            Conflict: the request is over, or this person took it before.
        """
        now = self.clock.now()
        async with self.begin() as work:
            request, invitation = await hold_going_on(work, invitation_id, user_id)
            if invitation.state == InvitationState.TAKEN:
                raise Conflict("invitation.taken_before")
            if named_user_id == user_id:
                raise Invalid("referral.yourself")
            named = await work.members.ensure(request.guild_id, named_user_id, now)
            waiting = (await work.referrals.of([request.id]))[request.id]
            asked = await work.invitations.of(request.id)
            if named.id not in {*(each.member_id for each in waiting), *(each.member_id for each in asked)}:
                await limits.hold(work, invitation.member_id, Deed.REFER, now)
                work.referrals.add(
                    Referral(
                        request_id=request.id, member_id=named.id, referrer_id=invitation.member_id, created_at=now
                    )
                )
            if invitation.state not in {InvitationState.REFERRED, InvitationState.OFF_TOPIC}:
                await decline(work, request, invitation, InvitationState.REFERRED, now)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        await self.inviting.ask_more(request.id)
