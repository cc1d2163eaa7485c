"""Everything that is kept about one person, and how it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, func, or_, select, update

from bot.store.bookings import GOING_ON
from bot.store.transactions import Session, Store, Writes
from models import Booking, Fact, Member, OutboxLetter, Question, Request, Reveal, Slot, Statement, WaitlistPlace

ERASED = "erased"
"""Why a letter that named an erased person was given up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about a person."""

    communities: int
    questions: int
    statements: int
    bookings: int
    ahead: int
    """Bookings that are still to come."""


class Erasures(Store[Session]):
    """The store of what is kept about one person, in one community or in all."""

    async def members(self, user_id: int, guild_id: int | None = None) -> Sequence[int]:
        """Return the row ids of a person, one for each community, or for one community alone."""
        is_theirs = Member.user_id == user_id
        if guild_id is not None:
            is_theirs = and_(is_theirs, Member.guild_id == guild_id)
        return list(await self._session.scalars(select(Member.id).where(is_theirs).order_by(Member.id)))

    async def count(self, member_ids: Sequence[int], now: datetime) -> Kept:
        """Count what goes with these rows."""
        has_part = or_(Booking.host_id.in_(member_ids), Booking.asker_id.in_(member_ids))
        is_ahead = and_(has_part, Booking.state.in_(GOING_ON), Booking.ends_at > now)
        return Kept(
            communities=len(member_ids),
            questions=await self._count(Question.id, Question.asker_id.in_(member_ids)),
            statements=await self._count(Statement.id, Statement.member_id.in_(member_ids)),
            bookings=await self._count(Booking.id, has_part),
            ahead=await self._count(Booking.id, is_ahead),
        )

    async def erase(self: "Erasures[Writes]", member_ids: Sequence[int], user_id: int, now: datetime) -> None:
        """Delete a person's rows with everything that hangs on them, and take them out of what stays.

        Facts stay without a person or a question, so that counts stay true. What only names them stays blank: letters,
        and the reasons they gave as moderators. What they held is free again for others.
        """
        await self._keep_facts(member_ids)
        await self._free_slots(member_ids, now)
        await self._blank_reasons(member_ids)
        await self._blank_letters(cast(OutboxLetter.params, Text).contains(str(user_id)))
        await self._session.execute(delete(Member).where(Member.id.in_(member_ids)))

    async def _keep_facts(self: "Erasures[Writes]", member_ids: Sequence[int]) -> None:
        asked = select(Request.id).where(Request.asker_id.in_(member_ids))
        await self._change(Fact, Fact.request_id.in_(asked), {"request_id": None})

    async def _free_slots(self: "Erasures[Writes]", member_ids: Sequence[int], now: datetime) -> None:
        booked = select(Booking.slot_id).where(Booking.asker_id.in_(member_ids), Booking.state.in_(GOING_ON))
        promised = select(WaitlistPlace.slot_id).where(
            WaitlistPlace.member_id.in_(member_ids), WaitlistPlace.state == "offered"
        )
        is_free = and_(or_(Slot.id.in_(booked), Slot.id.in_(promised)), Slot.starts_at > now)
        await self._change(Slot, is_free, {"state": "open", "open_since": now, "version": Slot.version + 1})
        hosted = select(Slot.id).where(Slot.host_id.in_(member_ids))
        is_offered = and_(WaitlistPlace.slot_id.in_(hosted), WaitlistPlace.state == "offered")
        again = {"state": "waiting", "slot_id": None, "offer_ends_at": None, "version": WaitlistPlace.version + 1}
        await self._change(WaitlistPlace, is_offered, again)

    async def _blank_reasons(self: "Erasures[Writes]", member_ids: Sequence[int]) -> None:
        is_theirs = Reveal.moderator_id.in_(member_ids)
        reveals = await self._session.scalars(select(Reveal.id).where(is_theirs))
        await self._blank_letters(OutboxLetter.key.in_([f"asker.revealed:{each}" for each in reveals]))
        await self._change(Reveal, is_theirs, {"reason": "", "version": Reveal.version + 1})

    async def _blank_letters(self: "Erasures[Writes]", which: ColumnElement[bool]) -> None:
        """Take the words out of letters; those that haven't left are given up."""
        await self._change(
            OutboxLetter, and_(which, OutboxLetter.due_at.is_not(None)), {"due_at": None, "failure": ERASED}
        )
        await self._change(OutboxLetter, which, {"params": {}})

    async def _change(
        self: "Erasures[Writes]",
        table: Any,  # noqa: ANN401
        which: ColumnElement[bool],
        values: Mapping[str, Any],
    ) -> None:
        await self._session.execute(
            update(table).where(which).values(dict(values)).execution_options(synchronize_session=False)
        )

    async def _count(self, what: Any, which: ColumnElement[bool]) -> int:  # noqa: ANN401
        return await self._session.scalar(select(func.count(what)).where(which)) or 0
