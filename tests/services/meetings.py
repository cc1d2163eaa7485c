"""Two people who agreed on fifteen minutes, for tests of what comes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.meeting import first_look
from bot.services.results import Letter
from bot.store.unit_of_work import UnitOfWork
from models import Appointment, Booking, Fact, Member, Slot
from tests.factories import NOW, a_member, a_series, a_slot, an_occurrence, having
from tests.fakes import CHANNEL_ID, House, part, values

HOST, ASKER = 11, 22
MODERATORS_ID = 1_100_000_000_000_000_002
START = NOW + timedelta(days=3)
MINUTE = timedelta(minutes=1)


@dataclass
class Scene:
    """One booking between `HOST` and `ASKER`, three days ahead."""

    house: House
    id: int
    host: Member
    asker: Member

    async def row(self) -> dict[str, Any]:
        (row,) = await self.house.rows(Booking, id=self.id)
        return row

    async def state(self) -> tuple[object, object]:
        """Return its state, and who was missing."""
        row = await self.row()
        return row["state"], row["missing"]

    async def facts(self) -> list[object]:
        return values(await self.house.rows(Fact), "type")

    async def appointments(self) -> int:
        return len(await self.house.rows(Appointment))

    async def here(self, user_id: int) -> bool:
        """Let someone say that they are there; return whether the other is, too."""
        return (await self.house.meeting.here(self.id, user_id)).is_other_here

    async def at(self, minutes: float) -> list[tuple[str | None, int | None]]:
        """Look at so many minutes after the start; return what is said by that, and who reads it."""
        return await self.look(START + minutes * MINUTE)

    async def look(self, moment: datetime) -> list[tuple[str | None, int | None]]:
        before = len(self.house.messenger.shown)
        self.house.clock.moment = moment
        await self.house.meeting.sweep()
        await self.house.settle()
        return said(self.house.messenger.shown[before:])

    async def settle(self) -> list[tuple[str | None, int | None]]:
        """Return what is said by now, and who reads it."""
        before = len(self.house.messenger.shown)
        await self.house.settle()
        return said(self.house.messenger.shown[before:])


async def held(scene: Scene) -> None:
    """Let them meet for fifteen minutes."""
    await scene.at(0)
    await scene.here(HOST)
    await scene.here(ASKER)
    await scene.at(15)


def said(letters: list[Letter[Any]]) -> list[tuple[str | None, int | None]]:
    """Return the letters' keys without their section, and their addressees."""
    return [((part(letter, "text") or "").partition(".")[2], letter.addressee_id) for letter in letters]


async def opened(house: House) -> House:
    await house.open(moderator_channel_id=MODERATORS_ID, meeting_channel_id=CHANNEL_ID)
    return house


async def agreed(house: House, starts_at: datetime = START, **chosen: object) -> Scene:
    """Let two people agree on fifteen minutes; the columns of their booking are as `chosen`."""
    async with house.database.begin() as work:
        host, asker = await a_member(work, user_id=HOST), await a_member(work, user_id=ASKER)
        booking = await an_agreement(work, host, asker, house.clock.now(), starts_at, **chosen)
        return Scene(house, booking.id, host, asker)


async def an_agreement(
    work: UnitOfWork, host: Member, asker: Member, now: datetime, starts_at: datetime, **chosen: object
) -> Booking:
    """Make hours of one person's with a slot that another has booked."""
    series = await a_series(work, host)
    occurrence = await an_occurrence(
        work, series, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), day=starts_at.date()
    )
    booking = having(a_booking(await a_slot(work, occurrence, state="booked"), asker, now), chosen)
    work.bookings.add(booking)
    await work.flush()
    await work.bookings.speak_for(booking)
    return booking


def a_booking(slot: Slot, asker: Member, now: datetime) -> Booking:
    return Booking(
        slot_id=slot.id,
        guild_id=slot.guild_id,
        host_id=slot.host_id,
        asker_id=asker.id,
        interaction_id=None,
        question="How do I find out whether the labels or the loss is wrong?",
        booked_at=now,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        next_look_at=first_look(now, slot.starts_at),
    )


async def missed(scene: Scene, times: int) -> list[int]:
    """Let the asker miss so many meetings of the days before; return their bookings."""
    async with scene.house.database.begin() as work:
        series = await a_series(work, scene.host)
        ids = list[int]()
        for number in range(1, times + 1):
            begin = START - timedelta(days=number)
            occurrence = await an_occurrence(
                work, series, starts_at=begin, ends_at=begin + 60 * MINUTE, day=begin.date(), state="planned"
            )
            booking = a_booking(await a_slot(work, occurrence), scene.asker, NOW)
            booking.state, booking.missing, booking.next_look_at = "not_found", "asker", None
            work.bookings.add(booking)
            await work.flush()
            ids.append(booking.id)
        return ids


async def third(scene: Scene) -> None:
    """Let the asker miss a meeting for the third time."""
    await missed(scene, 2)
    await scene.at(11)
    await scene.house.meeting.not_here(scene.id, HOST)
    await scene.settle()
