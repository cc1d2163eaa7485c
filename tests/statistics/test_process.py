"""The statistics' own process: started for the first panel, replaced when it is lost, ended when it rests."""

import asyncio
import multiprocessing
import os
import time
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from pydantic import SecretStr

from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.domain.windows import Weeks
from bot.errors import Unavailable
from bot.statistics.process import StatisticsProcess, StatsPatience

WISH = PanelWish(1, PanelName.OVERVIEW, 4, datetime(2026, 12, 1, tzinfo=UTC), "UTC", "en")
SECRET = "postgresql://morsel:SECRET@nowhere/db"


def tell_process(url: str, wish: PanelWish) -> StatsPanel:
    return StatsPanel(wish.name, Weeks(os.getpid(), 1), (), ())


def hang(url: str, wish: PanelWish) -> StatsPanel:
    time.sleep(60)
    return tell_process(url, wish)


def die(url: str, wish: PanelWish) -> StatsPanel:
    os._exit(1)


def fail(url: str, wish: PanelWish) -> StatsPanel:
    raise ValueError(url)


async def processed(statistician: StatisticsProcess) -> int:
    """Return the id of the process that counts."""
    return (await statistician.panel(WISH)).weeks.first


@pytest.fixture
async def statistician() -> StatisticsProcess:
    return StatisticsProcess(SecretStr(SECRET), count=tell_process)


async def test_one_process_counts_all_panels_and_is_not_this_one(statistician: StatisticsProcess) -> None:
    was_warm = statistician.is_warm
    first, second = await processed(statistician), await processed(statistician)

    assert (was_warm, statistician.is_warm) == (False, True)
    assert first == second != os.getpid()
    await statistician.close()
    assert not multiprocessing.active_children()


async def test_it_ends_once_no_one_asks_and_comes_back() -> None:
    statistician = StatisticsProcess(SecretStr(SECRET), StatsPatience(idle=0.05), tell_process)
    first = await processed(statistician)

    for _ in range(1000):
        await asyncio.sleep(0.01 if statistician.is_warm else 0)

    assert await processed(statistician) != first
    await statistician.close()


@pytest.mark.parametrize("count", [hang, die])
async def test_one_that_is_lost_is_replaced(count: object) -> None:
    statistician = StatisticsProcess(SecretStr(SECRET), StatsPatience(panel=1), count)  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        await statistician.panel(WISH)

    assert not statistician.is_warm
    statistician._count = tell_process
    assert await processed(statistician) != os.getpid()
    await statistician.close()


async def test_what_it_fails_on_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    statistician = StatisticsProcess(SecretStr(SECRET), count=fail)

    with pytest.raises(Unavailable) as refused:
        await statistician.panel(WISH)

    assert statistician.is_warm
    assert "SECRET" not in f"{refused.value!r}{refused.value.__cause__}{capsys.readouterr()}"
    await statistician.close()


async def test_once_closed_it_refuses(statistician: StatisticsProcess) -> None:
    await processed(statistician)
    await statistician.close()
    await statistician.close()

    with pytest.raises(Unavailable):
        await statistician.panel(WISH)


async def test_wishes_at_once_wait_for_each_other(statistician: StatisticsProcess) -> None:
    found = await asyncio.gather(*(processed(statistician) for _ in range(3)))

    assert len(set(found)) == 1
    await statistician.close()


async def test_the_tables_of_all_panels_are_made_in_it_too(year_url: str) -> None:
    statistician = StatisticsProcess(SecretStr(year_url))

    packed = await statistician.archive(WISH)

    await statistician.close()
    with ZipFile(BytesIO(packed)) as found:
        assert "README.md" in found.namelist()
