"""Whether a letter may reach its addressee by now: it may have waited for Discord long after it was written."""

from datetime import datetime

from bot.domain.hours import is_awake, next_awake
from bot.services.outbox.keeping_apart import puts_together
from bot.services.requests.views import pause_of
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter

LEAVES_NIGHTS_ALONE = {"invitation", "nudge", "silence"}
"""What was written for a person who was awake then, and is worth no one's sleep."""


async def waits_until(work: UnitOfWork, row: OutboxLetter, now: datetime) -> datetime | None:
    """Return when a person wakes up that a letter would reach at night, or None where it may leave."""
    member = await work.members.get(row.member_id) if row.member_id and row.kind in LEAVES_NIGHTS_ALONE else None
    if member is None or is_awake(now, member.zone, member.begins, member.ends):
        return None
    return next_awake(now, member.zone, member.begins, member.ends)


async def is_shut_out(work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
    """Tell whether a letter may not reach this person any more, even if it might when it was written.

    They paused or stopped helping, or it would put two people before each other although one blocked the other.
    """
    return await _is_left_in_peace(work, row, now) or await puts_together(work, row)


async def _is_left_in_peace(work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
    invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
    member = await work.members.get(invitation.member_id) if invitation else None
    if row.kind != "invitation" or member is None:
        return False
    return not member.is_helper or member.left_at is not None or pause_of(member, now).is_paused
