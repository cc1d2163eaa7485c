"""`/stats`: panels for those who moderate, seen by them alone, or shared with all who moderate."""

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot.domain.disclosure import Amount, table
from bot.domain.statistics import PanelWish, StatsPanel
from bot.domain.windows import last_weeks
from bot.texts import say
from bot.ui.statistics import LENGTHS, LONG, PANELS, SHORT, row
from tests.cogs.conftest import World, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.scenes import choose, moderators
from tests.statistician import FakeStatistician

PICTURE = b"a picture"
OVERVIEW = row(PANELS[0], SHORT)
DECIDING = ("panel", "weeks", "share", "export", "digest", "no_digest")


def made_up(wish: PanelWish) -> StatsPanel:
    shown = table("flow", ("stats.asked",), [("2 Nov", (Amount(12),))])
    return StatsPanel(wish.name, last_weeks(wish.now, wish.weeks), (), (shown,), PICTURE)


@pytest.fixture
def statistician(world: World) -> FakeStatistician:
    """Makes panels up."""
    found = world.app.use_cases.counting.statistician
    assert isinstance(found, FakeStatistician)
    found.instead = made_up
    return found


async def opened(world: World, weeks: int = SHORT) -> InteractionResult:
    return await world.moderator.slash(world.channel, "stats", weeks=weeks)


async def press(world: World, verb: str, number: int = OVERVIEW, actor: MemberActor | None = None) -> InteractionResult:
    """Press a button of `/stats` that may have been shown long ago, or to another person."""
    message = world.channel.history()[-1]
    (answer,) = await arrive(button(actor or world.moderator, message, f"stats1:{verb}:{number}"))
    return answer


def heading(name: str, weeks: int) -> str:
    return say("stats.heading", panel=say(f"stats.panel.{name}"), weeks=weeks, ends="").split(" until")[0]


async def test_nothing_has_happened(world: World) -> None:
    shown = said(await world.moderator.slash(world.channel, "stats"))

    assert say("stats.panel.overview") in shown
    assert say("stats.asked") in shown


async def test_each_panel_is_counted_and_shown_over_both_lengths(world: World) -> None:
    for weeks in LENGTHS:
        message = shown(await opened(world, weeks))
        assert heading("overview", weeks) in message.content
        for place, name in enumerate(PANELS):
            answer = await choose(world.moderator, message, "stats1:panel", place)
            assert say(f"stats.panel.{name}") in said(answer)


@pytest.mark.usefixtures("statistician")
async def test_the_other_length_is_one_press_away(world: World) -> None:
    message = shown(await opened(world))

    longer = await world.moderator.click(message, custom_id=f"stats1:weeks:{row(PANELS[0], LONG)}")

    assert heading("overview", LONG) in said(longer)
    assert [each.description for each in shown(longer).attachments] == [say("stats.picture.flow") + " 2 Nov: 12."]


@pytest.mark.usefixtures("statistician")
async def test_moderators_read_what_one_of_them_shares_once(world: World) -> None:
    channel, _ = await moderators(world)
    message = shown(await opened(world))

    answers = [said(await world.moderator.click(message, custom_id=f"stats1:share:{OVERVIEW}")) for _ in range(2)]

    name = f"<#{channel.id}>"
    assert answers == [say("stats.sharing.done", channel=name), say("stats.sharing.again", channel=name)]
    (posted,) = posted_in(channel)
    assert heading("overview", SHORT) in posted.content
    assert "2 Nov  12" in posted.content
    (picture,) = posted.attachments
    assert (picture.filename, picture.description) == ("overview.png", say("stats.picture.flow") + " 2 Nov: 12.")
    assert not posted.components


def posted_in(channel: ChannelHandle) -> list[discord.Message]:
    return [message for message in channel.history() if message.author.bot]


async def test_all_tables_come_as_a_file_that_only_its_presser_sees(world: World) -> None:
    message = shown(await opened(world))

    answer = await world.moderator.click(message, custom_id=f"stats1:export:{OVERVIEW}")

    assert said(answer) == say("stats.archive.text")
    (file,) = shown(answer).attachments
    assert file.filename == f"morsel-{world.env.now():%Y-%m-%d}.zip"


@pytest.mark.usefixtures("statistician")
async def test_a_digest_is_wanted_and_ended_with_a_press(world: World) -> None:
    channel, _ = await moderators(world)
    message = shown(await opened(world))

    begun = await world.moderator.click(message, custom_id="stats1:digest:0")

    assert f"<#{channel.id}>" in said(begun)
    assert await world.app.use_cases.digesting.is_wanted(world.guild.id)
    ended = await world.moderator.click(shown(await opened(world)), custom_id="stats1:no_digest:0")
    assert said(ended) == say("stats.digest.ended")
    again = await world.moderator.click(shown(ended), custom_id="stats1:digest:0")
    assert said(again) == said(begun)


@pytest.mark.usefixtures("statistician")
async def test_a_digest_needs_a_moderators_channel(world: World) -> None:
    answer = await world.moderator.click(shown(await opened(world)), custom_id="stats1:digest:0")

    assert said(answer) == say("stats.no_moderator_channel")


@pytest.mark.usefixtures("statistician")
async def test_without_a_moderators_channel_a_sentence_says_how_to_choose_one(world: World) -> None:
    message = shown(await opened(world))

    answer = await world.moderator.click(message, custom_id=f"stats1:share:{OVERVIEW}")

    assert said(answer) == say("stats.no_moderator_channel")


@pytest.mark.parametrize("verb", DECIDING)
@pytest.mark.usefixtures("statistician")
async def test_a_press_by_who_does_not_moderate_is_refused(world: World, verb: str) -> None:
    channel, _ = await moderators(world)

    assert said(await press(world, verb, actor=world.asker)) == say("error.not_moderator")
    assert posted_in(channel) == []


@pytest.mark.parametrize("verb", DECIDING)
@pytest.mark.usefixtures("statistician")
async def test_a_moderator_who_lost_the_role_while_a_panel_is_open_is_refused(world: World, verb: str) -> None:
    channel, second = await moderators(world)
    await second.slash(world.channel, "stats")

    world.env.backend.get_member(world.guild.id, second.id).role_ids.clear()

    assert said(await press(world, verb, actor=second)) == say("error.not_moderator")
    assert posted_in(channel) == []
