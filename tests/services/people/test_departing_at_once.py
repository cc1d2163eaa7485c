"""Two people who go away at once, with anything under way."""

import itertools

import pytest

from bot.store.engine import Database
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.people.test_departing import days_go_by, expected_of, is_about, look_at_everything
from tests.services.underway import MATTERS, start

pytestmark = pytest.mark.both
TWOS = [(matter, two) for matter, each in MATTERS.items() for two in itertools.combinations(each.roles, 2)]


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


@pytest.mark.parametrize(("matter", "two"), TWOS, ids=str)
async def test_two_who_go_at_once_leave_nothing_that_waits_for_them(
    house: House, matter: str, two: tuple[str, str]
) -> None:
    roles = await start(house, matter)
    gone, before = [roles[each] for each in two], len(house.messenger.shown)
    for user_id in gone:
        house.membership.lose(user_id)

    await look_at_everything(house)
    for user_id in gone:
        await house.belonging.left(GUILD_ID, user_id)
    await days_go_by(house)

    said = house.messenger.shown[before:]
    assert [each.kind for each in said if any(is_about(each, user_id) for user_id in gone)] == []
    assert [await expected_of(house, user_id) for user_id in gone] == [{}, {}]
