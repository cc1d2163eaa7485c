"""Office hours for tests of what people book: hosts, their slots, and someone who would like one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.services.office_hours.agreeing import NewBooking
from bot.services.office_hours.booking_results import Booked
from models import Member
from tests.factories import GUILD_ID, a_series, a_slot, an_occurrence
from tests.fakes import EXPERTISE, QUESTION, House, new_id

ASKER = 77
TOMORROW = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """One time that someone helps, with its slots."""

    host: Member
    slot_ids: Sequence[int]


async def open_hours(
    house: House, statement: str = EXPERTISE, *, slots: int = 2, after: timedelta = TOMORROW,
    topics: str | None = None, host: Member | None = None,
) -> Hours:  # fmt: skip
    """Let a new host who knows about something (or this one) offer some slots, from `after` now on."""
    host = host or await house.helper(statement)
    begins = house.clock.now() + after
    async with house.database.begin() as work:
        series = await a_series(work, host, topics=topics)
        occurrence = await an_occurrence(work, series, starts_at=begins, ends_at=begins + timedelta(hours=1))
        rows = [await a_slot(work, occurrence, number) for number in range(slots)]
        return Hours(host, [each.id for each in rows])


def wish(user_id: int = ASKER, question: str = QUESTION, interaction_id: int | None = None) -> NewBooking:
    """Return what someone would like 15 minutes for; each is a press of its own."""
    return NewBooking(GUILD_ID, user_id, interaction_id or new_id(), question)


async def book(house: House, hours: Hours, user_id: int = ASKER, place: int = 0) -> Booked:
    """Let someone book one of these slots."""
    return await house.booking.book(wish(user_id), hours.slot_ids[place])


async def wait_for(house: House, user_id: int, host: Member | None = None, question: str = QUESTION) -> int:
    """Let someone join the waitlist, for one host or for anyone who matches; return their place."""
    choices = await house.booking.slots_for(wish(user_id, question))
    place = await house.waitlisting.join(choices.waiting_id, user_id, host.user_id if host else None)
    return place.waiting_id
