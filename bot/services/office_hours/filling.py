"""What no one booked: offered once, shortly before, to a few who ask just what its host knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from bot.clock import Clock
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.services.office_hours import letters
from bot.services.office_hours.matching import CLOSE, Matching
from bot.services.office_hours.permitting import Permission
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.question import QUESTION
from bot.services.sweeping import in_turn
from bot.store.bookings import Offered
from bot.store.unit_of_work import UnitOfWork

TOLD = 3
"""People who are told of one slot; the first to take it has it."""
TOO_LATE = timedelta(minutes=5)
"""So shortly before, no one is told any more."""
MOST_AT_ONCE, QUESTIONS = 50, 50
"""Slots that one sweep looks at, and open questions of one community that are compared with them."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Use cases around slots that stay empty; holds no state of its own."""

    begin: Begin
    read: Read
    matching: Matching
    nudge: Nudge
    clock: Clock
    numbers: OfficeHoursPolicy = DEFAULT

    async def sweep(self) -> int:
        """Offer what begins soon and is still free, each slot once; returns how many people were told."""
        now = self.clock.now()
        async with self.read() as work:
            due = await work.bookings.unbooked(now + TOO_LATE, now + self.numbers.last_offer, MOST_AT_ONCE)
        offered = {each.slot_id: each for each in due}

        async def offer(guild_id: int, slot_ids: Sequence[int]) -> int:
            return await self._offer(guild_id, [offered[each] for each in slot_ids])

        by_guild = sorted((each.guild_id, each.slot_id) for each in due)
        told = sum(await in_turn("slot", by_guild, offer, MOST_AT_ONCE))
        if told:
            self.nudge()
        return told

    async def _offer(self, guild_id: int, slots: Sequence[Offered]) -> int:
        async with self.read() as work:
            waiting = await work.requests.waiting(guild_id, {QUESTION.name: self.clock.now()}, is_public=False)
            questions = [each for each in waiting if isinstance(each, models.Question)][:QUESTIONS]
        fits = {each.id: await self.matching.fits(guild_id, each.text, slots, each.asker_id) for each in questions}
        told = 0
        for slot in slots:
            scores = {each.id: fits[each.id][slot.series_id].score for each in questions}
            # The sort leaves who has waited longest before others who fit as well.
            best = sorted((each for each in scores if scores[each] >= CLOSE), key=scores.__getitem__, reverse=True)
            told += await self._tell(slot, best)
        return told

    async def _tell(self, offered: Offered, request_ids: Sequence[int]) -> int:
        now, told = self.clock.now(), list[int]()
        async with self.begin() as work:
            await work.lock(offered.guild_id)
            slot = await work.bookings.hold_slot(offered.slot_id)
            if slot is None or slot.state != "open" or slot.is_offered:
                return 0
            slot.is_offered = True
            for request_id in request_ids:
                question = await work.questions.get(request_id)
                may_tell = question is not None and question.asker_id not in told
                if question is not None and may_tell and await self._may_be_told(work, question, offered, now):
                    await _tell_one(work, question, slot, now)
                    told.append(question.asker_id)
                if len(told) == TOLD:
                    break
        return len(told)

    async def _may_be_told(self, work: UnitOfWork, question: models.Question, slot: Offered, now: datetime) -> bool:
        """Tell whether an asker could take a slot, and their attention has room for one more thing."""
        asker = await work.members.get(question.asker_id)
        if asker is None or question.state != "waiting":
            return False
        permission = await Permission.read(work, asker, now, self.numbers)
        person = (await work.attention.of([asker.id], now, are_helpers=False)).get(asker.id)
        has_room = person is not None and person.attention.allows(now)
        return has_room and permission.may_meet(slot) and permission.hindrance(slot) is None


async def _tell_one(work: UnitOfWork, question: models.Question, slot: models.Slot, now: datetime) -> None:
    waiting = models.WaitlistPlace(
        guild_id=slot.guild_id,
        member_id=question.asker_id,
        interaction_id=None,
        question=question.text,
        since=now,
        # Nothing ties a booking to the question of an asker without a name.
        request_id=None if question.visibility == "anonymous" else question.id,
        state="looking",
        is_unasked=True,
        slot_id=slot.id,
        offer_ends_at=slot.starts_at,
    )
    work.waitlist.add(waiting)
    await work.flush()
    letters.offer_slot(work, waiting, slot, now)
