"""The bot's rules on paper: the numbers and rules of bot.domain, without a database, some fifty times as fast.

Settings are compared on it. That it does what the real use cases do is shown in every run, and by a test: both are put
the same questions, and have to invite the same people at the same moments.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from benchmarks.simulator.attentive import LANGUAGES, Helpers
from benchmarks.simulator.bots import NEVER, Fact, Kind
from benchmarks.simulator.outcomes import WEEK
from benchmarks.simulator.people import Crowd
from benchmarks.simulator.ranking import Ranked, Ranking
from benchmarks.simulator.record import Flags
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import WITHIN, Candidate, Choice, Policy, Seats, first_chance
from bot.services.requests.inviting import TOGETHER
from bot.services.requests.letters import CLAIMED_FOR
from bot.services.requests.seating import LOOK_AGAIN

_KEPT = (InvitationState.ASKED, InvitationState.TAKEN)


@dataclass(slots=True)
class _Invitation:
    """As the table has it."""

    id: int
    column: int
    wave: int
    state: InvitationState
    expires_at: datetime | None


@dataclass(slots=True)
class _Question:
    """As the tables have it."""

    id: int
    row: int
    asker: str
    urgency: Urgency
    waiting_since: datetime
    next_look_at: datetime | None
    state: RequestState = RequestState.WAITING
    invitations: list[_Invitation] = field(default_factory=list)

    def due(self) -> datetime:
        """Return when something is to be done about it."""
        ends = [each.expires_at for each in self.invitations if each.state in _KEPT]
        looks = [self.next_look_at] if self.state == RequestState.WAITING else []
        return min((moment for moment in (*ends, *looks) if moment is not None), default=NEVER)

    def run_out(self, state: InvitationState, now: datetime) -> Iterator[tuple[datetime, int, _Invitation]]:
        """Yield (when it ended, id, itself) of each invitation in a state whose time is over."""
        for each in self.invitations:
            if each.state == state and each.expires_at is not None and each.expires_at <= now:
                yield each.expires_at, each.id, each

    def of(self, column: int) -> _Invitation:
        """Return somebody's invitation."""
        return next(each for each in self.invitations if each.column == column)


