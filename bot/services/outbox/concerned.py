"""The person a letter is for, and in whose name it speaks: what is personal leaves only while all of them are there."""

from dataclasses import dataclass, field

from bot.store.bookings import GOING_ON
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Invitation, OutboxLetter, Request

_MEETS = {"reminder", "check_in", "room", "booking"}
"""Letters about two people who are going to meet."""
_HAS_TURN = {"queue.begin", "queue.turn", "queue.hold_over"}
"""Lines about a queue that its host still works through."""


@dataclass(slots=True)
class Concerned:
    """Members by row id."""

    there: set[int] = field(default_factory=set)
    """Who has to be in the community still."""
    free: set[int] = field(default_factory=set)
    """Who moreover must not be timed out: the person it is for, and who says it."""


async def concerned(
    work: UnitOfWork,
    row: OutboxLetter,
    question: Request | None,
    invitation: Invitation | None,
    booking: Booking | None,
) -> Concerned:
    """Return whose being there a letter depends on; no one's where it is about a community's threads alone."""
    found = Concerned()
    if row.member_id is not None:
        found.free.add(row.member_id)
    if question is not None:
        await _about_question(work, row, question, found)
    if invitation is not None and invitation.referrer_id is not None and row.kind == "invitation":
        found.there.add(invitation.referrer_id)
    if booking is not None and row.kind in _MEETS and booking.state in GOING_ON:
        found.there |= {booking.host_id, booking.asker_id}
    found.there |= await _hosts(work, row)
    return found


async def user_ids(work: UnitOfWork, member_ids: set[int]) -> frozenset[int]:
    """Return the users that these members are."""
    members = [await work.members.get(each) for each in member_ids]
    return frozenset(each.user_id for each in members if each is not None)


async def _about_question(work: UnitOfWork, row: OutboxLetter, question: Request, found: Concerned) -> None:
    match row.kind:
        case "post" | "reply" | "invitation":
            found.free.add(question.asker_id)
        case "thanks" if row.text is None:
            found.free.add(question.asker_id)
        case "reveal":
            reveal = await work.reveals.get(int(row.params.get("reveal", 0)))
            found.free |= {reveal.moderator_id} if reveal and reveal.moderator_id else set()
        case "nudge":
            found.there.add(question.asker_id)
        case "keep":
            kept = await work.kept_answers.find(question.id)
            found.free |= {question.asker_id} | ({kept.helper_id} if kept else set())
        case "notice" if "helper" in row.params and row.member_id is None:
            helper = await work.members.find(row.guild_id, int(row.params["helper"]))
            found.free |= {helper.id} if helper else set()


async def _hosts(work: UnitOfWork, row: OutboxLetter) -> set[int]:
    """Return who offers what a letter is about: an hour that takes place, or a slot."""
    occurrence = await work.office_hours.occurrence(row.occurrence_id) if row.occurrence_id else None
    slot = await work.office_hours.slot(int(row.params["slot"])) if row.kind == "slot_offer" else None
    hosts = {slot.host_id} if slot is not None else set()
    if occurrence is not None and occurrence.state == "planned" and (row.kind == "event" or row.text in _HAS_TURN):
        hosts.add(occurrence.host_id)
    return hosts
