"""`/stats`: panels for those who moderate, seen by them alone."""

from bot.texts import say
from tests.cogs.conftest import World, said


async def test_nothing_has_happened(world: World) -> None:
    shown = said(await world.moderator.slash(world.channel, "stats"))

    assert say("stats.panel.overview") in shown
    assert say("stats.asked") in shown
