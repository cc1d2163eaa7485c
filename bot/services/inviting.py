"""Asking people to help: whom, how many, and who is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain import policy
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import WITHIN, Candidate, Choice, Rate
from bot.routing.ports import Evidence, Match, Query, to_bytes, to_vector
from bot.routing.router import Router
from bot.services import letters
from bot.services.ports import Begin, Nudge
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Question

MATCHES = 400
"""Matches considered for one question."""


@dataclass(frozen=True, slots=True)
class Inviting:
    """Use cases around asking people; holds no state of its own."""

    begin: Begin
    read: Begin
    router: Router
    clock: Clock
    nudge: Nudge

    async def rank(self, guild_id: int, query: Query, urgency: Urgency) -> list[Match]:
        """Return who fits a question, best first; takes 1 to 20 ms."""
        return await self.router.rank(guild_id, query, self.clock.now(), within=WITHIN[urgency], limit=MATCHES)

    async def ask_more(self, request_id: int) -> int:
        """Fill the free seats of a waiting question and return how many people were asked."""
        async with self.read() as work:
            question = await work.questions.get(request_id)
            if question is None or question.state != RequestState.WAITING:
                return 0
            guild_id, urgency = question.guild_id, Urgency(question.urgency)
            query = await self._kept_query(work, question)
        matches = await self.rank(guild_id, query or await self.router.read(question.text), urgency)
        async with self.begin() as work:
            asked = await self.fill_seats(work, request_id, matches, self.clock.now())
        if asked:
            self.nudge()
        return asked

    async def fill_seats(self, work: UnitOfWork, request_id: int, matches: Sequence[Match], now: datetime) -> int:
        """Write invitations for the free seats of a question, inside the caller's transaction.

        At most a wave is considering at once and at most `policy.MOST_INVITATIONS` are asked in all.
        """
        question = await work.questions.hold(request_id)
        if question is None or question.state != RequestState.WAITING:
            return 0
        await work.lock(question.guild_id)
        invitations = await work.invitations.of(request_id)
        considering = sum(each.state == InvitationState.ASKED for each in invitations)
        seats = min(policy.WAVE_SIZE - considering, policy.MOST_INVITATIONS - len(invitations))
        choices = await self._choose(work, question, matches, _Seats(len(invitations), seats), now)
        evidence = {match.member_id: match.evidence for match in matches}
        # Somebody may have deleted the statement since it was ranked: they are asked all the same, without the words.
        there = await work.statements.there(choice.statement_id for choice in choices)
        asked = [
            _invitation(question, choice, evidence[choice.member_id], seat, now)
            for seat, choice in enumerate(choices, len(invitations))
        ]
        for invitation in asked:
            invitation.statement_id = invitation.statement_id if invitation.statement_id in there else None
        await _invite(work, question, asked, now)
        return len(asked)

    async def sweep(self) -> int:
        """Ask for every waiting question with a free seat: somebody may be awake or have budget by now."""
        async with self.read() as work:
            waiting = await work.questions.underinvited(policy.WAVE_SIZE, policy.MOST_INVITATIONS, limit=200)
        return sum([await self.ask_more(request_id) for request_id in waiting])

    async def _choose(
        self, work: UnitOfWork, question: Question, matches: Sequence[Match], seats: "_Seats", now: datetime
    ) -> list[Choice]:
        if seats.free <= 0:
            return []
        asker = await work.members.get(question.asker_id)
        languages = frozenset(asker.languages if asker else ())
        candidates = await _candidates(work, question, matches, now)
        exploratory = policy.exploratory_places(question.id, seats.taken, seats.free)
        return policy.choose(candidates, now, languages, seats.free, exploratory)

    async def _kept_query(self, work: UnitOfWork, question: Question) -> Query | None:
        """Return a question as it was encoded, or None where a wanted model hasn't read it."""
        stored = (await work.question_vectors.of([question.id])).get(question.id, {})
        is_unclear = question.is_english is None and self.router.multilingual is not None
        if is_unclear or any(encoder.model_id not in stored for encoder in self.router.encoders):
            return None
        vectors = {model_id: to_vector(vector) for model_id, vector in stored.items()}
        return Query(question.text, vectors, is_english=question.is_english)


@dataclass(frozen=True, slots=True)
class _Seats:
    """A question's seats: how many were filled before, and how many are free now."""

    taken: int
    free: int


def keep_query(work: UnitOfWork, question: Question, query: Query) -> None:
    """Keep a new question as it was encoded, so that asking the next person needs no encoding again."""
    question.is_english = query.is_english
    work.question_vectors.add(question.id, {model_id: to_bytes(each) for model_id, each in query.vectors.items()})


async def _invite(work: UnitOfWork, question: Question, invitations: Sequence[Invitation], now: datetime) -> None:
    for invitation in invitations:
        work.invitations.add(invitation)
        work.events.add("invited", question, now, invitation.member_id)
    await work.flush()
    await letters.invite(work, question, invitations, now)


def _invitation(question: Question, choice: Choice, evidence: Evidence, seat: int, now: datetime) -> Invitation:
    return Invitation(
        request_id=question.id,
        member_id=choice.member_id,
        statement_id=choice.statement_id,
        created_at=now,
        expertise=choice.expertise,
        availability=choice.availability,
        freshness=choice.freshness,
        policy_version=policy.VERSION,
        wave=policy.wave_of(seat),
        is_exploratory=choice.is_exploratory,
        **evidence._asdict(),
    )


async def _candidates(work: UnitOfWork, question: Question, matches: Sequence[Match], now: datetime) -> list[Candidate]:
    match_of = {match.member_id: match for match in matches}
    askable = await work.invitations.askable(question.id, question.asker_id, match_of, now)
    return [
        Candidate(
            member_id=member.id,
            statement_id=match_of[member.id].statement_id,
            expertise=match_of[member.id].expertise,
            availability=match_of[member.id].availability,
            rate=Rate(member.rate),
            zone=member.zone,
            begins=member.begins,
            ends=member.ends,
            languages=frozenset(member.languages),
            asked_last_day=day,
            asked_last_week=week,
            asked_last_month=month,
        )
        for member, day, week, month in askable
    ]
