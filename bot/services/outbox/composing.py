"""From an outbox row to a letter: what it says is decided when it leaves, from the tables as they are then."""

from datetime import datetime, timedelta
from typing import Any

from bot.services.outbox.describing import Description
from bot.services.results import Letter
from bot.store.unit_of_work import UnitOfWork
from models import Member, OutboxLetter

TELLS_CLOSED_EVERY = timedelta(days=30)
"""How often a person reads, at most, that their direct messages are closed."""
LOOKS_BACK = timedelta(minutes=1)
"""How far before its first attempt a letter is looked for, and more: clocks may differ."""


async def compose(description: Description, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Letter[Any] | None:
    """Return the letter, or None when there is no reason to send it any more.

    One that was tried before may have arrived, so it is returned all the same, marked as moot, to be looked for.
    Notes on the member that they are being told about closed direct messages, where the letter does so.
    """
    is_moot = await description.is_moot(work, row, now)
    if is_moot and row.attempts <= 1:
        return None
    content = await description.content(work, row, now)
    if content is None:
        return None
    member = await work.members.get(row.member_id) if row.member_id else None
    is_direct = member is not None and await _is_direct(description, work, row, member)
    concerned = await description.concerned(work, row)
    return Letter(
        letter_id=row.id,
        kind=row.kind,
        nonce=row.nonce,
        guild_id=row.guild_id,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at or now,
        user_id=member.user_id if member and is_direct else None,
        channel_id=None if is_direct else await description.channel(work, row),
        addressee_id=member.user_id if member else None,
        content=content,
        people=await _user_ids(work, concerned.there | concerned.free),
        unsilenced=await _user_ids(work, concerned.free),
        is_secret=concerned.is_secret,
        others=await _others(work, row),
        guest_user_id=None if is_direct else await description.guest(work, row),
        home_id=await description.home(work, row),
        is_moot=is_moot,
        tells_closed=member is not None and not is_direct and await _tell_closed(work, member.id, now),
    )


async def _is_direct(description: Description, work: UnitOfWork, row: OutboxLetter, member: Member) -> bool:
    if row.is_public:
        return False
    return member.direct_messages != "closed" or not await description.prefers_channel(work, row)


async def _user_ids(work: UnitOfWork, member_ids: set[int]) -> frozenset[int]:
    members = [await work.members.get(each) for each in member_ids]
    return frozenset(each.user_id for each in members if each is not None)


async def _others(work: UnitOfWork, row: OutboxLetter) -> frozenset[int]:
    """Return what a look for an earlier attempt must not take for it; a first attempt looks for nothing."""
    if row.attempts <= 1 or row.first_attempt_at is None:
        return frozenset()
    return await work.outbox.messages_since(row.guild_id, row.first_attempt_at - LOOKS_BACK)


async def _tell_closed(work: UnitOfWork, member_id: int, now: datetime) -> bool:
    member = await work.members.hold(member_id)
    is_told = member and member.told_closed_at and now - member.told_closed_at < TELLS_CLOSED_EVERY
    if member is None or is_told:
        return False
    member.told_closed_at = now
    return True
