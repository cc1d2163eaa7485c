"""Asking through the whole bot in a process of its own, over handlers that do the least in the same process.

The stand-in for Discord runs in this process, so on a core of its own where there are two, and tells the time of both.
"""

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.bot import DEFER, WHOLE, WRITE_ROW
from benchmarks.figures import TOLD, Figure, Statistic, compared, milliseconds, p50, p99
from bot.routing.worker import PACKAGES
from reliability import community
from reliability.process import LOG, running
from reliability.standin.server import Call, StandIn, standing_in
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID, Interaction, World

ASKER = 200_000_000_000_000_000
WAVE = 2
MESSAGES_EACH = 1 + WAVE
"""What one ask sends: its post and an invitation to each person of the first wave."""
ACKNOWLEDGED_AT_MOST = 1.5
REPEATS = 250
PAUSE = 0.03
"""Seconds in which the bot notes that its last message was sent; the next form finds it idle."""
ROUNDS = 6
ASKS_A_ROUND, ROWS_A_ROUND = 50, 150
AT_ONCE = 8
"""People who wait for their answer at the same time; each asks again as soon as it has come."""


@dataclass(slots=True)
class Scene:
    """A community of 1,000 statements, Discord's stand-in, and the bot between them."""

    discord: StandIn
    messages: int = 0
    """How many messages the bot has written."""
    asked: int = 0

    async def count(self, call: Call) -> None:
        """Count a call; a hook of the stand-in's."""
        self.messages += call.method == "POST" and call.path.endswith("/messages")

    async def ask(self) -> Interaction:
        """Send the form of `/ask` with words of its own, and wait for the receipt."""
        self.asked += 1
        words = ", ".join(community.lines(self.asked))
        filled: dict[str, str | list[str]] = {
            "question": f"How do I begin with {words}?", "tried": "", "kind": ["stuck"], "urgency": ["today"],
            "visibility": ["public"],
        }  # fmt: skip
        return await self._answered(await self.discord.submit(ASKER + self.asked, "ask1:send:0", filled))

    async def plain(self, custom_id: str) -> Interaction:
        """Send a form to one of the plain handlers, and wait for its answer."""
        return await self._answered(await self.discord.submit(ASKER, custom_id, {"text": community.QUESTION}))

    async def until_delivered(self) -> None:
        """Wait until every ask so far has its post and its invitations."""
        await self.discord.until(lambda: self.messages >= self.asked * MESSAGES_EACH)

    async def _answered(self, interaction: Interaction) -> Interaction:
        await self.discord.until(lambda: interaction.replied_at)
        return interaction


async def measure_acknowledging() -> list[Figure]:
    """Take turns: the form of `/ask` with no one else waiting, and one whose handler only defers.

    Measured from the moment the form is sent to the bot until its acknowledgement has arrived.
    """
    asks: list[float] = []
    plain: list[float] = []
    async with scene() as stage:
        for _ in range(REPEATS):
            asks.append(_acknowledged(await stage.ask()))
            await stage.until_delivered()
            await asyncio.sleep(PAUSE)
            plain.append(_acknowledged(await stage.plain(DEFER)))
            await asyncio.sleep(PAUSE)
    return [_acknowledging(f"/ask sent → acknowledged, {each.__name__}", asks, plain, each) for each in (p50, p99)]


