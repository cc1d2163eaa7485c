"""A simulated year in a database, and its panels; what they should say is counted from the year itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.disclosure import Safe, SafeTable
from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.statistics.worker import counted
from bot.store.engine import Database, create_engine
from models import Base
from playground.year import Size, Year, keep, year

COMMUNITY = 7
UNTIL = datetime(2026, 11, 30, tzinfo=UTC)
"""A Monday."""
NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)
SMALL = [Size(3, 40, 30), Size(4, 1, 10), Size(2, 0, 10), Size(40, 60, 8)]

Show = Callable[..., Awaitable[StatsPanel]]


@pytest.fixture(scope="session")
def drawn() -> Year:
    """What happened in the simulated year: 2,000 people, 6,000 questions."""
    return year(COMMUNITY, UNTIL)


@pytest.fixture(scope="session")
def year_url(drawn: Year, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the simulated year, which tests only read."""
    return asyncio.run(written(drawn, tmp_path_factory.mktemp("year") / "year.db"))


async def written(drawn: Year, path: Path) -> str:
    """Write a year into a new database, and return its address."""
    url = f"sqlite+aiosqlite:///{path}"
    database = Database(create_engine(url))
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await keep(database, drawn)
    await database.close()
    return url


@pytest.fixture
def show(year_url: str) -> Show:
    """Return a function that counts a panel of the simulated year."""
    return shown_over(year_url)


def shown_over(url: str) -> Show:
    """Return a function that counts a panel over a database."""

    async def shown(name: PanelName, weeks: int = 12, now: datetime = NOW, zone: str = "UTC") -> StatsPanel:
        database = Database(create_engine(url))
        try:
            return await counted(database, PanelWish(COMMUNITY, name, weeks, now, zone, "en"))
        finally:
            await database.close()

    return shown


@pytest.fixture
def small(tmp_path: Path) -> Callable[[Size], Awaitable[Show]]:
    """Return a function that makes another community's year, and returns what shows its panels."""

    async def made(size: Size) -> Show:
        return shown_over(await written(year(COMMUNITY, UNTIL, size), tmp_path / "small.db"))

    return made


def rows(table: SafeTable) -> dict[str, tuple[Safe, ...]]:
    """Return what a table says of each row."""
    return {row.label.removeprefix("stats."): row.cells for row in table.rows}


def cells_of(panel: StatsPanel) -> list[Safe]:
    """Return everything that a panel's tables say."""
    return [cell for table in panel.tables for row in table.rows for cell in row.cells]
