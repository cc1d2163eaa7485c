"""The community that a row of any kind belongs to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.rows import Row
from bot.store.transactions import Session, Store
from models import (
    Booking,
    Feedback,
    FeedbackPoint,
    Invitation,
    KeptAnswer,
    Member,
    Occurrence,
    OfficeHours,
    QueuePlace,
    Request,
    Reveal,
    Slot,
    WaitlistPlace,
)

_OF_REQUEST = select(Request.guild_id)
_COMMUNITY: Mapping[Row, tuple[Select[Any], InstrumentedAttribute[int]]] = {
    Row.QUESTION: (_OF_REQUEST, Request.id),
    Row.INVITATION: (_OF_REQUEST.join(Invitation, Invitation.request_id == Request.id), Invitation.id),
    Row.KEPT_ANSWER: (_OF_REQUEST.join(KeptAnswer, KeptAnswer.request_id == Request.id), KeptAnswer.id),
    Row.REVEAL: (_OF_REQUEST.join(Reveal, Reveal.request_id == Request.id), Reveal.id),
    Row.FEEDBACK: (_OF_REQUEST.join(Feedback, Feedback.draft_id == Request.id), Feedback.id),
    Row.POINT: (
        _OF_REQUEST.join(Feedback, Feedback.draft_id == Request.id).join(
            FeedbackPoint, FeedbackPoint.feedback_id == Feedback.id
        ),
        FeedbackPoint.id,
    ),
    Row.MEMBER: (select(Member.guild_id), Member.id),
    Row.SERIES: (select(OfficeHours.guild_id), OfficeHours.id),
    Row.OCCURRENCE: (select(Occurrence.guild_id), Occurrence.id),
    Row.QUEUE_PLACE: (
        select(Occurrence.guild_id).join(QueuePlace, QueuePlace.occurrence_id == Occurrence.id),
        QueuePlace.id,
    ),
    Row.SLOT: (select(Slot.guild_id), Slot.id),
    Row.BOOKING: (select(Booking.guild_id), Booking.id),
    Row.WAITLIST_PLACE: (select(WaitlistPlace.guild_id), WaitlistPlace.id),
}
"""Where to read a row's community, and which column holds the row's id."""
_STATEMENTS = {row: found.where(key == bindparam("row_id")) for row, (found, key) in _COMMUNITY.items()}
"""Every press reads one, so they are made once."""


class Communities(Store[Session]):
    """The store's answer to whose a row is."""

    async def of(self, row: Row, row_id: int) -> int | None:
        """Return the community of a row, or None where there is no such row.

        It reads no row that could be stale after waiting for the community's lock.
        """
        if row is Row.TIME:
            row, row_id = (Row.BOOKING, row_id) if row_id > 0 else (Row.WAITLIST_PLACE, -row_id)
        guild_id: int | None = await self._session.scalar(_STATEMENTS[row], {"row_id": row_id})
        return guild_id
