"""Fifteen minutes themselves: both are reminded and say that they are there, and neither waits in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import meeting as rules
from bot.domain.limits import Deed
from bot.domain.meeting import Course, Step
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.errors import Conflict
from bot.services import limits
from bot.services.office_hours import meeting_letters as letters
from bot.services.office_hours.attending import barred_until, hold_part, note_fact
from bot.services.office_hours.booking_results import Side
from bot.services.office_hours.meeting_results import Arrival
from bot.services.office_hours.promising import put_first
from bot.services.office_hours.views import booking_view, place_of
from bot.services.ports import Begin, Nudge, Read
from bot.services.sweeping import in_turn
from bot.store.bookings import GOING_ON
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Member

MOST_AT_ONCE = 500
"""Bookings that one sweep looks at."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Use cases around what was booked and is about to happen, happens or happened."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock
    numbers: OfficeHoursPolicy = DEFAULT

    async def sweep(self) -> int:
        """Do what is due about bookings, each step once; return of how many something was due."""
        now = self.clock.now()
        async with self.read() as work:
            due = await work.meetings.due(now, MOST_AT_ONCE)
        await in_turn("booking", due, self._go_on_with, MOST_AT_ONCE)
        if due:
            self.nudge()
        return len(due)

    async def here(self, booking_id: int, user_id: int) -> Arrival:
        """Keep that a person is there; the other is told where they are late. Twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it is over, or more than ten minutes away.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            if booking.state not in GOING_ON:
                raise Conflict("meeting.over")
            if now < booking.starts_at - rules.SOON_BEFORE:
                raise Conflict("meeting.too_early", when=_stamp(booking.starts_at))
            _arrive(booking, member, now)
            if rules.wants_ping(course_of(booking), now):
                await letters.ping(work, booking, now)
            arrival = Arrival(
                await booking_view(work, booking, member.id),
                is_other_here=booking.state == "under_way",
                may_miss_from=booking.starts_at + rules.MISSED_AFTER,
                place=await place_of(work, booking) or None,
            )
        self.nudge()
        return arrival

    async def not_here(self, booking_id: int, user_id: int) -> bool:
        """Keep that the other didn't come, and tell them kindly; an asker who came is first on the waitlist.

        Returns whether they are. Twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: the other is there, it is too early or too late to tell, or they themselves weren't there.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            is_host = member.id == booking.host_id
            missing: Side = "asker" if is_host else "host"
            if booking.state != "not_found" or booking.missing != missing:
                _require_missing(booking, now, is_host=is_host)
                await limits.hold(work, member.id, Deed.ABSENCE, now)
                _arrive(booking, member, now)
                await self._miss(work, booking, missing, now)
        self.nudge()
        return not is_host

    async def five_more(self, booking_id: int, user_id: int) -> datetime:
        """Let both go on for five minutes, where no one comes after them, and return until when; once.

        No one is booked over these minutes.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it isn't over yet or long over, or one of them is expected elsewhere.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            slot = await work.bookings.hold_slot(booking.slot_id)
            is_extended = slot is not None and booking.ends_at > slot.ends_at
            if not is_extended:
                if booking.state != "held" or now >= booking.ends_at + rules.MORE:
                    raise Conflict("meeting.over")
                if not await self._has_more(work, booking):
                    raise Conflict("meeting.no_more")
                booking.ends_at += rules.MORE
                await work.bookings.speak_for(booking)
                other_id = booking.asker_id if member.id == booking.host_id else booking.host_id
                await letters.tell_more(work, booking, other_id, now)
            until = booking.ends_at
        self.nudge()
        return until

    async def _go_on_with(self, guild_id: int, booking_ids: Sequence[int]) -> None:
        now = self.clock.now()
        async with self.begin() as work:
            await work.lock(guild_id)
            for booking in await work.meetings.those(booking_ids):
                await self._go_on(work, booking, now)

    async def _go_on(self, work: UnitOfWork, booking: Booking, now: datetime) -> None:
        """Do every step of a booking that is due, in order."""
        if booking.state not in GOING_ON:
            return
        while step := rules.next_step(course_of(booking), now):
            following = rules.after(course_of(booking), step)
            await self._do(work, booking, step, now)
            booking.next_look_at = following
        booking.next_look_at = rules.next_look(course_of(booking), now)

    async def _do(self, work: UnitOfWork, booking: Booking, step: Step, now: datetime) -> None:
        match step:
            case Step.DAY_BEFORE | Step.SOON:
                await letters.remind(work, booking, step, now)
            case Step.ROOM:
                await letters.open_room(work, booking, now)
            case Step.START:
                await letters.ask_in(work, booking, now)
            case Step.PING:
                await letters.ping(work, booking, now)
            case Step.LOOK:
                await letters.offer_to_miss(work, booking, now)
            case Step.END:
                await self._end(work, booking, now)

    async def _end(self, work: UnitOfWork, booking: Booking, now: datetime) -> None:
        await work.bookings.set_free(booking.id)
        if booking.host_here_at is None and booking.asker_here_at is None:
            booking.state, booking.missing = "not_found", "both"
            await letters.ask_whether(work, booking, now)
        else:
            # A person who came and doesn't say that the other was missing has most likely met them.
            booking.state = "held"
            has_more = now < booking.ends_at + rules.MORE and await self._has_more(work, booking)
            await letters.ask_how(work, booking, now, has_more=has_more)
        note_fact(work, booking.state, booking, now)

    async def _has_more(self, work: UnitOfWork, booking: Booking) -> bool:
        both, until = (booking.host_id, booking.asker_id), booking.ends_at + rules.MORE
        if await work.bookings.busy(both, booking.ends_at, until):
            return False
        return not await work.meetings.is_wanted_next(booking, until + self.numbers.gap - timedelta(microseconds=1))

    async def _miss(self, work: UnitOfWork, booking: Booking, missing: Side, now: datetime) -> None:
        booking.state, booking.missing, booking.next_look_at = "not_found", missing, None
        await work.bookings.set_free(booking.id)
        note_fact(work, "not_found", booking, now)
        await work.flush()
        await letters.tell_missed(work, booking, booking.host_id if missing == "host" else booking.asker_id, now)
        if missing == "host":
            asker = await work.members.get(booking.asker_id)
            if asker is not None:
                await put_first(work, booking, asker, now)
            return
        missed = await work.bookings.no_shows(booking.asker_id, now - self.numbers.no_shows_within)
        if len(missed) == self.numbers.no_shows:
            await letters.tell_no_shows(work, booking, barred_until(booking, self.numbers), now)


def course_of(booking: Booking) -> Course:
    """Return a booking as far as its steps go."""
    return Course(
        booking.booked_at,
        booking.starts_at,
        booking.ends_at,
        booking.next_look_at,
        is_host_here=booking.host_here_at is not None,
        is_asker_here=booking.asker_here_at is not None,
    )


def _arrive(booking: Booking, member: Member, now: datetime) -> None:
    if member.id == booking.host_id:
        booking.host_here_at = booking.host_here_at or now
    else:
        booking.asker_here_at = booking.asker_here_at or now
    if booking.state == "booked" and booking.host_here_at and booking.asker_here_at:
        booking.state = "under_way"


def _require_missing(booking: Booking, now: datetime, *, is_host: bool) -> None:
    if booking.state not in {*GOING_ON, "held"}:
        raise Conflict("meeting.over")
    if (booking.asker_here_at if is_host else booking.host_here_at) is not None:
        raise Conflict("meeting.they_are_here")
    if not rules.may_miss(course_of(booking), now):
        is_early = now < booking.starts_at + rules.MISSED_AFTER
        raise Conflict(
            "meeting.too_early_to_tell" if is_early else "meeting.over",
            when=_stamp(booking.starts_at + rules.MISSED_AFTER),
        )


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())
