"""Browsing what office hours are coming, without asking anything."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.office_hours.offering_results import ComingHours, Page
from bot.services.ports import Read
from bot.store.office_hours import Coming
from bot.store.unit_of_work import ReadingWork

A_PAGE = 10
"""Times on one page."""
LINES = 3
"""Lines of a host's profile that say what their hours are about, where they didn't."""


@dataclass(frozen=True, slots=True)
class Browsing:
    """Use cases around looking through office hours."""

    read: Read
    clock: Clock

    async def page(self, guild_id: int, user_id: int, number: int = 0) -> Page:
        """Return a page of what is coming, soonest first; no host with a block between them and the reader."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            apart = (await work.blocks.around([member.id]))[member.id] if member else set[int]()
            coming = await work.office_hours.browse(guild_id, self.clock.now())
            visible = [each for each in coming if each.host_id not in apart]
            pages = max(-(-len(visible) // A_PAGE), 1)
            number = min(number, pages - 1)
            shown = visible[number * A_PAGE : (number + 1) * A_PAGE]
            hours = tuple([await _hours(work, each) for each in shown])
            return Page(hours, number, pages, member.zone if member else None)


async def _hours(work: ReadingWork, each: Coming) -> ComingHours:
    return ComingHours(
        occurrence_id=each.occurrence_id,
        host_user_id=each.host_user_id,
        topics=(each.topics,) if each.topics else await _lines(work, each.host_id),
        is_walk_in=each.is_walk_in,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        free=each.free,
    )


async def _lines(work: ReadingWork, host_id: int) -> tuple[str, ...]:
    declared = [each for each in await work.statements.of(host_id) if each.source == "declared" and not each.is_muted]
    return tuple(each.text for each in declared[:LINES])
