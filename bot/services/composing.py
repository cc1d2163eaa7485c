"""From an outbox row to a letter: what it says is decided when it leaves, from the tables as they are then."""

from datetime import datetime, timedelta

from bot.domain.lifecycle import InvitationState, RequestState
from bot.services.results import Letter, LetterKind, QuestionView
from bot.services.views import question_view, reason_of
from bot.store.statements import LEARNED
from bot.store.unit_of_work import UnitOfWork
from models import Member, OutboxLetter, Statement

TELLS_CLOSED_EVERY = timedelta(days=30)
"""How often somebody reads, at most, that their direct messages are closed."""


async def compose(work: UnitOfWork, row: OutboxLetter, now: datetime) -> Letter | None:
    """Return the letter, or None when there is no reason to send it any more.

    Notes on the member that they are being told about closed direct messages, where the letter does so.
    """
    question = await work.questions.get(row.request_id) if row.request_id else None
    view = await question_view(work, question) if question else None
    if await _is_moot(work, row, view):
        return None
    member = await work.members.get(row.member_id) if row.member_id else None
    reason = await _reason(work, row)
    is_direct = member is not None and not row.is_public and not _prefers_thread(member, view)
    return Letter(
        letter_id=row.id,
        kind=_kind(row),
        nonce=row.nonce,
        guild_id=row.guild_id,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at or now,
        user_id=member.user_id if member and is_direct else None,
        channel_id=None if is_direct else await _channel(work, row, view),
        addressee_id=member.user_id if member else None,
        question=view,
        invitation_id=row.invitation_id,
        member_id=row.member_id,
        reason=reason.text if reason else None,
        is_learned=reason is not None and reason.source == LEARNED,
        text=row.text,
        params=row.params,
        tells_closed=member is not None and not is_direct and await _tell_closed(work, member.id, now),
    )


def _kind(row: OutboxLetter) -> LetterKind:
    kind: LetterKind = row.kind  # type: ignore[assignment]  # the table's constraint holds the same values
    return kind


async def _is_moot(work: UnitOfWork, row: OutboxLetter, view: QuestionView | None) -> bool:
    if row.request_id is not None and view is None:
        return True
    if row.kind in {"post", "outcome"}:
        return view is None or view.state in {RequestState.CLOSED, RequestState.RESOLVED}
    if row.kind == "invitation":
        invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
        return invitation is None or invitation.state != InvitationState.ASKED
    # A line for a thread follows its post, so where there is no thread by now it was deleted.
    return row.kind == "notice" and row.member_id is None and view is not None and view.thread_id is None


def _prefers_thread(member: Member, view: QuestionView | None) -> bool:
    return member.direct_messages == "closed" and view is not None and view.thread_id is not None


async def _channel(work: UnitOfWork, row: OutboxLetter, view: QuestionView | None) -> int | None:
    if row.kind in {"post", "panel"}:
        settings = await work.guilds.settings(row.guild_id)
        return settings.help_channel_id if settings else None
    return view.thread_id if view else None


async def _reason(work: UnitOfWork, row: OutboxLetter) -> Statement | None:
    invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
    return await reason_of(work, invitation) if invitation else None


async def _tell_closed(work: UnitOfWork, member_id: int, now: datetime) -> bool:
    member = await work.members.hold(member_id)
    is_told = member and member.told_closed_at and now - member.told_closed_at < TELLS_CLOSED_EVERY
    if member is None or is_told:
        return False
    member.told_closed_at = now
    return True
