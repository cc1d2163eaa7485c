"""Whose hours something is, holding it while it changes, and how its host sees it."""

from collections.abc import Collection
from datetime import datetime

from bot.calendars import occurrences as calendar
from bot.domain.rows import Row
from bot.domain.timetable import Timetable
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.office_hours import planning
from bot.services.office_hours.offering_results import OwnHours, OwnOccurrence
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Occurrence, OfficeHours


async def own_series(work: ReadingWork, series_id: int, user_id: int) -> tuple[OfficeHours, Member]:
    """Return a series that this person looks at or offers, and them.

    Raises:
        NotFound: there is none, or it has ended.
        NotAllowed: it is another person's.
    """
    series, member = await _series_of(work, series_id, user_id)
    if series.ended_at is not None:
        raise NotFound("offer_time.gone")
    return series, member


async def hold_series(work: UnitOfWork, series_id: int, user_id: int) -> tuple[OfficeHours, Member]:
    """Do as `own_series`, in a locked community; one that has ended is returned too."""
    guild_id = await work.communities.of(Row.SERIES, series_id)
    if guild_id is not None:
        await work.lock(guild_id)
    return await _series_of(work, series_id, user_id)


async def hold_offered(work: UnitOfWork, series_id: int, user_id: int) -> tuple[OfficeHours, Member]:
    """Return a series that this person has confirmed and not ended, and them, in a locked community.

    Raises:
        NotFound: there is none.
        NotAllowed: it is another person's.
    """
    series, member = await hold_series(work, series_id, user_id)
    if series.confirmed_at is None or series.ended_at is not None:
        raise NotFound("offer_time.gone")
    return series, member


async def own_occurrence(
    work: ReadingWork, occurrence_id: int, user_id: int, now: datetime, *, is_cancelled_fine: bool = False
) -> Occurrence:
    """Return a time that this person offers.

    Raises:
        NotFound: there is none, it was called off, or it has begun.
        NotAllowed: it is another person's.
    """
    occurrence = await work.office_hours.occurrence(occurrence_id)
    host = await work.members.get(occurrence.host_id) if occurrence else None
    if occurrence is None or host is None:
        raise NotFound("offer_time.gone")
    if host.user_id != user_id:
        raise NotAllowed("offer_time.not_yours")
    is_off = occurrence.state != "planned"
    if occurrence.starts_at <= now or (is_off and not is_cancelled_fine):
        raise NotFound("offer_time.begun" if not is_off else "offer_time.gone")
    return occurrence


async def hold_occurrence(
    work: UnitOfWork, occurrence_id: int, user_id: int, now: datetime, *, is_cancelled_fine: bool = False
) -> Occurrence:
    """Do as `own_occurrence`, in a locked community."""
    guild_id = await work.communities.of(Row.OCCURRENCE, occurrence_id)
    if guild_id is not None:
        await work.lock(guild_id)
    return await own_occurrence(work, occurrence_id, user_id, now, is_cancelled_fine=is_cancelled_fine)


async def refuse_overlap(
    work: UnitOfWork, member_id: int, timetable: Timetable, now: datetime, besides: Collection[int] = ()
) -> None:
    """Make sure that a timetable overlaps with nothing else its host offers.

    Raises:
        Conflict: it does.
    """
    at = await planning.first_overlap(work, member_id, [timetable], now, besides)
    if at is not None:
        raise Conflict("offer_time.overlaps", at=int(at.timestamp()))


async def refuse_taken(work: UnitOfWork, occurrence: Occurrence, new: calendar.SeriesTime) -> None:
    """Make sure that a new time overlaps with nothing else its host offers.

    Raises:
        Conflict: it does.
    """
    planned = await work.office_hours.planned_of(occurrence.host_id, new.starts_at)
    taken = [(each.starts_at, each.ends_at) for each in planned if each.id != occurrence.id]
    at = planning.overlap(taken, [(new.starts_at, new.ends_at)])
    if at is not None:
        raise Conflict("offer_time.overlaps", at=int(at.timestamp()))


async def own_hours(work: ReadingWork, series: OfficeHours, now: datetime) -> OwnHours:
    """Return a series as its host sees it."""
    coming = [each for each in await work.office_hours.coming(series.id, now) if each.state == "planned"]
    return OwnHours(
        series_id=series.id,
        timetable=planning.timetable_of(series),
        typed=series.typed,
        topics=series.topics,
        is_walk_in=series.is_walk_in,
        coming=tuple([await own_time(work, each) for each in coming]),
    )


async def own_time(work: ReadingWork, occurrence: Occurrence) -> OwnOccurrence:
    """Return one time as its host sees it."""
    slots = [each for each in await work.office_hours.slots(occurrence.id) if each.state != "cancelled"]
    return OwnOccurrence(
        occurrence_id=occurrence.id,
        series_id=occurrence.office_hours_id,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        slots=len(slots),
        booked=sum(each.state == "booked" for each in slots),
        is_moved=occurrence.is_moved,
    )


async def _series_of(work: ReadingWork, series_id: int, user_id: int) -> tuple[OfficeHours, Member]:
    series = await work.office_hours.get(series_id)
    member = await work.members.get(series.host_id) if series else None
    if series is None or member is None:
        raise NotFound("offer_time.gone")
    if member.user_id != user_id:
        raise NotAllowed("offer_time.not_yours")
    return series, member
