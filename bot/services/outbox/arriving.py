"""Whether a letter may reach its addressee by now: it may have waited for Discord long after it was written.

Blocks never notify: the person who wrote, pressed or waits reads the same words as ever.
"""

from datetime import datetime

from bot.domain.hours import is_awake, next_awake
from bot.services.outbox.describing import Description
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter


async def waits_until(description: Description, work: UnitOfWork, row: OutboxLetter, now: datetime) -> datetime | None:
    """Return when the addressee wakes up, where a letter would reach them at night; None where it may leave."""
    member = await work.members.get(row.member_id) if row.member_id and description.leaves_nights_alone else None
    if member is None or is_awake(now, member.zone, member.begins, member.ends):
        return None
    return next_awake(now, member.zone, member.begins, member.ends)


async def is_shut_out(description: Description, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
    """Tell whether a letter may not reach this person any more, even if it might when it was written.

    They paused or stopped helping, or it would put two people before each other, and one of them blocks the other.
    """
    return await description.is_unwelcome(work, row, now) or await puts_together(description, work, row)


async def puts_together(description: Description, work: UnitOfWork, row: OutboxLetter) -> bool:
    """Tell whether a letter would put two people before each other, and one of them blocks the other."""
    pairs = await description.pairs(work, row)
    away = await work.blocks.around({one for one, _ in pairs})
    return any(other in away[one] for one, other in pairs)
