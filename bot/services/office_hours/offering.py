"""Offering time: looked at before anything is there, and topped up to four weeks once its host said yes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.calendars.typed import read as read_typed
from bot.clock import Clock
from bot.domain import wording
from bot.domain.hours import clock_of
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.timetable import Timetable
from bot.errors import Conflict, Invalid, NotFound
from bot.services import limits
from bot.services.office_hours import announcing, planning
from bot.services.office_hours.offering_results import Offer, OwnHours
from bot.services.office_hours.own_hours import hold_series, own_hours, refuse_overlap
from bot.services.ports import Begin, Nudge, Read
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import UnitOfWork
from models import Member, OfficeHours

LONGEST_TOPICS = 300
"""Characters of what hours are about."""
LOOKED_AT = timedelta(days=1)
"""For how long what a host looked at waits for their yes."""
TOPPED_UP = timedelta(hours=12)
"""How far a series may be behind the four weeks before it is topped up."""
AT_ONCE = 200
"""Series that one sweep tops up."""


@dataclass(frozen=True, slots=True)
class NewOffer:
    """What a host typed."""

    guild_id: int
    user_id: int
    interaction_id: int
    """The same submission twice is kept once."""
    when: str = field(repr=False)
    topics: str = field(repr=False, default="")
    is_walk_in: bool = False
    replaces: int = 0
    """What they looked at before, in whose place this comes; 0: nothing."""


@dataclass(frozen=True, slots=True)
class Offering:
    """Use cases around offering time, up to the host's yes; holds no state of its own."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock
    numbers: OfficeHoursPolicy = DEFAULT

    async def preview(self, wish: NewOffer) -> Offer:
        """Return what was understood of an offer; it is kept for a day, for its host's yes and for no one's eyes.

        Raises:
            Invalid: they have no time zone yet, or it isn't understood whole, is over, too short or too long.
            Conflict: it overlaps with something else they offer.
            LimitReached: they offer, or looked at, as much as one person may.
        """
        topics = wording.within(wish.topics, LONGEST_TOPICS, "offer_time.topics_too_long") or None
        zone = await self._zone(wish.guild_id, wish.user_id)
        timetable = read_typed(wish.when, zone, self.clock.now())
        async with self.begin() as work:
            await work.lock(wish.guild_id)
            member = await work.members.ensure(wish.guild_id, wish.user_id, self.clock.now())
            series = await work.office_hours.find_submitted(wish.interaction_id)
            if series is None:
                await limits.hold(work, member.id, Deed.OFFER, self.clock.now())
                await planning.require_room(work, member.id, timetable, self.clock.now(), self.numbers)
                await refuse_overlap(work, member.id, timetable, self.clock.now())
                series = await self._keep(work, member, wish, timetable, topics)
            return await self._offer(work, series, member.zone)

    async def confirm(self, series_id: int, user_id: int) -> OwnHours:
        """Offer what was looked at, from now on; twice is once.

        Raises:
            NotFound: it isn't kept any more.
            NotAllowed: another person typed it.
            Conflict: it overlaps with something offered since, or is over.
            LimitReached: they offer as much as one person may.
        """
        now = self.clock.now()
        async with self.begin() as work:
            series, member = await hold_series(work, series_id, user_id)
            if series.confirmed_at is None:
                timetable = planning.timetable_of(series)
                if planning.next_time(timetable, now) is None:
                    raise Conflict("offer_time.over")
                await planning.require_room(work, member.id, timetable, now, self.numbers)
                await refuse_overlap(work, member.id, timetable, now)
                series.confirmed_at = now
                await planning.plan(work, series, now, self.numbers)
                work.facts.note("offered", series.guild_id, now, member.id)
            own = await own_hours(work, series, now)
        self.nudge()
        return own

    async def drop(self, series_id: int, user_id: int) -> None:
        """Forget what was only looked at; what was confirmed meanwhile stays, and twice is once.

        Raises:
            NotAllowed: another person typed it.
        """
        async with self.begin() as work:
            try:
                series, _ = await hold_series(work, series_id, user_id)
            except NotFound:
                return
            await work.office_hours.forget(series.id)

    async def sweep(self) -> int:
        """Top up every series to four weeks ahead, and forget what was only looked at; returns how many were topped up.

        Each comes up twice a day, which is also when an event that Discord refused for good is tried again.
        """
        now = self.clock.now()
        until = now + self.numbers.ahead - TOPPED_UP
        async with self.begin() as work:
            await work.office_hours.forget_before(now - LOOKED_AT)
            due = await work.office_hours.due(until, AT_ONCE)
        await in_turn("office_hours", due, self._top_up)
        if due:
            self.nudge()
        return len(due)

    async def _top_up(self, guild_id: int, series_ids: Sequence[int]) -> None:
        now = self.clock.now()
        async with self.begin() as work:
            await work.lock(guild_id)
            for series in [await work.office_hours.get(series_id) for series_id in series_ids]:
                if series is not None and series.ended_at is None:
                    await planning.plan(work, series, now, self.numbers)
                    coming = await work.office_hours.coming(series.id, now)
                    await announcing.try_again(work, coming, now, self.numbers)

    async def _zone(self, guild_id: int, user_id: int) -> str:
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
        if member is None or member.zone is None or clock_of(member.zone) is None:
            raise Invalid("offer_time.no_zone")
        return member.zone

    async def _keep(
        self, work: UnitOfWork, member: Member, wish: NewOffer, timetable: Timetable, topics: str | None
    ) -> OfficeHours:
        if wish.replaces:
            before = await work.office_hours.get(wish.replaces)
            if before is not None and before.host_id == member.id:
                await work.office_hours.forget(before.id)
        series = OfficeHours(
            guild_id=member.guild_id,
            host_id=member.id,
            interaction_id=wish.interaction_id,
            zone=timetable.zone,
            first=timetable.first,
            begins=timetable.begins,
            ends=timetable.ends,
            rule=timetable.rule,
            created_at=self.clock.now(),
            typed=wording.clean_line(wish.when),
            topics=topics,
            is_walk_in=wish.is_walk_in,
        )
        work.office_hours.add(series)
        await work.flush()
        return series

    async def _offer(self, work: UnitOfWork, series: OfficeHours, own_zone: str | None) -> Offer:
        now, timetable = self.clock.now(), planning.timetable_of(series)
        first = planning.next_time(timetable, now)
        if first is None:
            raise Conflict("offer_time.over")
        opened, left_out = await planning.opening(work, series, first, self.numbers)
        return Offer(
            series_id=series.id,
            timetable=timetable,
            typed=series.typed,
            topics=series.topics,
            is_walk_in=series.is_walk_in,
            starts_at=first.starts_at,
            ends_at=first.ends_at,
            is_moved=first.is_moved,
            last=planning.last_time(timetable),
            slots=opened,
            left_out=left_out,
            local=now.astimezone(ZoneInfo(timetable.zone)),
            own_zone=own_zone,
        )