async def measure_sustaining() -> list[Figure]:
    """Let eight people ask without a pause, then write rows as fast, by turns; both answer every form they get.

    The first line counts an ask when its receipt is shown: kept, routed, posted in a thread of its own. The second
    counts the same asks until every invitation they led to has been delivered as well. No bar is set on these: an ask
    makes nine calls to Discord and writes a dozen rows, the other two and one. Discord itself, at 50 calls a second,
    allows a bot seven asks a second. The third counts the receipts that don't lead into the question's thread, which a
    run in the background may be opening at that moment.
    """
    receipts, delivered, rows = [], [], []
    shown = list[Interaction]()
    async with scene() as stage:
        for _ in range(ROUNDS):
            begun = perf_counter()
            shown += await _together(ASKS_A_ROUND, stage.ask)
            receipts.append(ASKS_A_ROUND / (perf_counter() - begun))
            await stage.until_delivered()
            delivered.append(ASKS_A_ROUND / (perf_counter() - begun))
            begun = perf_counter()
            await _together(ROWS_A_ROUND, lambda: stage.plain(WRITE_ROW))
            rows.append(ROWS_A_ROUND / (perf_counter() - begun))
    return [
        rate("asks over loopback, 8 at once, to the receipt", receipts, rows),
        rate("asks over loopback, 8 at once, all delivered", delivered, rows),
        _unlinked(shown, stage.discord.world),
    ]


def rate(name: str, asks: list[float], rows: list[float], at_least: float | None = None) -> Figure:
    """Return a line about asks a second over rows a second."""
    ratio = compared(asks, rows, p50)
    return Figure(
        name, f"{statistics.median(asks):.1f} /s", f"{statistics.median(rows):.1f} /s (one row)", ratio,
        f"≥ {at_least} ×" if at_least else TOLD, is_met=ratio.middle >= at_least if at_least else None,
    )  # fmt: skip


def _acknowledging(name: str, asks: list[float], plain: list[float], statistic: Statistic) -> Figure:
    ratio = compared(asks, plain, statistic)
    return Figure(
        name, milliseconds(asks, statistic), f"{milliseconds(plain, statistic)} (only defers)", ratio,
        f"≤ {ACKNOWLEDGED_AT_MOST} ×", is_met=ratio.middle <= ACKNOWLEDGED_AT_MOST,
    )  # fmt: skip


def _unlinked(shown: Sequence[Interaction], world: World) -> Figure:
    links = [f"<#{thread['id']}>" for thread in world.threads]
    without = sum(not any(link in str(each.replies) for link in links) for each in shown)
    measured = f"{without} of {len(shown)}"
    return Figure("receipts without the thread's link, 8 at once", measured, "", bar="0", is_met=not without)


async def _together(times: int, act: Callable[[], Awaitable[Interaction]]) -> list[Interaction]:
    remaining = iter(range(times))

    async def person() -> list[Interaction]:
        return [await act() for _ in remaining]

    done = await asyncio.gather(*(person() for _ in range(AT_ONCE)))
    return [each for some in done for each in some]


def _acknowledged(interaction: Interaction) -> float:
    assert interaction.acknowledged_at is not None, "it was waited for"  # noqa: S101
    return interaction.acknowledged_at - interaction.sent_at


@asynccontextmanager
async def scene(*, is_whole: bool = False) -> AsyncIterator[Scene]:
    """Run the bot in a fresh community while the block lasts: with words alone, or whole."""
    models = tuple(PACKAGES) if is_whole else ()
    with TemporaryDirectory() as name:
        file = Path(name) / "morsel.sqlite3"
        database = await community.opened(file)
        await community.settle(database, GUILD_ID, HELP_CHANNEL_ID, community.HELPERS, models)
        await database.close()
        async with standing_in() as discord:
            environment = {**discord.environment(), "DATABASE_URL": community.address(file)}
            async with running(Path(name), environment, "benchmarks.bot", *([WHOLE] if is_whole else [])):
                stage = Scene(discord)
                discord.after = stage.count
                await discord.until(lambda: discord.ready_at)
                while _read(Path(name) / LOG).count("encoder_warm") < len(models):  # noqa: ASYNC110 - no event to await
                    await asyncio.sleep(0.1)
                await _warm_up(stage)
                yield stage


def _read(log: Path) -> str:
    return log.read_text()


async def _warm_up(stage: Scene) -> None:
    for _ in range(5):
        await stage.ask()
        await stage.plain(WRITE_ROW)
        await stage.plain(DEFER)
    await stage.until_delivered()
    await asyncio.sleep(2)
