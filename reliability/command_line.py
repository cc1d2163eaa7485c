"""The command line: how often to kill, and from which seed."""

import argparse
import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.log import configure_logging
from evaluation.progress import progress
from reliability.feedback import DraftScene, opt_in
from reliability.office_hours import HoursScene, agree
from reliability.report import Report
from reliability.scene import Also, Scene, opened

KILLS = 200
KILLS_A_SCENE = 25
"""After so many a new community begins, in a text channel and in a forum by turns."""
SCENES_AT_ONCE = 2
"""While one bot waits to be killed, another one starts."""


@dataclass(frozen=True, slots=True)
class Play:
    """What a community talks about."""

    kind: type[Scene]
    also: Also | None = None
    """What there is to begin with."""


QUESTIONS, OFFICE_HOURS, DRAFTS = Play(Scene), Play(HoursScene, agree), Play(DraftScene, opt_in)


def main() -> int:
    """Kill the bot as often as was asked, print what came of it, and return 1 where anything went wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m reliability", description="Kill the bot at any moment")
    parser.add_argument("--kills", type=int, default=KILLS, help="how often; 200 take about six minutes")
    parser.add_argument("--seed", type=int, default=0, help="draws what people do, and the moments")
    about = parser.add_mutually_exclusive_group()
    about.add_argument("--office-hours", action="store_true", help="around meetings, the waitlist and queues")
    about.add_argument("--drafts", action="store_true", help="around drafts, their readers, files and dates")
    chosen = parser.parse_args()
    configure_logging("WARNING", "text")
    play = OFFICE_HOURS if chosen.office_hours else DRAFTS if chosen.drafts else QUESTIONS
    report = asyncio.run(crash(chosen.kills, chosen.seed, play))
    print(report)
    return 0 if report.is_clean else 1


async def crash(kills: int, seed: int, play: Play = QUESTIONS) -> Report:
    """Play scenes until the bot has been killed this often; the same seed draws the same, though no two runs agree."""
    report, opening = Report(), asyncio.Lock()
    scenes = enumerate(min(KILLS_A_SCENE, kills - begin) for begin in range(0, kills, KILLS_A_SCENE))

    async def perform(on_kill: Callable[[int], object]) -> None:
        for number, times in scenes:
            draw = random.Random(f"{seed}:{number}")
            async with AsyncExitStack() as stack:
                # Migrations are one at a time in a process.
                async with opening:
                    scene = await stack.enter_async_context(
                        opened(draw, is_forum=bool(number % 2), kind=play.kind, also=play.also)
                    )
                report.add(scene, await scene.play(times, on_kill), times)

    with progress("kills", kills) as on_kill:
        async with asyncio.TaskGroup() as players:
            for _ in range(SCENES_AT_ONCE):
                players.create_task(perform(on_kill))
    return report
