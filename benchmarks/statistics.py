"""`/stats` over 100,000 questions and a million events: how long each panel takes, and what the bot feels of it.

The statistics' own process counts, as it does beside the bot, and is warm: its start is told apart. Timed is the wall,
from the wish to the panel with its picture. On PostgreSQL, too, where `MORSEL_BENCH_POSTGRESQL` is the address of an
empty database.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from pydantic import SecretStr

from benchmarks.figures import Figure, p50
from benchmarks.sweeping import stopwatch
from bot import app
from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.statistics.process import StatisticsProcess
from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade
from playground.year import Size, Year, facts, keep, year
from reliability.community import address
from reliability.process import memory

COMMUNITY = 1
LARGE, SMALL = Size(people=5_000, questions=100_000, weeks=104), Size(people=200, questions=1_000, weeks=52)
UNTIL = datetime(2026, 11, 30, tzinfo=UTC)
REPEATS = 5
OVERVIEW, PANEL, STEP, MEMORY = 1.0, 3.0, 0.050, 10.0
BOT = app
"""Loaded so that this process is as large as the bot's."""
POSTGRESQL = "MORSEL_BENCH_POSTGRESQL"


@dataclass(slots=True)
class Timed:
    """How long everything took in one place, in seconds."""

    first: float
    panels: dict[PanelName, list[float]]
    longest_step: float
    grown: float
    """MiB of the bot's own process."""


async def measure() -> list[Figure]:
    """Count every panel, on SQLite and, where there is one, on PostgreSQL, beside a community of a hundredth."""
    large, small = (year(COMMUNITY, UNTIL, size) for size in (LARGE, SMALL))
    with TemporaryDirectory() as folder:
        places = {"SQLite": address(Path(folder) / "large.sqlite3")}
        if named := os.environ.get(POSTGRESQL):
            places["PostgreSQL"] = named
        baseline = await _timed(small, address(Path(folder) / "small.sqlite3"))
        figures = [
            each for name, url in places.items() for each in _figures(name, await _timed(large, url), baseline, large)
        ]
    return figures if len(places) > 1 else [*figures, Figure("PostgreSQL", f"not measured: no {POSTGRESQL}", "")]


async def _timed(drawn: Year, url: str) -> Timed:
    database = Database(create_engine(url))
    await upgrade(database.engine)
    await keep(database, drawn)
    await database.close()
    statistician = StatisticsProcess(SecretStr(url))
    begun, before = perf_counter(), memory(os.getpid())
    with stopwatch() as steps:
        await statistician.panel(_wish(PanelName.OVERVIEW))
        first = perf_counter() - begun
        panels: dict[PanelName, list[float]] = {}
        for name in PanelName:
            await statistician.panel(_wish(name))
            panels[name] = [await _seconds(statistician, name) for _ in range(REPEATS)]
    grown = memory(os.getpid()) - before
    await statistician.close()
    return Timed(first, panels, max(steps.seconds), grown)


async def _seconds(statistician: StatisticsProcess, name: PanelName) -> float:
    begun = perf_counter()
    shown: StatsPanel = await statistician.panel(_wish(name))
    assert shown.tables  # noqa: S101
    return perf_counter() - begun


def _wish(name: PanelName) -> PanelWish:
    return PanelWish(COMMUNITY, name, 12, UNTIL, "UTC", "en")


def _figures(place: str, timed: Timed, baseline: Timed, drawn: Year) -> Sequence[Figure]:
    events = sum(1 for each in drawn.questions for _ in facts(each))
    told = [Figure(f"{place}: events of {len(drawn.questions):,} questions", f"{events:,}", "")]
    for name, seconds in timed.panels.items():
        bar = OVERVIEW if name is PanelName.OVERVIEW else PANEL
        spread = f"{p50(np.array(seconds)):.2f} s ({min(seconds):.2f}–{max(seconds):.2f})"
        small = f"{p50(np.array(baseline.panels[name])):.2f} s (1,000 questions)"
        told.append(Figure(f"{place}: {name}", spread, small, None, f"≤ {bar:.0f} s", p50(np.array(seconds)) <= bar))
    step, grown = timed.longest_step, timed.grown
    return [
        *told,
        Figure(f"{place}: the first panel, with the start of its process", f"{timed.first:.1f} s", ""),
        Figure(f"{place}: longest step of the bot's loop", f"{1000 * step:.0f} ms", "", None, "≤ 50 ms", step <= STEP),
        Figure(f"{place}: the bot's memory", f"{grown:+.1f} MiB", "", None, "≤ +10 MiB", grown <= MEMORY),
    ]
