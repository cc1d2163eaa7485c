"""What a host does about the time they offer: seen, changed, moved, kept in line with their own clock, called off."""

from dataclasses import dataclass

from bot.calendars import occurrences as calendar
from bot.calendars.typed import read as read_typed
from bot.clock import Clock
from bot.domain import wording
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.errors import Conflict, Invalid, NotFound
from bot.services import limits
from bot.services.office_hours import planning
from bot.services.office_hours.offering_results import OwnHours, OwnOccurrence
from bot.services.office_hours.own_hours import (
    hold_occurrence,
    hold_offered,
    hold_series,
    own_hours,
    own_occurrence,
    own_series,
    own_time,
    refuse_overlap,
    refuse_taken,
)
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.holding import hold_member


@dataclass(frozen=True, slots=True)
class Hosting:
    """Use cases around the hours that a host offers; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock
    numbers: OfficeHoursPolicy = DEFAULT

    async def own(self, guild_id: int, user_id: int) -> tuple[OwnHours, ...]:
        """Return what a host offers, oldest first, each with what is coming of it."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            if member is None:
                return ()
            now = self.clock.now()
            return tuple([await own_hours(work, each, now) for each in await work.office_hours.going_on(member.id)])

    async def series(self, series_id: int, user_id: int) -> OwnHours:
        """Return one of a host's own series.

        Raises:
            NotFound: there is none, or it has ended.
            NotAllowed: it is another person's.
        """
        async with self.read() as work:
            series, _ = await own_series(work, series_id, user_id)
            return await own_hours(work, series, self.clock.now())

    async def occurrence(self, occurrence_id: int, user_id: int) -> OwnOccurrence:
        """Return one time that a host offers.

        Raises:
            NotFound: there is none, it was called off, or it has begun.
            NotAllowed: it is another person's.
        """
        async with self.read() as work:
            occurrence = await own_occurrence(work, occurrence_id, user_id, self.clock.now())
            return await own_time(work, occurrence)

    async def typed(self, series_id: int, user_id: int) -> tuple[str, str, bool]:
        """Return (when, topics, is_walk_in) as the host typed them, to be changed.

        Raises:
            NotFound: it isn't kept any more.
            NotAllowed: another person typed it.
        """
        async with self.read() as work:
            series, _ = await own_series(work, series_id, user_id)
            return series.typed, series.topics or "", series.is_walk_in

    async def change(self, series_id: int, user_id: int, when: str) -> OwnHours:
        """Let a series take place at other times, on the clock that it follows; people who lose a slot are told.

        Raises:
            NotFound: there is none, or it has ended.
            NotAllowed: it is another person's.
            Invalid: it isn't understood whole, is over, too short or too long.
            Conflict: it would overlap with something else they offer.
        """
        now = self.clock.now()
        async with self.begin() as work:
            series, member = await hold_offered(work, series_id, user_id)
            await limits.hold(work, member.id, Deed.CHANGE, now)
            timetable = read_typed(when, series.zone, now)
            await planning.require_room(work, member.id, timetable, now, self.numbers, series.id)
            await refuse_overlap(work, member.id, timetable, now, [series.id])
            planning.follow(series, timetable)
            series.typed = wording.clean_line(when)
            await planning.arrange(work, series, now, self.numbers)
            await planning.plan(work, series, now, self.numbers)
            own = await own_hours(work, series, now)
        self.nudge()
        return own

    async def move(self, occurrence_id: int, user_id: int, when: str) -> OwnOccurrence:
        """Let one time take place at another, on the clock that its series follows; people who lose a slot are told.

        Raises:
            NotFound: there is no such time, or it has begun.
            NotAllowed: it is another person's.
            Invalid: it isn't understood whole, repeats, is over, too short or too long.
            Conflict: it would overlap with something else they offer, or is more than four weeks away.
        """
        now = self.clock.now()
        async with self.begin() as work:
            occurrence = await hold_occurrence(work, occurrence_id, user_id, now)
            await limits.hold(work, occurrence.host_id, Deed.CHANGE, now)
            series = await work.office_hours.get(occurrence.office_hours_id)
            timetable = read_typed(when, series.zone if series else "UTC", now)
            new = planning.next_time(timetable, now)
            if timetable.rule or new is None:
                raise Invalid("offer_time.only_once")
            if new.starts_at > now + self.numbers.ahead:
                raise Conflict("offer_time.too_far")
            await refuse_taken(work, occurrence, new)
            occurrence.is_moved = new.is_moved
            await planning.move(work, occurrence, (new.starts_at, new.ends_at), now, self.numbers)
            moved = await own_time(work, occurrence)
        self.nudge()
        return moved

    async def follow_clock(self, member_id: int, user_id: int) -> str:
        """Let everything that a host offers take place at the same hour of the zone they live in now; twice is once.

        Returns the zone.

        Raises:
            NotFound: there is no such member, or they have no zone.
            NotAllowed: it is another person.
            Conflict: two of their hours would be at once; nothing moves.
        """
        now = self.clock.now()
        async with self.begin() as work:
            member = await hold_member(work, member_id, user_id)
            if member.zone is None:
                raise NotFound("profile.unknown")
            await limits.hold(work, member.id, Deed.CHANGE, now)
            zone = member.zone
            moving = [each for each in await work.office_hours.going_on(member.id) if each.zone != zone]
            moved = [calendar.in_zone(planning.timetable_of(each), zone, now) for each in moving]
            at = await planning.first_overlap(work, member.id, moved, now, [each.id for each in moving])
            if at is not None:
                raise Conflict("which_clock.overlaps", at=int(at.timestamp()))
            for series, timetable in zip(moving, moved, strict=True):
                planning.follow(series, timetable)
                await planning.arrange(work, series, now, self.numbers)
            # Only now is everything where it will be: what is new must not give way to what has yet to move.
            for series in moving:
                await planning.plan(work, series, now, self.numbers)
        self.nudge()
        return zone

    async def end(self, series_id: int, user_id: int) -> None:
        """Offer a series no longer, and call off what is coming of it; people who booked are told, and twice is once.

        Raises:
            NotFound: there is no such series.
            NotAllowed: it is another person's.
        """
        now = self.clock.now()
        async with self.begin() as work:
            series, _ = await hold_series(work, series_id, user_id)
            if series.confirmed_at is not None and series.ended_at is None:
                series.ended_at = now
                for occurrence in await work.office_hours.coming(series.id, now):
                    await planning.call_off(work, occurrence, now)
        self.nudge()

    async def cancel(self, occurrence_id: int, user_id: int) -> None:
        """Call off one time; people who booked are told, and twice is once.

        Raises:
            NotFound: there is no such time, or it has begun.
            NotAllowed: it is another person's.
        """
        now = self.clock.now()
        async with self.begin() as work:
            occurrence = await hold_occurrence(work, occurrence_id, user_id, now, is_cancelled_fine=True)
            await planning.call_off(work, occurrence, now)
        self.nudge()
