"""Rows for tests: say what matters to the test, the rest is ordinary."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from bot.domain.threads import Thread
from bot.domain.wording import text_hash
from bot.store.unit_of_work import UnitOfWork
from models import (
    Base,
    Draft,
    Feedback,
    FeedbackPoint,
    GuildSettings,
    HelpInteraction,
    Invitation,
    JointNote,
    KeptAnswer,
    Member,
    Occurrence,
    OfficeHours,
    OutboxFile,
    OutboxLetter,
    Question,
    Referral,
    Request,
    Reveal,
    Slot,
    Statement,
)

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
GUILD_ID = 1_100_000_000_000_000_000
"""As long as Discord's ids are: it doesn't fit into 32 bits."""

Row = TypeVar("Row", bound=Base)
_numbers = itertools.count(1)


async def a_guild(work: UnitOfWork, guild_id: int = GUILD_ID, **chosen: object) -> GuildSettings:
    """Make a community, with the default settings but for what is chosen."""
    settings = having(await work.guilds.ensure(guild_id, NOW), chosen)
    await work.flush()
    return settings


async def a_member(work: UnitOfWork, guild_id: int = GUILD_ID, user_id: int | None = None, **chosen: object) -> Member:
    """Make someone no one has met: opted out, unless `is_helper` says otherwise."""
    somebody = user_id or 200_000_000_000_000_000 + next(_numbers)
    member = having(await work.members.ensure(guild_id, somebody, NOW), chosen)
    await work.flush()
    return member


async def a_helper(work: UnitOfWork, guild_id: int = GUILD_ID, user_id: int | None = None, **chosen: object) -> Member:
    """Make someone who opted in, to reading drafts too."""
    return await a_member(work, guild_id, user_id, **{"is_helper": True, "longest_read": 45, **chosen})


async def a_statement(work: UnitOfWork, member: Member, text: str = "CTC loss", **chosen: object) -> Statement:
    """Make one thing that a member can help with."""
    statement = Statement(member_id=member.id, text=text, text_hash=text_hash(text), added_at=NOW)
    work.statements.add_all([having(statement, chosen)])
    await work.flush()
    return statement


async def a_question(work: UnitOfWork, asker: Member, **chosen: object) -> Question:
    """Make a question that waits."""
    question = Question(
        guild_id=asker.guild_id,
        asker_id=asker.id,
        interaction_id=None,
        created_at=NOW,
        text="Why does my CTC loss become infinite?",
    )
    work.requests.add(having(question, chosen))
    await work.flush()
    return question


async def a_draft(work: UnitOfWork, author: Member, **chosen: object) -> Draft:
    """Make a draft that waits for its readers."""
    draft = Draft(
        guild_id=author.guild_id,
        asker_id=author.id,
        interaction_id=None,
        created_at=NOW,
        about="Aligning speech with CTC, and what its loss says about silence",
        needed_by=NOW + WEEK,
    )
    work.requests.add(having(draft, chosen))
    await work.flush()
    return draft


async def a_draft_with_feedback(work: UnitOfWork, author: Member, reader: Member) -> Draft:
    """Make a draft with all that may hang on one."""
    draft = await a_draft(work, author)
    await work.drafts.name_co_authors(draft.id, [3])
    work.draft_vectors.add(draft.id, {"model": b"\0\0\0\0"})
    session = work.members._session
    feedback = Feedback(draft_id=draft.id, reader_id=reader.id, round=1, created_at=NOW)
    note = JointNote(draft_id=draft.id, round=1, words="Shorter.", written_at=NOW)
    file = OutboxFile(key=f"file:{draft.id}", request_id=draft.id, name="draft.pdf", content=b"%PDF-")
    session.add_all([feedback, note, file])
    await work.flush()
    session.add(FeedbackPoint(feedback_id=feedback.id, ordinal=1))
    await work.flush()
    return draft


async def an_invitation(work: UnitOfWork, request: Request, member: Member, **chosen: object) -> Invitation:
    """Ask a member to help with a question."""
    invitation = having(an_unwritten_invitation(request, member), chosen)
    work.invitations.add(invitation)
    await work.flush()
    return invitation


def an_unwritten_invitation(request: Request, member: Member) -> Invitation:
    """Make an invitation that is to be added yet."""
    return Invitation(
        request_id=request.id,
        member_id=member.id,
        statement_id=None,
        created_at=NOW,
        expertise=0.5,
        availability=1.0,
        freshness=1.0,
        policy_version="1",
    )


async def a_part(work: UnitOfWork, request: Request, helper: Member, **chosen: object) -> HelpInteraction:
    """Give a helper a part in a question."""
    part = having(await work.help_interactions.ensure(request, helper.id), chosen)
    await work.flush()
    return part


async def a_referral(
    work: UnitOfWork, request: Request, member: Member, referrer: Member, **chosen: object
) -> Referral:
    """Have a member asked in another's name, as soon as they may be."""
    referral = Referral(request_id=request.id, member_id=member.id, referrer_id=referrer.id, created_at=NOW)
    work.referrals.add(having(referral, chosen))
    await work.flush()
    return referral


