"""Asking people to help, wave by wave: which people, how many, and who is next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.attention import PAUSED_AFTER
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import WITHIN, Policy
from bot.routing.ports import Match, Query, readable
from bot.routing.router import Router
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests import letters
from bot.services.requests.kind import Subject
from bot.services.requests.kinds import KINDS, subjects
from bot.services.requests.places import is_too_late
from bot.services.requests.question import QUESTION
from bot.services.requests.seating import LOOK_AGAIN, fill_seats
from bot.services.requests.views import pause_of
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Member, Request

MATCHES = 400
"""Matches considered for one request."""
TOGETHER = 100
"""Requests of one community whose places are filled in one transaction: 100 to 200 ms."""
MOST_AT_ONCE = 2_000
"""Invitations, and requests, that one sweep looks at; the rest waits for the next one."""


@dataclass(frozen=True, slots=True)
class Inviting:
    """Use cases around asking people; holds no state of its own."""

    begin: Begin
    read: Read
    router: Router
    clock: Clock
    nudge: Nudge
    numbers: Policy

    async def rank(self, guild_id: int, query: Query, urgency: Urgency, kind: str = QUESTION.name) -> list[Match]:
        """Return who fits a request, best first; takes 1 to 20 ms.

        Where a kind ranks by fit, a match's expertise is how well the request fits that person: see `Router.fits`.
        """
        now, within = self.clock.now(), WITHIN[urgency]
        least = KINDS[kind].least_fit
        if least is None:
            return await self.router.rank(guild_id, query, now, within=within, limit=MATCHES)
        fits = await self.router.fits(guild_id, query)
        # Words in common are few where everyone writes of the same: without a model, any count.
        fitting = {each for each, fit in fits.items() if fit > 0 and (fit >= least or not self.router.encoders)}
        matches = await self.router.rank(guild_id, query, now, within=within, limit=None, among=fitting)
        by_fit = [each._replace(expertise=fits[each.member_id]) for each in matches]
        return sorted(by_fit, key=lambda each: (-each.expertise * each.availability, each.member_id))

    async def ask_more(self, request_id: int) -> int:
        """Fill the free places of a waiting request and return how many people were asked."""
        return await self._ask([request_id])

    async def sweep(self) -> int:
        """End invitations whose time is over, and ask the next people for every request whose time has come.

        Returns how many people were asked.
        """
        await self._end_waits()
        async with self.read() as work:
            due = await work.requests.due(self.clock.now(), MOST_AT_ONCE)
        return sum(await in_turn("request", due, self._ask_some, TOGETHER))

    async def _ask_some(self, _guild_id: int, request_ids: Sequence[int]) -> int:
        return await self._ask(request_ids)

    async def _ask(self, request_ids: Sequence[int]) -> int:
        """Fill the free places of some requests of one community."""
        async with self.read() as work:
            waiting = [each for each in await work.requests.those(request_ids) if each.state == RequestState.WAITING]
            routed_by = await subjects(work, waiting)
        ranked = {}
        for request in waiting:
            query = await self.query(routed_by[request.id], request.asker_id)
            ranked[request.id] = await self.rank(request.guild_id, query, Urgency(request.urgency), request.type)
        async with self.begin() as work:
            filled = await fill_seats(work, self.numbers, ranked, self.clock.now())
        asked = sum(each.invited for each in filled.values())
        if asked:
            self.nudge()
        return asked

    async def _end_waits(self) -> None:
        async with self.read() as work:
            due = await work.invitations.run_out(InvitationState.ASKED, self.clock.now(), MOST_AT_ONCE)
        pairs = [(guild_id, (request_id, invitation_id)) for guild_id, request_id, invitation_id in due]
        await in_turn("invitation", pairs, self._end_some, TOGETHER)
        if due:
            self.nudge()

    async def query(self, subject: Subject, person: int) -> Query:
        """Return a request as it was encoded when it was written, or encode it now, counted for `person`."""
        return self._kept_query(subject) or await self.router.read(subject.text, person)

    async def _end_some(self, guild_id: int, pairs: Sequence[tuple[int, ...]]) -> None:
        async with self.begin() as work:
            held = await work.requests.hold_all({request_id for request_id, _ in pairs})
            await work.lock(guild_id)
            requests = {each.id: each for each in held}
            await _end(work, requests, [invitation_id for _, invitation_id in pairs], self.clock.now())

    def _kept_query(self, subject: Subject) -> Query | None:
        """Return a request as it was encoded, or None where a wanted model hasn't read it."""
        is_unclear = subject.is_english is None and self.router.multilingual is not None
        vectors = {
            model_id: vector for model_id, each in subject.vectors.items() if (vector := readable(each)) is not None
        }
        if is_unclear or any(encoder.model_id not in vectors for encoder in self.router.encoders):
            return None
        return Query(subject.text, vectors, is_english=subject.is_english)


def heard_from(member: Member) -> None:
    """Note that a person said anything: their silences are over."""
    if member.silences:
        member.silences = 0


async def _end(work: UnitOfWork, requests: Mapping[int, Request], invitation_ids: Sequence[int], now: datetime) -> None:
    """Give the places of these invitations free; the requests are held and the community is locked."""
    invitations = [each for each in await work.invitations.those(invitation_ids) if _is_over(each, now)]
    members = await work.members.hold_all({each.member_id for each in invitations})
    keys = {each.id: letters.invitation_key(each.id) for each in invitations}
    arrived, underway = await work.outbox.sent(keys.values()), await work.outbox.underway(keys.values())
    ended: dict[InvitationState, list[Invitation]] = {}
    for each in invitations:
        is_there = keys[each.id] in arrived
        state = _ending(requests[each.request_id], members[each.member_id], now, is_there=is_there)
        if state == InvitationState.UNDELIVERED and keys[each.id] in underway:
            # While Discord is out of order, the next people wouldn't hear of it either.
            each.expires_at = now + LOOK_AGAIN
        else:
            ended.setdefault(state, []).append(each)
    for state, some in ended.items():
        await work.invitations.end([each.id for each in some], state, now)
        if state != InvitationState.WITHDRAWN:
            about = [(requests[each.request_id], each.member_id) for each in some]
            await work.facts.add_all(state, about, now)
    waiting = [each.id for each in requests.values() if each.state == RequestState.WAITING]
    await work.requests.look_at(waiting, now)
    await _note_silences(work, members, ended.get(InvitationState.EXPIRED, []), now)


def _is_over(invitation: Invitation, now: datetime) -> bool:
    is_due = invitation.expires_at is not None and invitation.expires_at <= now
    return is_due and invitation.state == InvitationState.ASKED


def _ending(request: Request, member: Member, now: datetime, *, is_there: bool) -> InvitationState:
    """Tell what it was that went unanswered: a silence only where an answer was still wanted, and asked for."""
    is_wanted = request.state == RequestState.WAITING and not is_too_late(request, now)
    if not is_wanted or pause_of(member, now).is_paused:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if is_there else InvitationState.UNDELIVERED


async def _note_silences(
    work: UnitOfWork, members: Mapping[int, Member], silent: Sequence[Invitation], now: datetime
) -> None:
    """Count silences; a member who was silent too often is paused, and told so once."""
    times = Counter(each.member_id for each in silent)
    enough = {each for each, more in times.items() if members[each].silences + more >= PAUSED_AFTER}
    await work.members.note_silences({each: more for each, more in times.items() if each not in enough})
    for member_id in enough:
        member = members[member_id]
        member.silences += times[member_id]
        member.paused_at, member.paused_until = now, None
        letters.note_silence(work, member, max(each.id for each in silent if each.member_id == member_id), now)
