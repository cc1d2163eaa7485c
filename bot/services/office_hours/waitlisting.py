"""Waiting for fifteen minutes: the next person is offered what becomes free, one after the other."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import models
from bot.clock import Clock
from bot.domain.booking import offer_ends_at
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.rows import Row
from bot.errors import Conflict, NotFound
from bot.services import limits
from bot.services.office_hours import letters
from bot.services.office_hours.agreeing import NewBooking, agree, booked_view, own_waiting, require
from bot.services.office_hours.attending import is_host_there
from bot.services.office_hours.booking_results import Booked, OpenSlot, OwnTimes, WaitlistPlaceView
from bot.services.office_hours.matching import CLOSE, Matching
from bot.services.office_hours.permitting import Permission
from bot.services.office_hours.promising import promise, renew, take_back
from bot.services.office_hours.views import booking_view
from bot.services.ports import Begin, Look, Nudge, Read
from bot.services.sweeping import in_turn
from bot.store.bookings import Offered
from bot.store.unit_of_work import ReadingWork, UnitOfWork

MOST_AT_ONCE = 200
"""Offers, and slots, that one sweep looks at."""
KEPT_FOR = timedelta(days=1)
"""How long a question is kept that a member only looked with."""
COUNTED_FOR = timedelta(days=30)
"""How long it counts that a member was told of a slot unasked."""


@dataclass(frozen=True, slots=True)
class Waitlisting:
    """Use cases around the waitlist; holds no state of its own."""

    begin: Begin
    read: Read
    matching: Matching
    nudge: Nudge
    clock: Clock
    look: Look
    numbers: OfficeHoursPolicy = DEFAULT

    async def join(self, waiting_id: int, user_id: int, host_user_id: int | None = None) -> WaitlistPlaceView:
        """Wait for the next slot of this host, or (None) of anyone who matches; twice is once.

        A member who waits for the same already keeps their place, with the newer question.

        Raises:
            NotFound: the question isn't kept any more, or there is no such host.
            NotAllowed: another person wrote it.
        """
        async with self.begin() as work:
            waiting, member = await self._held(work, waiting_id, user_id)
            if waiting.state == "looking":
                host = await work.members.find(member.guild_id, host_user_id) if host_user_id else None
                if host_user_id and host is None:
                    raise NotFound("waitlist.unknown_host")
                await limits.hold(work, member.id, Deed.WAIT, self.clock.now())
                waiting = await self._join(work, waiting, host.id if host else None)
            return await place_of(work, waiting)

    async def leave(self, waiting_id: int, user_id: int) -> None:
        """Wait no longer; what was offered goes to the next person. Twice is once.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
        """
        await self._give_up(waiting_id, user_id, {"waiting": "left", "offered": "left", "looking": "left"})

    async def decline(self, waiting_id: int, user_id: int) -> None:
        """Let this slot go to the next person, and keep one's place for others.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
        """
        await self._give_up(waiting_id, user_id, {"offered": "waiting", "looking": "left"})

    async def take(self, waiting_id: int, user_id: int, interaction_id: int) -> Booked:
        """Book what is offered; the same press twice is one booking.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
            Conflict: the offer is over, or their own time is spoken for.
            LimitReached: they have as many bookings as one person may have, or with this host.
        """
        now = self.clock.now()
        async with self.read() as work:
            seen, _ = await own_waiting(work, waiting_id, user_id)
            slot_id = seen.slot_id
        is_there = slot_id is not None and await is_host_there(self.read, self.look, slot_id)
        async with self.begin() as work:
            waiting, member = await self._held(work, waiting_id, user_id)
            booking = await work.bookings.find_picked(interaction_id)
            if booking is None:
                if not is_there:
                    raise Conflict("waitlist.over")
                slot = await _offered_slot(work, waiting, now)
                offered = await work.bookings.slots([slot.id])
                permission = await Permission.read(work, member, now, self.numbers)
                if not offered or not permission.may_meet(offered[0]):
                    raise Conflict("waitlist.over")
                require(permission, offered[0])
                wish = NewBooking(
                    member.guild_id, user_id, interaction_id, waiting.question, waiting.request_id, waiting.id
                )
                await limits.hold(work, member.id, Deed.BOOK, now)
                booking = await agree(work, wish, member, slot, now)
            booked = await booked_view(work, booking, now)
        self.nudge()
        return booked

    async def place(self, waiting_id: int, user_id: int) -> WaitlistPlaceView:
        """Return one's own place, with what is offered now.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
        """
        async with self.begin() as work:
            waiting, _ = await self._held(work, waiting_id, user_id)
            return await place_of(work, waiting)

    async def sweep(self) -> int:
        """End offers that ran out, offer what is kept to the next person, and return how many slots were looked at."""
        now = self.clock.now()
        async with self.read() as work:
            over = await work.waitlist.run_out(now, MOST_AT_ONCE)
        await in_turn("waiting", over, self._end_offer)
        async with self.read() as work:
            promised = await work.waitlist.promised(MOST_AT_ONCE)
        await in_turn("slot", promised, self._hand_on)
        async with self.begin() as work:
            await work.waitlist.forget(now - KEPT_FOR, now - COUNTED_FOR)
        return len(promised)

    async def hand_on(self, slot_id: int) -> None:
        """Offer a slot that is kept for the list to the next person; without a person, or time, it is open to all."""
        async with self.read() as work:
            offered = await work.bookings.slots([slot_id])
        # The next on the list may have left meanwhile; a sweep looks again at what is still kept then.
        next_id = await self._next(offered[0]) if offered else None
        now = self.clock.now()
        async with self.begin() as work:
            guild_id = await work.communities.of(Row.SLOT, slot_id)
            if guild_id is None:
                return
            await work.lock(guild_id)
            slot = await work.bookings.hold_slot(slot_id)
            if slot is None or slot.state != "promised" or await work.waitlist.offered(slot_id):
                return
            until = offer_ends_at(slot.starts_at, now, self.numbers)
            waiting = await work.waitlist.hold(next_id) if next_id else None
            if until is None or next_id is None:
                slot.state = "open"
            elif waiting is not None and waiting.state == "waiting":
                promise(work, slot, waiting, until, now)
        self.nudge()

    async def _hand_on(self, _guild_id: int, slot_ids: Sequence[int]) -> None:
        for slot_id in slot_ids:
            await self.hand_on(slot_id)

    async def _next(self, slot: Offered) -> int | None:
        """Return whose turn it is: a person not offered this slot yet, who may book it, and who matches its host.

        Of slots that are new together everyone is offered one, so that all of them are soon open to all.
        """
        async with self.read() as work:
            line = await work.waitlist.line(slot.guild_id, slot.host_id)
            slot_ids = await work.bookings.opened_with(slot)
            keys = {
                each.id: {letters.slot_offer_key(each.id, slot_id, slot.open_since) for slot_id in slot_ids}
                for each in line
            }
            told = await work.outbox.written(itertools.chain(*keys.values()))
            able = [each for each in line if keys[each.id].isdisjoint(told) and await self._may_take(work, each, slot)]
        for each in able:
            if each.host_id is not None:
                return each.id
            fits = await self.matching.fits(slot.guild_id, each.question, [slot], each.member_id)
            if fits[slot.series_id].score >= CLOSE:
                return each.id
        return None

    async def _may_take(self, work: ReadingWork, waiting: models.WaitlistPlace, slot: Offered) -> bool:
        member = await work.members.get(waiting.member_id)
        if member is None:
            return False
        permission = await Permission.read(work, member, self.clock.now(), self.numbers)
        return permission.may_meet(slot) and permission.hindrance(slot) is None

    async def _join(self, work: UnitOfWork, waiting: models.WaitlistPlace, host_id: int | None) -> models.WaitlistPlace:
        for place in await work.waitlist.of(waiting.member_id):
            if place.host_id == host_id:
                place.question, place.request_id = waiting.question, waiting.request_id
                take_back(waiting, "left")
                return place
        waiting.state, waiting.host_id, waiting.since = "waiting", host_id, self.clock.now()
        work.facts.note("waitlisted", waiting.guild_id, waiting.since, waiting.member_id, waiting.request_id)
        return waiting

    async def _end_offer(self, guild_id: int, waiting_ids: Sequence[int]) -> None:
        now = self.clock.now()
        async with self.begin() as work:
            await work.lock(guild_id)
            held = [await work.waitlist.hold(waiting_id) for waiting_id in waiting_ids]
            for waiting in held:
                if waiting is None or waiting.state != "offered" or waiting.offer_ends_at is None:
                    continue
                slot = await work.office_hours.slot(waiting.slot_id or 0)
                if slot is not None and await _is_untold(work, waiting, slot):
                    renew(waiting, slot, now)
                if waiting.offer_ends_at <= now:
                    take_back(waiting, "waiting")

    async def _give_up(self, waiting_id: int, user_id: int, becomes: Mapping[str, str]) -> None:
        """Let a place stand elsewhere, by how it stood, and hand on what was offered."""
        async with self.begin() as work:
            waiting, _ = await self._held(work, waiting_id, user_id)
            slot_id = waiting.slot_id
            if waiting.state in becomes:
                take_back(waiting, becomes[waiting.state])
        if slot_id is not None:
            await self.hand_on(slot_id)

    async def _held(
        self, work: UnitOfWork, waiting_id: int, user_id: int
    ) -> tuple[models.WaitlistPlace, models.Member]:
        guild_id = await work.communities.of(Row.WAITLIST_PLACE, waiting_id)
        if guild_id is not None:
            await work.lock(guild_id)
        await work.waitlist.hold(waiting_id)
        return await own_waiting(work, waiting_id, user_id)


async def _is_untold(work: UnitOfWork, waiting: models.WaitlistPlace, slot: models.Slot) -> bool:
    """Tell whether what is kept for a member is still to be said to them: the bot, or Discord, was out of order."""
    letter = await work.outbox.find(letters.slot_offer_key(waiting.id, slot.id, slot.open_since))
    return slot.state == "promised" and letter is not None and letter.due_at is not None


async def own_times(work: ReadingWork, member: models.Member) -> OwnTimes:
    """Return what a member has booked, was booked for, and waits for."""
    bookings = [await booking_view(work, each, member.id) for each in await work.bookings.going_on(member.id)]
    places = [await place_of(work, each) for each in await work.waitlist.of(member.id)]
    return OwnTimes(tuple(bookings), tuple(places))


async def offer_view(work: ReadingWork, waiting: models.WaitlistPlace) -> OpenSlot | None:
    """Return what a member is offered now."""
    offered = await work.bookings.slots([waiting.slot_id]) if waiting.slot_id else []
    if not offered:
        return None
    slot = offered[0]
    return OpenSlot(slot.slot_id, slot.host_user_id, slot.starts_at, slot.ends_at, slot.topics)


async def _offered_slot(work: UnitOfWork, waiting: models.WaitlistPlace, now: datetime) -> models.Slot:
    """Return the slot that is offered to a member, held.

    Raises:
        Conflict: the offer is over.
    """
    slot = await work.bookings.hold_slot(waiting.slot_id) if waiting.slot_id else None
    is_over = waiting.offer_ends_at is None or waiting.offer_ends_at <= now
    # What no one booked is offered to several at once, and stays open to all.
    expected = {"offered": "promised", "looking": "open"}.get(waiting.state)
    if slot is None or is_over or slot.state != expected:
        raise Conflict("waitlist.over")
    return slot


async def place_of(work: ReadingWork, waiting: models.WaitlistPlace) -> WaitlistPlaceView:
    """Return a member's place as they see it."""
    host = await work.members.get(waiting.host_id) if waiting.host_id else None
    return WaitlistPlaceView(
        waiting.id,
        waiting.question,
        host.user_id if host else None,
        await offer_view(work, waiting),
        waiting.offer_ends_at,
        is_kept=waiting.state == "offered",
    )
