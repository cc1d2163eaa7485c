from datetime import timedelta

from bot.store.engine import Database
from tests.factories import NOW, a_member, a_series, a_slot, an_occurrence


async def test_what_somebody_offers_is_found_in_order(database: Database) -> None:
    async with database.begin() as work:
        host, other = await a_member(work), await a_member(work)
        series = await a_series(work, host)
        later = await an_occurrence(work, series, day=NOW.date(), starts_at=NOW + timedelta(days=8))
        sooner = await an_occurrence(work, series)
        await an_occurrence(work, series, day=(NOW - timedelta(days=7)).date(), ends_at=NOW)
        await an_occurrence(work, await a_series(work, other))
        for number in (2, 0, 1):
            await a_slot(work, sooner, number)

    async with database.read() as work:
        found = await work.office_hours.planned_of(host.id, NOW)
        assert [each.id for each in found] == [sooner.id, later.id]
        assert [each.starts_at - sooner.starts_at for each in await work.office_hours.slots(sooner.id)] == [
            number * timedelta(minutes=20) for number in range(3)
        ]
        assert len(await work.office_hours.days(series.id)) == 3
