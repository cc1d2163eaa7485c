"""What ends with a person who is no longer in a community: everything that waits for them, or speaks in their name.

All of it happens in one transaction of the caller, who holds the requests concerned, and then the community's lock.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.lifecycle import CloseReason, InvitationState, RequestState
from bot.domain.policy import Policy
from bot.services.feedback.withdrawing import withdraw_draft
from bot.services.office_hours import planning
from bot.services.office_hours.agreeing import unbook
from bot.services.office_hours.letters import tell_waiting
from bot.services.office_hours.promising import take_back
from bot.services.ports import LEFT
from bot.services.requests import letters
from bot.services.requests.claiming import release
from bot.services.requests.closing import close, withdraw
from bot.services.requests.revealing import end_wishes
from bot.store.unit_of_work import UnitOfWork
from models import Draft, Invitation, KeptAnswer, Member, Request, WaitlistPlace

_WAITS = (RequestState.WAITING, RequestState.TAKEN)
"""The states of a request in whose thread a person may still want to answer."""


async def depart(
    work: UnitOfWork, member: Member, requests: Mapping[int, Request], numbers: Policy, now: datetime
) -> list[int]:
    """End everything that depends on a person, and return the requests in which a place became free; twice is once.

    What they chose stays for their return. A person who is left with less than was agreed reads a kind word, once.
    """
    member.left_at = member.left_at or now
    await _close_questions(work, member, requests, now)
    await _leave_invitations(work, member, requests, numbers, now)
    for kept in await work.departures.unkept(member.id):
        await _keep_nothing(work, kept, member, requests, now)
    await end_wishes(work, member.id, requests, now)
    await work.departures.forget_referrals(member.id)
    await _call_off_hours(work, member, now)
    for booking in await work.bookings.going_on(member.id):
        await unbook(work, booking, "host" if booking.host_id == member.id else "asker", now)
    for waiting in await work.departures.waiting(member.id):
        await _leave_list(work, waiting, member, now)
    await work.queue_places.leave_all(member.id)
    await work.flush()
    await _give_up_letters(work, member, now)
    free = [each for each in requests.values() if each.state == RequestState.WAITING]
    return [each.id for each in free if each.next_look_at is not None and each.next_look_at <= now]


async def _close_questions(work: UnitOfWork, member: Member, requests: Mapping[int, Request], now: datetime) -> None:
    await work.requests.delete_unposted(await work.departures.unposted(member.id))
    for request in requests.values():
        if request.asker_id != member.id:
            continue
        if isinstance(request, Draft):
            await withdraw_draft(work, request, now)
        elif request.state == RequestState.ANSWERED:
            # What was answered stays of use to others.
            await withdraw(work, request, now)
        elif request.state in {*_WAITS, RequestState.ARCHIVED}:
            is_waited_for = request.state in _WAITS
            await close(work, request, CloseReason.LEFT, now)
            request.next_look_at = None
            if is_waited_for and request.thread_id is not None:
                # The same for every request: in an anonymous thread nothing may point at who has just left.
                occasion = f"{request.id}:{now:%Y%m%d%H%M%S}"
                await letters.tell_thread(work, request, "thread.not_waited_for", occasion, now)


async def _leave_invitations(
    work: UnitOfWork, member: Member, requests: Mapping[int, Request], numbers: Policy, now: datetime
) -> None:
    """Give the places free that a person has, and take back what would have been asked in their name."""
    for invitation in await work.departures.invitations(member.id):
        request = requests.get(invitation.request_id)
        if request is None:
            # Written while the requests were being held; its letter will find that no one is there.
            continue
        if invitation.state == InvitationState.TAKEN:
            if invitation.member_id == member.id:
                await release(work, request, invitation, InvitationState.RELEASED, numbers, now)
        else:
            await _take_back(work, request, invitation, member, now)


async def _take_back(work: UnitOfWork, request: Request, invitation: Invitation, member: Member, now: datetime) -> None:
    has_left = bool(await work.outbox.left([letters.invitation_key(invitation.id)], now))
    is_theirs = invitation.member_id == member.id
    if has_left and not is_theirs:
        # Another person was asked in their name, and may answer.
        return
    letter = await work.outbox.find(letters.invitation_key(invitation.id))
    is_there = letter is not None and letter.sent_at is not None
    invitation.state = InvitationState.WITHDRAWN if is_there else InvitationState.UNDELIVERED
    invitation.decided_at, invitation.expires_at = now, None
    if not is_there:
        work.facts.add("undelivered", request, now, invitation.member_id)
    if request.state == RequestState.WAITING:
        request.next_look_at = now


async def _keep_nothing(
    work: UnitOfWork, kept: KeptAnswer, member: Member, requests: Mapping[int, Request], now: datetime
) -> None:
    """Let the words of an exchange go; who knows of it is told, but not who left: perhaps a hidden asker."""
    request = requests.get(kept.request_id)
    if request is not None:
        is_asker = request.asker_id == member.id
        other = await work.members.get(kept.helper_id if is_asker else request.asker_id)
        has_agreed = kept.helper_agreed_at if is_asker else kept.asker_agreed_at
        asked = await work.outbox.find(letters.keep_key(request.id, other.id)) if other else None
        knows = has_agreed is not None or (asked is not None and asked.sent_at is not None)
        if other is not None and other.left_at is None and knows:
            await letters.tell_member(work, request, other.id, "keep.over", now, f"{kept.id}:{other.id}")
    kept.question = kept.answer = ""
    kept.asker_agreed_at = kept.helper_agreed_at = None
    kept.declined_at = now


async def _call_off_hours(work: UnitOfWork, member: Member, now: datetime) -> None:
    for series in await work.office_hours.going_on(member.id):
        series.ended_at = now
    for occurrence in await work.office_hours.planned_of(member.id, now):
        await planning.call_off(work, occurrence, now)


async def _leave_list(work: UnitOfWork, waiting: WaitlistPlace, member: Member, now: datetime) -> None:
    """Take a person off the list; members who waited for them alone wait for anyone who matches, and are told."""
    if waiting.member_id == member.id:
        take_back(waiting, "left")
        return
    others = [each for each in await work.waitlist.of(waiting.member_id) if each.host_id is None]
    take_back(waiting, "left" if others else "waiting")
    waiting.host_id = None
    tell_waiting(work, waiting, "waitlist.host_left", f"{waiting.id}:{now:%Y%m%d%H%M%S}", now)


async def _give_up_letters(work: UnitOfWork, member: Member, now: datetime) -> None:
    """Give up what is on its way to a person or in their words; a note to them goes back to who wrote it."""
    for letter in await work.departures.letters(member.id, letters.SPEAKS):
        letter.due_at, letter.leased_until, letter.failure = None, None, LEFT
        request = await work.requests.get(letter.request_id) if letter.request_id else None
        if letters.is_note(letter) and request is not None and letter.member_id == member.id:
            await letters.return_thanks(work, request, letter, now)
        letter.params = {}
        await work.outbox.give_up_after(letter.id, LEFT)
