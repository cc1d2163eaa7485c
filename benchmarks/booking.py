"""`/book` where 500 slots are free, over the same bot where none is; the encoder apart.

Two whole bots in processes of their own, which take turns: so both meet the same machine.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import crowding
from benchmarks.figures import TOLD, Figure, Statistic, compared, milliseconds, p50, p99
from benchmarks.hours import SLOTS_EACH, offer
from reliability import community
from reliability.process import running
from reliability.standin.server import StandIn, standing_in
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID, Interaction

ASKER = 200_000_000_000_000_000
FREE = 500
REPEATS = 150
WARM_UP = 10
AT_MOST = 1.5
PEOPLE = 1_000


async def measure() -> list[Figure]:
    """Measure until `/book` is acknowledged and until its list is shown, and let a thousand want one slot."""
    full, empty = list[Interaction](), list[Interaction]()
    async with AsyncExitStack() as stack:
        stages = [await stack.enter_async_context(_bot(each)) for each in (FREE, 0)]
        for number in range(REPEATS + WARM_UP):
            for discord, kept in zip(stages, (full, empty), strict=True):
                kept.append(await _look(discord, number))
    full, empty = full[WARM_UP:], empty[WARM_UP:]
    acknowledged = [_until(each, each.acknowledged_at) for each in full + empty]
    shown = [_until(each, each.replied_at) for each in full + empty]
    return [
        *_figures("/book sent → acknowledged", acknowledged[:REPEATS], acknowledged[REPEATS:]),
        *_figures("/book sent → ranked and shown", shown[:REPEATS], shown[REPEATS:]),
        await _crowd(),
    ]


async def _crowd() -> Figure:
    with TemporaryDirectory() as name:
        address = community.address(Path(name) / "morsel.sqlite3")
        slot_id = await crowding.prepare(address)
        people = range(crowding.FIRST, crowding.FIRST + PEOPLE)
        read = await crowding.crowd(address, slot_id, people)
    others = PEOPLE - read["booked"]
    is_met = read == {"booked": 1, "just taken, with 3 others": PEOPLE - 1}
    said = f"{read['booked']} booked, {others} refused"
    return Figure(f"{PEOPLE:,} people book one slot at once", said, TOLD, bar="1 booked", is_met=is_met)


def _figures(name: str, full: list[float], empty: list[float]) -> list[Figure]:
    return [_figure(f"{name}, {each.__name__}", full, empty, each) for each in (p50, p99)]


def _figure(name: str, full: list[float], empty: list[float], statistic: Statistic) -> Figure:
    ratio = compared(full, empty, statistic)
    return Figure(
        name, milliseconds(full, statistic), f"{milliseconds(empty, statistic)} (nothing free)", ratio,
        f"≤ {AT_MOST} ×", is_met=ratio.middle <= AT_MOST,
    )  # fmt: skip


def _until(interaction: Interaction, moment: float | None) -> float:
    assert moment is not None, "it was waited for"  # noqa: S101
    return moment - interaction.sent_at


async def _look(discord: StandIn, number: int) -> Interaction:
    words = ", ".join(community.lines(number))
    sent = await discord.submit(ASKER + number, "book1:send:0", {"question": f"How do I begin with {words}?"})
    await discord.until(lambda: sent.replied_at)
    return sent


@asynccontextmanager
async def _bot(free: int) -> AsyncIterator[StandIn]:
    """Run a bot without its encoder where so many slots are free, while the block lasts."""
    with TemporaryDirectory() as name:
        file = Path(name) / "morsel.sqlite3"
        database = await community.opened(file)
        await community.settle(database, GUILD_ID, HELP_CHANNEL_ID, community.HELPERS)
        await offer(database, GUILD_ID, community.HELPERS[: free // SLOTS_EACH])
        await database.close()
        async with standing_in() as discord:
            environment = {**discord.environment(), "DATABASE_URL": community.address(file)}
            async with running(Path(name), environment, "benchmarks.bot"):
                await discord.until(lambda: discord.ready_at)
                yield discord
