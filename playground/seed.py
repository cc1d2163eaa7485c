"""Fill the tables with the sample community: profiles as people fill them in, and a history as it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.app import App
from bot.domain.attention import Rate
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area
from bot.domain.lifecycle import InvitationState, Outcome, RequestState
from bot.domain.policy import VERSION
from bot.routing.ports import Match, Query
from bot.services.people.profiling import ProfileForm
from bot.services.requests.kind import keep_query
from bot.store.unit_of_work import UnitOfWork
from models import HelpInteraction, Invitation, Member, Question
from playground.community import Community, SampleMember, SampleQuestion
from playground.setting import GUILD_ID, OPENING, user_id

JOINED_BEFORE = timedelta(weeks=9)
"""How long before the opening everyone joined."""

_STATE = {"helped": RequestState.RESOLVED, "partly": RequestState.RESOLVED, "none": RequestState.TAKEN}
"""A person took a question without an outcome, and no one has answered it yet."""


async def seed(app: App, community: Community) -> None:
    """Keep everyone's profile, encoded by the encoders that are there, and the questions asked before the opening."""
    user_ids = {member.handle: user_id(number) for number, member in enumerate(community.members)}
    await _let_in(app, list(user_ids.values()))
    for member in community.members:
        await app.use_cases.profiling.save(GUILD_ID, user_ids[member.handle], _form(member))
        if member.reads is not None:
            longest, areas = LongestRead(member.reads.minutes), [Area(each) for each in member.reads.areas]
            await app.use_cases.profiling.read_drafts(GUILD_ID, user_ids[member.handle], longest, areas)
    await _write_history(app, community, user_ids)


async def _let_in(app: App, user_ids: list[int]) -> None:
    joined_at = OPENING - JOINED_BEFORE
    async with app.database.begin() as work:
        for each in user_ids:
            member = await work.members.ensure(GUILD_ID, each, joined_at)
            # They proved it long ago, so saving their profile sends no one a test message.
            member.direct_messages = "open"


def _form(member: SampleMember) -> ProfileForm:
    return ProfileForm(
        statements="\n".join(member.statements),
        learning=member.learning,
        languages=", ".join(member.languages),
        clock=f"{member.timezone} {member.wakes:%H:%M}-{member.sleeps:%H:%M}",
        rate=Rate(member.rate),
    )


async def _write_history(app: App, community: Community, user_ids: dict[str, int]) -> None:
    router = app.use_cases.inviting.router
    for question in community.history:
        query = await router.read(question.text)
        matches = await router.rank(GUILD_ID, query, Moments.of(question).asked, limit=None)
        async with app.database.begin() as work:
            asker = await _member(work, user_ids[question.asker])
            helper = await _member(work, user_ids[question.helper])
            match = next(match for match in matches if match.member_id == helper.id)
            await _write(work, question, _Exchange(asker, helper, match, query, Moments.of(question)))


async def _member(work: UnitOfWork, user_id: int) -> Member:
    member = await work.members.find(GUILD_ID, user_id)
    assert member is not None, "everyone was let in before"  # noqa: S101
    return member


@dataclass(frozen=True, slots=True)
class Moments:
    """When a question of the history was asked, taken, answered and settled."""

    asked: datetime
    taken: datetime
    answered: datetime
    settled: datetime

    @classmethod
    def of(cls, question: SampleQuestion) -> "Moments":
        """Draw waits as they are among people, the same at each call, all over before the opening."""
        random = Random(question.text)
        asked = OPENING - question.age
        taken = asked + timedelta(minutes=random.randint(4, 80))
        answered = taken + timedelta(minutes=random.randint(5, 70))
        return cls(asked, taken, answered, answered + timedelta(minutes=random.randint(10, 300)))


@dataclass(frozen=True, slots=True)
class _Exchange:
    asker: Member
    helper: Member
    match: Match
    query: Query
    at: Moments


async def _write(work: UnitOfWork, sample: SampleQuestion, exchange: _Exchange) -> None:
    question = Question(
        guild_id=GUILD_ID,
        asker_id=exchange.asker.id,
        interaction_id=None,
        created_at=exchange.at.asked,
        waiting_since=exchange.at.asked,
        state=_STATE[sample.outcome],
        text=sample.text,
        kind=sample.kind,
    )
    work.requests.add(question)
    await work.flush()
    keep_query(question, work.question_vectors, exchange.query)
    work.facts.add("asked", question, exchange.at.asked, exchange.asker.id)
    _invite(work, question, exchange)
    part = await work.help_interactions.ensure(question, exchange.helper.id)
    part.taken_at = exchange.at.taken
    work.facts.add("taken", question, exchange.at.taken, exchange.helper.id)
    if sample.outcome != "none":
        _settle(work, question, part, Outcome(sample.outcome), exchange.at)


def _invite(work: UnitOfWork, question: Question, exchange: _Exchange) -> None:
    invitation = Invitation(
        request_id=question.id,
        member_id=exchange.helper.id,
        statement_id=exchange.match.statement_id,
        created_at=exchange.at.asked,
        expertise=exchange.match.expertise,
        availability=exchange.match.availability,
        freshness=1.0,
        **exchange.match.evidence._asdict(),
        policy_version=VERSION,
        state=InvitationState.TAKEN,
        decided_at=exchange.at.taken,
    )
    work.invitations.add(invitation)
    work.facts.add("invited", question, exchange.at.asked, exchange.helper.id)


def _settle(work: UnitOfWork, question: Question, part: HelpInteraction, outcome: Outcome, at: Moments) -> None:
    part.answered_at, part.outcome, part.outcome_at = at.answered, outcome, at.settled
    work.facts.add("answered", question, at.answered, part.helper_id)
    work.facts.add(outcome, question, at.settled)
