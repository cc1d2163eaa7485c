"""Bookings that calendars know by a name from before keep it."""

from sqlalchemy import text

from bot.store.engine import Database
from models import Booking
from tests.factories import NOW, a_member, a_series, a_slot, an_occurrence
from tests.migrations.shape import downgrade_to, upgrade_to


async def test_an_older_booking_keeps_the_name_under_which_calendars_have_it(database: Database) -> None:
    async with database.begin() as work:
        host, asker = await a_member(work), await a_member(work)
        slot = await a_slot(work, await an_occurrence(work, await a_series(work, host)))
        booking = Booking(
            slot_id=slot.id, guild_id=slot.guild_id, host_id=host.id, asker_id=asker.id, interaction_id=None,
            question="Why?", booked_at=NOW, starts_at=slot.starts_at, ends_at=slot.ends_at,
        )  # fmt: skip
        work.bookings.add(booking)

    await downgrade_to(database.engine, "0009")
    await upgrade_to(database.engine, "head")

    async with database.engine.connect() as connection:
        uids = (await connection.execute(text("SELECT uid FROM booking"))).scalars().all()
    assert uids == [f"booking-{booking.id}@morsel"]
