"""The command line: how often to kill, and from which seed."""

import argparse
import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.log import configure_logging
from evaluation.progress import progress
from reliability.office_hours import HoursScene, agree
from reliability.report import Report
from reliability.scene import Scene, opened

KILLS = 200
KILLS_A_SCENE = 25
"""After so many a new community begins, in a text channel and in a forum by turns."""
SCENES_AT_ONCE = 2
"""While one bot waits to be killed, another one starts."""


def main() -> int:
    """Kill the bot as often as was asked, print what came of it, and return 1 where anything went wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m reliability", description="Kill the bot at any moment")
    parser.add_argument("--kills", type=int, default=KILLS, help="how often; 200 take about six minutes")
    parser.add_argument("--seed", type=int, default=0, help="draws what people do, and the moments")
    parser.add_argument("--office-hours", action="store_true", help="around meetings, the waitlist and queues")
    chosen = parser.parse_args()
    configure_logging("WARNING", "text")
    report = asyncio.run(crash(chosen.kills, chosen.seed, is_about_hours=chosen.office_hours))
    print(report)
    return 0 if report.is_clean else 1


async def crash(kills: int, seed: int, *, is_about_hours: bool = False) -> Report:
    """Play scenes until the bot has been killed this often; the same seed draws the same, though no two runs agree."""
    kind, also = (HoursScene, agree) if is_about_hours else (Scene, None)
    report, opening = Report(), asyncio.Lock()
    scenes = enumerate(min(KILLS_A_SCENE, kills - begin) for begin in range(0, kills, KILLS_A_SCENE))

    async def play(on_kill: Callable[[int], object]) -> None:
        for number, times in scenes:
            draw = random.Random(f"{seed}:{number}")
            async with AsyncExitStack() as stack:
                # Migrations are one at a time in a process.
                async with opening:
                    scene = await stack.enter_async_context(
                        opened(draw, is_forum=bool(number % 2), kind=kind, also=also)
                    )
                report.add(scene, await scene.play(times, on_kill), times)

    with progress("kills", kills) as on_kill:
        async with asyncio.TaskGroup() as players:
            for _ in range(SCENES_AT_ONCE):
                players.create_task(play(on_kill))
    return report
