from datetime import datetime, timedelta

from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Member, WaitlistPlace
from tests.factories import GUILD_ID, NOW, a_member, a_series, a_slot, an_occurrence, having

MINUTE = timedelta(minutes=1)


async def a_place(work: UnitOfWork, member: Member, since: datetime = NOW, **chosen: object) -> WaitlistPlace:
    """Put someone on the list, for anyone who matches."""
    place = WaitlistPlace(
        guild_id=GUILD_ID, member_id=member.id, interaction_id=None, question="Why is it late?", since=since
    )
    work.waitlist.add(having(place, chosen))
    await work.flush()
    return place


async def test_whoever_is_offered_something_is_not_next_for_anything_else(database: Database) -> None:
    async with database.begin() as work:
        host, first, second, third = [await a_member(work) for _ in range(4)]
        occurrence = await an_occurrence(work, await a_series(work, host))
        offered, kept = [await a_slot(work, occurrence, number, state="promised") for number in range(2)]
        await a_slot(work, occurrence, 2)
        await a_place(work, first, host_id=host.id, state="offered", slot_id=offered.id, offer_ends_at=NOW)
        await a_place(work, first)
        last = await a_place(work, second, NOW + MINUTE)
        sooner = await a_place(work, third)
        await a_place(work, host)

    async with database.read() as work:
        assert [each.id for each in await work.waitlist.line(GUILD_ID, host.id)] == [sooner.id, last.id]
        assert await work.waitlist.promised(10) == [(GUILD_ID, kept.id)]
        assert await work.waitlist.kept(GUILD_ID) == 1
        assert await work.waitlist.kept(GUILD_ID + 1) == 0


async def test_slots_that_are_new_together_are_found_by_each(database: Database) -> None:
    async with database.begin() as work:
        host, other = await a_member(work), await a_member(work)
        occurrence = await an_occurrence(work, await a_series(work, host))
        elsewhere = await an_occurrence(work, await a_series(work, other))
        new = [await a_slot(work, occurrence, number, open_since=NOW) for number in range(2)]
        freed = await a_slot(work, occurrence, 2, open_since=NOW + MINUTE)
        first = await a_slot(work, occurrence, 3)
        await a_slot(work, elsewhere, open_since=NOW)

    async with database.read() as work:
        slots = await work.bookings.slots([each.id for each in (*new, freed, first)])
        together = [sorted(await work.bookings.opened_with(each)) for each in slots]
    ids = [each.id for each in new]
    assert together == [ids, ids, [freed.id], [first.id]]
