"""Asking people to help: whom, how many, and who is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from bot.clock import Clock
from bot.domain import policy
from bot.domain.lifecycle import InvitationState, RequestState
from bot.domain.policy import Candidate, Choice, Rate
from bot.routing.ports import Encoding, Match, to_bytes
from bot.routing.router import Router
from bot.services import letters
from bot.services.ports import Begin, Nudge
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Question

SHORTLIST = 50
"""Matches looked at together; the next ones only when too few of these may be asked."""
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

    async def rank(self, guild_id: int, encoding: Encoding) -> list[Match]:
        """Return who fits a question, best first; takes 1 to 20 ms."""
        return await self.router.rank(guild_id, encoding, limit=MATCHES)

    async def ask_more(self, request_id: int) -> int:
        """Fill the free seats of a waiting question and return how many people were asked."""
        async with self.read() as work:
            question = await work.questions.get(request_id)
            if question is None or question.state != RequestState.WAITING:
                return 0
            guild_id, text, encoding = question.guild_id, question.text, _kept_encoding(question)
        if encoding is None or encoding.model_id != self.router.model_id:
            encoding = await self.router.encode([text])
        matches = await self.rank(guild_id, encoding)
        async with self.begin() as work:
            held = await work.questions.hold(request_id)
            if held is not None:
                held.model_id, held.vector = encoding.model_id, to_bytes(encoding.vectors[0])
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
        choices = await self._choose(work, question, matches, seats, now)
        await _invite(work, question, choices, now)
        return len(choices)

    async def sweep(self) -> int:
        """Ask for every waiting question with a free seat: somebody may be awake or have budget by now."""
        async with self.read() as work:
            waiting = await work.questions.underinvited(policy.WAVE_SIZE, policy.MOST_INVITATIONS, limit=200)
        return sum([await self.ask_more(request_id) for request_id in waiting])

    async def _choose(
        self, work: UnitOfWork, question: Question, matches: Sequence[Match], seats: int, now: datetime
    ) -> list[Choice]:
        asker = await work.members.get(question.asker_id)
        languages = frozenset(asker.languages if asker else ())
        choices: list[Choice] = []
        remaining = iter(matches)
        while len(choices) < seats and (shortlist := list(islice(remaining, SHORTLIST))):
            candidates = await _candidates(work, question, shortlist, now)
            choices += policy.choose(candidates, now, languages, seats - len(choices))
        return choices


async def _invite(work: UnitOfWork, question: Question, choices: Sequence[Choice], now: datetime) -> None:
    invitations = [_invitation(question, choice, now) for choice in choices]
    for invitation in invitations:
        work.invitations.add(invitation)
        work.events.add("invited", question, now, invitation.member_id)
    await work.flush()
    await letters.invite(work, question, invitations, now)


def _invitation(question: Question, choice: Choice, now: datetime) -> Invitation:
    return Invitation(
        request_id=question.id,
        member_id=choice.member_id,
        statement_id=choice.statement_id,
        created_at=now,
        expertise=choice.expertise,
        availability=choice.availability,
        freshness=choice.freshness,
        policy_version=policy.VERSION,
    )


async def _candidates(
    work: UnitOfWork, question: Question, shortlist: Sequence[Match], now: datetime
) -> list[Candidate]:
    match_of = {match.member_id: match for match in shortlist}
    askable = await work.invitations.askable(question.id, question.asker_id, match_of, now)
    return [
        Candidate(
            member_id=member.id,
            statement_id=match_of[member.id].statement_id,
            expertise=match_of[member.id].expertise,
            rate=Rate(member.rate),
            zone=member.zone,
            begins=member.begins,
            ends=member.ends,
            languages=frozenset(member.languages),
            asked_last_day=day,
            asked_last_week=week,
        )
        for member, day, week in askable
    ]


def _kept_encoding(question: Question) -> Encoding | None:
    if question.vector is None or question.model_id is None:
        return None
    vectors = np.frombuffer(question.vector, dtype="<f4").reshape(1, -1)
    return Encoding(question.model_id, vectors, is_fallback=False)
