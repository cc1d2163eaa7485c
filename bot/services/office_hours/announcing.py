"""What follows from hours that were planned, moved or called off: Discord's event, and a word to their host."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.services.office_hours.letters import HoursLetter, to_member
from bot.services.office_hours.offering_results import EventPlan
from bot.services.requests.letters import line_to
from bot.store.unit_of_work import UnitOfWork
from models import Member, Occurrence, OutboxLetter


async def announce(
    work: UnitOfWork, occurrence: Occurrence, now: datetime, numbers: OfficeHoursPolicy = DEFAULT
) -> None:
    """Bring Discord's event in line with an occurrence: what is to be done is found out when the letter leaves.

    One letter about an occurrence follows the other, so that no event is called off before it was made.
    """
    await work.flush()
    key = f"event:{occurrence.id}:{occurrence.version}"
    if await work.outbox.find(key) is not None:
        return
    due_at = max(now, occurrence.starts_at - numbers.event_ahead) if occurrence.state == "planned" else now
    before = await work.outbox.last_due(occurrence.id, HoursLetter.EVENT)
    if before is not None:
        await work.outbox.hasten(before, due_at)
    work.outbox.add(_about_event(occurrence, key, due_at, before))
    await work.flush()


async def try_again(
    work: UnitOfWork, occurrences: Iterable[Occurrence], now: datetime, numbers: OfficeHoursPolicy = DEFAULT
) -> None:
    """Write once more about what takes place soon and has no event, because Discord refused it until it was given up.

    A caller that comes seldom asks Discord seldom: each letter is tried as often as any other, for a day at most.
    """
    for each in occurrences:
        is_near = each.starts_at - numbers.event_ahead <= now < each.starts_at
        if not is_near or each.state != "planned" or each.event_id is not None:
            continue
        if await work.outbox.last_due(each.id, HoursLetter.EVENT) is None:
            work.outbox.add(_about_event(each, f"event:{each.id}:{each.version}:{now:%Y%m%d%H%M%S}", now))


async def event_plan(
    work: UnitOfWork, row: OutboxLetter, now: datetime, numbers: OfficeHoursPolicy = DEFAULT
) -> EventPlan | None:
    """Return what Discord's event is to be like that a letter is about; None where there is nothing to do about it.

    There isn't where the community has as many events as it may have of office hours.
    """
    occurrence = await work.office_hours.occurrence(row.occurrence_id or 0)
    series = await work.office_hours.get(occurrence.office_hours_id) if occurrence else None
    host = await work.members.get(occurrence.host_id) if occurrence else None
    if occurrence is None or series is None or host is None or occurrence.starts_at <= now:
        return None
    is_planned = occurrence.state == "planned"
    if not is_planned and occurrence.event_id is None:
        return None
    is_new = is_planned and occurrence.event_id is None
    if is_new and await work.office_hours.with_event(occurrence.guild_id, now) >= numbers.events:
        # Discord would refuse; `try_again` looks twice a day whether there is room.
        return None
    settings = await work.guilds.settings(occurrence.guild_id)
    return EventPlan(
        verb="cancel" if not is_planned else "create" if occurrence.event_id is None else "update",
        event_id=occurrence.event_id,
        host_user_id=host.user_id,
        topics=series.topics,
        is_walk_in=series.is_walk_in,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        meeting_channel_id=settings.meeting_channel_id if settings else None,
        channel_id=settings.help_channel_id if settings else None,
    )


async def event_made(work: UnitOfWork, occurrence_id: int, event_id: int) -> None:
    """Note which event stands for an occurrence; for one that was called off there is none any more."""
    occurrence = await work.office_hours.occurrence(occurrence_id)
    if occurrence is not None:
        is_over = occurrence.state != "planned" and occurrence.event_id == event_id
        await work.office_hours.note_event(occurrence_id, None if is_over else event_id)


async def tell_moved(work: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    """Tell a host once that the clocks skip an hour of theirs, and when it is instead."""
    letter = line_to(occurrence.guild_id, occurrence.host_id, "offer_time.moved", str(occurrence.id), now)
    letter.params = {"at": int(occurrence.starts_at.timestamp())}
    await work.outbox.write_once(letter)


async def ask_which_clock(work: UnitOfWork, member: Member, now: datetime) -> None:
    """Ask a host who moved which clock their hours are to follow, where some follow another than theirs."""
    clocks = await clocks_of(work, member)
    if clocks:
        key = f"which_clock:{member.id}:{now:%Y%m%d%H%M%S%f}"
        letter = to_member(member.guild_id, member.id, HoursLetter.WHICH_CLOCK, key, now)
        letter.params = clocks
        await work.outbox.write_once(letter)


async def clocks_of(work: UnitOfWork, member: Member) -> dict[str, str | int]:
    """Return the zone that some of a host's hours follow and the one they live in; nothing where these are one."""
    hours = await work.office_hours.going_on(member.id)
    old = next((series.zone for series in hours if series.zone != member.zone), None)
    return {"old": old, "new": member.zone} if old is not None and member.zone is not None else {}


def _about_event(occurrence: Occurrence, key: str, due_at: datetime, after_id: int | None = None) -> OutboxLetter:
    return OutboxLetter(
        guild_id=occurrence.guild_id,
        kind=HoursLetter.EVENT,
        key=key,
        due_at=due_at,
        occurrence_id=occurrence.id,
        after_id=after_id,
    )
