"""The readers' places at a draft, as its author sees them: without a name until that reader has written."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.drafts import Stage
from bot.domain.lifecycle import InvitationState
from bot.services.feedback.readers import received_by_author
from bot.services.requests.kinds import kind_of
from bot.services.requests.places import is_too_late
from bot.store.unit_of_work import ReadingWork
from models import Draft, Invitation


class SeatState(StrEnum):
    """What becomes of one reader's place."""

    OPEN = "open"
    ASKED = "asked"
    TAKEN = "taken"
    READING = "reading"
    WROTE = "wrote"


@dataclass(frozen=True, slots=True)
class Seat:
    """One reader's place at a draft, as its author sees it."""

    state: SeatState
    since: datetime | None = None
    reader_user_id: int | None = None
    """Who it is, from the moment they wrote or sent anything."""


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """What its author finds of a draft beside what all kinds have."""

    round: int
    needed_by: datetime | None
    seats: tuple[Seat, ...] = ()
    is_late: bool = False
    """The moment it was needed by is over."""
    has_feedback: bool = False
    """There is something of a reader's for its author to read."""
    is_review: bool = False


async def seen_by_author(work: ReadingWork, draft: Draft, now: datetime) -> OwnDraft:
    """Return what its author sees of a draft, each of its places included."""
    return OwnDraft(
        draft.round,
        draft.needed_by,
        await _seats(work, draft),
        is_late=is_too_late(draft, now),
        has_feedback=bool(await received_by_author(work, draft)),
        is_review=draft.stage == Stage.REVIEW,
    )


async def _seats(work: ReadingWork, draft: Draft) -> tuple[Seat, ...]:
    """Return the places of this round: those filled, and for each that is free whether a person considers it.

    How many people consider a place, or passed, is no one's business.
    """
    invitations = await work.invitations.of(draft.id)
    answered, (_, helped) = await work.invitations.answered(draft.id), await work.invitations.at_it(draft.id)
    places = kind_of(draft).places(draft)
    done = places.filled((), answered) if places else set(answered)
    begun = await work.drafts.begun(draft.id, draft.round)
    claims = [each for each in invitations if _is_claim(each) and each.member_id not in done]
    filled = [await _wrote(work, at, each) for at, each in sorted((answered[each], each) for each in done)]
    filled += [_claimed(each, begun.get(each.member_id)) for each in claims]
    free = max(draft.readers - len(claims) - len(done & set(helped)), 0)
    asked = [Seat(SeatState.ASKED, each.created_at) for each in invitations if each.state == InvitationState.ASKED]
    return (*filled, *asked[:free], *[Seat(SeatState.OPEN)] * (free - len(asked)))


async def _wrote(work: ReadingWork, at: datetime, member_id: int) -> Seat:
    reader = await work.members.get(member_id)
    return Seat(SeatState.WROTE, at, reader.user_id if reader else None)


def _is_claim(invitation: Invitation) -> bool:
    return invitation.state == InvitationState.TAKEN and invitation.expires_at is not None


def _claimed(claim: Invitation, begun_at: datetime | None) -> Seat:
    """Return the place of a person who took it: they read it from the moment they begin to write something down."""
    return Seat(SeatState.TAKEN, claim.decided_at) if begun_at is None else Seat(SeatState.READING, begun_at)
