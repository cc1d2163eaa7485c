"""What is put back is what was kept."""

from bot.store.engine import Database
from tests.fakes import House
from tests.services.preparing import prepared
from tests.services.underway import MATTERS, start


async def test_a_house_that_is_put_back_is_the_house_that_was_kept(database: Database) -> None:
    house = House(database)
    await start(house, next(iter(MATTERS)))
    await house.settle()
    kept = await prepared(house)
    rows, said, moment = await house.snapshot(), [*house.messenger.shown], house.clock.now()

    await house.person()
    house.messenger.shown.clear()
    other = House(database)
    await kept.put_into(other)

    assert said
    assert await other.snapshot() == rows
    assert (other.messenger.shown, other.clock.now()) == (said, moment)
