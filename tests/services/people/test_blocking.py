"""Keeping someone away: in both directions, for every way of being asked, and without a word to anyone."""

import pytest

from bot.domain.lifecycle import FOR_QUESTIONS, Visibility
from bot.errors import Invalid, LimitReached
from bot.services.people.blocking import MOST
from bot.store.engine import Database
from models import Block, OutboxLetter
from tests.factories import GUILD_ID, a_guild
from tests.fakes import CHANNEL_ID, House
from tests.services.scenes import ASKER, STRANGER, ask, at_once, begin, elapse, said_to


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def test_whom_somebody_keeps_away_is_listed_in_their_order(house: House) -> None:
    assert await house.blocking.blocked(GUILD_ID, ASKER) == {}
    for other in (9, 8, 7):
        await house.blocking.block(GUILD_ID, ASKER, other)
    assert list((await house.blocking.blocked(GUILD_ID, ASKER)).values()) == [9, 8, 7]
    for other in (9, 8, 7):
        assert await house.blocking.blocked(GUILD_ID, other) == {}


async def test_blocking_twice_is_once(house: House) -> None:
    blocked = await house.blocking.block(GUILD_ID, ASKER, STRANGER)
    before = await house.snapshot()
    assert await house.blocking.block(GUILD_ID, ASKER, STRANGER) == blocked
    assert await house.snapshot() == before


async def test_whoever_is_let_in_again_is_gone_from_the_list(house: House) -> None:
    await house.blocking.block(GUILD_ID, ASKER, 8)
    first, second = await house.blocking.block(GUILD_ID, ASKER, 9)
    assert await house.blocking.unblock(GUILD_ID, ASKER, [first]) == {second: 9}
    before = await house.snapshot()
    assert await house.blocking.unblock(GUILD_ID, ASKER, [first, 10**9]) == {second: 9}
    assert await house.blocking.unblock(GUILD_ID, STRANGER, [second]) == {}
    assert await house.snapshot() == before


async def test_nobody_lets_in_whom_somebody_else_keeps_away(house: House) -> None:
    (away,) = await house.blocking.block(GUILD_ID, ASKER, 9)
    await house.blocking.block(GUILD_ID, STRANGER, 9)
    await house.blocking.unblock(GUILD_ID, STRANGER, [away])
    assert list((await house.blocking.blocked(GUILD_ID, ASKER)).values()) == [9]


async def test_nobody_keeps_themselves_away(house: House) -> None:
    before = await house.snapshot()
    with pytest.raises(Invalid, match=r"block\.yourself"):
        await house.blocking.block(GUILD_ID, ASKER, ASKER)
    assert await house.snapshot() == before


async def test_twenty_five_are_the_most(house: House) -> None:
    for other in range(100, 100 + MOST):
        await house.blocking.block(GUILD_ID, ASKER, other)
    before = await house.snapshot()
    with pytest.raises(LimitReached, match=r"block\.limit") as refusal:
        await house.blocking.block(GUILD_ID, ASKER, STRANGER)
    assert refusal.value.params == {"limit": MOST}
    assert len(await house.blocking.block(GUILD_ID, ASKER, 100)) == MOST == 25
    assert await house.snapshot() == before


async def test_of_thirty_at_once_twenty_five_are_kept_away(house: House) -> None:
    await house.person(user_id=ASKER)
    assert await at_once(house.blocking.block(GUILD_ID, ASKER, other) for other in range(100, 130)) == {LimitReached: 5}
    assert len(await house.rows(Block)) == MOST


async def test_the_same_block_at_once_is_one(house: House) -> None:
    acts = [house.blocking.block(GUILD_ID, ASKER, STRANGER) for _ in range(8)]
    assert await at_once([*acts, *(house.blocking.block(GUILD_ID, STRANGER, ASKER) for _ in range(8))]) == {}
    assert len(await house.rows(Block)) == 2


async def test_a_block_is_one_community_s(house: House) -> None:
    await house.blocking.block(GUILD_ID, ASKER, STRANGER)
    async with house.database.begin() as work:
        await a_guild(work, GUILD_ID + 1, help_channel_id=CHANNEL_ID)
    assert await house.blocking.blocked(GUILD_ID + 1, ASKER) == {}


@pytest.mark.parametrize("visibility", FOR_QUESTIONS)
@pytest.mark.parametrize("is_by_asker", [True, False])
async def test_neither_is_asked_for_the_other(house: House, visibility: Visibility, *, is_by_asker: bool) -> None:
    away, other = await house.helpers(2)
    pair = (ASKER, away.user_id) if is_by_asker else (away.user_id, ASKER)
    await house.blocking.block(GUILD_ID, *pair)
    scene = await begin(house, 0, visibility)
    await elapse(house, days=2, step=6)
    assert list(await scene.invited()) == [other.id]
    assert said_to(house, away.user_id) == []


async def test_whoever_is_kept_away_is_asked_for_others(house: House) -> None:
    away = await house.helper()
    await house.blocking.block(GUILD_ID, ASKER, away.user_id)
    await ask(house, STRANGER)
    await house.settle()
    assert len(said_to(house, away.user_id)) == 1


async def test_whoever_is_let_in_again_is_asked_again(house: House) -> None:
    helper = await house.helper()
    away = await house.blocking.block(GUILD_ID, ASKER, helper.user_id)
    scene = await begin(house, 0)
    await house.blocking.unblock(GUILD_ID, ASKER, away)
    await elapse(house, hours=1)
    assert list(await scene.invited()) == [helper.id]


async def test_a_question_that_only_those_match_who_are_kept_away_promises_no_first_try(house: House) -> None:
    away = await house.helper(zone="Pacific/Auckland")
    await house.blocking.block(GUILD_ID, away.user_id, ASKER)
    receipt = await ask(house, ASKER)
    assert (receipt.invited, receipt.first_chance) == (0, None)


async def test_nobody_is_told(house: House) -> None:
    away = await house.blocking.block(GUILD_ID, ASKER, STRANGER)
    await house.blocking.unblock(GUILD_ID, ASKER, away)
    assert await house.rows(OutboxLetter) == []
