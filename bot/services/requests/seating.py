"""Filling the free places of requests: the one way to a member's attention, for every request."""

import asyncio
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import policy
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import Candidate, Choice, Policy, Seats
from bot.routing.ports import Evidence, Match
from bot.services.requests import letters
from bot.services.requests.kinds import asked_first, kind_of, numbers_of, readers
from bot.services.requests.places import in_time, is_too_late, places_left
from bot.store.attention import Person
from bot.store.invitations import Asked
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Referral, Request

LOOK_AGAIN = timedelta(hours=1)
"""How long until places are looked at again that found no one to ask: budgets and profiles change."""
_UNSAID = {InvitationState.WITHDRAWN, InvitationState.UNDELIVERED}
_NOTHING = Evidence(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of one request's free places."""

    invited: int
    first_chance: datetime | None = None
    """When the first person who matches is awake, where no one could be asked now."""


async def fill_seats(
    work: UnitOfWork, numbers: Policy, ranked: Mapping[int, Sequence[Match]], now: datetime
) -> dict[int, Filled]:
    """Write invitations for the free places of waiting requests, given the matches of each, inside the transaction.

    All of them belong to one community, whose lock makes sure that no one is asked beyond what they chose, however
    many ask at once. A request that isn't waiting, or was needed by now, is left out.
    """
    waiting = [each for each in await work.requests.hold_all(ranked) if each.state == RequestState.WAITING]
    await work.requests.look_at([each.id for each in waiting if is_too_late(each, now)], None)
    held = [each for each in waiting if not is_too_late(each, now)]
    if not held:
        return {}
    await work.lock(held[0].guild_id)
    room = await _Room.read(work, numbers, held, ranked, now)
    filled, asked = {}, list[tuple[Request, Invitation]]()
    for request in held:
        invitations = list(room.fill(request))
        asked += [(request, invitation) for invitation in invitations]
        filled[request.id] = Filled(len(invitations), None if invitations else room.first_chance(request))
        # Others may have their turn: a sweep fills the places of many.
        await asyncio.sleep(0)
    for moment, request_ids in room.next_looks.items():
        await work.requests.look_at(request_ids, moment)
    if room.done_referral_ids:
        await work.referrals.delete(room.done_referral_ids)
    await _invite(work, asked, now)
    return filled


@dataclass(slots=True)
class _Room:
    """Everything a transaction needs to know to fill the places of some requests; budgets shrink as it fills them."""

    numbers: Policy
    now: datetime
    matches: Mapping[int, Mapping[int, Match]]
    """By request and member, best first."""
    asked: dict[int, list[Asked]]
    helpers: dict[int, set[int]]
    people: dict[int, Person]
    languages: dict[int, frozenset[str]]
    """Of the askers."""
    away: dict[int, set[int]]
    """The members each asker and referrer blocked, and those who blocked them."""
    referrals: dict[int, list[Referral]]
    done_referral_ids: list[int]
    reachable: set[int]
    """Whose attention has room at this hour."""
    wanted: Mapping[int, int]
    """How many more people each of these wants; those that take any number are left out."""
    readers: Mapping[int, Container[int]]
    """Which members may be asked for each of these; those that anyone may be are left out."""
    first: Mapping[int, Sequence[int]]
    """Who is asked before all others for each of these."""
    next_looks: dict[datetime | None, list[int]] = field(default_factory=dict)
    """When to look again at which requests; None: there is nothing to look for."""

    @classmethod
    async def read(
        cls,
        work: UnitOfWork,
        numbers: Policy,
        requests: Sequence[Request],
        ranked: Mapping[int, Sequence[Match]],
        now: datetime,
    ) -> "_Room":
        ids, asker_ids = [each.id for each in requests], {each.asker_id for each in requests}
        matches = {each: {match.member_id: match for match in ranked[each]} for each in ids}
        referrals = await work.referrals.of(ids)
        referred = [each for some in referrals.values() for each in some]
        first = await asked_first(work, requests)
        wanted = {each.member_id for each in referred}.union(*matches.values(), *first.values())
        people = await work.attention.of(wanted, now)
        return cls(
            numbers,
            now,
            matches,
            asked=await work.invitations.asked(ids),
            helpers=await work.help_interactions.helpers(ids),
            people=people,
            languages=await work.members.languages(asker_ids),
            away=await work.blocks.around(asker_ids | {each.referrer_id for each in referred}),
            referrals=referrals,
            done_referral_ids=[],
            wanted={each.id: left for each in requests if (left := await places_left(work, each)) is not None},
            readers=await readers(work, requests),
            first=first,
            reachable={each for each, person in people.items() if person.attention.allows(now)},
        )

    def fill(self, request: Request) -> Iterator[Invitation]:
        """Ask the people that a referrer named, then those that routing found, and note when to look again."""
        urgency = Urgency(request.urgency)
        seats = self._seats(request)
        for referral in self.referrals[request.id]:
            if self._may_be_referred(request, referral):
                yield self._referred(request, referral, seats)
        for member_id in self._first(request, self.reachable)[: seats.free]:
            yield self._named(request, member_id, seats)
        seats = self._seats(request)
        waited_for = len(self._first(request, self._awaking(request)))
        seats = replace(seats, free=max(seats.free - waited_for, 0))
        numbers = self._own(request)
        places = numbers.exploratory_places(request.id, seats, numbers.size(urgency, seats.wave))
        languages = self.languages[request.asker_id]
        candidates = self._suitable(request, languages)
        # A person who is seldom asked may stand anywhere in the list.
        short = list(candidates) if places else numbers.shortlist(candidates, seats.free)
        choices = numbers.choose(short, self.now, languages, seats.free, places)
        for choice in choices:
            yield self._invited(request, choice, seats)
        has_referrals = any(each.id not in self.done_referral_ids for each in self.referrals[request.id])
        is_waiting = len(choices) < seats.free or has_referrals or waited_for > 0
        self.next_looks.setdefault(self._next_look(request, is_waiting=is_waiting), []).append(request.id)

    def _first(self, request: Request, among: Container[int]) -> list[int]:
        """Return who of these is asked before all others, unless they were, or are kept away."""
        asked = {each.member_id for each in self._asked_now(request)} | self.away[request.asker_id]
        may_be = [each for each in self.first[request.id] if each not in asked and each in self._readers(request)]
        return [each for each in may_be if each in among]

    def _awaking(self, request: Request) -> set[int]:
        """Return who could be asked as soon as they are awake, while there is time to wait for that."""
        until = kind_of(request).looked_at_again(request, self.now)
        chances = {
            each: self.people[each].attention.next_chance(self.now)
            for each in self.first[request.id]
            if each in self.people
        }
        return {each for each, at in chances.items() if at is not None and until is not None and at < until}

    def _asked_now(self, request: Request) -> list[Asked]:
        """Return who was asked this time, as against for an earlier round."""
        number = kind_of(request).round(request)
        return [each for each in self.asked[request.id] if each.round == number]

    def first_chance(self, request: Request) -> datetime | None:
        """Return when the first person is awake who could be asked then."""
        if not self._seats(request).free:
            return None
        candidates = self._candidates(request, self.people.keys() - self.reachable)
        return policy.first_chance(candidates, self.now, self.languages[request.asker_id])

    def _next_look(self, request: Request, *, is_waiting: bool) -> datetime | None:
        again = kind_of(request).looked_at_again(request, self.now)
        if not is_waiting:
            return again
        chance = self.first_chance(request)
        later = min(self.now + LOOK_AGAIN, again) if again else self.now + LOOK_AGAIN
        return later if chance is None or chance <= self.now else min(chance, later)

    def _seats(self, request: Request) -> Seats:
        routed = [(each.wave, each.state) for each in self._asked_now(request) if not each.is_referred]
        wanted = self.wanted.get(request.id)
        return self._own(request).seats(Urgency(request.urgency), routed, request.extra_invitations, wanted)

    def _own(self, request: Request) -> Policy:
        return numbers_of(self.numbers, request, self.now)

    def _suitable(self, request: Request, languages: frozenset[str]) -> Iterator[Candidate]:
        """Return who could be asked right now, best match first."""
        candidates = self._candidates(request, self.reachable)
        return (each for each in candidates if policy.is_suitable(each, languages))

    def _candidates(self, request: Request, among: Container[int]) -> Iterator[Candidate]:
        involved, away = self._involved(request), self.away[request.asker_id]
        floor, readers = self.numbers.of(request.type).floor, self._readers(request)
        for member_id, match in self.matches[request.id].items():
            if member_id not in among or member_id in involved or match.expertise < floor or member_id not in readers:
                continue
            person = self.people[member_id]
            yield Candidate(
                member_id=member_id,
                statement_id=match.statement_id,
                expertise=match.expertise,
                availability=match.availability,
                attention=person.attention,
                languages=person.languages,
                is_blocked=member_id in away,
            )

    def _involved(self, request: Request) -> set[int]:
        # Who was asked for an earlier round, and had no chance to say anything, may be asked for this one.
        number = kind_of(request).round(request)
        asked = {each.member_id for each in self.asked[request.id] if each.round == number or each.state not in _UNSAID}
        return asked | self.helpers[request.id] | {request.asker_id}

    def _may_be_referred(self, request: Request, referral: Referral) -> bool:
        """Tell whether a referral's moment has come; one whose person has a part already is done."""
        if referral.member_id in self._involved(request):
            self.done_referral_ids.append(referral.id)
            return False
        if referral.member_id not in self._readers(request):
            return False
        away = self.away[request.asker_id] | self.away[referral.referrer_id]
        return referral.member_id in self.reachable and referral.member_id not in away

    def _readers(self, request: Request) -> Container[int]:
        """Return who may be asked for a request at all."""
        return self.readers.get(request.id, self.people)

    def _referred(self, request: Request, referral: Referral, seats: Seats) -> Invitation:
        self.done_referral_ids.append(referral.id)
        return self._named(request, referral.member_id, seats, referral.referrer_id)

    def _named(self, request: Request, member_id: int, seats: Seats, referrer_id: int | None = None) -> Invitation:
        """Ask a person whom routing needn't find."""
        match = self.matches[request.id].get(member_id)
        choice = Choice(
            member_id=member_id,
            statement_id=match.statement_id if match else 0,
            expertise=match.expertise if match else 0.0,
            availability=match.availability if match else 1.0,
            freshness=1.0,
        )
        return self._invited(request, choice, seats, referrer_id)

    def _invited(self, request: Request, choice: Choice, seats: Seats, referrer_id: int | None = None) -> Invitation:
        person = self.people[choice.member_id]
        match = self.matches[request.id].get(choice.member_id)
        wait = self._own(request).wait(Urgency(request.urgency), seats.wave)
        spent = person.attention.spent()
        self.people[choice.member_id] = Person(person.member_id, person.languages, spent)
        if not spent.allows(self.now):
            self.reachable.discard(choice.member_id)
        number, is_referred = kind_of(request).round(request), referrer_id is not None
        self.asked[request.id].append(
            Asked(choice.member_id, seats.wave, InvitationState.ASKED, is_referred=is_referred, round=number)
        )
        return Invitation(
            request_id=request.id,
            member_id=choice.member_id,
            statement_id=choice.statement_id or None,
            created_at=self.now,
            expertise=choice.expertise,
            availability=choice.availability,
            freshness=choice.freshness,
            policy_version=policy.VERSION,
            wave=seats.wave,
            round=number,
            is_exploratory=choice.is_exploratory,
            referrer_id=referrer_id,
            expires_at=in_time(request, person.attention.after_waking(self.now, wait)),
            **(match.evidence if match else _NOTHING)._asdict(),
        )


async def _invite(work: UnitOfWork, asked: Sequence[tuple[Request, Invitation]], now: datetime) -> None:
    if not asked:
        return
    statement_ids = {each.statement_id for _, each in asked if each.statement_id is not None}
    # The member may have deleted the statement since it was ranked: they are asked all the same, without the words.
    there = await work.statements.there(statement_ids)
    for _, invitation in asked:
        invitation.statement_id = invitation.statement_id if invitation.statement_id in there else None
        work.invitations.add(invitation)
    await work.facts.add_all("invited", [(request, invitation.member_id) for request, invitation in asked], now)
    await work.flush()
    await letters.invite(work, asked, now)
