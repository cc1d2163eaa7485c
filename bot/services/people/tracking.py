"""What a member has going on: their requests, what they took, and how much of their attention is left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.domain.attention import HALVED_AFTER, Rate
from bot.domain.lifecycle import OPEN_STATES, CloseReason, InvitationState, RequestState, Visibility
from bot.errors import NotFound
from bot.services.feedback.seats import OwnDraft, seen_by_author
from bot.services.office_hours.waitlisting import own_times
from bot.services.people.tracking_results import Mine, OwnQuestion
from bot.services.ports import Begin, Read
from bot.services.requests.closing import is_moderated
from bot.services.requests.holding import hold_own
from bot.services.requests.revealing import granted, reasons
from bot.services.requests.views import pause_of, request_view, text_of, thread_for
from bot.services.results import Duty, Pause
from bot.store.unit_of_work import ReadingWork
from models import Draft, Invitation, Member, Request

LATEST = 10
"""Requests shown, newest first."""
_GOING_ON = (InvitationState.ASKED, InvitationState.TAKEN, InvitationState.ALTERNATE)
_STRANGER = Mine((), (), Rate.ONE_A_DAY, is_helper=False, asked_last_day=0, asked_last_week=0, is_halved=False,
                 pause=Pause(0, is_paused=False))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tracking:
    """Use cases around one's own things; no one ever sees another's."""

    begin: Begin
    read: Read
    clock: Clock

    async def mine(self, guild_id: int, user_id: int) -> Mine:
        """Return everything of one person's that is going on; a stranger has nothing."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            return await self._mine(work, member) if member else _STRANGER

    async def request(self, request_id: int, user_id: int) -> OwnQuestion:
        """Return one of a member's own requests.

        Raises:
            NotFound: there is no such request.
            NotAllowed: another person asked it.
        """
        async with self.begin() as work:
            request = await hold_own(work, request_id, user_id)
            reveal = granted(await work.reveals.of(request.id))
            draft = await seen_by_author(work, request, self.clock.now()) if isinstance(request, Draft) else None
            return replace(_own(request), revealed_because=await reasons(work, reveal) if reveal else (), draft=draft)

    async def duty(self, invitation_id: int, guild_id: int, user_id: int) -> Duty:
        """Return what one was asked or took.

        Raises:
            NotFound: there is no such thing any more.
        """
        for duty in (await self.mine(guild_id, user_id)).duties:
            if duty.invitation_id == invitation_id:
                return duty
        raise NotFound("invitation.unknown")

    async def _mine(self, work: ReadingWork, member: Member) -> Mine:
        now = self.clock.now()
        requests = await work.requests.of(member.id, LATEST)
        person = (await work.attention.of([member.id], now)).get(member.id)
        return Mine(
            questions=tuple(_own(each) for each in requests if each.close_reason != CloseReason.WITHDRAWN),
            duties=tuple([each async for each in _duties(work, member)]),
            rate=Rate(member.rate),
            is_helper=member.is_helper,
            asked_last_day=person.attention.asked_last_day if person else 0,
            asked_last_week=person.attention.asked_last_week if person else 0,
            is_halved=member.silences >= HALVED_AFTER,
            pause=pause_of(member, now),
            times=await own_times(work, member),
            offers_time=bool(await work.office_hours.going_on(member.id)),
        )


async def _duties(work: ReadingWork, member: Member) -> AsyncIterator[Duty]:
    for invitation in await work.invitations.of_member(member.id, _GOING_ON):
        request = await work.requests.get(invitation.request_id)
        if request is not None and _is_going_on(request, invitation):
            view = replace(await request_view(work, request), thread_id=thread_for(request, invitation))
            yield Duty(invitation.id, InvitationState(invitation.state), view, invitation.expires_at)


def _is_going_on(request: Request, invitation: Invitation) -> bool:
    if invitation.state == InvitationState.ALTERNATE:
        return request.state in OPEN_STATES
    is_over = request.state in {RequestState.CLOSED, RequestState.RESOLVED}
    return not is_over and invitation.expires_at is not None


def _own(request: Request) -> OwnQuestion:
    return OwnQuestion(
        request.id,
        request.guild_id,
        text_of(request),
        RequestState(request.state),
        Visibility(request.visibility),
        request.thread_id,
        request.waiting_since or request.created_at,
        is_moderated=is_moderated(request),
        draft=OwnDraft(request.round, request.needed_by) if isinstance(request, Draft) else None,
    )
