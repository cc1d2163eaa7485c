"""A digest each Monday: one a community and week, whatever crashes, and nothing of weeks that are too quiet."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.disclosure import FEW, Amount, Length, Safe, Share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import last_weeks
from bot.errors import Unavailable
from bot.services.community.letters import SharedPanel
from bot.statistics.digest import week_told
from bot.store.engine import Database
from bot.texts import say
from models import OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import House, ManualClock
from tests.services.scenes import MODERATORS_ID

OTHER_ID = GUILD_ID + 1
SUNDAY = datetime(2026, 11, 29, 20, tzinfo=UTC)
EIGHT = datetime(2026, 11, 30, 8, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HALF = Length(10_800, 7_200, 18_000)
NEARLY_ALL = Share(0.95, 20, 0.8, 0.99)


@dataclass
class Weeks:
    """What a community's weeks look like, and who can't be counted."""

    asked: Safe = field(default_factory=lambda: Amount(12))
    broken: set[int] = field(default_factory=set)
    wishes: list[PanelWish] = field(default_factory=list)

    def __call__(self, wish: PanelWish) -> StatsPanel:
        self.wishes.append(wish)
        if wish.guild_id in self.broken:
            raise Unavailable("error.statistics")
        return panel(wish, self.asked) if wish.name == PanelName.OVERVIEW else topics(wish)


def panel(wish: PanelWish, asked: Safe = FEW, half: Safe = HALF, answered: Safe = NEARLY_ALL) -> StatsPanel:
    cells = {"asked": asked, "in_a_week": answered, "half": half}
    shown = table("overview", ("stats.now",), [(f"stats.{name}", (each,)) for name, each in cells.items()])
    return StatsPanel(wish.name, last_weeks(wish.now, wish.weeks), (), (shown,))


def topics(wish: PanelWish) -> StatsPanel:
    said = (Sentence("stats.topics.no_one_offers", {"topic": "survival · hazards"}), Sentence("stats.topics.none"))
    return StatsPanel(wish.name, last_weeks(wish.now, 12), said, (), is_fixed=True)


@pytest.fixture
async def house(database: Database) -> House:
    opened = House(database, clock=ManualClock(SUNDAY))
    await opened.open(moderator_channel_id=MODERATORS_ID)
    return opened


@pytest.fixture
def weeks(house: House) -> Weeks:
    house.statistician.instead = made = Weeks()
    return made


async def pass_to(house: House, moment: datetime) -> list[str]:
    """Let time go by; return all that moderators have read by then."""
    house.clock.moment = moment
    await house.digesting.sweep()
    await house.settle()
    return [each.content.text for each in house.messenger.of("statistics") if isinstance(each.content, SharedPanel)]


async def test_each_week_has_one_digest_from_monday_on(house: House, weeks: Weeks) -> None:
    begins = await house.digesting.want(GUILD_ID)
    assert (begins.channel_id, begins.at) == (MODERATORS_ID, EIGHT)
    assert await house.digesting.is_wanted(GUILD_ID)

    assert await pass_to(house, SUNDAY) == []
    assert await pass_to(house, EIGHT - timedelta(hours=7)) == []
    assert len(await pass_to(house, EIGHT)) == 1
    assert len(await pass_to(house, EIGHT + timedelta(days=5))) == 1
    assert len(await pass_to(house, EIGHT + WEEK)) == 2
    assert {each.weeks for each in weeks.wishes} == {1}
    (first, _) = house.messenger.of("statistics")
    assert first.channel_id == MODERATORS_ID


async def test_it_says_in_plain_words_what_the_tables_say(house: House, weeks: Weeks) -> None:
    await house.digesting.want(GUILD_ID)

    (told,) = await pass_to(house, EIGHT)

    assert say("stats.digest.asked", count=12) in told
    assert say("stats.digest.half", half="3 hr (2 hr–5 hr)") in told
    assert say("stats.digest.nearly_all") in told
    assert say("stats.topics.no_one_offers", topic="survival · hazards") in told
    assert say("stats.topics.none") not in told


@pytest.mark.parametrize(
    ("part", "said"),
    [(1.0, "nearly_all"), (0.9, "nearly_all"), (0.89, "most"), (0.5, "half_of_them"), (0.39, "few"), (0.0, "few")],
)
def test_shares_are_said_in_words(part: float, said: str) -> None:
    wish = PanelWish(GUILD_ID, PanelName.OVERVIEW, 1, EIGHT, "UTC", "en")
    told = week_told(panel(wish, Amount(12), answered=Share(part, 20, 0, 1)), [], "en")

    assert told is not None
    assert say(f"stats.digest.{said}") in told


@pytest.mark.parametrize("half", [FEW, Length(None, None, None)])
def test_what_is_not_known_is_not_said(half: Safe) -> None:
    wish = PanelWish(GUILD_ID, PanelName.OVERVIEW, 1, EIGHT, "UTC", "en")
    told = week_told(panel(wish, Amount(12), half, FEW), [], "en")

    assert told is not None
    assert told.splitlines()[1:] == [say("stats.digest.asked", count=12)]


@pytest.mark.parametrize("asked", [FEW, Amount(0)])
async def test_quiet_weeks_have_a_line_in_four_at_most(house: House, weeks: Weeks, asked: Safe) -> None:
    weeks.asked = asked
    await house.digesting.want(GUILD_ID)

    told = list[str]()
    for number in range(9):
        told = await pass_to(house, EIGHT + number * WEEK)

    assert told == [say("stats.digest.quiet")] * len(told)
    assert len(told) in {2, 3}


async def test_none_is_written_before_it_is_wanted_or_after(house: House, weeks: Weeks) -> None:
    assert not await house.digesting.is_wanted(GUILD_ID)
    assert await pass_to(house, EIGHT) == []
    await house.digesting.want(GUILD_ID)
    await house.digesting.want(GUILD_ID)
    assert len(await pass_to(house, EIGHT + WEEK)) == 1
    await house.digesting.stop(GUILD_ID)
    await house.digesting.stop(GUILD_ID)

    assert len(await pass_to(house, EIGHT + 2 * WEEK)) == 1
    assert not await house.digesting.is_wanted(GUILD_ID)


async def test_weeks_without_the_bot_are_not_made_up_for(house: House, weeks: Weeks) -> None:
    await house.digesting.want(GUILD_ID)

    assert len(await pass_to(house, EIGHT + 5 * WEEK)) == 1


async def test_one_community_that_cannot_be_counted_stops_no_other(house: House, weeks: Weeks) -> None:
    weeks.broken = {GUILD_ID}
    async with house.database.begin() as work:
        settings = await work.guilds.ensure(OTHER_ID, SUNDAY)
        settings.moderator_channel_id = MODERATORS_ID + 1
    for each in (GUILD_ID, OTHER_ID):
        await house.digesting.want(each)

    await pass_to(house, EIGHT)
    assert [each.channel_id for each in house.messenger.of("statistics")] == [MODERATORS_ID + 1]

    weeks.broken.clear()
    await pass_to(house, EIGHT + timedelta(hours=1))
    assert [each.channel_id for each in house.messenger.of("statistics")] == [MODERATORS_ID + 1, MODERATORS_ID]


async def test_a_crash_at_any_point_leaves_one_digest(house: House, weeks: Weeks) -> None:
    await house.digesting.want(GUILD_ID)
    house.clock.moment = EIGHT
    for _ in range(3):
        await house.digesting.sweep()

    assert len(await house.rows(OutboxLetter)) == 1
    assert await house.settle() == 1
    assert await house.settle() == 0


async def test_it_needs_a_moderators_channel(database: Database) -> None:
    house = House(database, clock=ManualClock(SUNDAY))

    with pytest.raises(Unavailable, match=r"stats\.no_moderator_channel"):
        await house.digesting.want(GUILD_ID)
    await house.open()
    with pytest.raises(Unavailable, match=r"stats\.no_moderator_channel"):
        await house.digesting.want(GUILD_ID)
    assert not await house.digesting.is_wanted(GUILD_ID)


async def test_without_its_channel_a_digest_waits(house: House, weeks: Weeks) -> None:
    await house.digesting.want(GUILD_ID)
    await choose(house, None)
    assert await pass_to(house, EIGHT) == []
    await choose(house, MODERATORS_ID)

    assert len(await pass_to(house, EIGHT + timedelta(hours=2))) == 1


async def choose(house: House, channel_id: int | None) -> None:
    async with house.database.begin() as work:
        (await work.guilds.ensure(GUILD_ID, SUNDAY)).moderator_channel_id = channel_id
