"""Laying out when office hours take place: occurrences, and the slots of each, in line with a timetable."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendars import occurrences as calendar
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.timetable import Timetable
from bot.errors import LimitReached
from bot.services.office_hours import announcing
from bot.services.office_hours.agreeing import unbook
from bot.services.office_hours.promising import offer_new
from bot.store.unit_of_work import UnitOfWork
from models import Occurrence, OfficeHours, Slot

COMPARED = timedelta(days=366)
"""How far ahead two series of one person are compared."""

Span = tuple[datetime, datetime]
"""(from, until)."""


def timetable_of(series: OfficeHours) -> Timetable:
    """Return when a series takes place."""
    return Timetable(series.zone, series.first, series.begins, series.ends, series.rule)


def follow(series: OfficeHours, timetable: Timetable) -> None:
    """Let a series take place by this timetable from now on; `arrange` brings its occurrences in line."""
    series.zone, series.first, series.rule = timetable.zone, timetable.first, timetable.rule
    series.begins, series.ends = timetable.begins, timetable.ends


def next_time(timetable: Timetable, now: datetime) -> calendar.SeriesTime | None:
    """Return the first time of a timetable that hasn't begun, within a year of its first day or of now."""
    first = datetime.combine(timetable.first, timetable.begins, ZoneInfo(timetable.zone))
    found = calendar.occurrences(timetable, now, max(now, first) + COMPARED)
    return next((each for each in found if each.starts_at > now), None)


def last_time(timetable: Timetable) -> datetime | None:
    """Return when the last time of a timetable begins, or None where there is no last one."""
    day = calendar.last_day(timetable)
    return None if day is None else datetime.combine(day, timetable.begins, ZoneInfo(timetable.zone))


async def opening(
    work: UnitOfWork, series: OfficeHours, first: calendar.SeriesTime, numbers: OfficeHoursPolicy = DEFAULT
) -> tuple[int, int]:
    """Return how many slots a series opens the first time, and how many it leaves out in the fullest of four weeks."""
    if series.is_walk_in:
        return 0, 0
    wanted, room = Counter[date](), dict[date, int]()
    until = first.starts_at + numbers.ahead
    for each in calendar.occurrences(timetable_of(series), first.starts_at, until):
        monday = _monday(each.on)
        if monday not in room:
            room[monday] = await room_in_week(work, series.host_id, monday, numbers)
        wanted[monday] += len(calendar.slots(each, numbers.slot, numbers.gap))
    opened = min(len(calendar.slots(first, numbers.slot, numbers.gap)), room[_monday(first.on)])
    return opened, max(max(count - room[monday], 0) for monday, count in wanted.items())


async def require_room(
    work: UnitOfWork,
    host_id: int,
    timetable: Timetable,
    now: datetime,
    numbers: OfficeHoursPolicy = DEFAULT,
    besides: int = 0,
) -> None:
    """Make sure that a host may offer this too, in the place of the series `besides` where there is one.

    Raises:
        LimitReached: they offer as many series, or times in the four weeks ahead, as one person may; it says which.
    """
    offered = [each for each in await work.office_hours.going_on(host_id) if each.id != besides]
    typed = tuple(each.typed or each.rule or str(each.first) for each in offered)
    if len(offered) >= numbers.series:
        raise LimitReached("offer_time.limit", limit=numbers.series, series=typed)
    taken = [each for each in await work.office_hours.planned_of(host_id, now) if each.office_hours_id != besides]
    wanted = [each for each in calendar.occurrences(timetable, now, now + numbers.ahead) if each.starts_at > now]
    if len(taken) + len(wanted) > numbers.times:
        raise LimitReached("offer_time.limit_times", limit=numbers.times, wanted=len(wanted), series=typed)