async def a_kept_answer(work: UnitOfWork, question: Question, helper: Member, **chosen: object) -> KeptAnswer:
    """Propose to keep an exchange; no one has agreed yet, unless the test says otherwise."""
    kept = KeptAnswer(
        request_id=question.id,
        helper_id=helper.id,
        question=question.text,
        answer="Clip the gradient, and look at the labels' lengths.",
        created_at=NOW,
    )
    work.kept_answers.add(having(kept, chosen))
    await work.flush()
    return kept


async def a_reveal(work: UnitOfWork, request: Request, moderator: Member, **chosen: object) -> Reveal:
    """Let a moderator wish to know who asked."""
    reveal = Reveal(request_id=request.id, reason="A threat.", created_at=NOW, moderator_id=moderator.id)
    work.reveals.add(having(reveal, chosen))
    await work.flush()
    return reveal


async def a_series(work: UnitOfWork, host: Member, **chosen: object) -> OfficeHours:
    """Have someone offer an hour a week, from tomorrow on; nothing is planned yet."""
    series = OfficeHours(
        guild_id=host.guild_id,
        host_id=host.id,
        interaction_id=None,
        zone="UTC",
        first=(NOW + timedelta(days=1)).date(),
        begins=time(12),
        ends=time(13),
        rule="FREQ=WEEKLY",
        created_at=NOW,
        confirmed_at=NOW,
    )
    work.office_hours.add(having(series, chosen))
    await work.flush()
    return series


async def an_occurrence(work: UnitOfWork, series: OfficeHours, **chosen: object) -> Occurrence:
    """Make one time that office hours take place: an hour, a day from now; it has no slots yet."""
    starts_at = NOW + timedelta(days=1)
    occurrence = Occurrence(
        office_hours_id=series.id,
        guild_id=series.guild_id,
        host_id=series.host_id,
        day=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )
    work.office_hours.add_occurrence(having(occurrence, chosen))
    await work.flush()
    return occurrence


async def a_slot(work: UnitOfWork, occurrence: Occurrence, number: int = 0, **chosen: object) -> Slot:
    """Make fifteen minutes that can be booked: the occurrence's first, or a later one, counted from 0."""
    starts_at = occurrence.starts_at + number * timedelta(minutes=20)
    slot = Slot(
        occurrence_id=occurrence.id,
        guild_id=occurrence.guild_id,
        host_id=occurrence.host_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=15),
    )
    work.office_hours.add_slots([having(slot, chosen)])
    await work.flush()
    return slot


async def a_letter(work: UnitOfWork, guild_id: int = GUILD_ID, **chosen: object) -> OutboxLetter:
    """Write a notice that is due now."""
    occasion = f"occasion-{next(_numbers)}"
    letter = OutboxLetter(guild_id=guild_id, kind="notice", key=occasion, due_at=NOW)
    work.outbox.add(having(letter, chosen))
    await work.flush()
    return letter


def having(row: Row, chosen: Mapping[str, object]) -> Row:
    """Give a row what the test chose; a column that doesn't exist fails the test."""
    for name, value in chosen.items():
        assert hasattr(type(row), name), name
        setattr(row, name, value)
    return row


def an_open_thread(thread_id: int) -> Thread:
    """Return a thread that no one has closed."""
    return Thread(thread_id, is_archived=False, is_locked=False, changed_at=NOW, last_said_at=NOW, silence=WEEK)
