"""The longest step of the event loop in a community of 10,000 members with years behind it, first question included.

Everything else the bot does waits for the step that is under way: every press, every heartbeat.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, compared, p50
from benchmarks.history import Size, first_id, grow
from benchmarks.ranking import ENGLISH, MULTILINGUAL, Counting
from benchmarks.sweeping import Steps, stopwatch
from benchmarks.wired import wired
from bot.app import set_apart
from bot.clock import SystemClock
from bot.routing.router import Router
from bot.services.requests.asking import NewQuestion
from bot.services.routing.community import News, offer_of, source_of
from bot.services.use_cases import UseCases
from bot.store.engine import Database
from reliability import community
from reliability.standin.world import HELP_CHANNEL_ID

LARGE, SMALL = 1, 2
"""Two communities."""
PEOPLE = {LARGE: 10_000, SMALL: 10}
QUESTIONS = {LARGE: 10_000, SMALL: 10}
ROUNDS = 5
LONGEST_STEP = 0.050
ASKER = 200_000_000_000_000_000


@dataclass(slots=True)
class Scene:
    """The bot's own use cases over one database, with no Discord at the other end."""

    database: Database
    asked: int = 0
    router: Router = field(init=False)
    use_cases: UseCases = field(init=False)

    def __post_init__(self) -> None:
        """Wire them as the bot does."""
        self.start_again()

    def start_again(self) -> None:
        """Forget all that was read, as a process does that ends."""
        self.router = Router(Counting(ENGLISH), Counting(MULTILINGUAL), source_of(self.database.read))
        self.use_cases = wired(self.database, SystemClock(), router=self.router)

    async def ask(self, guild_id: int) -> None:
        """Ask something new, to the receipt."""
        self.asked += 1
        text = f"How do I begin with {', '.join(community.lines(self.asked))}?"
        new = NewQuestion(guild_id, ASKER + self.asked, ASKER + self.asked, text)
        receipt = await self.use_cases.asking.ask(new)
        if receipt.thread_id is None:
            await self.use_cases.posting.post(receipt.request_id, new.asker_user_id)

    async def change(self, guild_id: int) -> None:
        """Let a member write a line again, then ask."""
        async with self.database.begin() as work:
            offer = await offer_of(work, guild_id, first_id(guild_id))
        news = News(guild_id, {first_id(guild_id): offer[self.asked % 2 :]})
        news.tell(self.router)
        await self.ask(guild_id)


async def measure() -> list[Figure]:
    """Let the first question come, then others, then lines that change, by turns in a large and a tiny community."""
    with TemporaryDirectory() as folder:
        database = await community.opened(Path(folder) / "morsel.sqlite3")
        for guild_id, people in PEOPLE.items():
            size = Size(people, QUESTIONS[guild_id])
            await grow(database, guild_id, HELP_CHANNEL_ID, size, (ENGLISH, MULTILINGUAL))
        scene = Scene(database)
        set_apart()
        acts = {
            "the first question": scene.ask,
            "a question": scene.ask,
            "a question after a line changed": scene.change,
        }
        found = {name: {guild_id: list[Steps]() for guild_id in PEOPLE} for name in acts}
        for _ in range(ROUNDS):
            scene.start_again()
            for name, act in acts.items():
                for guild_id in (SMALL, LARGE):
                    found[name][guild_id].append(await _watched(act, guild_id))
        await database.close()
    return [_figure(name, *(found[name][guild_id] for guild_id in (LARGE, SMALL))) for name in acts]


async def _watched(act: Callable[[int], Awaitable[None]], guild_id: int) -> Steps:
    with stopwatch() as steps:
        await act(guild_id)
    return steps


def _figure(name: str, large: Sequence[Steps], small: Sequence[Steps]) -> Figure:
    ours, theirs = ([max(each.seconds) for each in some] for some in (large, small))
    return Figure(
        f"the event loop's longest step: {name} of {PEOPLE[LARGE]:,} members", f"{max(ours) * 1000:.1f} ms",
        f"{max(theirs) * 1000:.1f} ms (of {PEOPLE[SMALL]})", compared(ours, theirs, p50),
        f"≤ {LONGEST_STEP * 1000:.0f} ms", is_met=max(ours) <= LONGEST_STEP,
    )  # fmt: skip
