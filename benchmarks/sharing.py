"""Asking while one member submits the costliest texts there are, over asking while they don't.

The whole bot runs with both of its models. Each text has 1,500 characters, of which every one is a token, and nothing
limits the member's questions. They submit in two ways, both faster than a hand could: one form after another without
a pause, or eight at once, with a second between an answer and the next form.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.asking import Scene, scene
from benchmarks.figures import TOLD, Figure, Statistic, compared, milliseconds, p50
from benchmarks.reindexing import p95
from bot.services.requests.asking import LONGEST
from bot.tasks import spawn
from reliability.standin.world import Interaction

ROUNDS, ASKS_A_ROUND = 6, 15
PAUSE = 0.2
"""Seconds between two asks of other people."""
MEMBER = 250_000_000_000_000_000
ACKNOWLEDGED_AT_MOST, ROUTED_AT_MOST = 1.5, 2.0
_RARE = [chr(code) for code in range(0xA660, 0xA66E)]
"""Letters that the second model has no piece for, so that each costs as much as a word."""


@dataclass(frozen=True, slots=True)
class Flood:
    """One way to submit."""

    name: str
    at_once: int
    pause: float
    """Seconds between an answer and the next form."""


FLOODS = (Flood("one form after another", 1, 0), Flood("eight forms at once", 8, 1))


@dataclass(slots=True)
class Times:
    """Seconds from a form's submission."""

    acknowledged: list[float] = field(default_factory=list)
    routed: list[float] = field(default_factory=list)
    """Until the receipt, which comes when people were chosen and the post is there."""

    def note(self, interaction: Interaction) -> None:
        """Keep one interaction's times."""
        assert interaction.acknowledged_at is not None, "it was answered"  # noqa: S101
        assert interaction.replied_at is not None, "it was waited for"  # noqa: S101
        self.acknowledged.append(interaction.acknowledged_at - interaction.sent_at)
        self.routed.append(interaction.replied_at - interaction.sent_at)


async def measure() -> list[Figure]:
    """Let people ask, then let them ask beside that member in each way, by turns."""
    alone, beside = Times(), {each: Times() for each in FLOODS}
    async with scene(is_whole=True) as stage:
        for _ in range(ROUNDS):
            await _ask(stage, alone)
            for flood, times in beside.items():
                async with _flooded(stage, flood):
                    await _ask(stage, times)
    return [figure for flood, times in beside.items() for figure in _figures(flood, times, alone)]


async def _ask(stage: Scene, times: Times) -> None:
    for _ in range(ASKS_A_ROUND):
        times.note(await stage.ask())
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def _flooded(stage: Scene, flood: Flood) -> AsyncIterator[None]:
    """Let one member submit in one way while the block lasts."""
    submitting = [spawn("flood", _submit(stage, random.Random(each), flood.pause)) for each in range(flood.at_once)]
    try:
        yield
    finally:
        for each in submitting:
            each.cancel()
        await asyncio.wait(submitting)


async def _submit(stage: Scene, draw: random.Random, pause: float) -> None:
    while True:
        filled: dict[str, str | list[str]] = {
            "question": "".join(draw.choices(_RARE, k=LONGEST)), "tried": "", "kind": ["stuck"], "urgency": ["today"],
            "visibility": ["public"],
        }  # fmt: skip
        interaction = await stage.discord.submit(MEMBER, "ask1:send:0", filled)
        await stage.discord.until(lambda: interaction.replied_at)  # noqa: B023 - it is waited for at once
        await asyncio.sleep(pause)


_BARS: dict[Statistic, bool] = {p50: True, p95: False}
"""What is compared, and whether a bar is set on it."""


def _figures(flood: Flood, beside: Times, alone: Times) -> list[Figure]:
    measured = (
        ("acknowledged", beside.acknowledged, alone.acknowledged, ACKNOWLEDGED_AT_MOST),
        ("routed", beside.routed, alone.routed, ROUTED_AT_MOST),
    )
    return [
        _figure(f"{what} beside {flood.name}", ours, theirs, each, bar)
        for what, ours, theirs, bar in measured
        for each in _BARS
    ]


def _figure(what: str, beside: list[float], alone: list[float], statistic: Statistic, at_most: float) -> Figure:
    ratio, has_bar = compared(beside, alone, statistic), _BARS[statistic]
    return Figure(
        f"/ask sent → {what}, {statistic.__name__}", milliseconds(beside, statistic),
        f"{milliseconds(alone, statistic)} (while they don't)", ratio, f"≤ {at_most:g} ×" if has_bar else TOLD,
        is_met=ratio.middle <= at_most if has_bar else None,
    )  # fmt: skip
