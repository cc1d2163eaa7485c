"""Office hours to measure with: hosts, and slots that are free."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.clock import SystemClock
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Member, Occurrence, OfficeHours, Slot

SLOTS_EACH = 4
"""Of one host, in one hour and a bit."""
TOPICS = "Labels, loss and late frames"
"""What every other host's hours are about."""
_SLOT, _STEP = timedelta(minutes=15), timedelta(minutes=20)


async def offer(database: Database, guild_id: int, user_ids: Sequence[int], slots_each: int = SLOTS_EACH) -> list[int]:
    """Let these people offer so many slots each, one host an hour after the other from tomorrow on; return these."""
    begins = SystemClock().now() + timedelta(days=1)
    found = list[int]()
    async with database.begin() as work:
        for number, user_id in enumerate(user_ids):
            host = await work.members.ensure(guild_id, user_id, begins)
            slots = await _slots(work, host, begins + number * timedelta(hours=1), slots_each)
            found += [slot.id for slot in slots]
    return found


async def _slots(work: UnitOfWork, host: Member, begins: datetime, count: int) -> list[Slot]:
    series = OfficeHours(
        guild_id=host.guild_id, host_id=host.id, interaction_id=None, zone="UTC", first=begins.date(),
        begins=time(12), ends=time(14), created_at=begins, topics=TOPICS if host.id % 2 else None,
    )  # fmt: skip
    work.office_hours.add(series)
    await work.flush()
    occurrence = Occurrence(
        office_hours_id=series.id, guild_id=host.guild_id, host_id=host.id, day=begins.date(), starts_at=begins,
        ends_at=begins + count * _STEP,
    )  # fmt: skip
    work.office_hours.add_occurrence(occurrence)
    await work.flush()
    slots = [
        Slot(
            occurrence_id=occurrence.id, guild_id=host.guild_id, host_id=host.id,
            starts_at=begins + number * _STEP, ends_at=begins + number * _STEP + _SLOT,
        )
        for number in range(count)
    ]  # fmt: skip
    work.office_hours.add_slots(slots)
    await work.flush()
    return slots
