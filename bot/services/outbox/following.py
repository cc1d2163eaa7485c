"""What follows from a letter that arrived, that couldn't be said in private, or that was given up."""

from datetime import datetime

from bot.services.outbox.describing import Description
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter

SHUT_OUT = "moot"
"""The reason of a letter that may not reach its addressee any more; the same as of any that says nothing any more."""


async def drop(work: UnitOfWork, row: OutboxLetter) -> None:
    """Note that there is no reason to send a letter any more."""
    row.due_at, row.leased_until, row.failure = None, None, "moot"
    forget_people(row)
    await work.outbox.give_up_after(row.id, "moot")


def forget_people(row: OutboxLetter) -> None:
    """Let nothing that a person wrote, and no id of theirs, stay with a letter."""
    # A line may name a person by id, or be their words; once it is said, or never will be, nothing of them stays here.
    row.params = {}


async def when_closed(description: Description, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
    """Send it where others read it instead, if they may; a test message has done its work by failing."""
    member = await work.members.hold(row.member_id) if row.member_id else None
    if member is not None:
        member.direct_messages = "closed"
    row.leased_until = None
    if await description.may_be_public(work, row):
        row.due_at, row.is_public = now, True
    else:
        row.due_at, row.failure = None, "closed"
        await description.when_unheard(work, row, now)
        forget_people(row)


async def when_given_up(
    description: Description, work: UnitOfWork, row: OutboxLetter, reason: str, now: datetime
) -> int | None:
    """Give a letter up, and draw the consequence; returns the request in which a seat became free."""
    row.due_at, row.leased_until, row.failure = None, None, reason
    await work.outbox.give_up_after(row.id, reason)
    if reason != SHUT_OUT:
        # Else giving words back would tell that one of both keeps the other away.
        await description.when_unheard(work, row, now)
    forget_people(row)
    return await description.when_given_up(work, row, reason, now)