class Paper:
    """The rules of asking, with everything in memory; see `benchmarks.simulator.bots.Bot`."""

    def __init__(self, crowd: Crowd, ranking: Ranking, policy: Policy, helpers: Helpers) -> None:
        """Begin with nothing asked."""
        self._crowd, self._ranking, self._policy, self._helpers = crowd, ranking, policy, helpers
        self._questions: dict[int, _Question] = {}
        self._dues: dict[int, datetime] = {}
        """By row, of the questions about which something is to be done."""
        self._ids, self._invitation_ids = count(1), count(1)
        self._facts: list[Fact] = []

    async def ask(self, row: int, now: datetime) -> None:
        """Let the asker send a question."""
        asker = self._crowd.record.questions[row].asker
        urgency = Urgency(self._crowd.urgencies[row])
        question = _Question(next(self._ids), row, asker, urgency, waiting_since=now, next_look_at=now)
        self._questions[row] = question
        self._fill(question, now)

    async def take(self, row: int, column: int, now: datetime) -> None:
        """Let somebody take what they were asked."""
        question = self._questions[row]
        invitation = question.of(column)
        if invitation.state == InvitationState.TAKEN:
            return
        if question.state != RequestState.ANSWERED:
            question.state = RequestState.TAKEN
        invitation.state, invitation.expires_at = InvitationState.TAKEN, now + CLAIMED_FOR
        self._helpers.spoke(column)
        self._note("taken", row, column, now)
        self._changed(question)

    async def pass_on(self, row: int, column: int, now: datetime) -> None:
        """Let somebody pass what they were asked."""
        question = self._questions[row]
        invitation = question.of(column)
        if invitation.state in {InvitationState.TAKEN, InvitationState.PASSED}:
            return
        invitation.state, invitation.expires_at = InvitationState.PASSED, None
        self._helpers.spoke(column)
        self._note("passed", row, column, now)
        if question.state == RequestState.WAITING:
            self._fill(question, now)
        self._changed(question)

    async def answer(self, row: int, column: int, now: datetime) -> None:
        """Let somebody write into a question's thread."""
        question = self._questions[row]
        question.state = RequestState.ANSWERED
        question.of(column).expires_at = None
        self._helpers.spoke(column)
        self._ranking.note(column, now)
        self._changed(question)

    async def pause(self, column: int, until: datetime, now: datetime) -> None:
        """Let somebody ask for peace, which is a word like any other."""
        self._helpers.spoke(column)
        self._helpers.pause(column, until, now)

    async def come_back(self, column: int, now: datetime) -> None:
        """Let somebody end their pause."""
        self._helpers.come_back(column)

    async def put_away(self, now: datetime) -> None:
        """Put away what has waited for a week."""
        for question in self._questions.values():
            is_stale = now - question.waiting_since >= timedelta(hours=WEEK)
            if question.state == RequestState.WAITING and is_stale:
                question.state, question.next_look_at = RequestState.ARCHIVED, None
                for invitation in question.invitations:
                    if invitation.state == InvitationState.ASKED:
                        invitation.state = InvitationState.WITHDRAWN
                self._changed(question)

    async def sweep(self, now: datetime) -> None:
        """End claims and waits that are over, and fill the places whose time has come."""
        questions = [self._questions[row] for row, due in self._dues.items() if due <= now]
        for question, invitation in _run_out(questions, InvitationState.TAKEN, now):
            self._release(question, invitation, now)
        over = _run_out(questions, InvitationState.ASKED, now)
        for start in range(0, len(over), TOGETHER):
            self._end(sorted(over[start : start + TOGETHER], key=lambda pair: pair[1].id), now)
        looks = [(each.next_look_at, each.id, each) for each in questions if each.state == RequestState.WAITING]
        for at, _, question in sorted((look for look in looks if look[0] is not None), key=lambda look: look[:2]):
            if at is not None and at <= now:
                self._fill(question, now)
        for question in questions:
            self._changed(question)

    async def due(self) -> datetime:
        """Return when there is something to sweep."""
        return min(self._dues.values(), default=NEVER)

    async def facts(self) -> Sequence[Fact]:
        """Return what happened since the last call, in order."""
        # The real bot's letters about a pause leave after all that was written with it.
        facts, self._facts = sorted(self._facts, key=lambda fact: fact.kind == "paused"), []
        return facts

    def _note(self, kind: Kind, row: int, column: int, now: datetime) -> None:
        self._facts.append(Fact(kind, row, column, now))

    def _changed(self, question: _Question) -> None:
        due = question.due()
        if due is NEVER:
            self._dues.pop(question.row, None)
        else:
            self._dues[question.row] = due

    def _release(self, question: _Question, invitation: _Invitation, now: datetime) -> None:
        invitation.state, invitation.expires_at = InvitationState.RELEASED, None
        self._note("released", question.row, invitation.column, now)
        is_claimed = any(_is_claim(each) for each in question.invitations)
        if question.state == RequestState.TAKEN and not is_claimed:
            question.state, question.next_look_at = RequestState.WAITING, now

    def _end(self, over: Sequence[tuple[_Question, _Invitation]], now: datetime) -> None:
        silent = []
        for question, invitation in over:
            invitation.state = InvitationState.WITHDRAWN
            if question.state == RequestState.WAITING:
                question.next_look_at = now
                if not self._helpers.is_paused(invitation.column, now):
                    silent.append((question, invitation))
        for question, invitation in silent:
            invitation.state = InvitationState.EXPIRED
            self._note("expired", question.row, invitation.column, now)
            if self._helpers.kept_silent(invitation.column, now):
                self._note("paused", -1, invitation.column, now)

    def _fill(self, question: _Question, now: datetime) -> None:
        seats = self._policy.seats(question.urgency, [(each.wave, each.state) for each in question.invitations])
        asked = self._choose(question, seats, now) if seats.free else ()
        for choice in asked:
            self._invite(question, choice.member_id, seats, now)
        question.next_look_at = self._next_look(question, now) if len(asked) < seats.free else None
        self._changed(question)

    def _choose(self, question: _Question, seats: Seats, now: datetime) -> Sequence[Choice]:
        reachable = self._could(question) & self._helpers.with_budget(now) & self._helpers.awake(now)
        if not reachable.any():
            return ()
        size = self._policy.size(question.urgency, seats.wave)
        places = self._policy.exploratory_places(question.id, seats, size)
        ranked = self._ranking.ranked(question.row, now, WITHIN[question.urgency])
        candidates = (each for each in self._candidates(ranked, reachable, now) if each.attention.allows(now))
        short = list(candidates) if places else self._policy.shortlist(candidates, seats.free)
        return self._policy.choose(short, now, LANGUAGES, seats.free, places)

    def _invite(self, question: _Question, column: int, seats: Seats, now: datetime) -> None:
        wait = self._policy.wait(question.urgency, seats.wave)
        expires_at = self._helpers.attention(column, now).after_waking(now, wait)
        invitation_id = next(self._invitation_ids)
        invitation = _Invitation(invitation_id, column, seats.wave, InvitationState.ASKED, expires_at)
        question.invitations.append(invitation)
        self._helpers.ask(column, now)
        self._note("invited", question.row, column, now)

    def _next_look(self, question: _Question, now: datetime) -> datetime:
        later = now + LOOK_AGAIN
        soon = self._could(question) & self._helpers.with_budget(now) & self._helpers.wakes_within(now, LOOK_AGAIN)
        if not soon.any():
            return later
        ranked = self._ranking.ranked(question.row, now, WITHIN[question.urgency])
        chance = first_chance(self._candidates(ranked, soon, now), now, LANGUAGES)
        return later if chance is None or chance <= now else min(chance, later)

    def _could(self, question: _Question) -> Flags:
        """Return bool[m], who matches a question and was not asked for it, with neither keeping the other away."""
        could = self._ranking.matches(question.row)
        could[[each.column for each in question.invitations]] = False
        could[sorted(self._crowd.blocked[question.asker])] = False
        return could

    def _candidates(self, ranked: Ranked, among: Flags, now: datetime) -> Iterator[Candidate]:
        is_among = among[ranked.columns] & (ranked.expertise >= self._policy.floor)
        for column, expertise, availability in zip(*(each[is_among].tolist() for each in ranked), strict=True):
            attention, languages = self._helpers.attention(column, now), self._helpers.languages(column)
            yield Candidate(column, column, expertise, attention, availability, languages)


def _run_out(
    questions: Iterable[_Question], state: InvitationState, now: datetime
) -> list[tuple[_Question, _Invitation]]:
    """Return what is over, first what was over first."""
    over = [(at, number, each, question) for question in questions for at, number, each in question.run_out(state, now)]
    return [(question, each) for _, _, each, question in sorted(over, key=lambda one: one[:2])]


def _is_claim(invitation: _Invitation) -> bool:
    return invitation.state == InvitationState.TAKEN and invitation.expires_at is not None
