"""Fifteen minutes themselves: both are reminded, say that they are there, and how it was; nobody waits in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import Clock
from bot.domain import meeting as rules
from bot.domain.lifecycle import Outcome
from bot.domain.limits import Deed
from bot.domain.meeting import Course, Step
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.rows import Row
from bot.domain.wording import within
from bot.errors import Conflict, HouseError, NotAllowed, NotFound, Unavailable
from bot.services import limits
from bot.services.office_hours import meeting_letters as letters
from bot.services.office_hours.booking_results import Side
from bot.services.office_hours.meeting_results import Arrival
from bot.services.office_hours.promising import put_first
from bot.services.office_hours.views import booking_view, place_of
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.helping import Helping
from bot.services.requests.revealing import Moderator
from bot.services.sweeping import in_turn
from bot.store.bookings import GOING_ON
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Booking, Impression, Member

Helped = Literal["helped", "partly", "not_yet"]
MOST_AT_ONCE = 500
"""Bookings that one sweep looks at."""
LONGEST_NOTE = 1_000
"""Characters of a private note."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Use cases around what was booked and is about to happen, happens or happened."""

    begin: Begin
    read: Read
    helping: Helping
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
        """Keep that somebody is there; the other is told where they are late. Twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it is over, or more than ten minutes away.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
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
        """Keep that the other didn't come, and tell them kindly; whoever asked and came is first on the waitlist.

        Returns whether they are. Twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: the other is there, it is too early or too late to tell, or they themselves weren't there.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
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
        """Let both go on for five minutes, where nobody comes after them, and return until when; once.

        Nobody is booked over these minutes.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it isn't over yet or long over, or one of them is expected elsewhere.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
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

    async def impression(self, booking_id: int, user_id: int, helped: Helped) -> bool:
        """Keep privately how it was; where neither had said that they were there, they met after all.

        What helped its asker settles the open question it came from, as the button in that question's thread does;
        returns whether it did. A question without a name stays as it is: nothing ties the two together.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it isn't over, or they couldn't find each other.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
            if booking.state == "not_found" and booking.missing == "both":
                booking.state, booking.missing = "held", None
                _note(work, "held", booking, now)
            if booking.state != "held":
                raise Conflict("meeting.over")
            await limits.hold(work, member.id, Deed.NOTE, now)
            (await _impression(work, booking, member, now)).helped = helped
            has_helped = helped == "helped" and member.id == booking.asker_id
            question = await letters.open_question(work, booking) if has_helped else None
            settled = (question.id, booking.host_id) if question is not None else None
        return settled is not None and await self._settle(user_id, *settled)

    async def keep_note(self, booking_id: int, user_id: int, written: str) -> None:
        """Keep a note for whoever wrote it, and nobody else; a later one takes its place, an empty one too.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Invalid: it is too long.
        """
        words = within(written, LONGEST_NOTE, "meeting.note_too_long") or None
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
            await limits.hold(work, member.id, Deed.NOTE, self.clock.now())
            (await _impression(work, booking, member, self.clock.now())).note = words

    async def own_note(self, booking_id: int, user_id: int) -> str | None:
        """Return somebody's own note.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
        """
        async with self.read() as work:
            booking, member = await _seen(work, booking_id, user_id)
            found = await work.meetings.impression(booking.id, member.id)
            return found.note if found else None

    async def appeal(self, booking_id: int, user_id: int) -> None:
        """Ask the moderators to let it pass that somebody didn't come; twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is somebody else's matter.
            Conflict: there is nothing to let pass any more.
            Unavailable: the community has no channel for moderators.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await _own(work, booking_id, user_id)
            if member.id != booking.asker_id:
                raise NotAllowed("meeting.not_yours")
            if booking.missing != "asker" or booking.is_excused:
                raise Conflict("meeting.over")
            settings = await work.guilds.settings(booking.guild_id)
            if settings is None or settings.moderator_channel_id is None:
                raise Unavailable("meeting.no_moderators")
            await letters.appeal(work, booking, self._until(booking), now)
        self.nudge()

    async def excuse(self, moderator: Moderator, booking_id: int) -> None:
        """Let it pass that somebody didn't come, and tell them; twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such booking.
        """
        await self._decide(moderator, booking_id, "meeting.excused")

    async def leave(self, moderator: Moderator, booking_id: int) -> None:
        """Leave it as it is, and tell the one it is about; twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such booking.
        """
        await self._decide(moderator, booking_id, "meeting.kept")

    async def _settle(self, user_id: int, request_id: int, host_id: int) -> bool:
        # A question is held before its community, so this can't be part of what happens under the community's lock.
        try:
            await self.helping.resolve(request_id, user_id, Outcome.HELPED, host_id)
        except HouseError:
            return False
        return True

    async def _decide(self, moderator: Moderator, booking_id: int, text: str) -> None:
        moderator.require()
        async with self.begin() as work:
            await work.lock(moderator.guild_id)
            booking = await work.bookings.hold(booking_id)
            if booking is None or booking.guild_id != moderator.guild_id or booking.missing != "asker":
                raise NotFound("meeting.unknown")
            if not booking.is_excused:
                booking.is_excused = text == "meeting.excused"
                await letters.tell_appeal(work, booking, text, self._until(booking), self.clock.now())
        self.nudge()

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
            # Whoever came and doesn't say that the other was missing has most likely met them.
            booking.state = "held"
            has_more = now < booking.ends_at + rules.MORE and await self._has_more(work, booking)
            await letters.ask_how(work, booking, now, has_more=has_more)
        _note(work, booking.state, booking, now)

    async def _has_more(self, work: UnitOfWork, booking: Booking) -> bool:
        both, until = (booking.host_id, booking.asker_id), booking.ends_at + rules.MORE
        if await work.bookings.busy(both, booking.ends_at, until):
            return False
        return not await work.meetings.is_wanted_next(booking, until + self.numbers.gap - timedelta(microseconds=1))

    async def _miss(self, work: UnitOfWork, booking: Booking, missing: Side, now: datetime) -> None:
        booking.state, booking.missing, booking.next_look_at = "not_found", missing, None
        await work.bookings.set_free(booking.id)
        _note(work, "not_found", booking, now)
        await work.flush()
        await letters.tell_missed(work, booking, booking.host_id if missing == "host" else booking.asker_id, now)
        if missing == "host":
            asker = await work.members.get(booking.asker_id)
            if asker is not None:
                await put_first(work, booking, asker, now)
            return
        missed = await work.bookings.no_shows(booking.asker_id, now - self.numbers.no_shows_within)
        if len(missed) == self.numbers.no_shows:
            await letters.tell_no_shows(work, booking, self._until(booking), now)

    def _until(self, booking: Booking) -> datetime:
        return booking.starts_at + self.numbers.same_day_for


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


async def _own(work: UnitOfWork, booking_id: int, user_id: int) -> tuple[Booking, Member]:
    """Return a booking that somebody has a part in, as it is in a locked community, and them."""
    guild_id = await work.communities.of(Row.BOOKING, booking_id)
    if guild_id is not None:
        await work.lock(guild_id)
    return await _of(work, await work.bookings.hold(booking_id), user_id)


async def _seen(work: ReadingWork, booking_id: int, user_id: int) -> tuple[Booking, Member]:
    return await _of(work, await work.bookings.get(booking_id), user_id)


async def _of(work: ReadingWork, booking: Booking | None, user_id: int) -> tuple[Booking, Member]:
    if booking is None:
        raise NotFound("meeting.unknown")
    member = await work.members.find(booking.guild_id, user_id)
    if member is None or member.id not in {booking.host_id, booking.asker_id}:
        raise NotAllowed("meeting.not_yours")
    return booking, member


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


async def _impression(work: UnitOfWork, booking: Booking, member: Member, now: datetime) -> Impression:
    found = await work.meetings.impression(booking.id, member.id)
    if found is None:
        found = Impression(booking_id=booking.id, member_id=member.id, at=now)
        work.meetings.add_impression(found)
    return found


def _note(work: UnitOfWork, fact: str, booking: Booking, now: datetime) -> None:
    work.events.note(fact, booking.guild_id, now, booking.asker_id, booking.request_id)


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())
