"""The command line: what to measure, and where the figures go."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from benchmarks import (
    asking,
    attachments,
    booking,
    calendars,
    claiming,
    drafts,
    ranking,
    reindexing,
    sharing,
    simulating,
    starting,
    statistics,
    stepping,
    sweeping,
)
from benchmarks.figures import Figure, table
from bot.log import configure_logging

MEASURES: dict[str, Callable[[], Awaitable[Sequence[Figure]]]] = {
    "acknowledging": asking.measure_acknowledging,
    "attachments": attachments.measure,
    "booking": booking.measure,
    "calendars": calendars.measure,
    "claiming": claiming.measure,
    "drafts": drafts.measure,
    "ranking": ranking.measure,
    "reindexing": reindexing.measure,
    "sharing": sharing.measure,
    "simulating": simulating.measure,
    "sustaining": asking.measure_sustaining,
    "starting": starting.measure,
    "statistics": statistics.measure,
    "stepping": stepping.measure,
    "sweeping": sweeping.measure,
}


def main() -> None:
    """Measure what was chosen, everything by default: about five minutes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What matters, beside what it is over")
    parser.add_argument("--only", choices=MEASURES, help="measure this alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args()
    configure_logging("WARNING", "text")
    figures = asyncio.run(_measured([chosen.only] if chosen.only else list(MEASURES)))
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps([figure.record() for figure in figures], indent=2, ensure_ascii=False) + "\n")


async def _measured(names: Sequence[str]) -> list[Figure]:
    return [figure for name in names for figure in await MEASURES[name]()]
