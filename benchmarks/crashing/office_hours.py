"""A community with office hours: reminders, check-ins and waitlist offers come while its bot is killed."""

from datetime import datetime, timedelta
from typing import Final

from benchmarks.crashing.people import HELPERS
from benchmarks.crashing.scene import Scene
from bot.domain.meeting import first_look
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Member, Occurrence, OfficeHours, Slot, Waiting

DAYS: Final = 4
"""For how many days everybody has offered an hour."""
STRIDES: Final = {
    timedelta(minutes=1): 2,
    timedelta(minutes=5): 6,
    timedelta(minutes=11): 4,
    timedelta(minutes=31): 2,
    timedelta(hours=3): 1,
}
"""How much time passes at once, and how often: the steps of a booking are minutes apart."""
FIRST_AFTER: Final = timedelta(minutes=20)
"""When the first hour begins; nobody has to wait for something to happen."""
_QUESTION: Final = "How do I find out whether the labels or the loss is wrong?"
_SLOTS: Final = 3
_SLOT, _EVERY, _HOUR = timedelta(minutes=15), timedelta(minutes=20), timedelta(hours=1)


class HoursScene(Scene):
    """A scene in which the bot is killed around the moments at which something is due."""

    async def _do_until_killed(self) -> None:
        """Let time pass first, so that whatever became due is under way when the kill comes."""
        await self._pass_time(self._stride())
        await super()._do_until_killed()

    def _stride(self) -> timedelta:
        (stride,) = self._draw.choices(list(STRIDES), list(STRIDES.values()))
        return stride


async def agree(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Let every helper offer an hour a day, one after the other, and book most of each; others wait for a place."""
    members = [await work.members.ensure(guild_id, user_id, now) for user_id in HELPERS]
    for day in range(DAYS):
        for place, host in enumerate(members):
            starts_at = now + FIRST_AFTER + day * timedelta(days=1) + place * _HOUR
            others = [*members[place + 1 :], *members[:place]]
            await _hour(work, host, others, starts_at, now)
    for member in members:
        waiting = Waiting(guild_id=guild_id, member_id=member.id, interaction_id=None, question=_QUESTION, since=now)
        work.waitlist.add(waiting)


async def _hour(work: UnitOfWork, host: Member, others: list[Member], starts_at: datetime, now: datetime) -> None:
    series = OfficeHours(
        guild_id=host.guild_id, host_id=host.id, interaction_id=None, zone="UTC", first=starts_at.date(),
        begins=starts_at.time(), ends=(starts_at + _HOUR).time(), created_at=now, confirmed_at=now,
        planned_until=now + timedelta(days=90),
    )  # fmt: skip
    work.office_hours.add(series)
    await work.flush()
    occurrence = Occurrence(
        office_hours_id=series.id, guild_id=host.guild_id, host_id=host.id, day=starts_at.date(), starts_at=starts_at,
        ends_at=starts_at + _HOUR,
    )  # fmt: skip
    work.office_hours.add_occurrence(occurrence)
    await work.flush()
    for number, asker in enumerate(others[:_SLOTS]):
        begins = starts_at + number * _EVERY
        slot = Slot(
            occurrence_id=occurrence.id, guild_id=host.guild_id, host_id=host.id, starts_at=begins,
            ends_at=begins + _SLOT, state="booked",
        )  # fmt: skip
        work.office_hours.add_slots([slot])
        await work.flush()
        await _book(work, slot, asker, now)


async def _book(work: UnitOfWork, slot: Slot, asker: Member, now: datetime) -> None:
    booking = Booking(
        slot_id=slot.id, guild_id=slot.guild_id, host_id=slot.host_id, asker_id=asker.id, interaction_id=None,
        question=_QUESTION, booked_at=now, starts_at=slot.starts_at, ends_at=slot.ends_at,
        next_look_at=first_look(now, slot.starts_at),
    )  # fmt: skip
    work.bookings.add(booking)
    await work.flush()
    await work.bookings.speak_for(booking)
