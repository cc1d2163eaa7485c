"""Helping: taking or passing an invitation."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import lifecycle
from bot.domain.lifecycle import InvitationState, RequestState
from bot.domain.limits import Deed
from bot.errors import Conflict
from bot.services import limits
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.holding import hold_going_on, hold_invitation, invited
from bot.services.requests.inviting import Inviting, heard_from
from bot.services.requests.parting import keeps_from_taking
from bot.services.requests.places import is_too_late, places_left
from bot.services.requests.taking import take
from bot.services.requests.views import reason_of, request_view
from bot.services.requests.watching import Watching
from bot.services.results import RequestView
from bot.services.routing.community import news_of
from bot.store.requests import ThreadToRead
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Request


@dataclass(frozen=True, slots=True)
class Helping:
    """Use cases around helping; holds no state of its own."""

    begin: Begin
    read: Read
    inviting: Inviting
    watching: Watching
    nudge: Nudge
    clock: Clock

    async def take(self, invitation_id: int, user_id: int) -> RequestView:
        """Take an invitation and return its request; twice is once, and taking after passing is welcome.

        A helper who has done their part may take it again while an answer is still wanted, as after *not yet*.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, was needed by now, or as many people as wanted have it: this person is asked
                if a place is free. Or one of both keeps the other away by now, and others are asked.
        """
        now = self.clock.now()
        await self._require_thread(invitation_id)
        async with self.begin() as work:
            request, invitation = await hold_going_on(work, invitation_id, user_id)
            refusal = None
            if _may_claim(request, invitation):
                refusal = await self._take(work, request, invitation, user_id, now)
            view = await request_view(work, request)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        self.nudge()
        if refusal is not None:
            await self.inviting.ask_more(request.id)
            raise Conflict(refusal)
        return view

    async def _take(
        self, work: UnitOfWork, request: Request, invitation: Invitation, user_id: int, now: datetime
    ) -> str | None:
        """Let a person have a request, or return the key of why they don't; what follows from that is kept."""
        if await keeps_from_taking(work, request, invitation.member_id):
            if invitation.state in {InvitationState.ASKED, InvitationState.ALTERNATE}:
                await decline(work, request, invitation, InvitationState.EXPIRED, now)
            return "invitation.others_asked"
        if is_too_late(request, now):
            raise Conflict("draft.too_late")
        await limits.hold(work, invitation.member_id, Deed.TAKE, now)
        if await places_left(work, request, besides=invitation.member_id) == 0:
            _stand_by(work, request, invitation, now)
            return "draft.places_taken"
        await take(work, request, invitation, user_id, self.inviting.numbers, now)
        return None

    async def _require_thread(self, invitation_id: int) -> None:
        """Notice that a request's thread is gone before a person is led there."""
        async with self.read() as work:
            invitation = await work.invitations.get(invitation_id)
            request = await work.requests.get(invitation.request_id) if invitation else None
        if request is not None and request.thread_id is not None:
            await self.watching.look_into(
                ThreadToRead(request.guild_id, request.id, request.thread_id, None, self.clock.now())
            )

    async def pass_on(self, invitation_id: int, user_id: int) -> None:
        """Pass an invitation, free and silent; the next person is asked at once, and twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, or this person took it before.
        """
        await self._decline(invitation_id, user_id, InvitationState.PASSED)

    async def pass_if_waiting(self, invitation_id: int, user_id: int) -> int:
        """Pass an invitation that hasn't been answered yet, leave any other as it is, and return whose it is.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        async with self.read() as work:
            invitation, member = await invited(work, invitation_id, user_id)
            request = await work.requests.get(invitation.request_id)
            is_over = request is None or request.state in {RequestState.CLOSED, RequestState.RESOLVED}
        if invitation.state == InvitationState.ASKED and not is_over:
            await self.pass_on(invitation_id, user_id)
        return member.id

    async def off_topic(self, invitation_id: int, user_id: int) -> str | None:
        """Pass, and note that the statement was no good reason to ask; returns that statement's words.

        It counts less from now on, until `on_topic` takes that back. Twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
            Conflict: the request is over, or this person took it before.
        """
        return await self._decline(invitation_id, user_id, InvitationState.OFF_TOPIC)

    async def on_topic(self, invitation_id: int, user_id: int) -> None:
        """Take back that it was no topic of theirs: it was a pass like any other. Twice is once.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        async with self.begin() as work:
            request, invitation = await hold_invitation(work, invitation_id, user_id)
            if invitation.state == InvitationState.OFF_TOPIC:
                await limits.hold(work, invitation.member_id, Deed.DECIDE, self.clock.now())
                invitation.state = InvitationState.PASSED
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)

    async def _decline(self, invitation_id: int, user_id: int, state: InvitationState) -> str | None:
        now = self.clock.now()
        async with self.begin() as work:
            request, invitation = await hold_going_on(work, invitation_id, user_id)
            if invitation.state == InvitationState.TAKEN:
                raise Conflict("invitation.taken_before")
            if invitation.state not in {state, InvitationState.OFF_TOPIC}:
                await limits.hold(work, invitation.member_id, Deed.DECIDE, now)
                await decline(work, request, invitation, state, now)
            request_id, reason = request.id, await reason_of(work, invitation)
            news = await news_of(work, request, [invitation.member_id])
        news.tell(self.inviting.router)
        await self.inviting.ask_more(request_id)
        return reason.text if reason else None


async def decline(
    work: UnitOfWork, request: Request, invitation: Invitation, state: InvitationState, now: datetime
) -> None:
    """Give a person's place free in so many words; the next person is asked, also after a crash in between."""
    invitation.state, invitation.decided_at, invitation.expires_at = state, now, None
    work.facts.add(state, request, now, invitation.member_id)
    member = await work.members.get(invitation.member_id)
    if member is not None:
        heard_from(member)
    if request.state == RequestState.WAITING:
        request.next_look_at = now


def _stand_by(work: UnitOfWork, request: Request, invitation: Invitation, now: datetime) -> None:
    """Note who would have taken a request: the next free place is theirs."""
    if invitation.state != InvitationState.ALTERNATE:
        invitation.state, invitation.decided_at, invitation.expires_at = InvitationState.ALTERNATE, now, None
        work.facts.add("alternate", request, now, invitation.member_id)


def _may_claim(request: Request, invitation: Invitation) -> bool:
    """Tell whether taking changes anything: they haven't taken it, or have no claim while an answer is wanted."""
    is_wanted = lifecycle.awaits_answer(RequestState(request.state))
    return invitation.state != InvitationState.TAKEN or (invitation.expires_at is None and is_wanted)