async def plan(work: UnitOfWork, series: OfficeHours, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> None:
    """Make what is missing of a series up to four weeks ahead; needs the community's lock, and twice is once.

    What would overlap with something else its host offers is left out, and what is more than one host may offer. A
    series whose last day is over ends.
    """
    timetable, until = timetable_of(series), now + numbers.ahead
    since = max(series.planned_until or now, now)
    known = await work.office_hours.days(series.id)
    taken = [(each.starts_at, each.ends_at) for each in await work.office_hours.planned_of(series.host_id, now)]
    for each in calendar.occurrences(timetable, since, until):
        is_over = each.starts_at <= now or len(taken) >= numbers.times
        if each.on in known or is_over or overlap(taken, [(each.starts_at, each.ends_at)]):
            continue
        taken.append((each.starts_at, each.ends_at))
        await _make(work, series, each, now, numbers)
    series.planned_until = until
    last = calendar.last_day(timetable)
    if last is not None and last < now.date() - timedelta(days=1):
        series.ended_at = now


async def arrange(work: UnitOfWork, series: OfficeHours, now: datetime, numbers: OfficeHoursPolicy = DEFAULT) -> None:
    """Bring everything that hasn't begun in line with a timetable that changed; needs the community's lock.

    A day that was called off by itself stays so; those whose booking isn't there any more are told. What the timetable
    has besides is made by the next `plan`.
    """
    found = calendar.occurrences(timetable_of(series), now, now + numbers.ahead)
    wanted = {each.on: each for each in found if each.starts_at > now}
    for occurrence in await work.office_hours.coming(series.id, now):
        new = wanted.get(occurrence.day)
        if occurrence.state == "cancelled":
            continue
        if new is None:
            await call_off(work, occurrence, now, state="superseded")
        else:
            occurrence.state, occurrence.is_moved = "planned", new.is_moved
            await move(work, occurrence, (new.starts_at, new.ends_at), now, numbers)
    series.planned_until = None


async def move(
    work: UnitOfWork, occurrence: Occurrence, span: Span, now: datetime, numbers: OfficeHoursPolicy = DEFAULT
) -> None:
    """Let an occurrence take place at another time; slots that fall on the same minutes keep their bookings."""
    occurrence.starts_at, occurrence.ends_at = span
    await work.flush()
    wanted = await _opened(work, occurrence, numbers)
    there = {(slot.starts_at, slot.ends_at): slot for slot in await work.office_hours.slots(occurrence.id)}
    for each, slot in there.items():
        if each not in wanted:
            await _close(work, slot, now)
        elif slot.state == "cancelled":
            slot.state, slot.open_since = "open", now
    await _open(work, occurrence, [each for each in wanted if each not in there], now, numbers)
    await announcing.announce(work, occurrence, now, numbers)


async def call_off(work: UnitOfWork, occurrence: Occurrence, now: datetime, *, state: str = "cancelled") -> None:
    """Let an occurrence not take place; people who booked are told, and twice is once."""
    if occurrence.state != "planned":
        return
    occurrence.state = state
    for slot in await work.office_hours.slots(occurrence.id):
        await _close(work, slot, now)
    await announcing.announce(work, occurrence, now)


async def room_in_week(
    work: UnitOfWork, host_id: int, day: date, numbers: OfficeHoursPolicy = DEFAULT, besides: int = 0
) -> int:
    """Return how many more slots a host may have in a day's week, those of one occurrence left out."""
    opened = await work.office_hours.opened_in_week(host_id, _monday(day), besides)
    return max(numbers.slots_a_week - opened, 0)


async def first_overlap(
    work: UnitOfWork, host_id: int, timetables: Iterable[Timetable], now: datetime, besides: Collection[int] = ()
) -> datetime | None:
    """Return a moment within a year that a timetable shares with another or with something else its host offers.

    `besides` are the series in whose place they come.
    """
    taken = [
        (each.starts_at, each.ends_at)
        for each in await work.office_hours.planned_of(host_id, now)
        if each.office_hours_id not in besides
    ]
    for series in await work.office_hours.going_on(host_id):
        if series.id not in besides and series.planned_until is not None:
            taken += _spans(timetable_of(series), series.planned_until, now)
    for timetable in timetables:
        wanted = _spans(timetable, now, now)
        shared = overlap(taken, wanted)
        if shared is not None:
            return shared
        taken += wanted
    return None


def overlap(taken: Sequence[Span], wanted: Sequence[Span]) -> datetime | None:
    """Return the first moment at which something wanted and something taken are at once. O(n log n)."""
    meeting = sorted([(*span, False) for span in taken] + [(*span, True) for span in wanted])
    latest: dict[bool, datetime] = {}
    for starts_at, ends_at, is_wanted in meeting:
        other = latest.get(not is_wanted)
        if other is not None and other > starts_at:
            return starts_at
        latest[is_wanted] = max(ends_at, latest.get(is_wanted, ends_at))
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _spans(timetable: Timetable, since: datetime, now: datetime) -> list[Span]:
    found = calendar.occurrences(timetable, since, now + COMPARED)
    return [(each.starts_at, each.ends_at) for each in found]


async def _make(
    work: UnitOfWork, series: OfficeHours, each: calendar.SeriesTime, now: datetime, numbers: OfficeHoursPolicy
) -> None:
    occurrence = Occurrence(
        office_hours_id=series.id,
        guild_id=series.guild_id,
        host_id=series.host_id,
        day=each.on,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        is_moved=each.is_moved,
    )
    work.office_hours.add_occurrence(occurrence)
    await work.flush()
    if not series.is_walk_in:
        await _open(work, occurrence, await _opened(work, occurrence, numbers), now, numbers)
    await announcing.announce(work, occurrence, now, numbers)
    if each.is_moved:
        await announcing.tell_moved(work, occurrence, now)


async def _opened(work: UnitOfWork, occurrence: Occurrence, numbers: OfficeHoursPolicy) -> list[Span]:
    """Return the slots that an occurrence opens: those that fit into it, as many as its week has room for."""
    series = await work.office_hours.get(occurrence.office_hours_id)
    if series is None or series.is_walk_in:
        return []
    room = await room_in_week(work, occurrence.host_id, occurrence.day, numbers, occurrence.id)
    whole = calendar.SeriesTime(occurrence.day, occurrence.starts_at, occurrence.ends_at, occurrence.is_moved)
    return calendar.slots(whole, numbers.slot, numbers.gap)[:room]


async def _open(
    work: UnitOfWork, occurrence: Occurrence, spans: Sequence[Span], now: datetime, numbers: OfficeHoursPolicy
) -> None:
    slots = [
        Slot(
            occurrence_id=occurrence.id,
            guild_id=occurrence.guild_id,
            host_id=occurrence.host_id,
            starts_at=starts_at,
            ends_at=ends_at,
            open_since=now,
        )
        for starts_at, ends_at in spans
    ]
    work.office_hours.add_slots(slots)
    await offer_new(work, slots, now, numbers)


async def _close(work: UnitOfWork, slot: Slot, now: datetime) -> None:
    booking = await work.bookings.of_slot(slot.id)
    if booking is not None:
        await unbook(work, booking, "host", now)
    slot.state = "cancelled"
