"""Booking fifteen minutes with a host, and giving them back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import models
from bot.clock import Clock
from bot.domain import wording
from bot.domain.booking import are_spread, spread
from bot.domain.lifecycle import Visibility
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.rows import Row
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from bot.services import limits
from bot.services.office_hours.agreeing import NewBooking, agree, booked_view, own_booking, own_waiting, require, unbook
from bot.services.office_hours.attending import is_host_there
from bot.services.office_hours.booking_results import Booked, BookingView, Choices, OpenSlot
from bot.services.office_hours.matching import Fit, Matching
from bot.services.office_hours.permitting import Permission
from bot.services.office_hours.views import booking_view
from bot.services.ports import Begin, Look, Nudge, Read
from bot.services.requests.asking import LONGEST, SHORTEST
from bot.store.bookings import Hosted, Offered
from bot.store.unit_of_work import ReadingWork, UnitOfWork

__all__ = ["BookingSlots", "JustTaken", "NewBooking", "unbook"]

FIRST, MOST = 10, 25
"""Slots to choose from: as many as are easily read, and as many as Discord's selects hold."""
TOGETHER = 5
"""Series whose slots are read at once."""
NEAREST = 3
"""Slots shown to a member who came a moment too late."""
LONGEST_NOTE = 500
"""Characters of what a person says who cancels late."""


