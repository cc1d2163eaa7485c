"""Statistics that moderators read together: posted once, as they were, with their picture."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.disclosure import Amount, table
from bot.domain.limits import LIMITS, Deed
from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.domain.windows import last_weeks
from bot.errors import LimitReached, Unavailable
from bot.services.community.letters import SharedPanel
from bot.services.community.sharing import SharedIn
from bot.services.ports import TryLater, Undeliverable
from bot.store.engine import Database
from models import OutboxFile, OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.scenes import MODERATORS_ID

MODERATOR = 77


@pytest.fixture
async def house(database: Database) -> House:
    opened = House(database)
    opened.statistician.instead = drawn
    await opened.open(moderator_channel_id=MODERATORS_ID)
    return opened


def drawn(wish: PanelWish) -> StatsPanel:
    shown = table("flow", ("stats.asked",), [("2 Nov", (Amount(12),))])
    return StatsPanel(wish.name, last_weeks(wish.now, wish.weeks), (), (shown,), b"a picture")


async def share(house: House, name: PanelName = PanelName.FLOW, weeks: int = 4) -> SharedIn:
    return await house.sharing.share(GUILD_ID, MODERATOR, name, weeks, "en")


async def test_moderators_read_a_panel_with_its_picture(house: House) -> None:
    assert await share(house) == SharedIn(MODERATORS_ID, is_new=True)
    await house.settle()

    (letter,) = house.messenger.of("statistics")
    assert letter.channel_id == MODERATORS_ID
    assert isinstance(letter.content, SharedPanel)
    assert letter.content.picture is not None
    assert (letter.content.picture.name, letter.content.picture.content) == ("flow.png", b"a picture")
    assert letter.content.picture.description
    assert await house.rows(OutboxFile) == []
    (row,) = await house.rows(OutboxLetter)
    assert row["params"] == {}


async def test_the_same_weeks_are_posted_once(house: House) -> None:
    shared = await asyncio.gather(*[share(house) for _ in range(4)])
    await house.settle()

    assert sorted(each.is_new for each in shared) == [False, False, False, True]
    assert not (await share(house)).is_new
    assert (await share(house, weeks=12)).is_new
    await house.settle()
    assert len(house.messenger.of("statistics")) == 2


async def test_a_panel_that_was_given_up_may_be_shared_again(house: House) -> None:
    house.messenger.trouble(Undeliverable("403/50001"), kind="statistics", times=1)
    await share(house)
    await house.settle()
    assert house.messenger.of("statistics") == []
    assert await house.rows(OutboxFile) == []

    assert (await share(house)).is_new
    await house.settle()

    assert len(house.messenger.of("statistics")) == 1


async def test_a_panel_waits_for_discord_with_its_picture(house: House) -> None:
    house.messenger.trouble(TryLater("500"), kind="statistics", times=1)
    await share(house)
    await house.settle()
    assert len(await house.rows(OutboxFile)) == 1

    house.clock.advance(timedelta(hours=2))
    await house.settle()

    (letter,) = house.messenger.of("statistics")
    assert isinstance(letter.content, SharedPanel)
    assert letter.content.picture is not None


async def test_without_a_channel_a_sentence_says_how_to_choose_one(database: Database) -> None:
    house = House(database)

    with pytest.raises(Unavailable, match=r"stats\.no_moderator_channel"):
        await share(house)
    await house.open()
    with pytest.raises(Unavailable, match=r"stats\.no_moderator_channel"):
        await share(house)
    assert await house.rows(OutboxLetter) == []


async def test_one_person_shares_so_often_and_no_more(house: House) -> None:
    async with house.database.begin() as work:
        member = await work.members.ensure(GUILD_ID, MODERATOR, house.clock.now())
        for _ in range(LIMITS[Deed.SHARE].most - 1):
            work.deeds.add(member.id, Deed.SHARE, house.clock.now())
    await share(house)
    assert not (await share(house)).is_new

    with pytest.raises(LimitReached):
        await share(house, PanelName.WAITS)
    assert len(await house.rows(OutboxLetter)) == 1
