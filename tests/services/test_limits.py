"""Numbers that hold for each person: however often and however many at once, and after a restart."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.limits import DAY, LIMITS, Deed
from bot.errors import LimitReached
from bot.routing.ports import Role, Vectors
from bot.services import limits
from bot.services.office_hours.booking import NewBooking
from bot.services.people.profiling import ProfileForm
from bot.store.engine import Database
from models import Done
from tests.factories import GUILD_ID, a_member
from tests.fakes import QUESTION, House, a_new_question, new_id
from tests.hashing import HashingEmbedder
from tests.services.scenes import at_once

SOMEBODY = 31
Press = Callable[[House], Awaitable[object]]


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open(open_limit=3)
    return house


async def member_id(house: House, user_id: int = SOMEBODY) -> int:
    async with house.database.begin() as work:
        return (await a_member(work, user_id=user_id)).id


async def count(house: House, who: int, deed: Deed) -> None:
    async with house.database.begin() as work:
        await work.lock(GUILD_ID)
        await limits.hold(work, who, deed, house.clock.now())


@pytest.mark.parametrize("deed", Deed)
async def test_a_number_holds_says_when_it_is_possible_again_and_means_it(house: House, deed: Deed) -> None:
    who, other, most = await member_id(house), await member_id(house, 32), LIMITS[deed].most
    first = house.clock.now()
    for _ in range(most):
        await count(house, who, deed)
        house.clock.advance(timedelta(minutes=1))

    with pytest.raises(LimitReached, match=r"limit\.reached") as refusal:
        await count(house, who, deed)
    assert refusal.value.params["again"] == int((first + DAY).timestamp()) + 1
    assert refusal.value.params["most"] == most
    await count(house, other, deed)
    for another in set(Deed) - {deed}:
        await count(house, who, another)

    house.clock.moment = first + DAY + timedelta(seconds=1)
    await count(house, who, deed)
    with pytest.raises(LimitReached):
        await count(house, who, deed)


async def test_many_at_once_keep_the_number(house: House) -> None:
    who, most = await member_id(house), LIMITS[Deed.CHECK].most

    refused = await at_once(count(house, who, Deed.CHECK) for _ in range(2 * most))

    assert refused == {LimitReached: most}
    assert len(await house.rows(Done, deed="check")) == most


async def test_what_counts_no_longer_is_forgotten(house: House) -> None:
    await count(house, await member_id(house), Deed.LOOK)
    await house.asking.forget_unposted()
    assert len(await house.rows(Done)) == 1

    house.clock.advance(DAY)
    await house.asking.forget_unposted()
    assert await house.rows(Done) == []


@dataclass
class Counting(HashingEmbedder):
    """An encoder that counts what it reads."""

    texts: int = 0

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        self.texts += len(texts)
        return await super().embed(texts, role)


async def used_up(house: House, deed: Deed) -> None:
    who = await member_id(house)
    async with house.database.begin() as work:
        for _ in range(LIMITS[deed].most):
            work.deeds.add(who, deed, house.clock.now())


async def write(house: House) -> None:
    await house.asking.ask(a_new_question(SOMEBODY, "Can I ask something about machine learning?"))


async def look(house: House) -> None:
    await house.booking.slots_for(NewBooking(GUILD_ID, SOMEBODY, new_id(), QUESTION))


async def save(house: House) -> None:
    await house.profiling.save(GUILD_ID, SOMEBODY, ProfileForm("CTC loss"))


ENCODING: dict[Deed, Press] = {Deed.WRITE: write, Deed.LOOK: look, Deed.PROFILE: save}


@pytest.mark.parametrize("deed", ENCODING)
async def test_a_used_up_number_ends_it_before_anything_is_encoded(database: Database, deed: Deed) -> None:
    encoder = Counting()
    house = House(database, encoder=encoder)
    await house.open()
    await house.helper("CTC loss")
    await used_up(house, deed)
    before = await house.snapshot()

    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await ENCODING[deed](house)

    assert encoder.texts == 0
    assert await house.snapshot() == before


async def test_whoever_has_no_place_for_a_question_costs_the_encoder_nothing(database: Database) -> None:
    encoder = Counting()
    house = House(database, encoder=encoder)
    await house.open(open_limit=1)
    await house.ask(SOMEBODY)
    read = encoder.texts

    with pytest.raises(LimitReached, match=r"ask\.limit"):
        await house.ask(SOMEBODY)

    assert encoder.texts == read


async def test_a_restart_forgets_no_number(house: House) -> None:
    await used_up(house, Deed.WRITE)

    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await write(House(house.database))
