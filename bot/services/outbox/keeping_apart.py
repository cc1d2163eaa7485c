"""Which letters put one person before another: held back where one of both keeps the other away by then.

Blocks never notify: the person who wrote, pressed or waits reads the same words as ever.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.lifecycle import Visibility
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter

Pairs = set[tuple[int, int]]
"""Members that a letter puts before each other."""

ALONE = frozenset(
    {
        "post", "notice", "outcome", "direct_message_check", "panel", "choices", "archive", "digest",
        "moderator_digest", "reply", "silence", "reveal", "event", "booking", "which_clock", "room_over", "refresh",
    }
)  # fmt: skip
"""What is said to everyone, or to one person about themselves; and that a booking is off, as it is after a block."""
_OWN_MATTER = {"meeting.no_shows", "meeting.excused", "meeting.kept", "meeting.appeal"}
"""About not having come, to the two people or to moderators."""


async def puts_together(work: UnitOfWork, row: OutboxLetter) -> bool:
    """Tell whether a letter would put two people before each other although one blocked the other."""
    read = _PAIRS.get(row.kind)
    pairs = await read(work, row) if read is not None else set()
    away = await work.blocks.around({one for one, _ in pairs})
    return any(other in away[one] for one, other in pairs)


async def _invitation(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    invitation = await work.invitations.get(row.invitation_id) if row.invitation_id else None
    question = await work.requests.get(invitation.request_id) if invitation else None
    if invitation is None or question is None:
        return set()
    others = {question.asker_id, invitation.referrer_id or question.asker_id}
    return {(invitation.member_id, other) for other in others}


async def _nudge(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    pairs = await _invitation(work, row)
    question = await work.requests.get(row.request_id) if row.request_id else None
    if question is None or question.visibility != Visibility.ANONYMOUS:
        return pairs
    # A reminder is expected at a known hour: if a helper's own block kept it back, blocks would tell who asked.
    kept_away = {each.id for each in await work.blocks.of(question.asker_id)}
    return {(helper, asker) for helper, asker in pairs if helper in kept_away}


async def _thanks(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    question = await work.requests.get(row.request_id) if row.request_id else None
    if question is None or row.member_id is None:
        return set()
    if row.member_id != question.asker_id:
        return {(row.member_id, question.asker_id)}
    helper = await work.members.find(row.guild_id, int(row.params.get("helper", 0)))
    return {(question.asker_id, helper.id)} if helper is not None else set()


async def _keep(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    question = await work.requests.get(row.request_id) if row.request_id else None
    kept = await work.kept_answers.find(row.request_id) if row.request_id else None
    return {(kept.helper_id, question.asker_id)} if kept is not None and question is not None else set()


async def _meeting(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    booking = await work.bookings.get(row.booking_id) if row.booking_id else None
    if booking is not None:
        return set() if row.text in _OWN_MATTER else {(booking.host_id, booking.asker_id)}
    occurrence = await work.office_hours.occurrence(row.occurrence_id) if row.occurrence_id else None
    return {(row.member_id, occurrence.host_id)} if occurrence is not None and row.member_id is not None else set()


async def _slot_offer(work: UnitOfWork, row: OutboxLetter) -> Pairs:
    slot = await work.office_hours.slot(int(row.params.get("slot", 0)))
    return {(row.member_id, slot.host_id)} if slot is not None and row.member_id is not None else set()


_PAIRS: Mapping[str, Callable[[UnitOfWork, OutboxLetter], Awaitable[Pairs]]] = {
    "invitation": _invitation,
    "nudge": _nudge,
    "thanks": _thanks,
    "keep": _keep,
    "reminder": _meeting,
    "check_in": _meeting,
    "check": _meeting,
    "room": _meeting,
    "slot_offer": _slot_offer,
}
"""How to read which person a letter puts before which; every other kind is `ALONE`."""
