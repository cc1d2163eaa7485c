"""A community with office hours: reminders, check-ins and waitlist offers come while its bot is killed."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.meeting import first_look
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Member, Occurrence, OfficeHours, QueuePlace, Slot, WaitlistPlace
from reliability.people import HELPERS
from reliability.scene import Scene
from reliability.visitors import VISITORS, Visitors

DAYS: Final = 2
"""For how many days hours are offered, at the same hours of each."""
HOURS: Final = 16
"""How many hours of a day a host can be booked, one after the other.

At every second of them another is there too, for anyone who comes.
"""
STRIDES: Final = {
    timedelta(minutes=1): 2,
    timedelta(minutes=5): 8,
    timedelta(minutes=11): 4,
    timedelta(minutes=31): 3,
    timedelta(hours=1): 1,
}
"""How much time passes at once, and how often: the steps of a booking are minutes apart."""
FIRST_AFTER: Final = timedelta(minutes=20)
"""When the first hour begins; no one has to wait for something to happen."""
_QUESTION: Final = "How do I find out whether the labels or the loss is wrong?"
_TOPICS: Final = "labels, loss and what is wrong with them"
_SLOTS: Final = ("booked", "booked", "open")
"""What becomes of an hour's slots to begin with; the last one of every second hour is booked too."""
_SLOT, _EVERY, _HOUR, _DAY = timedelta(minutes=15), timedelta(minutes=20), timedelta(hours=1), timedelta(days=1)


class HoursScene(Scene):
    """A scene in which the bot is killed around the moments at which something is due."""

    looks_every = 0.5
    people_are = Visitors
    strides = STRIDES

    async def _do_until_killed(self) -> None:
        """Let time pass first, so that what became due is under way when the kill comes."""
        await self._pass_time(self._stride())
        await super()._do_until_killed()


async def agree(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Let helpers offer hours one after the other, some booked and some walk-in; others wait for a place."""
    hosts = [await work.members.ensure(guild_id, user_id, now) for user_id in HELPERS]
    visitors = [await work.members.ensure(guild_id, user_id, now) for user_id in VISITORS]
    for number in range(HOURS):
        host, *others = hosts[number % len(hosts) :] + hosts[: number % len(hosts)]
        begins = now + FIRST_AFTER + number * _HOUR
        for each in await _series(work, host, begins, now):
            await _slots(work, each, others, now, is_full=bool(number % 2))
        if number % 2:
            first, *_ = await _series(work, others[2], begins, now, is_walk_in=True)
            _queue(work, first, visitors[number % 3 :: 3], now)
    for number, member in enumerate(visitors):
        host_id = None if number % 3 else hosts[number % len(hosts)].id
        work.waitlist.add(
            WaitlistPlace(
                guild_id=guild_id, member_id=member.id, interaction_id=None, question=_QUESTION, since=now,
                host_id=host_id,
            )
        )  # fmt: skip


async def _series(
    work: UnitOfWork, host: Member, begins: datetime, now: datetime, *, is_walk_in: bool = False
) -> list[Occurrence]:
    series = OfficeHours(
        guild_id=host.guild_id, host_id=host.id, interaction_id=None, zone="UTC", first=begins.date(),
        begins=begins.time(), ends=(begins + _HOUR).time(), created_at=now, confirmed_at=now, rule="FREQ=DAILY",
        topics=_TOPICS, planned_until=now + timedelta(days=90), is_walk_in=is_walk_in,
    )  # fmt: skip
    work.office_hours.add(series)
    await work.flush()
    found = [
        Occurrence(
            office_hours_id=series.id, guild_id=host.guild_id, host_id=host.id, day=each.date(), starts_at=each,
            ends_at=each + _HOUR,
        )
        for each in (begins + day * _DAY for day in range(DAYS))
    ]  # fmt: skip
    for each in found:
        work.office_hours.add_occurrence(each)
    await work.flush()
    return found


async def _slots(
    work: UnitOfWork, occurrence: Occurrence, askers: list[Member], now: datetime, *, is_full: bool
) -> None:
    for number, (state, asker) in enumerate(zip(_SLOTS, askers, strict=False)):
        begins = occurrence.starts_at + number * _EVERY
        slot = Slot(
            occurrence_id=occurrence.id, guild_id=occurrence.guild_id, host_id=occurrence.host_id, starts_at=begins,
            ends_at=begins + _SLOT, state="booked" if is_full else state,
        )  # fmt: skip
        work.office_hours.add_slots([slot])
        await work.flush()
        if slot.state == "booked":
            await _book(work, slot, asker, now)


def _queue(work: UnitOfWork, occurrence: Occurrence, members: list[Member], now: datetime) -> None:
    """Let people stand in a queue, and the last one holds their place for a while after it has begun."""
    for number, member in enumerate(members, 1):
        is_held = number == len(members)
        place = QueuePlace(
            occurrence_id=occurrence.id, member_id=member.id, question=_QUESTION,
            since=now + timedelta(seconds=number), state="held" if is_held else "waiting",
            held_until=occurrence.starts_at + _SLOT if is_held else None,
        )  # fmt: skip
        work.queue_places.add(place)


async def _book(work: UnitOfWork, slot: Slot, asker: Member, now: datetime) -> None:
    booking = Booking(
        slot_id=slot.id, guild_id=slot.guild_id, host_id=slot.host_id, asker_id=asker.id, interaction_id=None,
        question=_QUESTION, booked_at=now, starts_at=slot.starts_at, ends_at=slot.ends_at,
        next_look_at=first_look(now, slot.starts_at),
    )  # fmt: skip
    work.bookings.add(booking)
    await work.flush()
    await work.bookings.speak_for(booking)