@dataclass(frozen=True, slots=True)
class BookingSlots:
    """Use cases around bookings; holds no state of its own, so all tasks may share one."""

    begin: Begin
    read: Read
    matching: Matching
    nudge: Nudge
    clock: Clock
    look: Look
    numbers: OfficeHoursPolicy = DEFAULT

    async def slots_for(self, wish: NewBooking) -> Choices:
        """Keep a question for a day and list what is free for it: the best host first, and of each the soonest.

        Raises:
            Invalid: the question is too short or too long.
            LimitReached: they have as many bookings as one person may have.
            NotFound: the question it came from is gone.
            NotAllowed: another person asked that.
        """
        question = wording.within(
            wish.question, LONGEST, "book.too_long", shortest=SHORTEST, too_short="book.too_short"
        )
        wish = replace(wish, question=question)
        return await self._choices(wish, FIRST)

    async def more(self, waiting_id: int, user_id: int, interaction_id: int) -> Choices:
        """List as many as a list holds of what is free for the question that was kept while the member looks.

        Raises:
            NotFound: the question isn't kept any more.
            NotAllowed: another person wrote it.
            LimitReached: they have as many bookings as one person may have.
        """
        async with self.read() as work:
            waiting, member = await own_waiting(work, waiting_id, user_id)
        wish = NewBooking(member.guild_id, user_id, interaction_id, waiting.question, waiting.request_id, waiting_id)
        return await self._choices(wish, MOST)

    async def pick(self, waiting_id: int, user_id: int, slot_id: int, interaction_id: int) -> Booked | Choices:
        """Book a slot for the question that was kept while the member looked; what is gone gives the nearest others.

        Raises:
            NotFound: the question isn't kept any more.
            NotAllowed: another person wrote it.
            LimitReached: they have as many bookings as one person may have, or with this host.
            Conflict: their own time is spoken for.
        """
        async with self.read() as work:
            waiting, member = await own_waiting(work, waiting_id, user_id)
            wish = NewBooking(
                member.guild_id, user_id, interaction_id, waiting.question, waiting.request_id, waiting_id
            )
        try:
            return await self.book(wish, slot_id)
        except JustTaken as refusal:
            return Choices(waiting_id, refusal.alternatives, member.zone, is_just_taken=True)

    async def book(self, wish: NewBooking, slot_id: int) -> Booked:
        """Book a slot; of all who try at once exactly one gets it, and the same press twice is one booking.

        Raises:
            JustTaken: it isn't free any more, or was never free to them.
            NotFound: there is no such slot.
            LimitReached: they have as many bookings as one person may have, or with this host.
            Conflict: their own time is spoken for.
        """
        if not await self._is_worth_trying(wish, slot_id):
            raise await self._just_taken(wish, slot_id)
        try:
            async with self.begin() as work:
                await work.lock(wish.guild_id)
                booking = await work.bookings.find_picked(wish.interaction_id)
                if booking is None:
                    member = await work.members.ensure(wish.guild_id, wish.user_id, self.clock.now())
                    booking = await self._take(work, wish, member, slot_id)
                booked = await booked_view(work, booking, self.clock.now())
        except _Gone:
            raise await self._just_taken(wish, slot_id) from None
        self.nudge()
        return booked

    async def view(self, booking_id: int, user_id: int) -> tuple[BookingView, bool]:
        """Return one's own booking, and whether cancelling it takes a word to the other by now.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
        """
        async with self.read() as work:
            booking, member = await own_booking(work, await work.bookings.get(booking_id), user_id)
            return await booking_view(work, booking, member.id), self._is_late(booking)

    async def cancel(self, booking_id: int, user_id: int, note: str = "") -> BookingView:
        """Give fifteen minutes back, at either end of them; the other is told, and twice is once.

        A slot goes on to others when it was its asker who cancelled: a host who can't come has no use for that.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it has begun, or is over.
            Invalid: it is late, and there is no word for the other; or the word is too long.
        """
        said = wording.within(note, LONGEST_NOTE, "book.note_too_long") or None
        now = self.clock.now()
        async with self.begin() as work:
            guild_id = await work.communities.of(Row.BOOKING, booking_id)
            if guild_id is not None:
                await work.lock(guild_id)
            booking, member = await own_booking(work, await work.bookings.hold(booking_id), user_id)
            if booking.state != "cancelled":
                if booking.state != "booked" or booking.starts_at <= now:
                    raise Conflict("book.begun")
                if said is None and self._is_late(booking):
                    raise Invalid("book.needs_note")
                await unbook(work, booking, "host" if booking.host_id == member.id else "asker", now, said)
            view = await booking_view(work, booking, member.id)
        self.nudge()
        return view

    def _is_late(self, booking: models.Booking) -> bool:
        return booking.starts_at - self.clock.now() < self.numbers.free_until

    async def _choices(self, wish: NewBooking, longest: int) -> Choices:
        async with self.read() as work:
            await self._require_may_look(work, wish)
            series = await work.bookings.open_series(wish.guild_id, self.clock.now() + self.numbers.notice)
        fits = await self.matching.fits(wish.guild_id, wish.question, series, wish.user_id)
        async with self.begin() as work:
            await work.lock(wish.guild_id)
            member = await work.members.ensure(wish.guild_id, wish.user_id, self.clock.now())
            permission = await Permission.read(work, member, self.clock.now(), self.numbers)
            _require_place(permission)
            await limits.hold(work, member.id, Deed.LOOK, self.clock.now())
            waiting_id = wish.waiting_id or (await self._keep(work, wish, member)).id
            found = await self._best(work, permission, filter(permission.may_meet, series), fits, longest + 1)
            shown = found[:longest]
            return Choices(
                waiting_id,
                tuple(_open_slot(each, fits[each.series_id].topics or each.line) for each in shown),
                member.zone,
                same_day_until=permission.room.same_day_until,
                has_more=len(found) > longest and longest < MOST,
            )

    async def _require_may_look(self, work: ReadingWork, wish: NewBooking) -> None:
        """Refuse cheaply what would be refused in the end: what follows costs; the transaction looks again."""
        member, now = await work.members.find(wish.guild_id, wish.user_id), self.clock.now()
        if member is not None:
            await limits.require(work, member.id, Deed.LOOK, now)
            _require_place(await Permission.read(work, member, now, self.numbers))

    async def _best(
        self, work: UnitOfWork, permission: Permission, series: Iterable[Hosted], fits: Mapping[int, Fit], longest: int
    ) -> list[Offered]:
        """Return what fits best of what they may book, and of equals the soonest; no more is read than that takes."""
        since, found = self.clock.now() + self.numbers.notice, list[Offered]()
        for series_ids in _by_fit(series, fits):
            lines = [fits[each].statement_id or 0 for each in series_ids]
            free = await work.bookings.slots_of(series_ids, since, lines)
            shown = [each for each in free if permission.is_shown(each)]
            found += sorted(shown, key=lambda each: -fits[each.series_id].score)
            if are_spread((each.series_id for each in found), longest):
                break
        return spread(((each.series_id, each) for each in found), longest)

    async def _keep(self, work: UnitOfWork, wish: NewBooking, member: models.Member) -> models.WaitlistPlace:
        waiting = await work.waitlist.find_submitted(wish.interaction_id)
        if waiting is None:
            waiting = models.WaitlistPlace(
                guild_id=wish.guild_id,
                member_id=member.id,
                interaction_id=wish.interaction_id,
                question=wish.question,
                since=self.clock.now(),
                request_id=await _own_request(work, wish, member),
                state="looking",
            )
            work.waitlist.add(waiting)
            await work.flush()
        return waiting

    async def _is_worth_trying(self, wish: NewBooking, slot_id: int) -> bool:
        """Tell whether a slot is free and its host there, or it is taken by this very press.

        A thousand losers needn't wait for the lock.
        """
        async with self.read() as work:
            slot = await work.office_hours.slot(slot_id)
            if slot is None or slot.guild_id != wish.guild_id:
                raise NotFound("book.unknown_slot")
            if await work.bookings.find_picked(wish.interaction_id) is not None:
                return True
            is_open = slot.state == "open"
        return is_open and await is_host_there(self.read, self.look, slot_id)

    async def _take(self, work: UnitOfWork, wish: NewBooking, member: models.Member, slot_id: int) -> models.Booking:
        now = self.clock.now()
        slot = await work.bookings.hold_slot(slot_id)
        offered = await work.bookings.slots([slot_id])
        if slot is None or slot.state != "open" or not offered or slot.starts_at < now + self.numbers.notice:
            raise _Gone
        permission = await Permission.read(work, member, now, self.numbers)
        require(permission, offered[0])
        if not permission.is_shown(offered[0]):
            raise _Gone
        await limits.hold(work, member.id, Deed.BOOK, now)
        return await agree(work, wish, member, slot, now)

    async def _just_taken(self, wish: NewBooking, slot_id: int) -> "JustTaken":
        now = self.clock.now()
        async with self.read() as work:
            lost = await work.bookings.slots([slot_id])
            member = await work.members.find(wish.guild_id, wish.user_id)
            free = await work.bookings.open_slots(wish.guild_id, now + self.numbers.notice)
            if member is not None:
                permission = await Permission.read(work, member, now, self.numbers)
                free = [each for each in free if permission.is_shown(each)]
        for each in lost:
            free.sort(key=lambda slot: (abs(slot.starts_at - each.starts_at), slot.starts_at, slot.slot_id))
        nearest = [each for each in free if each.slot_id != slot_id][:NEAREST]
        return JustTaken(tuple(_open_slot(each) for each in nearest))


