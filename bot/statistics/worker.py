"""What runs in the statistics' own process, the only one that loads SciPy, scikit-learn and matplotlib."""

import asyncio
from dataclasses import replace
from functools import cache

from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.statistics import archive as archives
from bot.statistics.panels.attention import attention
from bot.statistics.panels.drafts import drafts
from bot.statistics.panels.fairness import fairness
from bot.statistics.panels.flow import flow
from bot.statistics.panels.funnel import funnel
from bot.statistics.panels.office_hours import office_hours
from bot.statistics.panels.overview import overview
from bot.statistics.panels.spread import spread
from bot.statistics.panels.topics import topics
from bot.statistics.panels.waits import waits
from bot.statistics.panels.when import when
from bot.statistics.source import Source
from bot.store.engine import Database, create_engine

PANELS = {
    PanelName.OVERVIEW: overview,
    PanelName.FLOW: flow,
    PanelName.WAITS: waits,
    PanelName.FUNNEL: funnel,
    PanelName.WHEN: when,
    PanelName.TOPICS: topics,
    PanelName.SPREAD: spread,
    PanelName.OFFICE_HOURS: office_hours,
    PanelName.DRAFTS: drafts,
    PanelName.FAIRNESS: fairness,
    PanelName.ATTENTION: attention,
}


def count(url: str, wish: PanelWish) -> StatsPanel:
    """Return a panel over the database at an address; only this process's own loop waits for it."""
    return _runner().run(counted(_database(url), wish))


def archive(url: str, wish: PanelWish) -> bytes:
    """Return the tables of all panels as one file."""
    return _runner().run(archived(_database(url), wish))


async def archived(database: Database, wish: PanelWish) -> bytes:
    """Count all panels in one transaction that only reads, and return their tables as one file."""
    async with database.read() as work:
        source = Source(work, wish.guild_id)
        panels = [await panel(source, replace(wish, name=name)) for name, panel in PANELS.items()]
    return archives.archive(panels, wish.now, wish.locale)


async def counted(database: Database, wish: PanelWish) -> StatsPanel:
    """Return a panel over a database, in one transaction that only reads."""
    async with database.read() as work:
        return await PANELS[wish.name](Source(work, wish.guild_id), wish)


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


@cache
def _database(url: str) -> Database:
    return Database(create_engine(url))