class JustTaken(Conflict):
    """Another member was a moment earlier."""

    def __init__(self, alternatives: tuple[OpenSlot, ...]) -> None:
        """Keep the nearest others that are free."""
        super().__init__("book.just_taken")
        self.alternatives = alternatives


class _Gone(Exception):
    """The slot isn't free."""


def _require_place(permission: Permission) -> None:
    if permission.room.upcoming >= permission.numbers.upcoming:
        raise LimitReached("book.limit", limit=permission.numbers.upcoming)


async def _own_request(work: UnitOfWork, wish: NewBooking, member: models.Member) -> int | None:
    question = await work.requests.get(wish.request_id) if wish.request_id else None
    if wish.request_id and question is None:
        raise NotFound("request.unknown")
    if question is not None and question.asker_id != member.id:
        raise NotAllowed("request.not_yours")
    # An asker without a name is named to the host alone, and nothing ties the two together.
    is_named = question is not None and not Visibility(question.visibility).is_hidden
    return wish.request_id if is_named else None


def _by_fit(series: Iterable[Hosted], fits: Mapping[int, Fit]) -> Iterator[list[int]]:
    """Return the ids of those who fit best, handful by handful; who fits equally stays together."""
    ordered, some = sorted((-fits[each.series_id].score, each.series_id) for each in series), list[int]()
    for _, equals in groupby(ordered, key=itemgetter(0)):
        some += [series_id for _, series_id in equals]
        if len(some) >= TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _open_slot(slot: Offered, reason: str | None = None) -> OpenSlot:
    return OpenSlot(slot.slot_id, slot.host_user_id, slot.starts_at, slot.ends_at, reason or slot.topics)
